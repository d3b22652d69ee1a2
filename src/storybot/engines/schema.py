"""The tables of the corpus file, and how an older file becomes a present one."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from storybot.engines.connections import connect, converted
from storybot.engines.third_layout import lay_out_anew
from storybot.errors import CorpusDamaged, NewerCorpus

APPLICATION_ID = 0x53746F72
"""'Stor': marks a SQLite file as a corpus of ours."""

Statement: TypeAlias = str | Callable[[sqlite3.Connection], None]
"""A statement of SQL, or what SQL can't do by itself."""

_FIRST: tuple[Statement, ...] = (
    """
    CREATE TABLE corpus (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        generation INTEGER NOT NULL,
        stamp TEXT NOT NULL,
        unwiped INTEGER NOT NULL
    )
    """,
    "INSERT INTO corpus VALUES (1, 0, '', 0)",
    # The text comes last: the catalogue is read without it.
    """
    CREATE TABLE documents (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        collection TEXT NOT NULL,
        length INTEGER NOT NULL,
        sections TEXT NOT NULL,
        added TEXT NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (collection, name)
    )
    """,
    """
    CREATE TABLE editions (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        embedder TEXT NOT NULL,
        dim INTEGER NOT NULL,
        recipe TEXT NOT NULL,
        live INTEGER NOT NULL,
        UNIQUE (embedder, dim, recipe)
    )
    """,
    # AUTOINCREMENT: a key never comes back, so the cache of vectors can tell what is new to it by the key alone.
    """
    CREATE TABLE passages (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        edition INTEGER NOT NULL REFERENCES editions (key) ON DELETE CASCADE,
        document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        heading TEXT NOT NULL,
        text TEXT NOT NULL,
        sentences BLOB NOT NULL,
        terms INTEGER NOT NULL,
        vector BLOB NOT NULL,
        UNIQUE (edition, document, ordinal)
    )
    """,
    "CREATE INDEX passages_of_document ON passages (document)",
)

_CONVERSATIONS: tuple[Statement, ...] = (
    # `moved` grows with every change: times are to the second, and clocks are set back.
    """
    CREATE TABLE conversations (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        collection TEXT NOT NULL,
        begun TEXT NOT NULL,
        changed TEXT NOT NULL,
        moved INTEGER NOT NULL UNIQUE
    )
    """,
    # `told` holds the answer's words; `pieces` where they are cut, and the numbers of each piece's citations.
    """
    CREATE TABLE turns (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        asked TEXT NOT NULL,
        question TEXT NOT NULL,
        standalone TEXT NOT NULL,
        state TEXT NOT NULL,
        told TEXT NOT NULL,
        pieces TEXT NOT NULL,
        confidence REAL NOT NULL,
        notice TEXT NOT NULL,
        feedback TEXT,
        UNIQUE (conversation, number)
    )
    """,
    # What a turn cites (kind 'citation'), shows as nearest ('nearest'), or may have its words from ('shown').
    """
    CREATE TABLE places (
        turn INTEGER NOT NULL REFERENCES turns (key) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        PRIMARY KEY (turn, kind, ordinal)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX places_of_document ON places (document)",
    # A trigger, so that no way of removing a document can forget the turns that quote it. What a follow-up was taken to
    # mean may hold names out of the document, so all of the conversation's questions stand again as they were typed.
    """
    CREATE TRIGGER silence BEFORE DELETE ON documents BEGIN
        UPDATE turns SET standalone = question WHERE conversation IN (
            SELECT t.conversation FROM places p JOIN turns t ON t.key = p.turn WHERE p.document = OLD.key
        );
        UPDATE turns SET state = 'gone', told = '', pieces = '[]', notice = ''
        WHERE key IN (SELECT turn FROM places WHERE document = OLD.key);
        DELETE FROM places WHERE turn IN (SELECT turn FROM places WHERE document = OLD.key);
    END
    """,
)

_LIBRARY: tuple[Statement, ...] = (
    # `unwiped` marks that sentences of something removed may linger, `untidy` that single words of it may.
    "ALTER TABLE corpus ADD COLUMN untidy INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE collections (name TEXT PRIMARY KEY) WITHOUT ROWID",
    "INSERT INTO collections SELECT DISTINCT collection FROM documents",
    # `fingerprint` is the SHA-256 of the text, `digest` that of the file.
    "ALTER TABLE documents ADD COLUMN words INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE documents ADD COLUMN format TEXT NOT NULL DEFAULT 'text'",
    "ALTER TABLE documents ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE documents ADD COLUMN fingerprint BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE documents ADD COLUMN pages TEXT NOT NULL DEFAULT '[]'",
    "CREATE INDEX documents_by_text ON documents (collection, fingerprint)",
    """
    CREATE TABLE texts (
        key INTEGER PRIMARY KEY,
        document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        padding BLOB NOT NULL,
        letters TEXT NOT NULL,
        UNIQUE (document, start)
    )
    """,
    """
    CREATE TABLE originals (
        document INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
        padding BLOB NOT NULL,
        packed BLOB NOT NULL
    )
    """,
    # A document's passages in one edition have the keys from `first` on, `passages` of them, with `terms` in all.
    """
    CREATE TABLE shelves (
        edition INTEGER NOT NULL REFERENCES editions (key) ON DELETE CASCADE,
        document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
        first INTEGER NOT NULL,
        passages INTEGER NOT NULL,
        terms INTEGER NOT NULL,
        PRIMARY KEY (document, edition)
    ) WITHOUT ROWID
    """,
    """
    INSERT INTO shelves
    SELECT edition, document, min(key), count(*), total(terms) FROM passages GROUP BY edition, document
    """,
    """
    CREATE TABLE kept (
        document TEXT NOT NULL,
        embedder TEXT NOT NULL,
        digest BLOB NOT NULL,
        kept TEXT NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (document, embedder, digest)
    ) WITHOUT ROWID
    """,
    lay_out_anew,
    # Passages hold no letters: theirs are cut out of the text.
    "ALTER TABLE passages DROP COLUMN heading",
    "ALTER TABLE passages DROP COLUMN text",
    "ALTER TABLE documents DROP COLUMN text",
    "DROP INDEX passages_of_document",
    "CREATE INDEX passages_by_start ON passages (document, edition, start)",
    # A negative mark: letters lay in trees until now, so there are gaps that only rewriting the file reaches.
    "UPDATE corpus SET unwiped = -1, untidy = 1 WHERE generation",
)

_QUEUE: tuple[Statement, ...] = (
    # `changed` grows with every change; `round` with every job that comes into an empty queue. `owner` works on the job
    # until `until` (seconds of the clock) at least; `landing`: its document comes in now. `tries`: how often its
    # embedding was begun since it last got on.
    """
    CREATE TABLE jobs (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        round INTEGER NOT NULL,
        changed INTEGER NOT NULL UNIQUE,
        name TEXT NOT NULL,
        collection TEXT NOT NULL,
        state TEXT NOT NULL,
        done INTEGER NOT NULL DEFAULT 0,
        total INTEGER NOT NULL DEFAULT 0,
        document TEXT,
        error TEXT,
        added TEXT NOT NULL,
        rate REAL NOT NULL DEFAULT 0,
        owner TEXT,
        until REAL NOT NULL DEFAULT 0,
        landing INTEGER NOT NULL DEFAULT 0,
        tries INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX jobs_to_do ON jobs (key) WHERE state NOT IN ('done', 'failed', 'cancelled')",
    "CREATE INDEX jobs_of_round ON jobs (round)",
    # A padding as before other letters: see letters.py.
    """
    CREATE TABLE sources (
        job INTEGER PRIMARY KEY REFERENCES jobs (key) ON DELETE CASCADE,
        padding BLOB NOT NULL,
        data BLOB NOT NULL
    )
    """,
)

_OVERVIEWS: tuple[Statement, ...] = (
    # A padding as before other letters: an overview holds names out of the text.
    """
    CREATE TABLE overviews (
        document INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
        recipe TEXT NOT NULL,
        padding BLOB NOT NULL,
        told TEXT NOT NULL
    )
    """,
)

STEPS: tuple[tuple[Statement, ...], ...] = (_FIRST, _CONVERSATIONS, _LIBRARY, _QUEUE, _OVERVIEWS)
"""Step i brings a file from version i to version i + 1, in one transaction. A step is never changed, only followed."""

VERSION = len(STEPS)


def prepare(path: Path, *, busy_seconds: float) -> None:
    """Bring the file to the present version, or refuse it untouched.

    Raises: CorpusDamaged, NewerCorpus, CorpusBusy, FolderNotWritable.
    """
    with converted(path):
        connection = connect(path, busy_seconds=busy_seconds)
        try:
            connection.execute("BEGIN")  # all that tells the version is read at one moment
            version = _version(connection, path)
            connection.execute("COMMIT")
            _log_ahead(connection, busy_seconds)
            if version < VERSION:
                _migrate(connection, path)
        finally:
            connection.close()


def objects() -> set[tuple[str, str, str]]:
    """What a new file holds: type, name and making statement of each table, index and trigger."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _migrate(connection, Path(":memory:"))
        return set(connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master"))


def _version(connection: sqlite3.Connection, path: Path) -> int:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != APPLICATION_ID:
        raise CorpusDamaged(str(path), "a database of another program")
    if version > VERSION:
        raise NewerCorpus(str(path), found=version, known=VERSION)
    return int(version)


def _log_ahead(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Switch to the write-ahead log, which SQLite refuses at once, without patience, while another process opens."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for step in STEPS[_version(connection, path) :]:  # read again: another process may have been faster
        for statement in step:
            if isinstance(statement, str):
                connection.execute(statement)
            else:
                statement(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
