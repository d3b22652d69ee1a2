"""Connections to the corpus file: one for each thread at work, snapshots to read, one transaction to write."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from storybot.errors import CorpusBusy, CorpusDamaged, DiskFull, FolderNotWritable, StorybotError

_PATIENCE_TO_CHECKPOINT_MS = 1000
"""A checkpoint that waits for readers keeps writers out, so it may wait for less long than a writer."""

_SYNCHRONOUS = {True: "FULL", False: "NORMAL"}
"""Whether each transaction waits for the disk. Source: sqlite.org/pragma.html, on `synchronous`."""

_PRIMARY_CODE = 0xFF
"""The bits of SQLite's extended result codes that tell the kind of error. Source: sqlite.org/rescode.html."""


class Connections:
    """A pool: each caller has a connection to itself, so that readers wait for nobody."""

    def __init__(self, path: Path, *, busy_seconds: float) -> None:
        self._path = path
        self.busy_seconds = busy_seconds
        self._guard = Lock()
        self._writer = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    @contextmanager
    def plain(self) -> Iterator[sqlite3.Connection]:
        """A connection outside any transaction, its errors as ours."""
        with converted(self._path):
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the corpus as it stands now, whatever others write meanwhile."""
        with self.plain() as connection:
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def writing(self, *, guarded: bool = True, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are all kept at the end, or none if an exception leaves the block.

        guarded: whether references are kept whole. Without, rows can be taken out and put in again. durable: whether
        the changes survive a loss of power, for which the disk is waited for, or only the end of the process.
        """
        # SQLite polls for its lock and knows no queue: without ours, one of many threads could wait too long.
        with self._writer, self.plain() as connection:
            connection.execute(f"PRAGMA foreign_keys = {guarded:d}")
            connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[durable]}")
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def rewrite(self) -> None:
        """Write the file anew without what was removed."""
        with self._writer, self.plain() as connection:
            connection.execute("PRAGMA temp_store = FILE")  # a large corpus needn't fit into memory
            try:
                connection.execute("VACUUM")
            finally:
                connection.execute("PRAGMA temp_store = MEMORY")

    def overwrite(self, source: sqlite3.Connection) -> None:
        """Put another file's content in the place of this one's, in one transaction. Raises: CorpusBusy, DiskFull."""
        deadline = time.monotonic() + self.busy_seconds

        def wait(status: int, _remaining: int, _total: int) -> None:
            if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > deadline:
                raise CorpusBusy(str(self._path))

        with self._writer, self.plain() as connection:
            source.backup(connection, progress=wait)

    def empty_log(self) -> bool:
        """Bring all that was written into the file itself; False while a reader needs what is in the log."""
        with self._writer, self.plain() as connection:
            connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_TO_CHECKPOINT_MS}")
            try:
                blocked, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {round(self.busy_seconds * 1000)}")
            return not blocked

    def close(self) -> None:
        """Close all connections; one still at work is closed when its work is done."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                message = f"the engine of '{self._path}' was closed"
                raise ValueError(message)
            if self._idle:
                return self._idle.pop()
        return connect(self._path, busy_seconds=self.busy_seconds)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._guard:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()


def connect(path: Path, *, busy_seconds: float) -> sqlite3.Connection:
    """A connection in which transactions begin and end only where we say so. It may change threads."""
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[True]}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


@contextmanager
def converted(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error, path) from error


def _ours(error: sqlite3.Error, path: Path) -> StorybotError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:
        return DiskFull(str(path))
    match code & _PRIMARY_CODE:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return CorpusBusy(str(path))
        case sqlite3.SQLITE_FULL:
            return DiskFull(str(path))
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return FolderNotWritable(str(path.parent), str(error))
        case _:
            return CorpusDamaged(str(path), str(error))
