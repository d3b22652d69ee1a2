"""What every engine agrees on: the terms of a passage, exact scores, and the shape of what it gives back."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from storybot.model import Document, Hit, Manifest, Passage, Step, Vectors
from storybot.words import terms

DECIMALS = 12
"""Places of a score: past what float32 and BM25 mean, short of where the order of a sum shows; so ties are ties."""


def indexed_terms(passage: Passage) -> list[str]:
    """Terms by which a passage is found, in order: those of its heading and of its text."""
    return folded(terms(f"{passage.heading} {passage.text}" if passage.heading else passage.text))


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


def check_query(vector: Vectors, manifest: Manifest) -> None:
    """Refuse a vector that the index can't compare. Raises: ValueError."""
    if vector.shape != (manifest.dim,):
        message = f"a query needs a vector of shape {(manifest.dim,)}, not {vector.shape}"
        raise ValueError(message)


def now() -> str:
    """The time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
