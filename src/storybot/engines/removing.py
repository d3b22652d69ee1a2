"""How a document goes out of the tables; `wiping` sees to what lingers of it."""

import sqlite3

from storybot.engines import documents, laws, passages, rows
from storybot.model import Document


def remove_namesakes(connection: sqlite3.Connection, document: Document) -> bool:
    """Remove another document of the same name and collection, and another text of its id; whether there was any."""
    found = connection.execute(
        """
        SELECT id FROM documents
        WHERE (name = :name AND collection = :collection AND id != :id) OR (id = :id AND fingerprint != :fingerprint)
        """,
        {
            "name": document.name,
            "collection": document.collection,
            "id": document.id,
            "fingerprint": laws.digest(document.text),
        },
    ).fetchall()
    for (other_id,) in found:
        remove(connection, other_id)
    return bool(found)


def remove(connection: sqlite3.Connection, document_id: str) -> None:
    """Remove a document from every index, and the indexes with the last one."""
    key = documents.key_of(connection, document_id)
    for edition in rows.editions(connection):
        passages.remove(connection, edition=edition, document=key)
    connection.execute("DELETE FROM documents WHERE key = ?", (key,))
    if connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None:
        for edition in rows.editions(connection):
            rows.remove_edition(connection, edition)
