"""Rows of the corpus file: how the nouns are written to it and read from it."""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from storybot.engines import laws
from storybot.model import Document, Entry, Manifest, Passage, Scope, Section, Span, Vectors

_VECTOR = np.dtype("<f4")
_OFFSET = np.dtype("<u4")

IN_SCOPE = "d.collection = :collection AND (:ids IS NULL OR d.id IN (SELECT value FROM json_each(:ids)))"
"""The condition that `scope_values` fills in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The live index as the file has it. `stamp` is new with each change of the file, also after a restored backup."""

    edition: int
    manifest: Manifest
    stamp: str


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


def mark_removal(connection: sqlite3.Connection) -> None:
    """Note in the file that traces of something removed may linger, so that a crash can't hide them."""
    connection.execute("UPDATE corpus SET unwiped = ?", (1 + secrets.randbits(62),))


def mark_wiped(connection: sqlite3.Connection, mark: int) -> None:
    """Note that no trace lingers, unless something was removed since the `mark` was read."""
    connection.execute("UPDATE corpus SET unwiped = 0 WHERE unwiped = ?", (mark,))


def untouched(connection: sqlite3.Connection) -> bool:
    """Whether the file never changed since it was made."""
    (generation,) = connection.execute("SELECT generation FROM corpus").fetchone()
    return bool(generation == 0)


def unwiped(connection: sqlite3.Connection) -> int:
    """The mark of the last removal, new with each, if traces of something removed may linger in the file; else 0."""
    (mark,) = connection.execute("SELECT unwiped FROM corpus").fetchone()
    return int(mark)


def scope_values(scope: Scope) -> dict[str, str | None]:
    """What `IN_SCOPE` asks for."""
    return {"collection": scope.collection, "ids": json.dumps(scope.document_ids) if scope.document_ids else None}


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
    # The terms come ready; 'ascii' splits them at spaces and leaves all other letters alone.
    connection.execute(f"CREATE VIRTUAL TABLE {words(edition)} USING fts5 (terms, tokenize = 'ascii')")
    return int(edition)


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


def write_document(connection: sqlite3.Connection, document: Document) -> int:
    """Store the document, or what it is called now; gives its key."""
    (key,) = connection.execute(
        """
        INSERT INTO documents (id, name, title, collection, text, length, sections, added)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            (name, title, collection, text, length, sections)
            = (excluded.name, excluded.title, excluded.collection, excluded.text, excluded.length, excluded.sections)
        RETURNING key
        """,
        (
            document.id,
            document.name,
            document.title,
            document.collection,
            document.text,
            len(document.text),
            json.dumps([[section.heading, section.span.start, section.span.end] for section in document.sections]),
            laws.now(),
        ),
    ).fetchone()
    return int(key)


def read_document(connection: sqlite3.Connection, document_id: str) -> Document | None:
    """The document, if there is one of this id."""
    row = connection.execute(
        "SELECT id, name, title, collection, text, sections FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    if row is None:
        return None
    found_id, name, title, collection, text, sections = row
    return Document(
        id=found_id,
        name=name,
        title=title,
        text=text,
        sections=tuple(Section(heading=heading, span=Span(start, end)) for heading, start, end in json.loads(sections)),
        collection=collection,
    )


def read_entries(connection: sqlite3.Connection, condition: str, values: Sequence[str]) -> list[Entry]:
    """The catalogue's lines that fulfil an SQL condition on documents d, by title, then id."""
    found = connection.execute(
        f"""
        SELECT d.id, d.name, d.title, d.collection, d.length, d.added, (
            SELECT count(*) FROM passages p JOIN editions e ON e.key = p.edition WHERE e.live AND p.document = d.key
        )
        FROM documents d WHERE {condition} ORDER BY d.title, d.id
        """,  # noqa: S608 - no value of a user
        values,
    )
    return [
        Entry(
            id=document_id,
            name=name,
            title=title,
            collection=collection,
            length=length,
            passages=passages,
            added=added,
        )
        for document_id, name, title, collection, length, added, passages in found
    ]


def write_passages(
    connection: sqlite3.Connection, *, edition: int, document: int, passages: Sequence[Passage], vectors: Vectors
) -> None:
    """Store a document's passages with their vectors (n, dim) and terms."""
    terms = laws.indexed_terms(passages)
    for ordinal, (passage, vector) in enumerate(zip(passages, vectors, strict=True)):
        key = connection.execute(
            """
            INSERT INTO passages (edition, document, ordinal, start, end, heading, text, sentences, terms, vector)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                edition,
                document,
                ordinal,
                passage.span.start,
                passage.span.end,
                passage.heading,
                passage.text,
                _packed(passage.sentences),
                len(terms[ordinal]),
                vector.astype(_VECTOR).tobytes(),
            ),
        ).lastrowid
        connection.execute(
            f"INSERT INTO {words(edition)} (rowid, terms) VALUES (?, ?)",  # noqa: S608 - no value of a user
            (key, " ".join(terms[ordinal])),
        )


def remove_passages(connection: sqlite3.Connection, *, edition: int, document: int) -> bool:
    """Remove a document's passages from one index; whether there were any."""
    connection.execute(
        f"DELETE FROM {words(edition)} "  # noqa: S608 - no value of a user
        "WHERE rowid IN (SELECT key FROM passages WHERE edition = :edition AND document = :document)",
        {"edition": edition, "document": document},
    )
    removed = connection.execute(
        "DELETE FROM passages WHERE edition = ? AND document = ?", (edition, document)
    ).rowcount
    if removed:
        # FTS5 only marks a removed row; its terms stay in the file until all segments are merged.
        connection.execute(f"INSERT INTO {words(edition)} ({words(edition)}) VALUES ('optimize')")  # noqa: S608 - no value of a user
    return removed > 0


def read_passages(connection: sqlite3.Connection, condition: str, values: Sequence[Any]) -> list[tuple[int, Passage]]:
    """Passages p of documents d that fulfil an SQL condition, with their keys, by document id, then in order."""
    found = connection.execute(
        f"""
        SELECT p.key, d.id, p.start, p.end, p.heading, p.text, p.sentences
        FROM passages p JOIN documents d ON d.key = p.document WHERE {condition} ORDER BY d.id, p.ordinal
        """,  # noqa: S608 - no value of a user
        values,
    )
    return [
        (
            key,
            Passage(
                document_id=document_id,
                span=Span(start, end),
                heading=heading,
                text=text,
                sentences=_unpacked(sentences),
            ),
        )
        for key, document_id, start, end, heading, text, sentences in found
    ]


def read_neighbours(connection: sqlite3.Connection, passage: Passage, reach: int) -> list[Passage]:
    """The live index's passages of the same document within `reach` places of where this one begins, in order."""
    row = connection.execute(
        """
        SELECT p.edition, p.document, p.ordinal
        FROM documents d JOIN passages p ON p.document = d.key JOIN editions e ON e.key = p.edition
        WHERE d.id = ? AND e.live AND p.start = ?
        """,
        (passage.document_id, passage.span.start),
    ).fetchone()
    if row is None:
        return []
    edition, document, ordinal = row
    condition = "p.edition = ? AND p.document = ? AND p.ordinal BETWEEN ? AND ?"
    values = (edition, document, ordinal - reach, ordinal + reach)
    return [found for _, found in read_passages(connection, condition, values)]


def complaints(connection: sqlite3.Connection) -> list[str]:
    """What a look at every page, every reference and every vector finds wrong. Raises: sqlite3.DatabaseError."""
    found = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
    found += [f"a row of {table} hangs loose" for table, *_ in connection.execute("PRAGMA foreign_key_check")]
    for edition in editions(connection):
        connection.execute(f"INSERT INTO {words(edition)} ({words(edition)}) VALUES ('integrity-check')")  # noqa: S608 - no value of a user
    torn = connection.execute(
        "SELECT p.key FROM passages p JOIN editions e ON e.key = p.edition WHERE length(p.vector) != ? * e.dim",
        (_VECTOR.itemsize,),
    )
    found += [f"the vector of passage {key} has another length" for (key,) in torn]
    for document_id, text in connection.execute("SELECT id, text FROM documents"):
        moved = [p for _, p in read_passages(connection, "d.id = ?", (document_id,)) if p.text != p.span.cut(text)]
        found += [
            f"the passage at {p.span.start} of document {document_id} has other words than the text" for p in moved
        ]
    return found


def unpacked_vectors(blobs: Iterable[bytes], dim: int) -> Vectors:
    """Vectors (n, dim) as they were stored. Raises: ValueError where they have another length."""
    return np.frombuffer(b"".join(blobs), dtype=_VECTOR).reshape(-1, dim).astype(np.float32)


def _packed(spans: Sequence[Span]) -> bytes:
    return np.array([(span.start, span.end) for span in spans], dtype=_OFFSET).tobytes()


def _unpacked(blob: bytes) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in np.frombuffer(blob, dtype=_OFFSET).reshape(-1, 2).tolist())
