"""PDF: text by lines with their places, page labels, and the outline, which names the sections."""

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

from storybot.errors import EmptySource, ScannedSource, SourceDamaged, SourceLocked
from storybot.parsing.contents import Contents, compose, sections_at
from storybot.parsing.plain import chapters
from storybot.parsing.typesetting import Line, Sheet, letters_of, typeset

_FIRST_LETTERS = 20
"""Fewer letters a page than that, and pictures on it: a scan, with a stamp perhaps."""

_LEAST_LETTERS = 4
"""A line that begins a name of the outline, whose other lines follow, has so many letters at least."""

_LOOKED_AT = 20
"""Pages that are searched for pictures."""

_MOST_BOOKMARKS = 20_000
_HYPHEN = "\ufffe"
"""PDFium's letter for a hyphen at a line's end, after which it writes no line end."""

_LINE_END = re.compile(rf"[\r\n]+|(?<={_HYPHEN})")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bookmark:
    """A line of the outline: a section's name and depth (1 and up), and where on its page it begins, if it says so."""

    title: str
    level: int
    page: int
    top: float | None


def read_pdf(name: str, data: bytes) -> Contents:
    """The text without running heads; the outline's sections, else headings by size, else chapters by their names.

    Raises: SourceDamaged, SourceLocked, ScannedSource, EmptySource.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise SourceLocked(name) from error
        raise SourceDamaged(name, kind="PDF", reason="its pages can't be found") from error
    try:
        return _contents(name, pdf)
    except pypdfium2.PdfiumError as error:
        raise SourceDamaged(name, kind="PDF", reason="one of its pages can't be read") from error
    finally:
        pdf.close()


def _contents(name: str, pdf: pypdfium2.PdfDocument) -> Contents:
    count = len(pdf)
    sheets = [
        Sheet(label=pdf.get_page_label(number).strip() or str(number + 1), lines=tuple(_lines(pdf, number)))
        for number in range(count)
    ]
    letters = sum(len(line.text) for sheet in sheets for line in sheet.lines)
    if letters < _FIRST_LETTERS * count and _pictured(pdf):
        raise ScannedSource(name, pages=count)
    if not letters:
        raise EmptySource(name)
    contents = compose(typeset(_marked(sheets, list(_outline(pdf)))), pdf.get_metadata_value("Title"))
    if len(contents.sections) > 1:
        return contents
    return replace(contents, sections=sections_at(contents.text, chapters(contents.text), contents.title))


def _lines(pdf: pypdfium2.PdfDocument, number: int) -> Iterator[Line]:
    """The lines of a page, with their places."""
    page = pdf[number]
    try:
        letters = page.get_textpage()
        try:
            yield from _placed(letters)
        finally:
            letters.close()
    finally:
        page.close()


def _placed(letters: pypdfium2.PdfTextPage) -> Iterator[Line]:
    text = letters.get_text_range()
    offset = 0
    for end in [*(match.span() for match in _LINE_END.finditer(text)), (len(text), len(text))]:
        words = text[offset : end[0]]
        shown = words.strip()
        if shown.strip(_HYPHEN):
            start = offset + len(words) - len(words.lstrip())
            first, last = (_box(letters, place) for place in (start, start + len(shown.rstrip(_HYPHEN)) - 1))
            size = round(max(first[3] - first[1], last[3] - last[1]), 1)
            yield Line(
                text=" ".join(shown.split()), left=first[0], right=last[2], bottom=min(first[1], last[1]), size=size
            )
        offset = end[1]


def _box(letters: pypdfium2.PdfTextPage, place: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a letter's box, as high as its font."""
    box = pdfium.FS_RECTF()
    index = pdfium.FPDFText_GetCharIndexFromTextIndex(letters, place)
    pdfium.FPDFText_GetLooseCharBox(letters, max(0, index), ctypes.byref(box))
    return box.left, box.bottom, box.right, box.top


def _outline(pdf: pypdfium2.PdfDocument) -> Iterator[_Bookmark]:
    for bookmark in islice(pdf.get_toc(), _MOST_BOOKMARKS):
        target = bookmark.get_dest()
        page = target.get_index() if target else None
        title = " ".join(bookmark.get_title().split())
        if target is None or page is None or not title:
            continue
        mode, places = target.get_view()
        top = places[1] if mode == pdfium.PDFDEST_VIEW_XYZ and len(places) > 1 else None
        yield _Bookmark(title=title, level=bookmark.level + 1, page=page, top=top)


def _marked(sheets: Sequence[Sheet], outline: Iterable[_Bookmark]) -> list[Sheet]:
    """The pages with the outline's names at the lines where their sections begin."""
    marked = list(sheets)
    for bookmark in outline:
        if bookmark.page < len(marked) and marked[bookmark.page].lines:
            sheet = marked[bookmark.page]
            place = _place(sheet.lines, bookmark)
            line = replace(sheet.lines[place], heading=bookmark.title, level=bookmark.level)
            marked[bookmark.page] = replace(sheet, lines=(*sheet.lines[:place], line, *sheet.lines[place + 1 :]))
    return marked


def _place(lines: Sequence[Line], bookmark: _Bookmark) -> int:
    """The line that says what the bookmark says, else the first below the place that it names, else the first."""
    wanted = letters_of(bookmark.title)
    for place, line in enumerate(lines):
        said = letters_of(line.text)
        if wanted and (said == wanted or (len(said) >= _LEAST_LETTERS and wanted.startswith(said))):
            return place
    if bookmark.top is not None:
        below = [place for place, line in enumerate(lines) if line.bottom < bookmark.top]
        return below[0] if below else 0
    return 0


def _pictured(pdf: pypdfium2.PdfDocument) -> bool:
    """Whether most of the first pages hold a picture."""
    count = min(len(pdf), _LOOKED_AT)
    pictured = sum(
        any(True for _ in pdf[number].get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3))
        for number in range(count)
    )
    return 2 * pictured >= count > 0
