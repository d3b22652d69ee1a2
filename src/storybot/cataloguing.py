"""The catalogue as a person asks for it: what holds certain words, in a certain order."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from storybot.model import Entry

Sort = Literal["title", "name", "collection", "format", "words", "passages", "added"]
"""What the catalogue is sorted by."""

Order = Literal["ascending", "descending"]

WORDS_A_MINUTE = 260
"""How fast a grown-up reads fiction in silence. Source: Brysbaert, How many words do we read per minute? (2019)."""

_NUMBER = re.compile(r"(\d{1,18})")

_KEYS: Mapping[Sort, Callable[[Entry], Any]] = {
    "title": lambda entry: _counted(entry.title),
    "name": lambda entry: _counted(entry.name),
    "collection": lambda entry: _counted(entry.collection),
    "format": lambda entry: entry.format,
    "words": lambda entry: entry.words,
    "passages": lambda entry: entry.passages,
    "added": lambda entry: entry.added,
}


def chosen(
    entries: Iterable[Entry], *, search: str = "", sort: Sort = "title", order: Order = "ascending"
) -> list[Entry]:
    """The entries whose title or name holds each word of `search`, sorted; ties stay in the order they came in."""
    words = search.casefold().split()
    found = [entry for entry in entries if not words or _holds(entry, words)]
    return sorted(found, key=_KEYS[sort], reverse=order == "descending")


def minutes(words: int) -> int:
    """How long so many words take to be read, in minutes; one at least."""
    return max(1, round(words / WORDS_A_MINUTE))


def _counted(text: str) -> list[str | int]:
    """Letters and numbers in turn, so that "Tale 2" comes before "Tale 10"."""
    return [int(part) if place % 2 else part for place, part in enumerate(_NUMBER.split(text.casefold()))]


def _holds(entry: Entry, words: Iterable[str]) -> bool:
    shown = f"{entry.title}\n{entry.name}".casefold()
    return all(word in shown for word in words)
