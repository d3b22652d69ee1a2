"""The corpus file as a whole: its marks, its indexes, its collections, and what a scope takes in."""

import json
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storybot.engines import laws
from storybot.model import DEFAULT_COLLECTION, Collection, Manifest, Scope

_DAYS_KEPT = 3

IN_SCOPE = "d.collection = :collection AND (:ids IS NULL OR d.id IN (SELECT value FROM json_each(:ids)))"
"""The condition on documents d that `scope_values` fills in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The live index as the file has it. `stamp` is new with each change of the file, also after a restored backup."""

    edition: int
    manifest: Manifest
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A document's passages in one index: they have the keys from `first` on. `terms` counts all of theirs."""

    first: int
    passages: int
    terms: int


def live(connection: sqlite3.Connection) -> Live | None:
    """The live index; None in an empty corpus."""
    row = connection.execute(
        "SELECT e.key, e.embedder, e.dim, e.recipe, c.stamp FROM editions e, corpus c WHERE e.live"
    ).fetchone()
    if row is None:
        return None
    edition, embedder, dim, recipe, stamp = row
    return Live(edition=edition, manifest=Manifest(embedder=embedder, dim=dim, recipe=recipe), stamp=stamp)


def mark_change(connection: sqlite3.Connection) -> None:
    """Tell all that cache the corpus that it has changed."""
    connection.execute("UPDATE corpus SET generation = generation + 1, stamp = ?", (secrets.token_hex(8),))


def untouched(connection: sqlite3.Connection) -> bool:
    """Whether the file never changed since it was made."""
    (generation,) = connection.execute("SELECT generation FROM corpus").fetchone()
    return bool(generation == 0)


def scope_values(scope: Scope) -> dict[str, str | None]:
    """What `IN_SCOPE` asks for."""
    return {"collection": scope.collection, "ids": json.dumps(scope.document_ids) if scope.document_ids else None}


def shelves(connection: sqlite3.Connection, edition: int, scope: Scope) -> list[Shelf]:
    """Where the passages in scope stand, by their keys."""
    found = connection.execute(
        f"""
        SELECT s.first, s.passages, s.terms FROM documents d JOIN shelves s ON s.document = d.key
        WHERE s.edition = :edition AND {IN_SCOPE} ORDER BY s.first
        """,  # noqa: S608 - no value of a user
        scope_values(scope) | {"edition": edition},
    )
    return [Shelf(first=first, passages=passages, terms=terms) for first, passages, terms in found]


def shelves_of(connection: sqlite3.Connection, edition: int) -> list[Shelf]:
    """All shelves of an index, by their keys."""
    found = connection.execute(
        "SELECT first, passages, terms FROM shelves WHERE edition = ? ORDER BY first", (edition,)
    )
    return [Shelf(first=first, passages=passages, terms=terms) for first, passages, terms in found]


def count_passages(connection: sqlite3.Connection, edition: int) -> int:
    """How many passages an index holds."""
    (count,) = connection.execute("SELECT total(passages) FROM shelves WHERE edition = ?", (edition,)).fetchone()
    return int(count)


# Indexes


def edition_of(connection: sqlite3.Connection, manifest: Manifest) -> int | None:
    """Key of the manifest's index, if there is one."""
    row = connection.execute(
        "SELECT key FROM editions WHERE embedder = ? AND dim = ? AND recipe = ?",
        (manifest.embedder, manifest.dim, manifest.recipe),
    ).fetchone()
    return None if row is None else int(row[0])


def add_edition(connection: sqlite3.Connection, manifest: Manifest) -> int:
    """Begin an index, live if it is the only one, with a word index to itself: BM25 counts whole tables."""
    (edition,) = connection.execute(
        "INSERT INTO editions (embedder, dim, recipe, live) VALUES (?, ?, ?, NOT EXISTS (SELECT 1 FROM editions)) "
        "RETURNING key",
        (manifest.embedder, manifest.dim, manifest.recipe),
    ).fetchone()
    add_words(connection, int(edition))
    return int(edition)


def add_words(connection: sqlite3.Connection, edition: int) -> None:
    """Begin the edition's word index. The terms come ready; 'ascii' splits them at spaces and leaves all else alone."""
    connection.execute(f"CREATE VIRTUAL TABLE {words(edition)} USING fts5 (terms, tokenize = 'ascii')")


def remove_edition(connection: sqlite3.Connection, edition: int) -> None:
    """Remove an index with its passages."""
    connection.execute(f"DROP TABLE {words(edition)}")
    connection.execute("DELETE FROM editions WHERE key = ?", (edition,))


def editions(connection: sqlite3.Connection) -> list[int]:
    """Keys of all indexes."""
    return [key for (key,) in connection.execute("SELECT key FROM editions")]


def words(edition: int) -> str:
    """Name of the edition's word index, whose row ids are the keys of the passages."""
    return f"words_{edition:d}"


def unindexed(connection: sqlite3.Connection, edition: int | None) -> list[str]:
    """Ids of the documents without passages in this index, sorted."""
    found = connection.execute(
        "SELECT id FROM documents d WHERE NOT EXISTS (SELECT 1 FROM shelves s WHERE s.edition = ? AND "
        "s.document = d.key) ORDER BY id",
        (edition,),
    )
    return [document_id for (document_id,) in found]


# Collections


def collections(connection: sqlite3.Connection) -> list[Collection]:
    """All collections by name, the default one among them."""
    found = connection.execute(
        """
        SELECT c.name, count(d.key) FROM (SELECT name FROM collections UNION SELECT ?) c
        LEFT JOIN documents d ON d.collection = c.name GROUP BY c.name ORDER BY c.name
        """,
        (DEFAULT_COLLECTION,),
    )
    return [Collection(name=name, documents=documents) for name, documents in found]


def has_collection(connection: sqlite3.Connection, name: str) -> bool:
    """Whether there is a collection of this name."""
    row = connection.execute("SELECT 1 FROM collections WHERE name = ?", (name,)).fetchone()
    return name == DEFAULT_COLLECTION or row is not None


def add_collection(connection: sqlite3.Connection, name: str) -> None:
    """See to it that there is a collection of this name."""
    connection.execute("INSERT OR IGNORE INTO collections (name) VALUES (?)", (name,))


def rename_collection(connection: sqlite3.Connection, name: str, new: str) -> None:
    """Call a collection otherwise wherever it is named, also by uploads that nobody has begun yet."""
    connection.execute("DELETE FROM collections WHERE name = ?", (name,))
    add_collection(connection, new)
    connection.execute("UPDATE documents SET collection = ? WHERE collection = ?", (new, name))
    connection.execute("UPDATE conversations SET collection = ? WHERE collection = ?", (new, name))
    connection.execute("UPDATE jobs SET collection = ? WHERE collection = ?", (new, name))


# Vectors of documents on their way in


def keep(
    connection: sqlite3.Connection, document_id: str, embedder: str, texts: Sequence[str], vectors: Sequence[bytes]
) -> None:
    """Keep vectors, as they lie in memory, by the hash of their text."""
    connection.executemany(
        "INSERT OR REPLACE INTO kept (document, embedder, digest, kept, vector) VALUES (?, ?, ?, ?, ?)",
        [
            (document_id, embedder, laws.digest(text), laws.now(), vector)
            for text, vector in zip(texts, vectors, strict=True)
        ],
    )


def kept(connection: sqlite3.Connection, document_id: str, embedder: str) -> dict[bytes, bytes]:
    """The vectors that are kept, by the hash of their text."""
    found = connection.execute(
        "SELECT digest, vector FROM kept WHERE document = ? AND embedder = ?", (document_id, embedder)
    )
    return dict(found.fetchall())


def forget(connection: sqlite3.Connection, document_id: str) -> None:
    """Let go of the vectors that are kept for a document."""
    connection.execute("DELETE FROM kept WHERE document = ?", (document_id,))


def forget_old(connection: sqlite3.Connection) -> None:
    """Let go of the vectors that were kept days ago: their documents won't come in any more."""
    before = (datetime.now(UTC) - timedelta(days=_DAYS_KEPT)).isoformat(timespec="seconds")
    connection.execute("DELETE FROM kept WHERE kept < ?", (before,))
