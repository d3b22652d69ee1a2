"""Small corpora to put into engines, and the rankings that brute force finds in them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from storybot.engines import laws
from storybot.model import Document, Hit, Manifest, Passage, Scope, Section, Span, Vectors
from storybot.ports import Engine
from storybot.words import terms

DIM = 8
MANIFEST = Manifest(embedder="tests", dim=DIM, recipe="a line is a passage")
OTHER_MANIFEST = Manifest(embedder="tests", dim=DIM, recipe="other passages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A document, each line of it a passage, and the vectors of these, shape (n, DIM)."""

    document: Document
    passages: tuple[Passage, ...]
    vectors: Vectors

    def put_into(self, engine: Engine, manifest: Manifest = MANIFEST) -> None:
        """Store the story."""
        engine.put(self.document, self.passages, self.vectors, manifest)


def story(  # noqa: PLR0913 - what a test may need to tell apart
    document_id: str,
    *lines: str,
    vectors: Vectors | None = None,
    heading: str = "",
    collection: str = "stories",
    name: str = "",
    title: str = "",
) -> Story:
    """A story of the lines. Without vectors, each passage gets one that follows from its text."""
    text = "\n".join(lines)
    spans = []
    start = 0
    for line in lines:
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return Story(
        document=Document(
            id=document_id,
            name=name or f"{document_id}.txt",
            title=title or f"Title of {document_id}",
            text=text,
            sections=(Section(heading=heading, span=Span(0, len(text))),),
            collection=collection,
        ),
        passages=tuple(
            Passage(document_id=document_id, span=span, heading=heading, text=span.cut(text), sentences=(span,))
            for span in spans
        ),
        vectors=unit([vector_of(line) for line in lines]) if vectors is None else vectors,
    )


def recut(told: Story) -> Story:
    """The same story as another recipe cuts it: all of it is one passage."""
    span = Span(0, len(told.document.text))
    whole = replace(told.passages[0], span=span, text=told.document.text, sentences=(span,))
    return replace(told, passages=(whole,), vectors=unit([vector_of(whole.text)]))


def vector_of(text: str) -> list[float]:
    """A vector that follows from the text, and no other: equal texts tie."""
    numbers: list[float] = np.random.default_rng(list(text.encode())).normal(size=DIM).tolist()
    return numbers


def unit(rows: Sequence[Sequence[float]]) -> Vectors:
    """The rows at length 1 and half precision, as engines store them, shape (n, DIM)."""
    vectors = np.array(rows, dtype=np.float32).reshape(-1, DIM)
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled.astype(np.float16).astype(np.float32)


def filled(engine: Engine, *stories: Story) -> Engine:
    """The engine with the stories in it."""
    for told in stories:
        told.put_into(engine)
    return engine


def toward(text: str) -> Vectors:
    """The vector of a passage of this text, shape (DIM,)."""
    row: Vectors = unit([vector_of(text)])[0]
    return row


def nearest(stories: Sequence[Story], vector: Vectors, k: int, scope: Scope) -> list[tuple[Passage, float]]:
    """All inner products, one by one, largest first."""
    scored = [
        (passage, math.fsum(float(a) * float(b) for a, b in zip(row, vector, strict=True)))
        for told in _in_scope(stories, scope)
        for passage, row in zip(told.passages, told.vectors, strict=True)
    ]
    return _best(scored, k)


def matching(stories: Sequence[Story], query: Sequence[str], k: int, scope: Scope) -> list[tuple[Passage, float]]:
    """BM25 by the formula in SQLite's manual (fts5.html, section 5.1.1), k1 = 1.2 and b = 0.75.

    A passage's own terms count three times, those of its neighbours once; the statistics are of the documents in scope
    where it names some, else of all.
    """
    texts = {passage: words for told in stories for passage, words in _terms_around(told).items()}
    searched = _in_scope(stories, scope) if scope.document_ids else stories
    found_by, together = set(query), False
    if sum(len(told.passages) for told in searched) > laws.LARGE_INDEX:
        query, found_by, together = _telling(list(texts.values()), query)
    if scope.document_ids:
        texts = {passage: texts[passage] for told in _in_scope(stories, scope) for passage in told.passages}
    mean = sum(len(words) for words in texts.values()) / max(len(texts), 1)
    scored = []
    for told in _in_scope(stories, scope):
        for passage in told.passages:
            words = texts[passage]
            if not (found_by and found_by <= set(words) if together else found_by & set(words)):
                continue
            score = 0.0
            for term in dict.fromkeys(query):
                holding = sum(term in others for others in texts.values())
                idf = max(math.log((len(texts) - holding + 0.5) / (holding + 0.5)), 1e-6)
                often = words.count(term)
                score += idf * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * len(words) / mean))
            scored.append((passage, score))
    return _best(scored, k)


def _telling(texts: Sequence[Sequence[str]], query: Sequence[str]) -> tuple[list[str], set[str], bool]:
    """Terms that no more than a fiftieth of the texts hold, or the two rarest; which of them find; if together."""
    holding = {term: sum(term in words for words in texts) for term in query}
    rarest = sorted((term for term in holding if holding[term]), key=lambda term: holding[term])
    kept = [term for n, term in enumerate(rarest) if n < 2 or holding[term] <= max(len(texts) / 50, holding[rarest[1]])]
    few = {term for n, term in enumerate(kept) if sum(holding[t] for t in kept[: n + 1]) <= laws.MOST_WEIGHED}
    return kept, few or set(kept[:2]), not few


def _terms_around(told: Story) -> dict[Passage, list[str]]:
    own = [terms(f"{passage.heading} {passage.text}") for passage in told.passages]
    around = {}
    for place, passage in enumerate(told.passages):
        around[passage] = own[place] * 3
        around[passage] += own[place - 1] if place else []
        around[passage] += own[place + 1] if place + 1 < len(own) else []
    return around


def assert_ranks_as(hits: list[Hit], truth: list[tuple[Passage, float]], step: str) -> None:
    """Hold the hits against brute force: passages, scores, and what they tell of the step."""
    assert [hit.passage for hit in hits] == [passage for passage, _ in truth]
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in truth], abs=1e-6)
    assert [hit.why[step].rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.why[step].score for hit in hits] == [hit.score for hit in hits]


def _in_scope(stories: Sequence[Story], scope: Scope) -> list[Story]:
    return [
        told
        for told in stories
        if told.document.collection == scope.collection
        and (not scope.document_ids or told.document.id in scope.document_ids)
    ]


def _best(scored: list[tuple[Passage, float]], k: int) -> list[tuple[Passage, float]]:
    """The k best; scores that differ by rounding only are ties."""
    return sorted(scored, key=lambda pair: (-round(pair[1], 12), pair[0].document_id, pair[0].span))[:k]
