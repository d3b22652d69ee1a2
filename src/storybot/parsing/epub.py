"""EPUB: the pages of a book in the order of its spine, sections by its table of contents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urldefrag

from lxml import etree

from storybot.errors import EmptySource, SourceDamaged, SourceLocked
from storybot.languages import marked
from storybot.parsing import gutenberg
from storybot.parsing.contents import Block, Contents, compose
from storybot.parsing.markup import HEADINGS, UNSEEN, Walk, find_all, read_xhtml, read_xml, tag_of, words_of
from storybot.parsing.zipped import Zipped

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_DISGUISES = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Fonts are often disguised in books that are free to read."""

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_UNSEEN = UNSEEN | {"nav"}
_BOILERPLATE = frozenset({"pg-header", "pg-footer"})
_TYPE = "{http://www.idpf.org/2007/ops}type"
_LEAST_SECTIONS = 2
"""A table of contents of fewer names tells nothing; then the headings of the pages do."""

_MOST_ENTRIES = 20_000
_DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    path: str
    media: str
    properties: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Package:
    """What the package file says: files by id, the ids in reading order, the title, and the id of an NCX."""

    items: Mapping[str, _Item]
    spine: tuple[str, ...]
    title: str | None
    ncx: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A line of the table of contents. `anchor`: the id that it leads to; empty for a page's beginning."""

    title: str
    level: int
    path: str
    anchor: str


def read_epub(name: str, data: bytes) -> Contents:
    """The book. Raises: SourceDamaged, SourceLocked, SourceTooHard, EmptySource."""
    files = Zipped(name, data, "EPUB")
    package = _package(name, files)
    _check_locks(name, files, package)
    contents = _table(name, files, package)
    entries = contents if len(contents) >= _LEAST_SECTIONS else []
    blocks: list[Block] = []
    read = 0
    for path in _pages(package):
        if path in files:
            root = read_xhtml(name, files.read(path), "EPUB")
            blocks += _blocks(root, [entry for entry in entries if entry.path == path], told=bool(entries))
            read += 1
    if not read:
        raise SourceDamaged(name, kind="EPUB", reason="none of its pages is there")
    contained = compose(gutenberg.book_of(blocks), package.title)
    if not contained.text.strip():
        raise EmptySource(name)
    return contained


def _package(name: str, files: Zipped) -> _Package:
    container = read_xml(name, files.read(_CONTAINER), "EPUB")
    path = next((unquote(file.get("full-path", "")) for file in find_all(container, "rootfile")), "")
    root = read_xml(name, files.read(path), "EPUB")
    items = {
        item.get("id", ""): _Item(
            path=_beside(path, item.get("href", ""))[0],
            media=item.get("media-type", ""),
            properties=item.get("properties", ""),
        )
        for item in find_all(root, "item")
    }
    spine = next(find_all(root, "spine"), None)
    ids = () if spine is None else tuple(each.get("idref", "") for each in find_all(spine, "itemref"))
    title = next((words_of(element) for element in find_all(root, "title")), None)
    return _Package(items=items, spine=ids, title=title, ncx=None if spine is None else spine.get("toc"))


def _check_locks(name: str, files: Zipped, package: _Package) -> None:
    """Raises: SourceLocked, where pages of the book are encrypted."""
    if _ENCRYPTION not in files:
        return
    paths = set(_pages(package))
    for locked in find_all(read_xml(name, files.read(_ENCRYPTION), "EPUB"), "encrypteddata"):
        methods = [method.get("Algorithm", "") for method in find_all(locked, "encryptionmethod")]
        targets = {normpath(unquote(target.get("URI", ""))) for target in find_all(locked, "cipherreference")}
        if targets & paths and not set(methods) <= set(_FONT_DISGUISES):
            raise SourceLocked(name, by=marked("copy protection (DRM)"))


def _pages(package: _Package) -> Iterator[str]:
    """The paths of the pages in reading order, each once, but for the table of contents."""
    seen: set[str] = set()
    for each in package.spine:
        item = package.items.get(each)
        if item and item.media in _PAGES and "nav" not in item.properties.split() and item.path not in seen:
            seen.add(item.path)
            yield item.path


def _table(name: str, files: Zipped, package: _Package) -> list[_Entry]:
    """The table of contents: the newer kind, else the older."""
    for item in package.items.values():
        if "nav" in item.properties.split() and item.path in files:
            root = read_xhtml(name, files.read(item.path), "EPUB")
            table = next((nav for nav in find_all(root, "nav") if "toc" in nav.get(_TYPE, "toc").split()), None)
            if table is not None:
                return list(_nav_entries(table, item.path))[:_MOST_ENTRIES]
    ncx = package.items.get(package.ncx or "")
    if ncx and ncx.path in files:
        return list(_ncx_entries(read_xml(name, files.read(ncx.path), "EPUB"), ncx.path))[:_MOST_ENTRIES]
    return []


def _nav_entries(table: etree._Element, base: str) -> Iterator[_Entry]:
    for link in find_all(table, "a"):
        level = sum(tag_of(above) == "li" for above in link.iterancestors())
        yield from _entry(words_of(link), level, base, link.get("href", ""))


def _ncx_entries(root: etree._Element, base: str) -> Iterator[_Entry]:
    for point in find_all(root, "navpoint"):
        level = 1 + sum(tag_of(above) == "navpoint" for above in point.iterancestors())
        label = next((child for child in point if tag_of(child) == "navlabel"), None)
        content = next((child for child in point if tag_of(child) == "content"), None)
        if label is not None and content is not None:
            yield from _entry(words_of(label), level, base, content.get("src", ""))


def _entry(title: str, level: int, base: str, href: str) -> Iterator[_Entry]:
    path, anchor = _beside(base, href)
    if title:
        yield _Entry(title=title, level=max(1, min(level, _DEEPEST)), path=path, anchor=anchor)


def _beside(base: str, href: str) -> tuple[str, str]:
    """The path and the anchor that a link in the file `base` leads to."""
    address, anchor = urldefrag(href)
    path = unquote(address)
    return normpath(join(dirname(base), path) if path else base), unquote(anchor)


def _blocks(root: etree._Element, entries: list[_Entry], *, told: bool) -> Iterator[Block]:
    """The blocks of a page. told: the table of contents names the sections, and headings within them don't."""
    ids = {element.get("id") or element.get("name") for element in root.iter(etree.Element)}
    anchors = {entry.anchor: (entry.title, entry.level) for entry in reversed(entries) if entry.anchor in ids}
    at_once = [entry for entry in entries if entry.anchor not in anchors]
    body = next(find_all(root, "body"), root)
    walk = Walk(left_out=_left_out, anchors=anchors, headings={} if told else HEADINGS)
    for number, block in enumerate(walk.over(body)):
        if number == 0 and at_once:
            # Names above the first, as a part's above its chapter's, are kept: blocks without letters lend them on.
            for entry in at_once:
                yield Block(text="", heading=entry.title, level=entry.level)
        yield block


def _left_out(element: etree._Element) -> bool:
    return tag_of(element) in _UNSEEN or element.get("id") in _BOILERPLATE
