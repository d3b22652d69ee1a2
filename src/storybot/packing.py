"""All that a user has in one archive, and back: a backup that restores exactly, and a form that other programs read."""

import errno
import hashlib
import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import IO, Any, TypeAlias

import storybot
from storybot.conversing import Conversations
from storybot.errors import (
    BackupRefused,
    CorpusDamaged,
    DiskFull,
    FileNotReadable,
    FileNotWritable,
    NewerBackup,
    NewerCorpus,
    OriginalNotKept,
)
from storybot.library import Library
from storybot.model import Entry
from storybot.parsing import label
from storybot.ports import Store

VERSION = 1
"""Of the archive. A later one may hold what we can't read."""

_FORM = "storybot-export"
_MANIFEST = "manifest.json"
_CORPUS = "corpus.db"
_ABOUT = (
    "corpus.db is all of it, and what `storybot import` reads. documents.json, documents/, conversations/ and "
    "settings.json say the same in forms for other programs."
)
_MOST_MANIFEST_BYTES = 1_000_000
_BLOCK_BYTES = 1 << 20
_File: TypeAlias = tuple[Entry, str, bytes]
"""A document's line, and its file's name and content."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What an archive holds: how much of it, when and by which storybot it was written, and the settings then."""

    documents: int
    conversations: int
    exported: str
    storybot: str
    settings: Mapping[str, str]


def pack(
    target: Path, corpus: Path, library: Library, conversations: Conversations, settings: Mapping[str, str]
) -> Packed:
    """Write an archive: whole, or not at all. Raises: FileNotWritable, DiskFull.

    corpus: a file of the whole corpus, which nobody writes. library, conversations: on that same corpus.
    settings: those that the user turned, without secrets.
    """
    entries, talks = library.entries(), conversations.all()
    packed = Packed(
        documents=len(entries),
        conversations=len(talks),
        exported=datetime.now(UTC).isoformat(timespec="seconds"),
        storybot=storybot.__version__,
        settings=settings,
    )
    with _written(target) as archive:
        digest = _write(archive, _CORPUS, corpus)
        manifest = {"form": _FORM, "version": VERSION, "about": _ABOUT, _CORPUS: digest, **asdict(packed)}
        archive.writestr(_MANIFEST, _json(manifest))
        archive.writestr("settings.json", _json(settings))
        archive.writestr(
            "documents.json", _json([*_write_files(archive, (_file(library, entry) for entry in entries))])
        )
        for talk in talks:
            archive.writestr(f"conversations/{talk.id}.json", conversations.export(talk.id, "json"))
    return packed


@contextmanager
def _written(target: Path) -> Iterator[zipfile.ZipFile]:
    """An archive to write, which stands at `target` once it is whole. Raises: FileNotWritable, DiskFull."""
    part = target.with_name(f"{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            yield archive
        part.replace(target)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(str(target)) from error
        raise FileNotWritable(str(target), error.strerror or str(error)) from error
    finally:
        with suppress(OSError):  # where nothing could be written, there is nothing
            part.unlink()


def rescue(target: Path, library: Library) -> tuple[int, int]:
    """Write the files of all documents that can still be read in a damaged corpus; how many can, and how many can't.

    Raises: FileNotWritable, DiskFull, CorpusDamaged where not even the catalogue can be read.
    """
    entries = library.entries()
    with _written(target) as archive:
        lines = [*_write_files(archive, _readable(library, entries))]
        archive.writestr("documents.json", _json(lines))
    return len(lines), len(entries) - len(lines)


def _readable(library: Library, entries: Iterable[Entry]) -> Iterator[_File]:
    for entry in entries:
        try:
            yield _file(library, entry)
        except (CorpusDamaged, zlib.error):
            continue


def _file(library: Library, entry: Entry) -> _File:
    """The file that a document came from, or else its text."""
    try:
        return entry, entry.name, library.original(entry.id)
    except OriginalNotKept:
        return entry, f"{entry.name}.txt", library.document(entry.id).text.encode()


def _write(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Put a file into the archive; gives its SHA-256."""
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as member:
        return _copied(source, member)


def _write_files(archive: zipfile.ZipFile, files: Iterable[_File]) -> Iterator[dict[str, Any]]:
    """Put files of documents into the archive; gives the documents' lines, each with the place of its file."""
    places: set[str] = set()
    for entry, name, content in files:
        wished = label(f"{entry.collection}/{name}")
        place = next(one for one in _numbered(wished) if one not in places)
        places.add(place)
        archive.writestr(f"documents/{place}", content)
        yield {**asdict(entry), "file": f"documents/{place}"}


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{number}/{name}" for number in count(2))


def unpack(source: Path, folder: Path, store: Store) -> Packed:
    """Put what an archive holds in the place of the whole corpus, or change nothing; gives what it holds.

    folder: where there is room for the corpus. The archive is checked against its own digest, and the corpus in it by
    the store; no name in the archive is used. Vectors come along: an index of this model is searched at once.

    Raises: FileNotReadable, BackupRefused, NewerBackup, CorpusBusy, DiskFull.
    """
    with _unpacked(source, folder) as (packed, corpus):
        try:
            store.replace(corpus)
        except NewerCorpus as error:
            raise NewerBackup(str(source)) from error
        except CorpusDamaged as error:
            raise BackupRefused(str(source), reason=f"its corpus is damaged ({error.reason})") from error
    return packed


@contextmanager
def _unpacked(source: Path, folder: Path) -> Iterator[tuple[Packed, Path]]:
    """What an archive holds, and a file of its corpus in `folder`, which goes at the end."""
    corpus = folder / "incoming.db"
    try:
        with _reading(source, folder), zipfile.ZipFile(source) as archive:
            manifest = _manifest(source, archive)
            member = archive.getinfo(_CORPUS)
            if member.file_size > shutil.disk_usage(folder).free // 3:  # the copy, the log, the corpus itself
                raise DiskFull(str(folder))
            with archive.open(member) as stream, corpus.open("wb") as copy:
                if _copied(stream, copy) != manifest[_CORPUS]:
                    raise BackupRefused(str(source), reason="it is damaged, its corpus isn't what was written")
        yield _packed(source, manifest), corpus
    finally:
        for leftover in folder.glob(f"{corpus.name}*"):  # with the logs that SQLite keeps beside it
            leftover.unlink()


@contextmanager
def _reading(source: Path, folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(str(folder)) from error
        raise FileNotReadable(str(source), error.strerror or str(error)) from error
    except KeyError as error:
        raise BackupRefused(str(source), reason="it is no export of storybot") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        raise BackupRefused(str(source), reason=f"it is damaged, or no export of storybot ({error})") from error


def _manifest(source: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    member = archive.getinfo(_MANIFEST)
    if member.file_size > _MOST_MANIFEST_BYTES:
        raise BackupRefused(str(source), reason="it is no export of storybot")
    manifest = json.loads(archive.read(member))
    if not isinstance(manifest, dict) or manifest.get("form") != _FORM or not isinstance(manifest.get("version"), int):
        raise BackupRefused(str(source), reason="it is no export of storybot")
    if manifest["version"] > VERSION:
        raise NewerBackup(str(source))
    if not _DIGEST.fullmatch(str(manifest.get(_CORPUS))):
        raise BackupRefused(str(source), reason="it is damaged, its manifest isn't whole")
    return manifest


def _packed(source: Path, manifest: dict[str, Any]) -> Packed:
    settings = manifest.get("settings")
    counts = [manifest.get("documents"), manifest.get("conversations")]
    if not isinstance(settings, dict) or not all(isinstance(number, int) for number in counts):
        raise BackupRefused(str(source), reason="it is damaged, its manifest isn't whole")
    return Packed(
        documents=manifest["documents"],
        conversations=manifest["conversations"],
        exported=str(manifest.get("exported", "")),
        storybot=str(manifest.get("storybot", "")),
        settings={str(name): str(value) for name, value in settings.items()},
    )


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy all of it; gives the SHA-256."""
    digest = hashlib.sha256()
    while block := source.read(_BLOCK_BYTES):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
