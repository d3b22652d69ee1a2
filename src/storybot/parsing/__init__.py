"""From a source to a document: one function, one parser module per format behind it."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import PurePosixPath
from typing import cast

from storybot.errors import EmptySource, SourceTooLarge
from storybot.model import Document, Format, Source
from storybot.parsing.contents import Contents
from storybot.parsing.sniffing import ENDINGS, kind_of
from storybot.ports import Pulse

SUFFIXES = tuple(ENDINGS)
"""Endings of the file names that are read."""

_Read = Callable[[str, bytes], Contents]

_PARSERS: Mapping[Format, tuple[str, str]] = {
    "text": ("plain", "read_plain"),
    "markdown": ("markdown", "read_markdown"),
    "html": ("html", "read_html_page"),
    "epub": ("epub", "read_epub"),
    "fb2": ("fb2", "read_fb2"),
    "docx": ("docx", "read_docx"),
    "rtf": ("rtf", "read_rtf"),
    "pdf": ("pdf", "read_pdf"),
}
"""The function that reads each kind, by module: loaded when the first such file comes."""

_NAME_LETTERS = 200
_PART_LETTERS = 120
_DRIVE = re.compile(r"[A-Za-z]:")


def parse(source: Source, _pulse: Pulse = lambda: None, *, max_bytes: int) -> Document:
    """The document in a source, without limits of time and memory. Raises: InputError."""
    name = label(source.name)
    if len(source.data) > max_bytes:
        raise SourceTooLarge(name, limit=max_bytes)
    kind = kind_of(name, source.data)
    module, function = _PARSERS[kind]
    contents = cast("_Read", getattr(import_module(f"storybot.parsing.{module}"), function))(name, source.data)
    if not any(char.isalnum() for char in contents.text):
        raise EmptySource(name)
    return Document(
        id=document_id(source.collection, contents.text),
        name=name,
        title=contents.title or title_of(name),
        text=contents.text,
        sections=contents.sections,
        collection=source.collection,
        format=kind,
        digest=hashlib.sha256(source.data).hexdigest(),
        pages=contents.pages,
    )


def document_id(collection: str, text: str, number: int = 0) -> str:
    """16 hexadecimal digits that follow from the collection, the text, and a number where others have them already."""
    told_apart = f"\0{number}" if number else ""
    return hashlib.sha256(f"{collection}\0{text}{told_apart}".encode()).hexdigest()[:16]


def worth_trying(name: str) -> bool:
    """Whether a file of this name is likely to be read: its ending is one of `SUFFIXES`, and it isn't hidden."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return not last.startswith((".", "~$")) and PurePosixPath(last).suffix.lower() in SUFFIXES


def label(name: str) -> str:
    """A file's name with its folders ("poems/fox.txt"): a name to show, never a path that leads out of a folder.

    Each part is without control characters; what isn't a name of its own ("..", a drive, a leading slash) is left out.
    The label of a label is the label itself.
    """
    shown = ""
    for part in map(_clean, reversed(name.replace("\\", "/").split("/"))):
        if part.strip(". ") and not _DRIVE.fullmatch(part):
            longer = f"{part}/{shown}" if shown else part
            if shown and len(longer) > _NAME_LETTERS:
                break
            shown = longer
    return shown or "untitled.txt"


def _clean(part: str) -> str:
    """The part without what can't be seen, shortened before its ending."""
    composed = unicodedata.normalize("NFC", part.encode(errors="replace").decode())
    shown = "".join(char for char in composed if char.isprintable()).strip()
    suffix = PurePosixPath(shown).suffix[:20] if len(shown) > _PART_LETTERS else ""
    return shown if len(shown) <= _PART_LETTERS else shown[: _PART_LETTERS - len(suffix)].rstrip() + suffix


def title_of(name: str) -> str:
    """The title of a document whose text names none."""
    stem = PurePosixPath(name).stem
    words = re.sub(r"[-_\s]+", " ", stem).strip() or stem or name
    return words if any(char.isupper() for char in words) else words.title()
