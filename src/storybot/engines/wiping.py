"""Nothing lingers: how what was removed leaves the files too, at once and cheaply, or wholly and in idle moments."""

import secrets
import sqlite3

from storybot.engines import rows

REWRITTEN = ("documents", "collections", "conversations", "turns", "jobs")
"""The small tables with words of the user or of documents in them."""


def mark_removal(connection: sqlite3.Connection) -> None:
    """Note in the file that traces of something removed may linger, so that a crash can't hide them."""
    mark = 1 + secrets.randbits(62)
    connection.execute("UPDATE corpus SET unwiped = iif(unwiped < 0, -:mark, :mark), untidy = :mark", {"mark": mark})


def mark_unread(connection: sqlite3.Connection) -> int:
    """The same for what lay on pages of its own alone, as letters before they are indexed: gives the mark."""
    mark = 1 + secrets.randbits(62)
    connection.execute("UPDATE corpus SET unwiped = iif(unwiped < 0, -:mark, :mark)", {"mark": mark})
    return mark


def marks(connection: sqlite3.Connection) -> tuple[int, int]:
    """The marks of the last removal of which sentences, and of which single words, may linger; 0 where none may.

    The first is negative where sentences may linger that only rewriting the file reaches.
    """
    unwiped, untidy = connection.execute("SELECT unwiped, untidy FROM corpus").fetchone()
    return int(unwiped), int(untidy)


def mark_wiped(connection: sqlite3.Connection, mark: int) -> None:
    """Note that no sentence lingers, unless something was removed since the `mark` was read."""
    connection.execute("UPDATE corpus SET unwiped = 0 WHERE unwiped = ?", (mark,))


def mark_tidied(connection: sqlite3.Connection, unwiped: int, untidy: int) -> None:
    """Note that nothing at all lingers, unless something was removed since the marks were read."""
    connection.execute("UPDATE corpus SET untidy = 0 WHERE untidy = ?", (untidy,))
    mark_wiped(connection, unwiped)


def merge_words(connection: sqlite3.Connection) -> None:
    """Write the word indexes anew: FTS5 only marks removed rows, and their terms stay until all segments are merged."""
    for edition in rows.editions(connection):
        words = rows.words(edition)
        connection.execute(f"INSERT INTO {words} ({words}) VALUES ('optimize')")  # noqa: S608 - no value of a user


def rewrite_small_tables(connection: sqlite3.Connection) -> None:
    """Put the rows of the small tables onto new pages; the old ones are zeroed, and with them what lies in their gaps.

    A table is emptied without a look at its rows, which frees whole pages; triggers and references would forbid it.
    """
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in [table for table in REWRITTEN if table in there]:
        connection.execute(f"CREATE TEMP TABLE aside AS SELECT * FROM main.{table}")  # noqa: S608 - no value of a user
        connection.execute(f"DELETE FROM main.{table}")  # noqa: S608
        connection.execute(f"INSERT INTO main.{table} SELECT * FROM aside")  # noqa: S608
        connection.execute("DROP TABLE aside")
    for _, statement in triggers:
        connection.execute(statement)
