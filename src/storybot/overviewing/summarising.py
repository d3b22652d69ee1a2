"""The sentences of a text that tell best what it is about."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from storybot.model import Chapter, Document, Entity, Passage, Section, Span, Vectors
from storybot.ports import Pulse

Embed: TypeAlias = Callable[[Sequence[str]], Vectors]
"""Unit vectors (len(texts), dim) of texts, by the embedder of the passages."""

WHOLE, OF_CHAPTER = 5, 3
MOST_CHAPTERS = 80

_DAMPING, _ROUNDS = 0.85, 40
"""Source: LexRank, Erkan & Radev 2004."""

_CENTRALITY = 0.7
"""Share of centrality against novelty. Source: maximal marginal relevance, Carbonell & Goldstein 1998."""

_MOST_COMPARED = 3000
"""Passages that are compared each with each: 36 MB of cosines."""

_SPARE = 3
"""How many passages are looked at for each sentence that is wanted."""

_CAST = 12
"""How many of those who are named most a sentence had better name."""

_PARAGRAPH = 3000
_CLOSED = re.compile(r"[\w.,!?;:\u2014-]['\u2019](?=\s|$)")
_BATCH = 32
_LEAST_WORDS, _MOST_WORDS = 8, 40
_SPOKEN = re.compile(r"[\"\u201c\u201d\u00ab\u00bb]|(?:^|\s)['\u2018]|--$")
_LEANS = re.compile(
    r"(?:and|but|or|so|then|yet|for|he|she|it|they|this|that|these|those|his|her|their|there|here|i|we|you)\b",
    re.IGNORECASE,
)
_ADDRESSING = re.compile(r"\b(?:you|your|[Oo]h|[Aa]las)\b")
_LEANING, _UNNAMED = 0.15, 0.15
"""How much nearer a sentence must be that leans on the one before, or names nobody who matters."""

_TRIED = 3
"""Sentences of a passage that are embedded."""


def summarise(  # noqa: PLR0913 - what it works on, and what it works with
    document: Document,
    passages: Sequence[Passage],
    vectors: Vectors,
    entities: Sequence[Entity],
    *,
    embed: Embed,
    pulse: Pulse,
) -> tuple[tuple[Span, ...], tuple[Chapter, ...]]:
    """Sentences for the whole, and the chapters with sentences of their own; each in the order of the text.

    vectors: (len(passages), dim). Raises: what `pulse` raises.
    """
    known = _Sentences(document.text, entities, embed, pulse)
    whole = _told(known, passages, vectors, WHOLE)
    chapters = []
    for chapter in _chapters(document):
        pulse()
        inside = [place for place, passage in enumerate(passages) if passage.span.within(chapter.span)]
        told = _told(known, [passages[place] for place in inside], vectors[inside], OF_CHAPTER)
        if told:
            chapters.append(Chapter(heading=chapter.heading, span=chapter.span, sentences=told))
    return whole, tuple(chapters)


def central(vectors: Vectors, most: int, pulse: Pulse = lambda: None) -> list[int]:
    """Rows of the unit vectors (n, dim) that are central and unlike each other, the best first, at most `most`.

    Raises: what `pulse` raises.
    """
    if not len(vectors):
        return []
    cosines = np.maximum(vectors @ vectors.T, 0) if len(vectors) <= _MOST_COMPARED else None  # (n, n)
    rank = _lexrank(cosines, pulse) if cosines is not None else vectors @ vectors.mean(axis=0)
    rank = rank / max(float(rank.max()), float(np.finfo(np.float32).tiny))
    chosen: list[int] = []
    likeness = np.zeros(len(vectors))
    while len(chosen) < min(most, len(vectors)):
        worth = _CENTRALITY * rank - (1 - _CENTRALITY) * likeness
        worth[chosen] = -np.inf
        best = int(worth.argmax())
        chosen.append(best)
        likeness = np.maximum(likeness, vectors @ vectors[best])
    return chosen


def _lexrank(steps: npt.NDArray[np.float32], pulse: Pulse) -> npt.NDArray[np.float32]:
    """How often one comes by each passage who walks from one to the like of it. steps: cosines, which are changed."""
    size = len(steps)
    steps /= np.maximum(steps.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    rank = np.full(size, 1 / size, dtype=np.float32)
    for _ in range(_ROUNDS):
        pulse()
        rank = (1 - _DAMPING) / size + _DAMPING * (rank @ steps)
    return rank


class _Sentences:
    """Sentences of a text and their vectors, each embedded once."""

    def __init__(self, text: str, entities: Sequence[Entity], embed: Embed, pulse: Pulse) -> None:
        self._text, self._embed = text, embed
        self.pulse = pulse
        self._named = sorted(mention.start for entity in entities[:_CAST] for mention in entity.mentions)
        self._vectors: dict[Span, Vectors] = {}

    def fit(self, passage: Passage) -> list[Span]:
        """The passage's sentences that can stand alone, those that do best first; few."""
        alone = [span for span in passage.sentences if stands_alone(self._text, span)]
        return sorted(alone, key=self._lacks)[:_TRIED]

    def _lacks(self, span: Span) -> float:
        """What is to be said against the sentence."""
        sentence = span.cut(self._text)
        leans = bool(_LEANS.match(sentence)) + bool(_ADDRESSING.search(sentence))
        named = bisect_left(self._named, span.start) < bisect_left(self._named, span.end)
        return _LEANING * leans + _UNNAMED * (not named)

    def best(self, spans: Sequence[Span], centre: Vectors) -> tuple[float, Span]:
        """The sentence whose vector is nearest to the unit vector `centre` (dim,), all said against it counted."""
        return max((float(self._vectors[span] @ centre) - self._lacks(span), span) for span in spans)

    def learn(self, spans: Sequence[Span]) -> None:
        """Embed those of the sentences that aren't yet."""
        new = [span for span in dict.fromkeys(spans) if span not in self._vectors]
        for start in range(0, len(new), _BATCH):
            self.pulse()
            batch = new[start : start + _BATCH]
            vectors = self._embed([span.cut(self._text) for span in batch])
            self._vectors.update(zip(batch, vectors, strict=True))


def stands_alone(text: str, span: Span) -> bool:
    """Whether a sentence is a whole statement of middle length that nobody in the text speaks."""
    sentence = span.cut(text)
    words = sentence.split()
    return (
        _LEAST_WORDS <= len(words) <= _MOST_WORDS
        and sentence[0].isupper()
        and sentence.rstrip().endswith((".", "!"))
        and not _SPOKEN.search(sentence)
        and not all(word[0].isupper() for word in words)
        and not _is_spoken(text, span.start)
    )


def _is_spoken(text: str, at: int) -> bool:
    """Whether a quotation that began in the paragraph is still open there."""
    before = text[max(text.rfind("\n\n", 0, at), 0, at - _PARAGRAPH) : at]
    single = max(before.rfind(mark) for mark in ("\u2018", " '", "\n'"))
    return (
        before.count("\u201c") > before.count("\u201d")
        or before.count('"') % 2 == 1
        or (single >= 0 and not _CLOSED.search(before, single))
    )


def _told(known: _Sentences, passages: Sequence[Passage], vectors: Vectors, most: int) -> tuple[Span, ...]:
    """A sentence each of the most central passages, the best of them, in the order of the text."""
    fit = [known.fit(passage) for passage in passages]
    speaking = [place for place, spans in enumerate(fit) if spans]
    if not speaking:
        return ()
    chosen = [speaking[place] for place in central(vectors[speaking], most * _SPARE, known.pulse)]
    known.learn([span for place in chosen for span in fit[place]])
    middle = _unit(vectors[speaking].mean(axis=0))
    best = {known.best(fit[place], _unit(middle + vectors[place])) for place in chosen}
    return tuple(sorted(span for _, span in sorted(best, reverse=True)[:most]))


def _unit(vector: Vectors) -> Vectors:
    unit: Vectors = vector / max(float(np.linalg.norm(vector)), float(np.finfo(np.float32).tiny))
    return unit


def _chapters(document: Document) -> list[Section]:
    """The document's chapters as its reader sees them, at most 80, the longest; none where it has no parts."""
    levels = sorted({section.level for section in document.sections if section.heading})
    found = next((each for each in (_of_level(document, level) for level in levels) if len(each) > 1), [])
    longest = sorted(found, key=lambda chapter: chapter.span.start - chapter.span.end)[:MOST_CHAPTERS]
    return sorted(longest, key=lambda chapter: chapter.span)


def _of_level(document: Document, level: int) -> list[Section]:
    """The sections of a level, each with those beneath it."""
    begun = [section for section in document.sections if section.level <= level]
    ends = [section.span.start for section in begun[1:]] + [len(document.text)]
    return [
        Section(heading=section.heading, span=Span(section.span.start, end), level=level)
        for section, end in zip(begun, ends, strict=True)
        if section.heading and section.level == level
    ]
