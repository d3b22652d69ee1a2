"""A book in leaves, so that no page grows with the book."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storybot.model import Document, Span

LEAF_LETTERS = 60_000
"""Letters that a leaf may have: about ten thousand words, and less than 40 KB compressed."""

_BREAKS = ("\n\n", "\n", " ")
"""Where a chapter is cut that is longer than a leaf, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A stretch of a document that is shown on one page; `heading` is that of its first section."""

    span: Span
    heading: str


def leaves(document: Document, most: int = LEAF_LETTERS) -> tuple[Leaf, ...]:
    """The document's leaves, in order: they cover it, and none has more than `most` letters.

    Small sections share a leaf; one that is longer than a leaf begins one, and is cut at the end of a paragraph.
    """
    found: list[Leaf] = []
    for section in document.sections:
        last = found[-1] if found else None
        if last and section.span.end - last.span.start <= most:
            found[-1] = Leaf(span=Span(last.span.start, section.span.end), heading=last.heading or section.heading)
        else:
            found += [Leaf(span=span, heading=section.heading) for span in _cut(document.text, section.span, most)]
    return tuple(found)


def leaf_at(found: Sequence[Leaf], offset: int) -> int:
    """Which of the leaves holds the letter at the offset; the last, if it lies behind all."""
    return next((number for number, leaf in enumerate(found) if offset < leaf.span.end), len(found) - 1)


def _cut(text: str, span: Span, most: int) -> Iterator[Span]:
    start = span.start
    while span.end - start > most:
        end = _break(text, start, start + most)
        yield Span(start, end)
        start = end
    yield Span(start, span.end)


def _break(text: str, start: int, end: int) -> int:
    """The last good place to cut in the second half of the stretch; its end where there is none."""
    for mark in _BREAKS:
        place = text.rfind(mark, start + (end - start) // 2, end)
        if place >= 0:
            return place + len(mark)
    return end
