"""Books and letters that are ZIP archives inside: their files read in memory, within limits, never written anywhere."""

import io
import zipfile
import zlib
from posixpath import normpath

from storybot.errors import SourceDamaged, SourceLocked, SourceTooHard

_MEMBERS = 20_000
_FILE_BYTES = 100_000_000
_ALL_BYTES = 300_000_000
_RATIO = 300
"""Text shrinks to a tenth, tables to a hundredth; what shrinks further, and is large, was made to fill a memory."""

_SMALL = 5_000_000
_ENCRYPTED = 0x1


class Zipped:
    """The files in a ZIP archive. `kind`: what it is as a whole, for messages."""

    def __init__(self, name: str, data: bytes, kind: str) -> None:
        """Raises: SourceDamaged, SourceTooHard."""
        self._name, self._kind = name, kind
        self._left = _ALL_BYTES
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            members = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
            raise SourceDamaged(name, kind=kind, reason="its list of files can't be read") from error
        if len(members) > _MEMBERS:
            raise SourceTooHard(name, reason=f"it holds more than {_MEMBERS} files")
        self._members = {normpath(member.filename.replace("\\", "/")): member for member in members}

    def __contains__(self, path: str) -> bool:
        return path in self._members

    @property
    def paths(self) -> list[str]:
        """The names of the files."""
        return list(self._members)

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises: SourceDamaged, also where there is no such file; SourceLocked, SourceTooHard."""
        member = self._members.get(normpath(path))
        if member is None:
            raise self._damaged(path, "isn't in it")
        if member.flag_bits & _ENCRYPTED:
            raise SourceLocked(self._name)
        most = min(_FILE_BYTES, self._left, max(_SMALL, member.compress_size * _RATIO))
        try:
            with self._archive.open(member) as file:
                data = file.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            ValueError,
            RuntimeError,
        ) as error:
            raise self._damaged(path, "in it can't be unpacked") from error
        if len(data) > most:
            raise SourceTooHard(self._name, reason="it unpacks to far more than its size")
        self._left -= len(data)
        return data

    def _damaged(self, path: str, reason: str) -> SourceDamaged:
        return SourceDamaged(self._name, kind=self._kind, reason=f"'{path[:100]}' {reason}")
