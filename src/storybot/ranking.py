"""From two rankings to one."""

from collections.abc import Iterable, Mapping, Sequence

from storybot.model import Hit, Passage, Step

DEPTH = 50
"""How many hits each ranking gives before they are fused."""

_RANK_CONSTANT = 60
"""Source: Cormack, Clarke, Buettcher: Reciprocal rank fusion, 2009."""


def fuse(rankings: Mapping[str, Sequence[Hit]]) -> list[Hit]:
    """One ranking of all that are found, best first; ties go to the earlier document id, then to the earlier passage."""
    scores: dict[Passage, float] = {}
    why: dict[Passage, dict[str, Step]] = {}
    for ranking in rankings.values():
        for rank, hit in enumerate(ranking, start=1):
            scores[hit.passage] = scores.get(hit.passage, 0.0) + 1 / (_RANK_CONSTANT + rank)
            why.setdefault(hit.passage, {}).update(hit.why)
    order = sorted(scores, key=lambda passage: (-scores[passage], passage.document_id, passage.span))
    return [
        Hit(passage=p, score=scores[p], why={**why[p], "fused": Step(rank=rank, score=scores[p])})
        for rank, p in enumerate(order, start=1)
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
