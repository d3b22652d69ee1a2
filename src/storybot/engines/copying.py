"""The corpus file as a whole: copied away at one moment, and put back in one transaction."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from storybot.engines import checking, rows, schema, wiping
from storybot.engines.connections import Connections, connect, converted
from storybot.errors import CorpusDamaged

_WORDS = re.compile(r"words_[0-9]+(_(data|idx|content|docsize|config))?")
_WORD_INDEX = re.compile(r"CREATE VIRTUAL TABLE \"?words_[0-9]+\"? USING fts5 \([^()]*\)")


class SqliteStore:
    """A `Store`: the corpus file, and whoever has it open sees what becomes of it."""

    def __init__(self, connections: Connections, wipe: Callable[[], None]) -> None:
        """wipe: lets nothing that was removed linger in any file."""
        self._connections = connections
        self._wipe = wipe

    def copy(self, target: Path) -> None:
        """Write the corpus as it stands, without what was removed, into a new file."""
        with self._connections.plain() as connection:
            connection.execute("VACUUM INTO ?", (str(target),))

    def replace(self, source: Path) -> None:
        """Put a copy, of this version or an older one, in the place of all of it."""
        with self._connections.reading() as connection:
            found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'editions'").fetchone()
        patience = self._connections.busy_seconds
        _admit(source, past=found[0] if found else 0, busy_seconds=patience)
        with converted(source), closing(connect(source, busy_seconds=patience)) as incoming:
            self._connections.overwrite(incoming)
        self._wipe()


def _admit(path: Path, *, past: int, busy_seconds: float) -> None:
    """Bring a copied corpus to the present version, check it, and make it ready to take another's place.

    past: the last key of an index in the one whose place it takes. The copy's indexes get later ones, so that nobody
    who caches those of the other takes them for its own.

    Raises: CorpusDamaged, NewerCorpus.
    """
    schema.prepare(path, busy_seconds=busy_seconds)
    with converted(path), closing(connect(path, busy_seconds=busy_seconds)) as connection:
        _check(connection, path)
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN IMMEDIATE")
        _shift_editions(connection, past)
        rows.mark_change(connection)
        wiping.mark_removal(connection)
        connection.execute("COMMIT")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that holds anything but what we would have made. Raises: CorpusDamaged."""
    connection.execute("PRAGMA trusted_schema = OFF")
    foreign = _objects(connection) ^ schema.objects()
    if foreign:
        raise CorpusDamaged(str(path), f"its table or trigger {min(foreign)[1]} isn't storybot's")
    connection.execute("BEGIN IMMEDIATE")  # FTS5 takes its check for a change
    complaints = checking.complaints(connection)
    connection.execute("ROLLBACK")
    if complaints:
        raise CorpusDamaged(str(path), complaints[0])


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """Tables, indexes, triggers and views with what made them, without the word indexes."""
    found = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    return {row for row in found if not (row[0] == "table" and _WORDS.fullmatch(row[1]) and _made_by_fts(*row[1:]))}


def _made_by_fts(name: str, made_by: str) -> bool:
    """Whether it is a word index, or a table that FTS5 keeps one in."""
    return name.count("_") > 1 or bool(_WORD_INDEX.fullmatch(made_by))


def _shift_editions(connection: sqlite3.Connection, past: int) -> None:
    editions = rows.editions(connection)
    step = max([past, *editions]) if past else 0
    if not step:
        return
    for edition in editions:
        connection.execute(f"ALTER TABLE {rows.words(edition)} RENAME TO {rows.words(edition + step)}")
    naming = connection.execute(
        "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'edition'"
    ).fetchall()
    for (table,) in naming:
        connection.execute(f"UPDATE {table} SET edition = edition + ?", (step,))  # noqa: S608 - a table of ours
    connection.execute("UPDATE editions SET key = key + ?", (step,))
    connection.execute("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'editions'", (step,))
