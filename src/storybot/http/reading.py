"""Paragraphs for the eye, cut so that every offset stays what it was."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias

from storybot.http.looks import number_in
from storybot.model import Document, Page, Section, Span

Style: TypeAlias = Literal["heading", "prose", "verse"]

VERSE_WIDTH = 50
"""Lines shorter than this were broken on purpose; plain text is wrapped at 60 to 80 columns."""

_SPACES = re.compile(r"\s*")
_BLANK_LINES = re.compile(r"(?<!\s)(?:\s*\n[^\S\n]*\n\s*|\s+\Z)")
"""From the first blank only: a long run of them would else be gone through from each."""

_HEADING_LEAD = re.compile(r"[\s#]*")
_HEADING_REST = re.compile(r"[^\S\n]*#*[^\S\n]*(?:\n(?:=+|-+)[^\S\n]*)?(?:\n\s*|\Z)")
_NUMBER_LETTERS = 10
_HEADING_LINE = re.compile(r"[^\n]{1,400}")
_HEADING_LINES = re.compile(r"[^\n]{1,200}(?:\n[^\n]{1,200}){1,5}(?=\n\s*\n|\Z)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of a paragraph, cited or not; or, without letters, the label of a page that begins there."""

    text: str
    cited: bool = False
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A stretch of a document. `lead` + pieces + `gap` are its letters, all of them; only the pieces are shown."""

    style: Style
    lead: str
    pieces: tuple[Piece, ...]
    gap: str
    heading: str = ""
    """The heading of the section that begins here, where the text itself doesn't hold it."""

    level: int = 1
    """How deep its section is: 1 for a chapter."""

    start: int = 0
    """Where the stretch begins in the document."""

    @property
    def shown(self) -> int:
        """Where the first of the pieces begins in the document."""
        return self.start + len(self.lead)

    @property
    def text(self) -> str:
        """Every letter of the stretch, the unshown ones too."""
        return self.lead + "".join(piece.text for piece in self.pieces) + self.gap


def cited_span(document: Document, start: str, end: str) -> Span | None:
    """The span that a link names; None where it names none that lies in the document."""
    first, last = number_in(start), number_in(end)
    if first is None or last is None:
        return None
    return Span(first, last) if first < last <= len(document.text) else None


def paragraphs(document: Document, span: Span | None, shown: Span | None = None) -> tuple[Paragraph, ...]:
    """The document as paragraphs, split at blank lines, `span` and the pages' beginnings marked.

    shown: only that stretch of it. Their texts, joined, are its text.
    """
    text, pages = document.text, document.pages
    sections = document.sections if shown is None else tuple(_within(document.sections, shown))
    return tuple(_paragraph(text, cut, span, pages) for section in sections for cut in _cuts(text, section))


def _within(sections: Sequence[Section], shown: Span) -> Iterator[Section]:
    """What lies in the stretch of the sections; a section that began before it has no heading there."""
    for section in sections:
        start, end = max(section.span.start, shown.start), min(section.span.end, shown.end)
        if start < end:
            heading = section.heading if start == section.span.start else ""
            yield replace(section, span=Span(start, end), heading=heading)


class _Cut(NamedTuple):
    whole: Span
    letters: Span
    style: Style
    heading: str
    level: int


def _cuts(text: str, section: Section) -> Iterator[_Cut]:
    start, end = section.span.start, section.span.end
    heading = section.heading
    title = _heading(text, section)
    if title:
        rest = _end(_HEADING_REST, text, Span(title.end, end))
        yield _Cut(Span(start, rest), title, "heading", "", section.level)
        start, heading = rest, ""
    while start < end:
        shown = _end(_SPACES, text, Span(start, end))
        gap = _BLANK_LINES.search(text, shown, end)
        letters, rest = (Span(shown, gap.start()), gap.end()) if gap else (Span(shown, end), end)
        style: Style = "verse" if _broken_on_purpose(letters.cut(text)) else "prose"
        yield _Cut(Span(start, rest), letters, style, heading, section.level)
        start, heading = rest, ""


def _heading(text: str, section: Section) -> Span | None:
    """Where the section's text begins with its own heading, on one line or on a few."""
    start = _end(_HEADING_LEAD, text, section.span)
    for pattern in (_HEADING_LINE, _HEADING_LINES):
        found = pattern.match(text, start, section.span.end)
        title = Span(start, start + len(found[0].rstrip(" \t#"))) if found else section.span
        if _names(section.heading, title.cut(text)) and _HEADING_REST.match(text, title.end, section.span.end):
            return title
    return None


def _names(heading: str, words: str) -> bool:
    """Whether words are the heading; or its end, where it names what is above it too: "Part II, Chapter 4".

    An outline often leaves out a section's number: "Naming", where the text says "2.2 Naming".
    """
    key, wanted = _key(words), _key(heading)
    if not key or not wanted:
        return False
    numbered = key.endswith(wanted) and len(key) - len(wanted) <= _NUMBER_LETTERS
    return key == wanted or numbered or (", " in heading and wanted.endswith(key))


def _key(words: str) -> str:
    return "".join(char for char in words.lower() if char.isalnum())


def _paragraph(text: str, cut: _Cut, cited: Span | None, pages: Sequence[Page]) -> Paragraph:
    first, last = (
        bisect_left(pages, offset, key=lambda page: page.start) for offset in (cut.whole.start, cut.whole.end)
    )
    return Paragraph(
        style=cut.style,
        lead=text[cut.whole.start : cut.letters.start],
        pieces=tuple(_pieces(text, cut.letters, cited, pages[first:last])),
        gap=text[cut.letters.end : cut.whole.end],
        heading=cut.heading,
        level=cut.level,
        start=cut.whole.start,
    )


def _pieces(text: str, letters: Span, cited: Span | None, pages: Sequence[Page]) -> Iterator[Piece]:
    mark = cited or Span(letters.end, letters.end)
    start, end = (min(max(offset, letters.start), letters.end) for offset in (mark.start, mark.end))
    parts = ((Span(letters.start, start), False), (Span(start, end), True), (Span(end, letters.end), False))
    left = [(min(max(page.start, letters.start), letters.end), page.label) for page in pages]
    for span, is_cited in parts:
        offset = span.start
        while left and left[0][0] <= span.end and (left[0][0] < span.end or span.end == letters.end):
            place, label = left.pop(0)
            if place > offset:
                yield Piece(text[offset:place], cited=is_cited)
            yield Piece("", page=label)
            offset = max(offset, place)
        if offset < span.end:
            yield Piece(text[offset : span.end], cited=is_cited)


def _end(pattern: re.Pattern[str], text: str, span: Span) -> int:
    match = pattern.match(text, span.start, span.end)
    return match.end() if match else span.start


def _broken_on_purpose(text: str) -> bool:
    lines = text.splitlines()
    return len(lines) > 1 and all(len(line) < VERSE_WIDTH for line in lines)
