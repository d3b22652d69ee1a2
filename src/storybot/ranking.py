"""From two rankings to one, and what stands around a passage into its vector."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from storybot.model import Hit, Passage, Step, Vectors

DEPTH = 100
"""How many hits each ranking gives before they are fused."""

CONTEXT = 0.3
"""Share of each neighbour's vector in a passage's, chosen on FairytaleQA train: see docs/lab-book.md."""

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


def fuse(rankings: Mapping[str, Sequence[Hit]]) -> list[Hit]:
    """One ranking of all that the rankings found, best first; ties go to the earlier document id, then passage.

    The sum of standard scores: a passage that one ranking lacks has the lowest score there. Reciprocal rank fusion has
    nine points less of hit@1 on FairytaleQA: ranks forget by how much a passage is better (docs/lab-book.md).
    """
    why: dict[Passage, dict[str, Step]] = {}
    for ranking in rankings.values():
        for hit in ranking:
            why.setdefault(hit.passage, {}).update(hit.why)
    passages = list(why)
    total = np.zeros(len(passages))
    for ranking in rankings.values():
        scores = {hit.passage: hit.score for hit in ranking}
        least = min(scores.values(), default=0.0)
        total += _standard(np.array([scores.get(passage, least) for passage in passages]))
    scored = [(passage, round(float(score), 9)) for passage, score in zip(passages, total, strict=True)]
    scored.sort(key=lambda pair: (-pair[1], pair[0].document_id, pair[0].span))
    return [
        Hit(passage=passage, score=score, why={**why[passage], "fused": Step(rank=rank, score=score)})
        for rank, (passage, score) in enumerate(scored, start=1)
    ]


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
