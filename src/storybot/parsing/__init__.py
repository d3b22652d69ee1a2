"""From a source to a document: one function, one parser module per format behind it."""

import hashlib
import re
from pathlib import PurePosixPath

from storybot.errors import EmptySource, SourceTooLarge, UnknownFormat
from storybot.model import Document, Source
from storybot.parsing.decoding import decode
from storybot.parsing.markdown import read_markdown
from storybot.parsing.plain import read_plain
from storybot.ports import Pulse

_PARSERS = {
    "": read_plain,
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
}
SUFFIXES = tuple(suffix for suffix in _PARSERS if suffix)
"""Endings of the file names that are read."""

_FOREIGN = {".pdf", ".epub", ".docx", ".doc", ".odt", ".rtf", ".html", ".htm", ".fb2", ".mobi", ".zip"}
"""Formats with text inside that is not the file's own: read as plain text they would answer nonsense."""


_PART_LETTERS = 200
_NAME_LETTERS = 500
"""Longest name, folders and all: outer folders beyond that are left out."""

_DRIVE = re.compile(r"[A-Za-z]:")


def parse(source: Source, _pulse: Pulse = lambda: None, *, max_bytes: int) -> Document:
    """The document in a source. Raises: SourceTooLarge, EmptySource, BinarySource, UnknownFormat."""
    name = label(source.name)
    if len(source.data) > max_bytes:
        raise SourceTooLarge(name, limit=max_bytes)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _FOREIGN:
        raise UnknownFormat(name, known="plain text and Markdown")
    text, title, sections = _PARSERS.get(suffix, read_plain)(decode(name, source.data))
    if not text.strip():
        raise EmptySource(name)
    return Document(
        id=document_id(source.collection, text),
        name=name,
        title=title or title_of(name),
        text=text,
        sections=sections,
        collection=source.collection,
        digest=hashlib.sha256(source.data).hexdigest(),
    )


def document_id(collection: str, text: str, number: int = 0) -> str:
    """16 hexadecimal digits that follow from the collection, the text, and a number where others have them already."""
    told_apart = f"\0{number}" if number else ""
    return hashlib.sha256(f"{collection}\0{text}{told_apart}".encode()).hexdigest()[:16]


def label(name: str) -> str:
    """A file's name with its folders ("poems/fox.txt"), to show and to tell files apart: never a path to open.

    What leads upwards, names a drive or can't be seen is left out. The label of a label is the label itself.
    """
    parts = (
        "".join(filter(str.isprintable, part)).strip()[:_PART_LETTERS].rstrip() for part in re.split(r"[\\/]", name)
    )
    kept = [part for part in parts if part.strip(".") and not _DRIVE.fullmatch(part)]
    while len("/".join(kept)) > _NAME_LETTERS:
        del kept[0]
    return "/".join(kept) or "untitled.txt"


def title_of(name: str) -> str:
    """The title of a document whose text names none."""
    words = re.sub(r"[-_\s]+", " ", PurePosixPath(name).stem).strip() or name
    return words if any(char.isupper() for char in words) else words.title()
