"""Rows of passages. They hold no letters: the words are cut out of the text, the heading is that of the section."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from storybot.citing import heading_at
from storybot.engines import documents, laws, letters, rows
from storybot.model import Passage, Span, Vectors

_VECTOR = np.dtype("<f2")
_OFFSET = np.dtype("<u4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A document's passages as their rows hold them: for a novel the work of a second, so nobody is kept waiting."""

    rows: list[tuple[int, int, int, bytes, int, bytes]]
    terms: list[list[str]]


def pack(passages: Sequence[Passage], vectors: Vectors) -> Packed:
    """Passages with their vectors (n, dim), ready to be written."""
    terms = laws.indexed_terms(passages)
    return Packed(
        rows=[
            (
                ordinal,
                passage.span.start,
                passage.span.end,
                _packed(passage.sentences),
                len(terms[ordinal]),
                vector.astype(_VECTOR).tobytes(),
            )
            for ordinal, (passage, vector) in enumerate(zip(passages, vectors, strict=True))
        ],
        terms=terms,
    )


def write(connection: sqlite3.Connection, *, edition: int, document: int, packed: Packed) -> None:
    """Store a document's passages under keys that follow each other."""
    keys: list[int] = []
    for row in packed.rows:
        (key,) = connection.execute(
            """
            INSERT INTO passages (edition, document, ordinal, start, end, sentences, terms, vector)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING key
            """,
            (edition, document, *row),
        ).fetchone()
        keys.append(key)
    _write_terms(connection, edition, keys, packed.terms)
    if keys:
        connection.execute(
            "INSERT INTO shelves (edition, document, first, passages, terms) VALUES (?, ?, ?, ?, ?)",
            (edition, document, keys[0], len(keys), sum(map(len, packed.terms))),
        )


def _write_terms(
    connection: sqlite3.Connection, edition: int, keys: Sequence[int], terms: Sequence[Sequence[str]]
) -> None:
    # Without their order the terms are no sentences: what lingers of them, until the file is tidied, tells no story.
    connection.executemany(
        f"INSERT INTO {rows.words(edition)} (rowid, terms) VALUES (?, ?)",  # noqa: S608 - no value of a user
        [(key, " ".join(sorted(its_terms))) for key, its_terms in zip(keys, terms, strict=True)],
    )


def index_words(connection: sqlite3.Connection, edition: int, document: int) -> None:
    """Put a document's passages into a word index that lacks them."""
    found = read(connection, "p.edition = ? AND p.document = ?", (edition, document))
    terms = laws.indexed_terms([passage for _, passage in found])
    _write_terms(connection, edition, [key for key, _ in found], terms)


def remove(connection: sqlite3.Connection, *, edition: int, document: int) -> bool:
    """Remove a document's passages from one index; whether there were any."""
    row = connection.execute(
        "DELETE FROM shelves WHERE edition = ? AND document = ? RETURNING first, passages", (edition, document)
    ).fetchone()
    if row is None:
        return False
    first, count = row
    for table, key in ((rows.words(edition), "rowid"), ("passages", "key")):
        connection.execute(
            f"DELETE FROM {table} WHERE {key} BETWEEN ? AND ?",  # noqa: S608 - no value of a user
            (first, first + count - 1),
        )
    return True


def read(connection: sqlite3.Connection, condition: str, values: Sequence[Any]) -> list[tuple[int, Passage]]:
    """Passages p of documents d that fulfil an SQL condition, with their keys, by document id, then in order."""
    found = connection.execute(
        f"""
        SELECT p.key, d.key, d.id, p.start, p.end, p.sentences
        FROM passages p JOIN documents d ON d.key = p.document WHERE {condition} ORDER BY d.id, p.ordinal
        """,  # noqa: S608 - no value of a user
        values,
    ).fetchall()
    texts = letters.cut(connection, [(document, Span(start, end)) for _, document, _, start, end, _ in found])
    outlines = documents.outlines(connection, {document for _, document, *_ in found})
    return [
        (
            key,
            Passage(
                document_id=document_id,
                span=Span(start, end),
                heading=heading_at(outlines[document], start),
                text=text,
                sentences=_unpacked(sentences),
            ),
        )
        for (key, document, document_id, start, end, sentences), text in zip(found, texts, strict=True)
    ]


def read_vectors(connection: sqlite3.Connection, document: int) -> Vectors:
    """Vectors (n, dim) of a document's passages in the live index, in order. Raises: ValueError where one is torn."""
    live = rows.live(connection)
    if live is None:
        return np.zeros((0, 0), dtype=np.float32)
    found = connection.execute(
        "SELECT vector FROM passages WHERE edition = ? AND document = ? ORDER BY ordinal", (live.edition, document)
    )
    return unpacked_vectors((blob for (blob,) in found), live.manifest.dim)


def vectors_on(connection: sqlite3.Connection, shelf: rows.Shelf) -> sqlite3.Cursor:
    """Keys and stored vectors of the passages on a shelf, to be fetched in order."""
    return connection.execute(
        "SELECT key, vector FROM passages WHERE key BETWEEN ? AND ? ORDER BY key",
        (shelf.first, shelf.first + shelf.passages - 1),
    )


def vectors_of(connection: sqlite3.Connection, keys: Sequence[int], dim: int) -> Vectors:
    """Vectors (n, dim) of the passages of these keys, in their order. Raises: ValueError where one is torn or lacks."""
    found = connection.execute(
        "SELECT p.vector FROM json_each(?) sought CROSS JOIN passages p ON p.key = sought.value ORDER BY sought.key",
        (json.dumps(keys),),
    )
    vectors = unpacked_vectors((blob for (blob,) in found), dim)
    if len(vectors) != len(keys):
        message = f"{len(keys) - len(vectors)} passages have no vector"
        raise ValueError(message)
    return vectors


def around(connection: sqlite3.Connection, passage: Passage, reach: int) -> list[Passage]:
    """The live index's passages of the same document within `reach` places of where this one begins, in order."""
    row = connection.execute(
        """
        SELECT p.edition, p.document, p.ordinal
        FROM documents d CROSS JOIN editions e CROSS JOIN passages p ON p.document = d.key AND p.edition = e.key
        WHERE d.id = ? AND e.live AND p.start = ?
        """,
        (passage.document_id, passage.span.start),
    ).fetchone()
    if row is None:
        return []
    edition, document, ordinal = row
    condition = "p.edition = ? AND p.document = ? AND p.ordinal BETWEEN ? AND ?"
    return [found for _, found in read(connection, condition, (edition, document, ordinal - reach, ordinal + reach))]


def unpacked_vectors(blobs: Iterable[bytes], dim: int) -> Vectors:
    """Vectors (n, dim) as they were stored. Raises: ValueError where they have another length."""
    return np.frombuffer(b"".join(blobs), dtype=_VECTOR).reshape(-1, dim).astype(np.float32)


def torn_vectors(connection: sqlite3.Connection) -> list[int]:
    """Keys of the passages whose vectors have another length than they should."""
    found = connection.execute(
        "SELECT p.key FROM passages p JOIN editions e ON e.key = p.edition WHERE length(p.vector) != ? * e.dim",
        (_VECTOR.itemsize,),
    )
    return [key for (key,) in found]


def _packed(spans: Sequence[Span]) -> bytes:
    return np.array([(span.start, span.end) for span in spans], dtype=_OFFSET).tobytes()


def _unpacked(blob: bytes) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in np.frombuffer(blob, dtype=_OFFSET).reshape(-1, 2).tolist())
