"""Folders beside the corpus for copies of it: gone at the end, or with the next opening where a crash left one."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from storybot.errors import DiskFull, FolderNotWritable

_PREFIX = "working-"
_IN_USE = "in-use.db"
"""Locked by the process that works in the folder: the lock ends with the process, however that ends."""


@contextmanager
def workplace(data: Path) -> Iterator[Path]:
    """A folder in the data folder, or, where there is none yet, among the system's temporary ones.

    Raises: DiskFull, FolderNotWritable.
    """
    with ExitStack() as held:
        try:
            place = Path(held.enter_context(TemporaryDirectory(dir=data if data.is_dir() else None, prefix=_PREFIX)))
            held.enter_context(closing(_opened(place))).execute("BEGIN EXCLUSIVE")
            yield place
        except (OSError, sqlite3.Error) as error:
            if _is_full(error):
                raise DiskFull(str(data)) from error
            raise FolderNotWritable(str(data), str(error)) from error


def sweep(data: Path) -> None:
    """Remove what crashes left: it would keep what is deleted from the corpus later."""
    for mark in data.glob(f"{_PREFIX}*/{_IN_USE}"):
        if not _held(mark.parent):
            shutil.rmtree(mark.parent, ignore_errors=True)


def _is_full(error: OSError | sqlite3.Error) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return error.sqlite_errorcode == sqlite3.SQLITE_FULL


def _held(place: Path) -> bool:
    try:
        with closing(_opened(place)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        return True
    return False


def _opened(place: Path) -> sqlite3.Connection:
    return sqlite3.connect(place / _IN_USE, timeout=0, isolation_level=None)
