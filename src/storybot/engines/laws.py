"""What every engine agrees on: the terms of a passage, exact scores, and the shape of what it gives back."""

import hashlib
import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from storybot.citing import heading_at
from storybot.model import Document, Hit, Manifest, Passage, Step, Vectors
from storybot.words import terms

DECIMALS = 12
"""Places of a score: past what float32 and BM25 mean, short of where the order of a sum shows; so ties are ties."""

K1 = 1.2
B = 0.75
LEAST_IDF = 1e-6
"""BM25's constants as FTS5 sets them. Source: SQLite, ext/fts5/fts5_aux.c."""

OWN_WEIGHT = 3
NEIGHBOUR_WEIGHT = 1
"""How often a passage's own terms and its neighbours' count, chosen on FairytaleQA train: see docs/lab-book.md."""


def indexed_terms(passages: Sequence[Passage]) -> list[list[str]]:
    """Terms by which each passage of a document is found: its own, and fewer times those of the passages around it.

    A story names a thing once and goes on with "she" and "it", so what stands beside a passage tells what it is about.
    """
    own = [folded(terms(f"{p.heading} {p.text}" if p.heading else p.text)) for p in passages]
    return [
        OWN_WEIGHT * words + NEIGHBOUR_WEIGHT * (previous + following)
        for previous, words, following in zip([[], *own], own, [*own[1:], []], strict=False)
    ]


LARGE_INDEX = 20_000
COMMON_SHARE = 0.02
LEAST_TERMS = 2
"""In a search through so many passages, terms that more than this share of them hold are left out of a question."""

MOST_WEIGHED = 12_000
"""About how many passages are weighed at most for a question: FTS5 takes 2.2 microseconds for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The terms that passages are weighed by, and those that they are found by: any of them, or all `together`.

    common: those that are left out, as too many passages hold them.
    """

    terms: tuple[str, ...]
    found_by: tuple[str, ...]
    together: bool = False
    common: frozenset[str] = frozenset()

    def finds(self, there: Container[str]) -> bool:
        """Whether a passage with the terms that are there is found."""
        return (all if self.together else any)(term in there for term in self.found_by)


def sought(terms: Sequence[str], holding: Callable[[], Mapping[str, int]], passages: int, searched: int) -> Sought:
    """What is looked for: all terms; in a large index not the common ones, which cost much and tell little.

    holding: how many of the index' `passages` hold each term, asked only if need be. searched: how many of them are
    searched through. The two rarest that stand anywhere always stay. Passages are found by the rarest terms, by as many
    as lead to no more than `MOST_WEIGHED`; where the first leads to more, by the two rarest together.
    """
    if searched <= LARGE_INDEX:
        return Sought(terms=tuple(terms), found_by=tuple(terms))
    counts = holding()
    rarest = sorted((term for term in terms if counts[term]), key=lambda term: counts[term])
    most = max(COMMON_SHARE * passages, *(counts[term] for term in rarest[:LEAST_TERMS]), 0)
    kept = [term for term in rarest if counts[term] <= most]
    totals = accumulate(counts[term] for term in kept)
    few = [term for term, total in zip(kept, totals, strict=True) if total <= MOST_WEIGHED]
    common = frozenset(rarest[len(kept) :])
    return Sought(terms=tuple(kept), found_by=tuple(few or kept[:LEAST_TERMS]), together=not few, common=common)


class Bm25:
    """Weighs passages for the terms sought. Source: Robertson and Zaragoza (2009), as FTS5 computes it."""

    def __init__(self, *, passages: int, mean_length: float, holding: Mapping[str, int]) -> None:
        """`holding` tells of each term sought how many of the passages hold it; lengths in terms."""
        self._mean_length = mean_length
        self._idf = {term: _idf(passages, count) for term, count in holding.items()}

    def __call__(self, counts: Mapping[str, int], length: int) -> float:
        """The weight of a passage of this length that holds the terms so often; larger is better."""
        saturation = K1 * (1 - B + B * length / self._mean_length)
        score = sum(
            idf * ((counts[term] * (K1 + 1)) / (counts[term] + saturation))
            for term, idf in self._idf.items()
            if counts.get(term)
        )
        return round(score, DECIMALS)


def _idf(passages: int, holding: int) -> float:
    idf = math.log((passages - holding + 0.5) / (holding + 0.5))
    return idf if idf > 0 else LEAST_IDF


def folded(some_terms: Iterable[str]) -> list[str]:
    """The terms in lower case.

    Compatibility characters (a bold mathematical A) may leave capitals in a term, and FTS5 has no tokenizer that keeps
    the case of ASCII letters.
    """
    return [term.lower() for term in some_terms]


def exact_scores(rows: Vectors, vector: Vectors) -> npt.NDArray[np.float64]:
    """Inner products of `rows` (n, dim) with `vector` (dim,), shape (n,).

    Equal rows get equal scores wherever they stand, which a matrix product doesn't promise.
    """
    scores: npt.NDArray[np.float64] = (rows.astype(np.float64) * vector.astype(np.float64)).sum(axis=1)
    return scores.round(DECIMALS)


def rounded(vectors: Vectors) -> Vectors:
    """Vectors as they are stored, at half precision: cosines move by less than a thousandth, and the file halves."""
    return vectors.astype(np.float16).astype(np.float32)


def digest(text: str) -> bytes:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).digest()


def count_words(text: str) -> int:
    """Words of a text, as a person counts them: what stands between white space."""
    return len(text.split())


def ranked(step: str, scored: Iterable[tuple[Passage, float]]) -> list[Hit]:
    """Hits of passages that come best first, with the rank and score of `step` in `why`."""
    return [
        Hit(passage=passage, score=score, why={step: Step(rank=rank, score=score)})
        for rank, (passage, score) in enumerate(scored, start=1)
    ]


def check_put(document: Document, passages: Sequence[Passage], vectors: Vectors, manifest: Manifest) -> None:
    """Refuse what can't be an index of the document. Raises: ValueError."""
    if vectors.shape != (len(passages), manifest.dim):
        message = f"{len(passages)} passages need vectors of shape {(len(passages), manifest.dim)}, not {vectors.shape}"
        raise ValueError(message)
    if any(passage.document_id != document.id for passage in passages):
        message = f"a passage of another document came with '{document.id}'"
        raise ValueError(message)
    for passage in passages:
        if passage.text != passage.span.cut(document.text):
            message = f"the passage at {passage.span.start} of '{document.id}' has other words than the text"
            raise ValueError(message)
        if passage.heading != heading_at(document.sections, passage.span.start):
            message = f"the passage at {passage.span.start} of '{document.id}' has another heading than its section"
            raise ValueError(message)


def check_query(vector: Vectors, manifest: Manifest) -> None:
    """Refuse a vector that the index can't compare. Raises: ValueError."""
    if vector.shape != (manifest.dim,):
        message = f"a query needs a vector of shape {(manifest.dim,)}, not {vector.shape}"
        raise ValueError(message)


def now() -> str:
    """The time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
