"""From two rankings to one, and what stands around a passage into its vector."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from storybot.model import Findings, Hit, Passage, Step, Vectors

DEPTH = 100
"""How many hits each ranking gives before they are fused."""

CONTEXT = 0.3
"""Share of each neighbour's vector in a passage's, chosen on FairytaleQA train: see docs/lab-book.md."""

SEARCH_SHARE = 0.5
"""What a standard deviation of the search's score counts beside the reader's log-odds: `training/calibrate.py`."""

READING_SHARE = 0.5
"""What a further way to ask a question counts beside the best, chosen on FairytaleQA train: see docs/lab-book.md."""

RECIPE = f"context-{CONTEXT}"
"""Names what `contextual` does: another recipe, another index."""


def contextual(vectors: Vectors) -> Vectors:
    """Vectors (n, dim) of one document's passages, in order, each with some of its neighbours'; unit rows again.

    A story says "she" where the passage before has the name, so what stands around a passage tells what it is about.
    """
    mixed = vectors.copy()
    mixed[1:] += CONTEXT * vectors[:-1]
    mixed[:-1] += CONTEXT * vectors[1:]
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    unit: Vectors = (mixed / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
    return unit


def fuse(rankings: Mapping[str, Sequence[Hit]], shares: Mapping[str, float] | None = None) -> list[Hit]:
    """One ranking of all that the rankings found, best first; ties go to the earlier document id, then passage.

    shares: what each ranking counts, 1 where none is named.

    The sum of standard scores: a passage that one ranking lacks has the lowest score there, or a lower one where that
    is every score. Reciprocal rank fusion has
    nine points less of hit@1 on FairytaleQA: ranks forget by how much a passage is better (docs/lab-book.md).
    """
    why: dict[Passage, dict[str, Step]] = {}
    for ranking in rankings.values():
        for hit in ranking:
            steps = why.setdefault(hit.passage, {})
            steps.update({name: step for name, step in hit.why.items() if name not in steps})
    passages = list(why)
    total = np.zeros(len(passages))
    for name, ranking in rankings.items():
        scores = {hit.passage: hit.score for hit in ranking}
        least = min(scores.values(), default=0.0)
        if least == max(scores.values(), default=0.0):
            least -= 1  # else those that it found would count no more than the others
        share = (shares or {}).get(name, 1.0)
        total += share * _standard(np.array([scores.get(passage, least) for passage in passages]))
    scored = [(passage, round(float(score), 9)) for passage, score in zip(passages, total, strict=True)]
    scored.sort(key=lambda pair: (-pair[1], pair[0].document_id, pair[0].span))
    return [
        Hit(passage=passage, score=score, why={**why[passage], "fused": Step(rank=rank, score=score)})
        for rank, (passage, score) in enumerate(scored, start=1)
    ]


def rerank(hits: Sequence[Hit], findings: Findings, share: float = SEARCH_SHARE) -> list[Hit]:
    """First what was read, by relevance and a share of the search's own score; then the rest as it was.

    Passages that were read beside a hit join the ranking, with the least of the search's scores.
    """
    found = {hit.passage: hit for hit in hits}
    least = min((hit.score for hit in hits), default=0.0)
    answers = {reading.passage: reading for reading in reversed(findings.readings)}
    totals = {
        passage: relevance + share * (found[passage].score if passage in found else least)
        for passage, relevance in findings.relevance.items()
    }
    order = sorted(totals, key=lambda passage: (-totals[passage], passage.document_id, passage.span))
    read = [
        Hit(
            passage=passage,
            score=totals[passage],
            why={
                **(found[passage].why if passage in found else {}),
                "reader": Step(rank=rank, score=findings.relevance[passage]),
            },
            reading=answers.get(passage),
        )
        for rank, passage in enumerate(order, start=1)
    ]
    worst = min(totals.values(), default=0.0)
    best = max((hit.score for hit in hits if hit.passage not in totals), default=0.0)
    # Larger is better for all: the scores of the rest go on below those of the read.
    rest = [replace(hit, score=worst - 1 + hit.score - best) for hit in hits if hit.passage not in totals]
    return [*read, *rest]


def thin(hits: Iterable[Hit], k: int) -> list[Hit]:
    """The first k hits without those whose words another, better one already has."""
    kept: list[Hit] = []
    seen: set[str] = set()
    for hit in hits:
        words = " ".join(hit.passage.text.casefold().split())
        if len(kept) < k and words not in seen:
            seen.add(words)
            kept.append(hit)
    return kept


def _standard(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Scores with mean 0 and deviation 1; 0 where all are equal."""
    centred = scores - scores.mean() if scores.size else scores
    deviation = centred.std() if scores.size else 0.0
    return centred / deviation if deviation > 0 else centred
