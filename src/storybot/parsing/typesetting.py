"""From printed lines back to paragraphs: running heads and page numbers out, broken words whole, lines joined."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from storybot.parsing.contents import LONGEST_HEADING, Block

_EDGE_LINES = 2
"""So many lines at the top and at the bottom of a page may be a running head, a running foot or a page number."""

_REPEATS = 3
"""A line at the edge of so many pages belongs to the paper, not to the text."""

_SHORT_LINE = 40
"""A page's number stands first or last in its line, but for short ones: "Page 3 of 12"."""

_LARGER = 1.15
"""Letters so much larger than the body's are a heading's."""

_HEADING_LEVELS = 3
_COLUMN_POINTS = 100
_NUMBER = re.compile(r"\d+")
_ROMAN_ALONE = re.compile(r"[ivxlc]+", re.IGNORECASE)
_ENDS = (
    ".",
    "!",
    "?",
    ":",
    '."',
    '!"',
    '?"',
    ".\u201d",
    "!\u201d",
    "?\u201d",
    ".'",
    ".\u2019",
    "!\u2019",
    "?\u2019",
    ".)",
)
_LONGEST_WORD = 60
_HYPHENS = "-\u2010\u00ad\ufffe"
_SOFT = "\u00ad"
_BROKEN = re.compile(rf"(\w+)[{_HYPHENS}]$")
_AS_HYPHENS = str.maketrans({_SOFT: "", "\ufffe": "-"})
_FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A printed line. Places in points from the page's lower left corner; `size` is the height of its letters.

    `heading`: the name of the section that begins with it, if one does, and its level.
    """

    text: str
    left: float
    right: float
    bottom: float
    size: float
    heading: str = ""
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page: its label and its lines, in reading order."""

    label: str
    lines: tuple[Line, ...]


def typeset(sheets: Sequence[Sheet]) -> list[Block]:
    """The paragraphs and headings of the pages; those that go on over a page's end are whole again."""
    sheets = _headed(_without_edges(sheets))
    words = Counter(word for sheet in sheets for line in sheet.lines for word in _inner_words(line.text))
    setter = _Setter(words)
    for sheet in sheets:
        setter.take(sheet)
    return setter.done()


# Running heads


def _without_edges(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without what the paper repeats: the same line on many pages, and numbers that count the pages."""
    seen: Counter[str] = Counter()
    counted: Counter[tuple[str, int]] = Counter()
    for number, sheet in enumerate(sheets):
        for line in {sheet.lines[place].text for place in _edges(sheet)}:
            seen[line] += 1
            counted.update(_countings(line, number))

    def running(line: str, number: int) -> bool:
        repeated = seen[line] >= _REPEATS and len(line) <= LONGEST_HEADING
        return repeated or any(counted[counting] >= _REPEATS for counting in _countings(line, number))

    kept = []
    for number, sheet in enumerate(sheets):
        gone = {place for place in _edges(sheet) if running(sheet.lines[place].text, number)}
        lines = tuple(line for place, line in enumerate(sheet.lines) if place not in gone)
        kept.append(replace(sheet, lines=lines))
    return kept


def _edges(sheet: Sheet) -> set[int]:
    count = len(sheet.lines)
    return {*range(min(_EDGE_LINES, count)), *range(max(0, count - _EDGE_LINES), count)}


def _countings(line: str, number: int) -> set[tuple[str, int]]:
    """What a line would be if one of its numbers counts the pages: its other words, and that number less the page's."""
    if _ROMAN_ALONE.fullmatch(line.strip(" -\u2013\u2014")):
        return {("roman", 0)}
    return {
        (line[: match.start()] + "#" + line[match.end() :], int(match[0][:6]) - number)
        for match in _NUMBER.finditer(line)
        if len(line) <= _SHORT_LINE or not (letters_of(line[: match.start()]) and letters_of(line[match.end() :]))
    }


# Headings


def _headed(sheets: Sequence[Sheet]) -> Sequence[Sheet]:
    """The pages with headings told by the size of their letters, where no outline names any."""
    if any(line.heading for sheet in sheets for line in sheet.lines):
        return sheets
    letters: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            letters[line.size] += len(line.text)
    if not letters:
        return sheets
    body = letters.most_common(1)[0][0]
    larger = {size for size, count in letters.items() if size > body * _LARGER and count < letters[body] / 4}
    sizes = sorted(larger, reverse=True)[:_HEADING_LEVELS]
    return [replace(sheet, lines=tuple(_sized(line, sizes) for line in sheet.lines)) for sheet in sheets]


def _sized(line: Line, sizes: Sequence[float]) -> Line:
    if line.size not in sizes or not any(char.isalnum() for char in line.text):
        return line
    return replace(line, heading=line.text, level=sizes.index(line.size) + 1)


# Paragraphs


class _Setter:
    """Takes pages line by line and gives the paragraphs."""

    def __init__(self, words: Counter[str]) -> None:
        self._words = words
        self._blocks: list[Block] = []
        self._text = ""
        self._pages: list[tuple[str, int]] = []
        self._heading = ""
        self._level = 1
        self._last: Line | None = None

    def take(self, sheet: Sheet) -> None:
        margins = _Margins(sheet.lines)
        first = True
        for line in sheet.lines:
            if self._breaks(line, margins, turned=first):
                self._flush()
            elif self._text:
                self._join(line, margins)
            if first:
                self._pages.append((sheet.label, len(self._text)))
                first = False
            self._heading = self._heading or line.heading
            self._level = line.level if line.heading else self._level
            self._text += line.text
            self._last = line

    def done(self) -> list[Block]:
        self._flush()
        return self._blocks

    def _breaks(self, line: Line, margins: "_Margins", *, turned: bool) -> bool:
        """Whether a line begins a paragraph. turned: it is the first of its page."""
        last = self._last
        if last is None or not self._text:
            return True
        if line.heading or _says_its_heading(last):
            # A heading of several lines is one, set in the same letters.
            return turned or not (line.heading and last.heading and line.level == last.level and _close(last, line))
        ended = last.text.endswith(_ENDS)
        if abs(line.size - last.size) > 0.15 * last.size:
            return True
        if turned or line.bottom > last.bottom:  # the next page, or the next column
            return ended and (margins.indented(line) or not margins.full(last) or line.text[:1].isupper())
        wide = last.bottom - line.bottom > 1.35 * margins.leading
        quoted = abs(line.left - last.left) < 1 and not ended  # a block that is set in as a whole
        return wide or (margins.indented(line) and not quoted) or (ended and not margins.full(last))

    def _join(self, line: Line, margins: "_Margins") -> None:
        """Bring the text to where the next line goes on."""
        broken = _BROKEN.search(self._text[-_LONGEST_WORD:])
        if broken and line.text[:1].islower():
            after = _FIRST_WORD.match(line.text)
            if self._text.endswith(_SOFT) or not self._hyphened(broken[1].lower(), after[0].lower() if after else ""):
                self._text = self._text[:-1]
            return
        if not self._text.endswith((*_HYPHENS, "\u2014")):
            last = self._last
            # A line that ends far from the margin, and no sentence with it, was broken on purpose: verse.
            self._text += "\n" if last and margins.short(last) else " "

    def _hyphened(self, before: str, after: str) -> bool:
        """Whether a word that is parted at its hyphen keeps it, as the document's other words tell."""
        words = self._words
        if words[before + after]:
            return False
        return bool(words[f"{before}-{after}"] or (words[before] and words[after]))

    def _flush(self) -> None:
        if self._text:
            text = self._text.translate(_AS_HYPHENS)
            heading = " ".join(text.split()) if self._heading and self._same() else self._heading
            self._blocks.append(
                Block(text=text, heading=heading[:LONGEST_HEADING], level=self._level, pages=tuple(self._pages))
            )
        self._text, self._pages, self._heading, self._level = "", [], "", 1

    def _same(self) -> bool:
        return self._text.startswith(self._heading) and len(self._text) <= LONGEST_HEADING


class _Margins:
    """Where a page's lines begin and end, and how far they are apart."""

    def __init__(self, lines: Sequence[Line]) -> None:
        lefts = Counter(round(line.left) for line in lines)
        rights = sorted(line.right for line in lines)
        gaps = [last.bottom - line.bottom for last, line in pairwise(lines)]
        near = [gap for last, gap in zip(lines, gaps, strict=False) if 0 < gap < 3 * last.size]
        self._lefts = _columns(sorted(left for left, count in lefts.items() if count >= max(2, len(lines) // 5)))
        self._right = rights[int(0.9 * (len(rights) - 1))] if rights else 0.0
        self._width = max(1.0, self._right - (self._lefts[0] if self._lefts else 0.0))
        self.leading = median(near) if near else max((line.size for line in lines), default=0.0)

    def indented(self, line: Line) -> bool:
        """Whether a line begins right of its margin, by one to a few letters."""
        place = bisect_right(self._lefts, line.left + 1)
        indent = line.left - self._lefts[place - 1] if place else 0.0
        return 0.6 * line.size < indent < 6 * line.size

    def full(self, line: Line) -> bool:
        """Whether a line reaches the right margin, or nearly."""
        return line.right > self._right - 0.1 * self._width

    def short(self, line: Line) -> bool:
        """Whether a line ends far from the right margin."""
        return line.right < self._right - 0.25 * self._width


def _columns(lefts: Sequence[int]) -> list[int]:
    """Of the places where many lines begin those that are a column's margin: others are near to one, and indents."""
    kept: list[int] = []
    for left in lefts:
        if not kept or left - kept[-1] > _COLUMN_POINTS:
            kept.append(left)
    return kept


def _says_its_heading(line: Line) -> bool:
    return bool(line.heading) and letters_of(line.heading).startswith(letters_of(line.text))


def letters_of(text: str) -> str:
    """The letters and digits of a text, in small letters: what two lines that say the same have in common."""
    return "".join(char for char in text.lower() if char.isalnum())


def _close(last: Line, line: Line) -> bool:
    return 0 < last.bottom - line.bottom < 2 * max(last.size, line.size)


def _inner_words(text: str) -> Iterator[str]:
    """The words of a line, but for half a one at its end; parts with a hyphen are one word."""
    words = re.findall(r"\w+(?:-\w+)*", text)
    return (word.lower() for word in (words[:-1] if text.endswith(tuple(_HYPHENS)) else words))
