"""From paths to files: folders, patterns and archives, each file under a name of its own."""

import errno
import glob
import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, count
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from storybot.errors import DiskFull, FileNotReadable, StorybotError
from storybot.gathering import archives
from storybot.gathering.files import File, Opener, Report
from storybot.model import Source
from storybot.parsing import label, worth_trying


def find(paths: Iterable[str], report: Report) -> Iterator[File]:
    """The files at the paths, in order, each once.

    A file that is named is tried whatever it is. Of a folder come the files worth trying by their ending, from all that
    is under it but hidden files, with names relative to it; of a ZIP archive those in it; of a pattern with * ? or [
    what fits it. Where two would get the same name, the latter's is made longer by the folder it lies in.
    """
    return _told_apart(chain.from_iterable(_at(Path(path), report) for path in _expanded(paths, report)))


def within(folder: Path, report: Report) -> Iterator[File]:
    """The files worth trying under a folder, by their names relative to it."""
    return _told_apart((folder, file) for file in _under(folder, report))


def sources_in(source: Source, *, max_bytes: int) -> Iterator[Source]:
    """The sources in an archive that came as bytes, in order; the source itself where it is none, or is too large.

    Raises: ArchiveRefused, SourceDamaged, SourceLocked, SourceTooLarge, also for a file in it that can't be read;
    DiskFull.
    """
    name = label(source.name)
    if PurePosixPath(name).suffix.lower() != archives.SUFFIX or len(source.data) > max_bytes:
        yield source
        return
    with _kept(source.data) as path, Opener(max_bytes) as opener:
        found = False
        for file in _told_apart((path.parent, file) for file in archives.files_in(path, name, _raise)):
            found = True
            yield replace(source, name=file.name, data=opener.read(file)) if file.member else source
        if not found:
            raise archives.nothing_in(name)


@contextmanager
def _kept(data: bytes) -> Iterator[Path]:
    """A file of the bytes, which goes at the end. Raises: DiskFull."""
    with TemporaryDirectory(prefix="storybot-") as folder:
        path = Path(folder) / f"archive{archives.SUFFIX}"
        try:
            path.write_bytes(data)
        except OSError as error:
            raise DiskFull(folder) from error
        yield path


def _raise(_name: str, error: StorybotError) -> None:
    raise error


def _expanded(paths: Iterable[str], report: Report) -> Iterator[str]:
    for path in paths:
        # A file may be called "[1].txt". Path.glob takes no absolute patterns.
        fitting = [path] if os.path.lexists(path) else sorted(glob.glob(path, recursive=True))  # noqa: PTH207
        if not fitting:
            report(label(path), FileNotReadable(path, os.strerror(errno.ENOENT)))
        yield from fitting


def _at(path: Path, report: Report) -> Iterator[tuple[Path, File]]:
    """The files at a path, each with the folder that its name is relative to."""
    if path.is_dir():
        yield from ((path, file) for file in _under(path, report))
    else:
        name, told = label(path.name), list[str]()

        def tell(what: str, error: StorybotError) -> None:
            told.append(what)
            report(what, error)

        for file in _unpacked(path, name, tell):
            told.append(file.name)
            yield path.parent, file
        if not told:
            report(name, archives.nothing_in(name))


def _unpacked(path: Path, name: str, report: Report) -> Iterator[File]:
    """The file, or those in it where it is an archive."""
    try:
        if path.suffix.lower() == archives.SUFFIX:
            yield from archives.files_in(path, name, report)
        else:
            yield File(name=name, path=path, size=path.stat().st_size)
    except OSError as error:
        report(name, FileNotReadable(str(path), error.strerror or str(error)))
    except StorybotError as error:
        report(name, error)


def _under(top: Path, report: Report) -> Iterator[File]:
    """The files worth trying under a folder. Each real folder is walked once, so that no link can lead in circles."""
    walked: set[tuple[int, int]] = set()
    folders = deque([""])
    linked: deque[str] = deque()
    while folders or linked:
        inner = folders.popleft() if folders else linked.popleft()
        folder = os.path.join(top, inner)  # noqa: PTH118 - ten thousand files: pathlib takes three times as long
        try:
            known = os.stat(folder)  # noqa: PTH116
            if (known.st_dev, known.st_ino) in walked:
                continue
            walked.add((known.st_dev, known.st_ino))
            with os.scandir(folder) as found:
                entries = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda e: e.name)
        except OSError as error:
            report(label(inner) if inner else "", FileNotReadable(folder, error.strerror or str(error)))
            continue
        for entry in entries:
            name = f"{inner}/{entry.name}" if inner else entry.name
            if _is_folder(entry):
                (linked if entry.is_symlink() else folders).append(name)
            elif _worth_trying(entry.name) and _is_file(entry):
                yield from _unpacked(Path(entry.path), label(name), report)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is worth opening: no pipe and no device, which may never end, but a link to nothing, which is told."""
    try:
        return entry.is_file() or not Path(entry.path).exists()
    except OSError:
        return True


def _worth_trying(name: str) -> bool:
    return worth_trying(name) or PurePosixPath(name).suffix.lower() == archives.SUFFIX


def _told_apart(found: Iterable[tuple[Path, File]]) -> Iterator[File]:
    """Each file once, each name once."""
    names: set[str] = set()
    places: set[tuple[Path, str]] = set()
    for base, file in found:
        if (file.path, file.member) in places:
            continue
        places.add((file.path, file.member))
        name = next(name for name in _names(base, file.name) if name not in names)
        names.add(name)
        yield file if name == file.name else replace(file, name=name)


def _names(base: Path, name: str) -> Iterator[str]:
    """The name, then longer ones by the folders above, then by numbers: `label` may have made two alike."""
    yield name
    longer = name
    for folder in (base.absolute(), *base.absolute().parents):
        longer = label(f"{folder.name}/{longer}")
        yield longer
    yield from (f"{number}/{name}" for number in count(2))
