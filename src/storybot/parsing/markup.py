"""Marked-up text: XML and HTML read without fetching or expanding anything, and the blocks in them."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from html.entities import html5

from lxml import etree

from storybot.errors import SourceDamaged, SourceTooHard
from storybot.parsing.contents import Block, titled

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_LINE = "\ufdd0"
_PAGE = "\ufdd1"
"""Stand for a line's end and for a page's beginning while white space is still to be made one: letters of no text."""

_SPACES = re.compile(r"\s+")
_SPACE_AFTER = re.compile(rf"({_PAGE}+) ")

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre section summary table tbody tfoot thead tr "
    "ul".split()
)
_CELLS = frozenset({"td", "th"})
UNSEEN = frozenset(
    "script style noscript template head title svg math object embed iframe audio video canvas select option datalist "
    "button textarea input map area rp rt".split()
)
"""Elements without words to read."""

_TYPE = "{http://www.idpf.org/2007/ops}type"


def read_xml(name: str, data: bytes, kind: str) -> etree._Element:
    """The root of an XML file; entities that it defines itself are left out. Raises: SourceDamaged, SourceTooHard."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return _rooted(name, data, kind, parser)


def read_html(name: str, text: str, kind: str = "HTML") -> etree._Element:
    """The root of an HTML page, mended where it isn't well formed. Raises: SourceDamaged, SourceTooHard."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    root = _rooted(name, text.encode(errors="replace"), kind, parser)
    if any("depth" in entry.message for entry in parser.error_log):
        raise SourceTooHard(name, reason="its elements are nested too deeply")  # what lies deeper would be missing
    return root


def read_xhtml(name: str, data: bytes, kind: str) -> etree._Element:
    """The root of a page that should be XML and often isn't. Raises: SourceDamaged, SourceTooHard."""
    try:
        return read_xml(name, named_entities(data), kind)
    except SourceDamaged:
        return read_html(name, data.decode(errors="replace"), kind)


def named_entities(data: bytes) -> bytes:
    """The same with HTML's named entities as numbers: XML knows but five names."""

    def number(match: re.Match[str]) -> str:
        letters = None if match[1] in _XML_ENTITIES else html5.get(f"{match[1]};")
        return "".join(f"&#{ord(letter)};" for letter in letters) if letters else match[0]

    return _ENTITY.sub(number, data.decode("latin-1")).encode("latin-1") if b"&" in data else data


def _rooted(name: str, data: bytes, kind: str, parser: etree.XMLParser | etree.HTMLParser) -> etree._Element:
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        if "depth" in str(error):
            raise SourceTooHard(name, reason="its elements are nested too deeply") from error
        if "amplification" in str(error):
            raise SourceTooHard(name, reason="its entities unfold to far more than its size") from error
        raise SourceDamaged(name, kind=kind, reason="its markup can't be read") from error
    if root is None:
        raise SourceDamaged(name, kind=kind, reason="there is nothing in it")
    etree.strip_elements(root, etree.Entity, with_tail=False)
    return root


def tag_of(element: etree._Element) -> str:
    """An element's name without its namespace, in small letters."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def words_of(element: etree._Element) -> str:
    """All words in an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def find_all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of a name, in any namespace, in order."""
    return (element for element in root.iter() if tag_of(element) == name)


@dataclass(slots=True, kw_only=True)
class Walk:
    """Reads the blocks out of an element.

    left_out: elements without words. headings: levels by tag. anchors: names of sections by the id of the element that
    they begin with, and their levels. preserved: elements whose white space counts.
    """

    left_out: Callable[[etree._Element], bool] = lambda element: tag_of(element) in UNSEEN
    headings: Mapping[str, int] = field(default_factory=lambda: HEADINGS)
    anchors: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    blocks: Container[str] = _BLOCKS
    preserved: Container[str] = frozenset({"pre"})
    _pieces: list[str] = field(default_factory=list)
    _labels: list[str] = field(default_factory=list)
    _anchor: tuple[str, int] | None = None
    _kept: int = 0

    def over(self, root: etree._Element) -> Iterator[Block]:
        """The blocks in `root`, in order."""
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            tag = tag_of(element)
            if event == "end":
                yield from self._leave(element, tag)
                if element is not root:
                    self._write(element.tail)
            elif element is not root and self.left_out(element):
                # The end of what is skipped comes too, and with it what follows it.
                steps.skip_subtree()
            else:
                yield from self._enter(element, tag)
        yield from self._block()

    def _enter(self, element: etree._Element, tag: str) -> Iterator[Block]:
        if tag in self.blocks:
            yield from self._block()
        self._kept += tag in self.preserved
        anchor = self.anchors.get(element.get("id") or element.get("name") or "")
        if anchor:
            yield from self._block()
            self._anchor = anchor
        if tag == "br":
            self._pieces.append(_LINE)
        elif tag in _CELLS and "".join(self._pieces).strip():
            self._pieces.append(" | ")
        label = _page_label(element)
        if label:
            self._labels.append(label)
            self._pieces.append(_PAGE)
            if len(words_of(element)) <= len(label) + 4:
                return  # the number itself is no word of the text
        self._write(element.text)

    def _leave(self, element: etree._Element, tag: str) -> Iterator[Block]:
        if self.left_out(element):
            return
        if tag in self.blocks:
            yield from self._block(self.headings.get(tag, 0))
        self._kept -= tag in self.preserved

    def _write(self, text: str | None) -> None:
        if text:
            clean = text.replace(_LINE, "").replace(_PAGE, "")
            self._pieces.append(clean.replace("\n", _LINE) if self._kept else clean)

    def _block(self, level: int = 0) -> Iterator[Block]:
        lines = _SPACE_AFTER.sub(r" \1", _SPACES.sub(" ", "".join(self._pieces))).split(_LINE)
        words = "\n".join(line.strip() for line in lines).strip()
        if not words.replace(_PAGE, "").strip():
            self._pieces = [words]  # where a page begins without words, its mark goes to the next block
            return
        self._pieces = []
        pages, text = self._paged(words)
        if self._anchor:
            (heading, depth), self._anchor = self._anchor, None
            yield Block(text=text, heading=heading, level=depth, pages=pages)
        elif level:
            yield titled(text, level, pages)
        else:
            yield Block(text=text, pages=pages)

    def _paged(self, words: str) -> tuple[tuple[tuple[str, int], ...], str]:
        """The pages that begin in the words, and the words without their marks."""
        first, *others = words.split(_PAGE)
        pages, text = [], first
        for label, part in zip(self._labels, others, strict=False):
            pages.append((label, len(text)))
            text += part
        self._labels = []
        return tuple(pages), text


def _page_label(element: etree._Element) -> str:
    """The label of the printed page that begins at an element, in books that mark them."""
    if "pagebreak" not in f"{element.get(_TYPE, '')} {element.get('role', '')} {element.get('epub:type', '')}":
        return ""
    return " ".join((element.get("title") or element.get("aria-label") or words_of(element)).split())[:20]
