"""The strip that shows where in a document each person appears, as an image and in words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from storybot.http.telling import listed
from storybot.languages import gettext as _
from storybot.languages import marked
from storybot.model import Chapter, Entity, Overview
from storybot.overviewing import timeline

BINS = 72
"""Stretches of the document: one is wider than a finger's width on no screen, and narrower than a pixel on none."""

PEOPLE = 8
"""Rows of the strip."""

_FAINTEST = 0.25
"""Opacity of a stretch with one mention among many: seen on either ground."""

_CHAPTERS_NAMED = 2
_MOST_SHARE = 0.5
"""Chapters are named as where somebody mostly is, if they hold so much of the mentions."""

_NUMBERED = re.compile(r"(\w+ (?:\d+|[IVXLC]+|[ivxlc]+))[.:]? +\S")

_THIRDS = (marked("at the beginning"), marked("in the middle"), marked("towards the end"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BinView:
    """A stretch in which somebody is named. at: its number; opacity: more where it is oftener."""

    at: int
    opacity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StripRow:
    """Where one person appears; `where` says it in words."""

    name: str
    where: str
    bins: tuple[BinView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StripView:
    """The rows, and the chapters' borders as parts of the width, which is `width`."""

    width: int
    rows: tuple[StripRow, ...]
    borders: tuple[str, ...]


def strip_view(overview: Overview, length: int) -> StripView | None:
    """The strip of the people who are named more than once; None where there are none. length: of the text."""
    people = [one for one in overview.entities if one.kind == "person" and len(one.mentions) > 1][:PEOPLE]
    if not people:
        return None
    borders = [chapter.span.start for chapter in overview.chapters if chapter.span.start]
    return StripView(
        width=BINS,
        rows=tuple(
            StripRow(name=one.name, where=place_words(one, overview.chapters, length), bins=_bins(one, length))
            for one in people
        ),
        borders=tuple(f"{start * BINS / max(length, 1):.2f}" for start in borders),
    )


def _bins(entity: Entity, length: int) -> tuple[BinView, ...]:
    counts = timeline(entity, length, BINS)
    most = max(counts, default=0)
    return tuple(
        BinView(at=place, opacity=f"{_FAINTEST + (1 - _FAINTEST) * count / most:.2f}")
        for place, count in enumerate(counts)
        if count
    )


def place_words(entity: Entity, chapters: Sequence[Chapter], length: int) -> str:
    """Where somebody mostly appears: "mostly in Chapter 3 and Chapter 5", "throughout"."""
    named = [chapter for chapter in chapters if chapter.heading]
    if not named:
        return _thirds(entity, length)
    counts: Counter[int] = Counter()
    for mention in entity.mentions:
        counts.update(place for place, chapter in enumerate(named) if mention.within(chapter.span))
    first = counts.most_common(_CHAPTERS_NAMED)
    if not first or sum(count for _place, count in first) < _MOST_SHARE * len(entity.mentions):
        return _("throughout")
    headings = listed([_short(named[place].heading) for place in sorted(place for place, _count in first)])
    only = len(counts) <= _CHAPTERS_NAMED and counts.total() == len(entity.mentions)
    return (_("only in {places}") if only else _("mostly in {places}")).format(places=headings)


def _short(heading: str) -> str:
    """A heading without what follows its number: "Chapter IX. A Tale" is Chapter IX."""
    found = _NUMBERED.match(heading)
    return found[1] if found else heading


def _thirds(entity: Entity, length: int) -> str:
    counts = timeline(entity, length, len(_THIRDS))
    place = max(range(len(_THIRDS)), key=lambda third: counts[third])
    if counts[place] <= _MOST_SHARE * sum(counts):
        return _("throughout")
    return _("mostly {where}").format(where=_(_THIRDS[place]))
