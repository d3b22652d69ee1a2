"""What kind of file it is, told by its content; the ending only decides between kinds that look alike."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from storybot.errors import BinarySource, SourceDamaged, SourceLocked, UnknownFormat
from storybot.model import Format

WORDS_TEXT = "word/document.xml"
"""The file in a DOCX that holds its text."""

KNOWN = "plain text, Markdown, HTML, EPUB, FB2, DOCX, RTF and PDF"

ENDINGS: Mapping[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".epub": "epub",
    ".fb2": "fb2",
    ".docx": "docx",
    ".docm": "docx",
    ".rtf": "rtf",
    ".pdf": "pdf",
}
"""The endings that files of each kind mostly have."""

_HEAD = 4096
_PDF_HEAD = 1024
_ZIP = b"PK\x03\x04"
_RTF = b"{\\rtf"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PALM = slice(60, 68)
_PALM_BOOKS = {b"BOOKMOBI", b"TEXtREAd"}
_COMMENT = r"(?><!--.*?-->)"
_XML_ROOT = re.compile(
    rf"(?:(?><\?.*?\?>)|{_COMMENT}|(?><!DOCTYPE[^<>\[]*+(?:\[.*?\]\s*+)?>)|\s)*+<([A-Za-z_][\w.:-]*)", re.DOTALL
)
_HTML_LEAD = re.compile(rf"\s*+(?:{_COMMENT}\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE)
"""Atomic in every part: a file of many comments, and nothing after them, would else be read in ways without number."""

_TAG = re.compile(r"<(?:p|div|h[1-6]|a|br|ul|ol|table|article|main|span|title)\b[^<>]*>", re.IGNORECASE)


def kind_of(name: str, data: bytes) -> Format:
    """The file's kind. Raises: UnknownFormat, BinarySource, SourceLocked, SourceDamaged."""
    if data.startswith(_ZIP):
        return _zipped(name, data)
    if b"%PDF-" in data[:_PDF_HEAD]:
        return "pdf"
    if data.startswith(_RTF):
        return "rtf"
    if data.startswith(_COMPOUND) and _ENCRYPTED_PACKAGE in data:
        raise SourceLocked(name)  # Word wraps a locked DOCX in the older container
    if data.startswith(_COMPOUND) or data[_PALM] in _PALM_BOOKS:
        raise UnknownFormat(name, known=KNOWN)
    return _written(name, data)


def written_kind(name: str, data: bytes) -> Format | None:
    """What kind of text it is, told without opening anything; None for a file of another kind, or of none."""
    marks = (_ZIP, _RTF, _COMPOUND)
    if data.startswith(marks) or b"%PDF-" in data[:_PDF_HEAD] or data[_PALM] in _PALM_BOOKS:
        return None
    try:
        return _written(name, data)
    except UnknownFormat:
        return None


def _zipped(name: str, data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            paths = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        for mark, kind in ((b"application/epub+zip", "EPUB"), (WORDS_TEXT.encode(), "DOCX")):
            if mark in data:
                raise SourceDamaged(name, kind=kind, reason="a part of it is missing") from error
        raise BinarySource(name) from error
    if "META-INF/container.xml" in paths:
        return "epub"
    if WORDS_TEXT in paths:
        return "docx"
    raise UnknownFormat(name, known=KNOWN)


def _written(name: str, data: bytes) -> Format:
    """The kind of a file that has no mark of its own: by its leading markup, then by its ending."""
    head = _head(data)
    ending = ENDINGS.get(PurePosixPath(name).suffix.lower())
    if _HTML_LEAD.match(head):
        return "html"
    if head.lstrip().startswith("<?xml") or "<FictionBook" in head:
        root = _XML_ROOT.match(head)
        local = root[1].rpartition(":")[2] if root else ""
        if local in {"FictionBook", "html"}:
            return "fb2" if local == "FictionBook" else "html"
        if ending not in {"text", "markdown"}:
            raise UnknownFormat(name, known=KNOWN)
    if ending == "html" and _TAG.search(head):
        return "html"
    return "markdown" if ending == "markdown" else "text"


def _head(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2 : 2 + 2 * _HEAD].decode(encoding, errors="replace")
    return data[:_HEAD].decode("utf-8-sig", errors="replace")
