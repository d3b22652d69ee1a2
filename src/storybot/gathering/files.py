"""Files to take in: the names they get, where their bytes lie, and how these are read, one file at a time."""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self, TypeAlias

from storybot.errors import FileNotReadable, SourceDamaged, SourceLocked, SourceTooLarge, StorybotError

Report: TypeAlias = Callable[[str, StorybotError], None]
"""Called with the name of what can't be read, a file or all that is under a folder or in an archive, and why."""

_BLOCK_BYTES = 1 << 18

_LOCKED = 0x1
"""The flag of an encrypted member. Source: PKWARE's APPNOTE.TXT, section 4.4.4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to take in: the name it gets in the corpus, where it lies, its size in bytes.

    `member`: what it is called inside the ZIP archive at `path`; empty of a file by itself.
    """

    name: str
    path: Path
    size: int
    member: str = ""


class Opener:
    """Opens files one after another. An archive stays open while files in it follow each other. For one thread."""

    def __init__(self, max_bytes: int) -> None:
        """max_bytes: larger files are refused unread."""
        self._max_bytes = max_bytes
        self._path: Path | None = None
        self._archive: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def read(self, file: File) -> bytes:
        """The file's bytes. Raises: FileNotReadable, SourceTooLarge, SourceLocked, SourceDamaged."""
        with self._opened(file) as stream:
            data = stream.read(file.size + 1)
            if len(data) > file.size:  # it has grown since it was found, or is a pipe
                data += stream.read(self._max_bytes)
        if len(data) > self._max_bytes:
            raise SourceTooLarge(file.name, limit=self._max_bytes)
        return data

    def digest(self, file: File) -> str:
        """SHA-256 of the file's bytes in hexadecimal digits, in little memory. Raises: as `read`."""
        with self._opened(file) as stream:
            digest = hashlib.sha256()
            while block := stream.read(_BLOCK_BYTES):
                digest.update(block)
            return digest.hexdigest()

    @contextmanager
    def _opened(self, file: File) -> Iterator[IO[bytes]]:
        if file.size > self._max_bytes:
            raise SourceTooLarge(file.name, limit=self._max_bytes)
        with converted(file.name, file.path):
            if not file.member:
                with file.path.open("rb") as stream:
                    yield stream
                return
            member = self._open_archive(file.path).getinfo(file.member)
            if member.flag_bits & _LOCKED:
                raise SourceLocked(file.name)
            with self._open_archive(file.path).open(member) as stream:
                yield stream

    def _open_archive(self, path: Path) -> zipfile.ZipFile:
        if self._archive is None or self._path != path:
            self._close()
            self._archive, self._path = zipfile.ZipFile(path), path
        return self._archive

    def _close(self) -> None:
        if self._archive:
            self._archive.close()
        self._archive = None


@contextmanager
def converted(name: str, path: Path) -> Iterator[None]:
    """Turn what goes wrong with a file or an archive into our errors."""
    try:
        yield
    except OSError as error:
        raise FileNotReadable(str(path), error.strerror or str(error)) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, ValueError) as error:
        raise SourceDamaged(name, kind="ZIP", reason=str(error) or "it breaks off") from error
