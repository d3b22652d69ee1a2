"""DOCX: paragraphs, tables and notes of a Word document; headings by style. Macros are never looked at."""

from collections.abc import Iterator, Mapping

from lxml import etree

from storybot.errors import EmptySource
from storybot.parsing.contents import Block, Contents, compose, titled
from storybot.parsing.markup import find_all, read_xml, tag_of, words_of
from storybot.parsing.sniffing import WORDS_TEXT
from storybot.parsing.zipped import Zipped

_STYLES = "word/styles.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_CORE = "docProps/core.xml"

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_UNSEEN = frozenset("del movefrom instrtext deltext fallback pict object".split())
"""What was deleted, what fields compute from, and copies for older programs."""

_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "nobreakhyphen": "-"}
_DEEPEST = 6
_MOST_STYLES = 20


def read_docx(name: str, data: bytes) -> Contents:
    """The document, its notes last. Raises: SourceDamaged, SourceLocked, SourceTooHard, EmptySource."""
    files = Zipped(name, data, "DOCX")
    root = read_xml(name, files.read(WORDS_TEXT), "DOCX")
    levels = _levels(read_xml(name, files.read(_STYLES), "DOCX")) if _STYLES in files else {}
    blocks = list(_blocks(root, levels))
    for path in _NOTES:
        if path in files:
            blocks += _notes(read_xml(name, files.read(path), "DOCX"), levels)
    contents = compose(blocks, _title(name, files) or _first_title(root, levels))
    if not contents.text.strip():
        raise EmptySource(name)
    return contents


def _value(element: etree._Element | None) -> str:
    """The value that Word notes at an element."""
    return "" if element is None else element.get(f"{_WORD}val") or element.get(f"{_STRICT}val") or ""


def _levels(styles: etree._Element) -> dict[str, int]:
    """The level of each style that makes headings, by its id; 0 for the title's."""
    found: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in find_all(styles, "style"):
        key = style.get(f"{_WORD}styleId") or style.get(f"{_STRICT}styleId") or ""
        words = _value(next(find_all(style, "name"), None)).lower().split()
        outline = _value(next(find_all(style, "outlinelvl"), None))
        if words[:1] == ["heading"] and words[1:2] and words[1].isdecimal():
            found[key] = min(int(words[1]), _DEEPEST)
        elif words == ["title"]:
            found[key] = 0
        elif outline.isdecimal() and int(outline) < _DEEPEST:
            found[key] = int(outline) + 1
        based[key] = _value(next(find_all(style, "basedon"), None))
    return {key: level for key in based for level in [_inherited(key, found, based)] if level is not None}


def _inherited(key: str, found: Mapping[str, int], based: Mapping[str, str]) -> int | None:
    """The level of a style, or of the nearest that it is based on."""
    for _ in range(_MOST_STYLES):  # a damaged file may base styles on each other in a circle
        if key in found or not key:
            break
        key = based.get(key, "")
    return found.get(key)


def _blocks(root: etree._Element, levels: Mapping[str, int]) -> Iterator[Block]:
    """The paragraphs in order; the cells of a table's row are one."""
    paper = _Paper(levels)
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, element in steps:
        tag = tag_of(element)
        if tag in _UNSEEN:
            if event == "start":
                steps.skip_subtree()
        elif event == "start":
            yield from paper.enter(element, tag)
        else:
            yield from paper.leave(tag)


class _Paper:
    """Where the reading of a document is: the words of the paragraph, and of the table's row around it."""

    def __init__(self, levels: Mapping[str, int]) -> None:
        self._levels = levels
        self._words: list[str] = []
        self._level: int | None = None
        self._cells: list[str] = []
        self._rows = 0

    def enter(self, element: etree._Element, tag: str) -> Iterator[Block]:
        if tag == "p":
            yield from self._paragraph()
        elif tag == "t":
            self._words.append(element.text or "")
        elif tag == "pstyle":
            self._level = self._levels.get(_value(element), self._level)
        elif tag == "outlinelvl" and _value(element).isdecimal() and int(_value(element)) < _DEEPEST:
            self._level = int(_value(element)) + 1
        elif tag == "tr":
            self._rows += 1
        elif tag in _MARKS and tag_of(element.getparent()) == "r":
            self._words.append(_MARKS[tag])

    def leave(self, tag: str) -> Iterator[Block]:
        if tag == "p":
            yield from self._paragraph()
        elif tag == "tr":
            self._rows -= 1
            if not self._rows and self._cells:
                yield Block(text=" | ".join(self._cells))
                self._cells = []

    def _paragraph(self) -> Iterator[Block]:
        text = "\n".join(" ".join(line.split()) for line in "".join(self._words).split("\n")).strip()
        level, self._level, self._words = self._level, None, []
        if text and self._rows:
            self._cells.append(text)
        elif text and level is not None:
            yield titled(text, max(level, 1))
        elif text:
            yield Block(text=text)


def _notes(root: etree._Element, levels: Mapping[str, int]) -> list[Block]:
    blocks = list(_blocks(root, levels))
    heading = "Notes" if blocks else ""
    return [Block(text="", heading=heading), *blocks]


def _title(name: str, files: Zipped) -> str:
    core = read_xml(name, files.read(_CORE), "DOCX") if _CORE in files else None
    return "" if core is None else next((words_of(element) for element in find_all(core, "title")), "")


def _first_title(root: etree._Element, levels: Mapping[str, int]) -> str | None:
    """The words of the first paragraph in the title's style."""
    for style in find_all(root, "pstyle"):
        paragraph = next((above for above in style.iterancestors() if tag_of(above) == "p"), None)
        if levels.get(_value(style)) == 0 and paragraph is not None:
            return words_of(paragraph)
    return None
