"""ZIP archives: what in them is worth trying. Nothing is unpacked to the disk, where a name could lead astray."""

import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from storybot.errors import ArchiveRefused
from storybot.gathering.files import File, Report, converted
from storybot.parsing import label, worth_trying

SUFFIX = ".zip"

MAX_FILES = 20_000
MAX_BYTES = 4_000_000_000
"""Unpacked, all in all."""

MAX_RATIO = 200
"""Unpacked to packed. Deflate packs prose to a third, lists and tables to a twentieth, and nothing beyond 1032 to 1."""

_RATIO_FROM_BYTES = 50_000_000
"""Archives that unpack to less may be packed as tightly as they like."""

_MAX_DIRECTORY_BYTES = MAX_FILES * 512
"""A directory costs memory before its files can be counted."""

_MACS_SHADOWS = "__MACOSX"
_DOCUMENT_MARKS = frozenset({"mimetype", "[Content_Types].xml"})
"""Members of EPUB, of OpenDocument and of Word's files: such a ZIP is one document."""

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
"""Ends of a ZIP's directory. Source: PKWARE's APPNOTE.TXT, sections 4.3.14 to 4.3.16."""

_MOST_TAIL_BYTES = (1 << 16) + _END.size + _LOCATOR.size
"""With the longest comment."""


def files_in(path: Path, name: str, report: Report) -> Iterator[File]:
    """The files in an archive; the archive itself where it is a document. name: what the archive is called.

    Raises: FileNotReadable, SourceDamaged, ArchiveRefused.
    """
    with converted(name, path):
        with path.open("rb") as stream:
            if _directory_bytes(stream) > _MAX_DIRECTORY_BYTES:
                raise ArchiveRefused(name, reason=f"it holds more than {MAX_FILES:,} files")
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        size = path.stat().st_size
    if _DOCUMENT_MARKS & {member.filename for member in members}:
        yield File(name=name, path=path, size=size)
        return
    _check(name, [member for member in members if not member.is_dir()], size)
    yield from _worth_trying(path, name, members, report)


def nothing_in(name: str) -> ArchiveRefused:
    """What is wrong with an archive without a file to read."""
    return ArchiveRefused(name, reason="it holds no file that storybot reads")


def _worth_trying(path: Path, name: str, members: Sequence[zipfile.ZipInfo], report: Report) -> Iterator[File]:
    for member in members:
        inner = PurePosixPath(label(member.filename))
        shown = label(f"{name}/{member.filename}")
        if member.is_dir() or any(part.startswith(".") or part == _MACS_SHADOWS for part in inner.parts):
            continue
        if inner.suffix.lower() == SUFFIX:
            report(shown, ArchiveRefused(shown, reason="it lies in another archive"))
        elif worth_trying(inner.name):
            yield File(name=shown, path=path, size=member.file_size, member=member.filename)


def _check(name: str, members: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse what would swamp the machine. size: the archive's, in bytes. Raises: ArchiveRefused."""
    packed, unpacked = sum(member.compress_size for member in members), sum(member.file_size for member in members)
    if len(members) > MAX_FILES:
        raise ArchiveRefused(name, reason=f"it holds more than {MAX_FILES:,} files")
    if unpacked > MAX_BYTES:
        raise ArchiveRefused(name, reason=f"it unpacks to more than {MAX_BYTES / 1e9:.0f} GB")
    if packed > size:
        raise ArchiveRefused(name, reason="its files overlap each other")
    if unpacked > max(_RATIO_FROM_BYTES, MAX_RATIO * packed):
        raise ArchiveRefused(name, reason=f"it unpacks to more than {MAX_RATIO} times its size")


def _directory_bytes(stream: IO[bytes]) -> int:
    """Size of the directory, as its end tells it; 0 where there is no end, and so no archive."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _MOST_TAIL_BYTES))
    tail = stream.read()
    place = len(tail) - _END.size
    if place < 0 or tail[place : place + 4] != b"PK\5\6" or tail[-2:] != b"\0\0":
        place = tail.rfind(b"PK\5\6")
    if place < 0 or place + _END.size > len(tail):
        return 0
    directory = int(_END.unpack_from(tail, place)[5])
    before = place - _LOCATOR.size
    if before < 0 or tail[before : before + 4] != b"PK\6\7":
        return directory
    # Where a larger end stands zipfile believes it, whatever this one says; which place counts depends on its version.
    found = []
    for start in (size - len(tail) + before - _END_64.size, _LOCATOR.unpack_from(tail, before)[2]):
        stream.seek(min(max(0, start), size))
        end = stream.read(_END_64.size)
        if len(end) == _END_64.size and end.startswith(b"PK\6\6"):
            found.append(int(_END_64.unpack(end)[8]))
    return max(found, default=directory)
