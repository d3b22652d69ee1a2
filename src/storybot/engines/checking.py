"""What is wrong with a corpus file, and what of it can be mended without loss."""

import sqlite3
from collections.abc import Iterator

from storybot.engines import laws, letters, passages, rows


def complaints(connection: sqlite3.Connection) -> list[str]:
    """What a look at every page, reference, text and vector finds wrong. Raises: sqlite3.DatabaseError."""
    found = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
    found += [f"a row of {table} hangs loose" for table, *_ in connection.execute("PRAGMA foreign_key_check")]
    for edition in rows.editions(connection):
        words = rows.words(edition)
        connection.execute(f"INSERT INTO {words} ({words}) VALUES ('integrity-check')")  # noqa: S608 - no value of a user
    found += [f"the vector of passage {key} has another length" for key in passages.torn_vectors(connection)]
    found += [
        f"the text of document {document_id} isn't what it was"
        for key, document_id, fingerprint in connection.execute("SELECT key, id, fingerprint FROM documents")
        if laws.digest(letters.read_text(connection, key)) != fingerprint
    ]
    found += [
        f"document {document_id} has not all of its passages"
        for (document_id,) in connection.execute(
            """
            SELECT d.id FROM shelves s JOIN documents d ON d.key = s.document WHERE s.passages != (
                SELECT count(*) FROM passages p WHERE p.edition = s.edition AND p.document = s.document
                AND p.key BETWEEN s.first AND s.first + s.passages - 1
            )
            """
        )
    ]
    return found


def mended(connection: sqlite3.Connection) -> list[str]:
    """Mend what follows from the texts, a line for each thing that was done. Raises: sqlite3.DatabaseError."""
    done = [*_without_orphans(connection)]
    for edition in rows.editions(connection):
        done += _reworded(connection, edition)
    return done


def _without_orphans(connection: sqlite3.Connection) -> Iterator[str]:
    for table in ("passages", "shelves", "texts", "originals", "overviews"):
        gone = connection.execute(
            f"DELETE FROM {table} WHERE document NOT IN (SELECT key FROM documents)"  # noqa: S608 - no value of a user
        ).rowcount
        if gone:
            yield f"removed {gone} of {table} that belonged to no document"


def _reworded(connection: sqlite3.Connection, edition: int) -> Iterator[str]:
    """Make a word index anew that is torn, out of the texts."""
    words = rows.words(edition)
    try:
        connection.execute(f"INSERT INTO {words} ({words}) VALUES ('integrity-check')")  # noqa: S608 - no value of a user
        (count,) = connection.execute(f"SELECT count(*) FROM {words}").fetchone()  # noqa: S608
        (wanted,) = connection.execute("SELECT count(*) FROM passages WHERE edition = ?", (edition,)).fetchone()
        if count == wanted:
            return
    except sqlite3.DatabaseError:
        pass
    connection.execute(f"DROP TABLE {words}")
    rows.add_words(connection, edition)
    for (document,) in connection.execute("SELECT document FROM shelves WHERE edition = ?", (edition,)).fetchall():
        passages.index_words(connection, edition, document)
    yield "made the word index anew out of the texts"
