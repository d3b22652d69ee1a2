"""How an answer was found, as lines of text and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from storybot.model import Hit, Lookup, Trail

_SHOWN = 3
_MOST_HITS = 10


def trail_fields(trail: Trail) -> dict[str, Any]:
    """The steps as JSON, with the best hits of each ranking."""
    return asdict(trail.first(_MOST_HITS))


def trail_lines(trail: Trail) -> Iterator[str]:
    """The steps from the question to the verdict, the best of each."""
    yield "How this was found:"
    yield from map(_lookup, trail.lookups)
    for number, hit in enumerate(trail.hits[:_SHOWN], start=1):
        yield f"{number}. {_place(trail, hit)}: {_steps(hit)}"
    for reading in trail.readings[:_SHOWN]:
        words = " ".join(reading.passage.quote(reading.answer).split())
        yield f'"{words}": {reading.confidence:.0%} sure; {trail.threshold:.0%} is asked for'
    yield ", ".join(f"{stage} {seconds * 1000:.1f} ms" for stage, seconds in trail.seconds.items())


def _lookup(lookup: Lookup) -> str:
    left_out = f" (left out: {', '.join(lookup.left_out)})" if lookup.left_out else ""
    found = f"passages by words: {len(lookup.by_words)}, by meaning: {len(lookup.by_meaning)}"
    return f"Asked for the words {', '.join(lookup.words) or 'none'}{left_out}; {found}"


def _place(trail: Trail, hit: Hit) -> str:
    passage = hit.passage
    return f"{trail.documents[passage.document_id].title} {passage.span.start}-{passage.span.end}"


def _steps(hit: Hit) -> str:
    return ", ".join(f"{name} no. {step.rank} ({step.score:.2f})" for name, step in hit.why.items())
