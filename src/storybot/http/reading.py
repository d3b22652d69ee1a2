"""Paragraphs for the eye, cut so that every offset stays what it was."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from storybot.model import Document, Section, Span

Style: TypeAlias = Literal["heading", "prose", "verse"]

VERSE_WIDTH = 50
"""Lines shorter than this were broken on purpose; plain text is wrapped at 60 to 80 columns."""

_SPACES = re.compile(r"\s*")
_BLANK_LINES = re.compile(r"\s*\n[^\S\n]*\n\s*|\s+\Z")
_HEADING_LEAD = re.compile(r"[\s#]*")
_HEADING_REST = re.compile(r"[^\S\n]*#*[^\S\n]*(?:\n(?:=+|-+)[^\S\n]*)?(?:\n\s*|\Z)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of a paragraph, cited or not."""

    text: str
    cited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A stretch of a document. `lead` + pieces + `gap` are its letters, all of them; only the pieces are shown."""

    style: Style
    lead: str
    pieces: tuple[Piece, ...]
    gap: str
    heading: str = ""
    """The heading of the section that begins here, where the text itself doesn't hold it."""

    @property
    def text(self) -> str:
        """Every letter of the stretch, the unshown ones too."""
        return self.lead + "".join(piece.text for piece in self.pieces) + self.gap


def cited_span(document: Document, start: str | None, end: str | None) -> Span | None:
    """The span that a link names; None where it names none that lies in the document."""
    try:
        span = Span(int(start or ""), int(end or ""))
    except ValueError:
        return None
    return span if 0 <= span.start < span.end <= len(document.text) else None


def paragraphs(document: Document, span: Span | None) -> tuple[Paragraph, ...]:
    """The document as paragraphs, split at blank lines, `span` marked. Their texts, joined, are the document's text."""
    text = document.text
    return tuple(_paragraph(text, cut, span) for section in document.sections for cut in _cuts(text, section))


class _Cut(NamedTuple):
    whole: Span
    letters: Span
    style: Style
    heading: str


def _cuts(text: str, section: Section) -> Iterator[_Cut]:
    start, end = section.span.start, section.span.end
    heading = section.heading
    title = _heading(text, section)
    if title:
        rest = _end(_HEADING_REST, text, Span(title.end, end))
        yield _Cut(Span(start, rest), title, "heading", "")
        start, heading = rest, ""
    while start < end:
        shown = _end(_SPACES, text, Span(start, end))
        gap = _BLANK_LINES.search(text, shown, end)
        letters, rest = (Span(shown, gap.start()), gap.end()) if gap else (Span(shown, end), end)
        style: Style = "verse" if _broken_on_purpose(letters.cut(text)) else "prose"
        yield _Cut(Span(start, rest), letters, style, heading)
        start, heading = rest, ""


def _heading(text: str, section: Section) -> Span | None:
    """Where the section's text begins with its own heading."""
    start = _end(_HEADING_LEAD, text, section.span)
    title = Span(start, start + len(section.heading))
    stands = section.heading and title.within(section.span) and title.cut(text) == section.heading
    return title if stands and _HEADING_REST.match(text, title.end, section.span.end) else None


def _paragraph(text: str, cut: _Cut, cited: Span | None) -> Paragraph:
    return Paragraph(
        style=cut.style,
        lead=text[cut.whole.start : cut.letters.start],
        pieces=tuple(_pieces(text, cut.letters, cited)),
        gap=text[cut.letters.end : cut.whole.end],
        heading=cut.heading,
    )


def _pieces(text: str, letters: Span, cited: Span | None) -> Iterator[Piece]:
    mark = cited or Span(letters.end, letters.end)
    start, end = (min(max(offset, letters.start), letters.end) for offset in (mark.start, mark.end))
    parts = (
        Piece(text[letters.start : start]),
        Piece(text[start:end], cited=True),
        Piece(text[end : letters.end]),
    )
    return (part for part in parts if part.text)


def _end(pattern: re.Pattern[str], text: str, span: Span) -> int:
    match = pattern.match(text, span.start, span.end)
    return match.end() if match else span.start


def _broken_on_purpose(text: str) -> bool:
    lines = text.splitlines()
    return len(lines) > 1 and all(len(line) < VERSE_WIDTH for line in lines)
