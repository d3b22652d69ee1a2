"""Rows of documents: their lines in the catalogue, their texts, sections and pages, and the files they came from."""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from storybot.engines import laws, letters
from storybot.errors import DocumentNotFound, NameTaken, OriginalNotKept
from storybot.model import Document, Entry, Page, Section, Span


def packed_original(original: bytes) -> bytes:
    """A file as `write` wants it."""
    return zlib.compress(original)


def write(connection: sqlite3.Connection, document: Document, packed: bytes | None) -> int:
    """Store the document, or what it is called now; gives its key. packed: its file, or None for what is there."""
    (key,) = connection.execute(
        """
        INSERT INTO documents
            (id, name, title, collection, length, sections, added, words, format, digest, fingerprint, pages)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            (name, title, collection, length, sections, words, format, digest, fingerprint, pages)
            = (excluded.name, excluded.title, excluded.collection, excluded.length, excluded.sections, excluded.words,
                excluded.format, excluded.digest, excluded.fingerprint, excluded.pages)
        RETURNING key
        """,
        (
            document.id,
            document.name,
            document.title,
            document.collection,
            len(document.text),
            json.dumps([[s.heading, s.span.start, s.span.end, s.level] for s in document.sections]),
            laws.now(),
            laws.count_words(document.text),
            document.format,
            document.digest,
            laws.digest(document.text),
            json.dumps([[page.label, page.start] for page in document.pages]),
        ),
    ).fetchone()
    letters.write_text(connection, key, document.text)
    if packed is not None:
        connection.execute(
            f"INSERT OR REPLACE INTO originals (document, padding, packed) VALUES (?, {letters.PADDING}, ?)",  # noqa: S608 - no value of a user
            (key, packed),
        )
    return int(key)


def key_of(connection: sqlite3.Connection, document_id: str) -> int:
    """Key of the document. Raises: DocumentNotFound."""
    row = connection.execute("SELECT key FROM documents WHERE id = ?", (document_id,)).fetchone()
    if row is None:
        raise DocumentNotFound(document_id)
    return int(row[0])


def key_of_text(connection: sqlite3.Connection, document: Document) -> int | None:
    """Key of the document, if it stands and has this text."""
    row = connection.execute(
        "SELECT key FROM documents WHERE id = ? AND fingerprint = ?", (document.id, laws.digest(document.text))
    ).fetchone()
    return None if row is None else int(row[0])


def read(connection: sqlite3.Connection, document_id: str) -> Document:
    """The document. Raises: DocumentNotFound."""
    row = connection.execute(
        "SELECT key, id, name, title, sections, collection, format, digest, pages FROM documents WHERE id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        raise DocumentNotFound(document_id)
    key, found_id, name, title, sections, collection, kind, digest, pages = row
    return Document(
        id=found_id,
        name=name,
        title=title,
        text=letters.read_text(connection, key),
        sections=unpacked_sections(sections),
        collection=collection,
        format=kind,
        digest=digest,
        pages=unpacked_pages(pages),
    )


def read_original(connection: sqlite3.Connection, document_id: str) -> bytes:
    """The file that the document was read from. Raises: DocumentNotFound, OriginalNotKept."""
    row = connection.execute(
        "SELECT d.name, o.packed FROM documents d LEFT JOIN originals o ON o.document = d.key WHERE d.id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        raise DocumentNotFound(document_id)
    name, packed = row
    if packed is None:
        raise OriginalNotKept(name)
    return zlib.decompress(packed)


def read_pages(connection: sqlite3.Connection, document_id: str) -> tuple[Page, ...]:
    """The document's pages. Raises: DocumentNotFound."""
    row = connection.execute("SELECT pages FROM documents WHERE id = ?", (document_id,)).fetchone()
    if row is None:
        raise DocumentNotFound(document_id)
    return unpacked_pages(row[0])


def twin(connection: sqlite3.Connection, collection: str, fingerprint: bytes) -> str | None:
    """The id of the document in the collection whose text has this hash."""
    row = connection.execute(
        "SELECT id FROM documents WHERE collection = ? AND fingerprint = ?", (collection, fingerprint)
    ).fetchone()
    return None if row is None else str(row[0])


def rename(connection: sqlite3.Connection, called: Mapping[str, tuple[str, str]]) -> None:
    """Give the documents their new names and titles. Raises: DocumentNotFound, NameTaken."""
    keys = {document_id: key_of(connection, document_id) for document_id in called}
    # First out of each other's way: two may swap names.
    connection.executemany(
        "UPDATE documents SET name = char(0) || key WHERE key = ?", ((key,) for key in keys.values())
    )
    for document_id, (name, title) in called.items():
        key = keys[document_id]
        taken = connection.execute(
            "SELECT collection FROM documents d WHERE name = ? AND collection = "
            "(SELECT collection FROM documents WHERE key = ?)",
            (name, key),
        ).fetchone()
        if taken:
            raise NameTaken(name, collection=taken[0])
        connection.execute("UPDATE documents SET name = ?, title = ? WHERE key = ?", (name, title, key))


def move(connection: sqlite3.Connection, document_id: str, collection: str) -> None:
    """Put the document into the collection. Raises: DocumentNotFound, NameTaken."""
    row = connection.execute(
        "SELECT key, name, collection, fingerprint FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    if row is None:
        raise DocumentNotFound(document_id)
    key, name, present, fingerprint = row
    if present == collection:
        return
    taken = connection.execute(
        "SELECT 1 FROM documents WHERE collection = :collection AND (name = :name OR fingerprint = :fingerprint)",
        {"collection": collection, "name": name, "fingerprint": fingerprint},
    ).fetchone()
    if taken:
        raise NameTaken(name, collection=collection)
    connection.execute("UPDATE documents SET collection = ? WHERE key = ?", (collection, key))


def entries(connection: sqlite3.Connection, condition: str, values: Sequence[Any] = ()) -> list[Entry]:
    """The catalogue's lines that fulfil an SQL condition on documents d, by title, then id."""
    found = connection.execute(
        f"""
        SELECT d.id, d.name, d.title, d.collection, d.length, d.words, coalesce(s.passages, 0), d.added, d.format,
            d.digest
        FROM documents d
        LEFT JOIN shelves s ON s.document = d.key AND s.edition = (SELECT key FROM editions WHERE live)
        WHERE {condition} ORDER BY d.title, d.id
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
            words=words,
            passages=passages,
            added=added,
            format=kind,
            digest=digest,
        )
        for document_id, name, title, collection, length, words, passages, added, kind, digest in found
    ]


def outlines(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, tuple[Section, ...]]:
    """The sections of the documents of these keys."""
    found = connection.execute(
        "SELECT key, sections FROM documents WHERE key IN (SELECT value FROM json_each(?))", (json.dumps([*keys]),)
    )
    return {key: unpacked_sections(sections) for key, sections in found}


def unpacked_sections(packed: str) -> tuple[Section, ...]:
    """Sections as they were stored."""
    return tuple(
        Section(heading=heading, span=Span(start, end), level=level)
        for heading, start, end, level in json.loads(packed)
    )


def unpacked_pages(packed: str) -> tuple[Page, ...]:
    """Pages as they were stored."""
    return tuple(Page(label=label, start=start) for label, start in json.loads(packed))
