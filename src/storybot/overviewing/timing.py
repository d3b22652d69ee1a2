"""Where in a text somebody appears."""

from storybot.model import Entity


def timeline(entity: Entity, length: int, bins: int) -> tuple[int, ...]:
    """How many of its mentions begin in each of `bins` equal stretches of a text of `length` code points."""
    counts = [0] * bins
    for mention in entity.mentions:
        counts[min(mention.start * bins // max(length, 1), bins - 1)] += 1
    return tuple(counts)
