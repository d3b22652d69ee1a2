"""What the process that reads files and the one that asks it say to each other: JSON and bytes, nothing that acts."""

import json
import struct
from dataclasses import dataclass
from typing import IO, Any

from storybot import errors
from storybot.model import Document, Page, Section, Span

_LENGTHS = struct.Struct(">QQ")
_FIELDS = ("id", "name", "title", "collection", "format", "digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A message: some fields, and bytes."""

    fields: dict[str, Any]
    body: bytes = b""


def write(stream: IO[bytes], frame: Frame) -> None:
    """Send a message. Raises: OSError."""
    fields = json.dumps(frame.fields).encode()
    stream.write(_LENGTHS.pack(len(fields), len(frame.body)) + fields)
    stream.write(frame.body)
    stream.flush()


def read(stream: IO[bytes], *, most: int) -> Frame | None:
    """The next message; None where none comes any more, or one that is broken or longer than `most` bytes."""
    head = stream.read(_LENGTHS.size)
    if len(head) < _LENGTHS.size:
        return None
    lengths = _LENGTHS.unpack(head)
    if sum(lengths) > most:
        return None
    fields, body = (stream.read(length) for length in lengths)
    if (len(fields), len(body)) != lengths:
        return None
    try:
        return Frame(fields=json.loads(fields), body=body)
    except ValueError:
        return None


def told(document: Document) -> Frame:
    """A document as a message."""
    fields = {name: getattr(document, name) for name in _FIELDS}
    fields["sections"] = [[each.heading, each.span.start, each.span.end, each.level] for each in document.sections]
    fields["pages"] = [[page.label, page.start] for page in document.pages]
    return Frame(fields=fields, body=document.text.encode())


def document_of(frame: Frame) -> Document:
    """The document in a message."""
    return Document(
        **{name: frame.fields[name] for name in _FIELDS},
        text=frame.body.decode(),
        sections=tuple(
            Section(heading=heading, span=Span(start, end), level=level)
            for heading, start, end, level in frame.fields["sections"]
        ),
        pages=tuple(Page(label=label, start=start) for label, start in frame.fields["pages"]),
    )


def refusal(error: errors.InputError) -> Frame:
    """An error as a message."""
    return Frame(fields={"refused": type(error).__name__}, body=str(error).encode(errors="replace"))


def error_of(frame: Frame) -> errors.InputError:
    """The error in a message: of the same class, and with the same words."""
    kind = getattr(errors, frame.fields["refused"])
    # Past `__init__`, which builds the words from arguments that stayed in the other process.
    error = kind.__new__(kind, frame.body.decode())
    if not isinstance(error, errors.InputError):
        message = f"{kind} is no InputError"
        raise TypeError(message)
    return error
