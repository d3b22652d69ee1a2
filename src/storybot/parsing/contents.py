"""What a parser gives: a text, and where its sections and pages begin."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storybot.model import Page, Section, Span
from storybot.parsing.decoding import mend

LONGEST_HEADING = 200
"""Letters of the longest heading: what is longer was set as one, but is a paragraph."""

_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A text, its title if it names one, sections that cover it, and its pages."""

    text: str
    title: str | None
    sections: tuple[Section, ...]
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A heading, and the offset in the text where its section begins. `level`: 1 is the outermost."""

    start: int
    heading: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph or heading on its way into a text.

    `heading`: the name of the section that begins here, "" if none does; it need not stand in the text. `pages`: labels
    of the pages that begin here, each with its offset in the block's text.
    """

    text: str
    heading: str = ""
    level: int = 1
    pages: tuple[tuple[str, int], ...] = ()


def titled(text: str, level: int, pages: tuple[tuple[str, int], ...] = ()) -> Block:
    """The block of a heading that stands in the text; a paragraph, if it is too long for one."""
    heading = " ".join(text.split())
    return Block(text=text, heading=heading if len(heading) <= LONGEST_HEADING else "", level=level, pages=pages)


def compose(blocks: Iterable[Block], title: str | None) -> Contents:
    """The blocks as one text, a blank line between two. One without letters lends its heading and pages to the next."""
    pieces: list[str] = []
    marks: list[Mark] = []
    pages: list[Page] = []
    offset = 0
    for block in blocks:
        if block.heading:
            marks.append(Mark(start=offset, heading=mend(block.heading), level=block.level))
        text = mend(block.text)
        # Mending may change a length; a page mark then moves by a letter or two within its paragraph.
        pages += [Page(label=label, start=offset + min(place, len(text))) for label, place in block.pages]
        if text.strip():
            pieces.append(text)
            offset += len(text) + len(_BETWEEN)
    text = _BETWEEN.join(pieces)
    name = " ".join(mend(title or "").split())[:LONGEST_HEADING] or None
    return Contents(text=text, title=name, sections=sections_at(text, marks, name), pages=_pages(text, pages))


def sections_at(text: str, marks: Sequence[Mark], title: str | None = None) -> tuple[Section, ...]:
    """Sections that cover the text, each from its mark on; what precedes the first has no heading.

    Of several marks at one place the last counts: the others are above it, and named where that tells it apart.
    """
    named = [
        (mark.start, heading, mark.level)
        for mark, heading in zip(marks, _cited(marks, title), strict=True)
        if mark.start < len(text)
    ]
    kept = {start: (heading, level) for start, heading, level in [(0, "", 1), *named]}
    starts = sorted(kept)
    ends = [*starts[1:], len(text)]
    return tuple(
        Section(heading=kept[start][0], span=Span(start, end), level=kept[start][1])
        for start, end in zip(starts, ends, strict=True)
    )


def _cited(marks: Sequence[Mark], title: str | None) -> list[str]:
    """Each heading as a reader would cite it.

    Alone; or, where several of its level are called the same, after those above it, as all others of its level.
    """
    paths = list(_paths(marks, title or ""))
    shown = [path[-1:] for path in paths]
    for depth in range(2, max(map(len, paths), default=0) + 1):
        counts = Counter(shown)
        alike = {mark.level for mark, part in zip(marks, shown, strict=True) if counts[part] > 1}
        shown = [
            path[-depth:] if mark.level in alike else part for mark, path, part in zip(marks, paths, shown, strict=True)
        ]
    return [", ".join([*(part.rstrip(" .:,") for part in parts[:-1]), parts[-1]]) for parts in shown]


def _paths(marks: Sequence[Mark], title: str) -> Iterator[tuple[str, ...]]:
    """Each heading with those above it, the outermost first, but for the document's own title."""
    above: list[Mark] = []
    for mark in marks:
        while above and above[-1].level >= mark.level:
            above.pop()
        yield (*(each.heading for each in above[-3:] if each.heading.lower() != title.lower()), mark.heading)
        above.append(mark)


def _pages(text: str, pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages in order, one for each place: of several that begin at one place, all but the last are empty."""
    kept = {page.start: page for page in sorted(pages, key=lambda page: page.start) if page.start < len(text)}
    return tuple(kept.values())
