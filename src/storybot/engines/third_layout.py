"""What the corpus file's third version lays out otherwise than its second. As a part of a step it never changes."""

import hashlib
import json
import sqlite3

import numpy as np

_SEGMENT = 8192
_PADDING = "zeroblob(4096)"


def lay_out_anew(connection: sqlite3.Connection) -> None:
    """Texts go into rows of their own, vectors to half their size, and the terms of a passage lose their order."""
    documents = connection.execute("SELECT key FROM documents").fetchall()
    for (key,) in documents:
        _lay_out_document(connection, key)
    connection.create_function("halved", 1, _halved, deterministic=True)
    connection.create_function("ordered", 1, _ordered, deterministic=True)
    connection.execute("UPDATE passages SET vector = halved(vector)")
    for (edition,) in connection.execute("SELECT key FROM editions").fetchall():
        words = f"words_{edition:d}"
        connection.execute(f"UPDATE {words}_content SET c0 = ordered(c0)")  # noqa: S608 - no value of a user
        connection.execute(f"INSERT INTO {words} ({words}) VALUES ('rebuild')")  # noqa: S608


def _lay_out_document(connection: sqlite3.Connection, key: int) -> None:
    text, sections = connection.execute("SELECT text, sections FROM documents WHERE key = ?", (key,)).fetchone()
    connection.executemany(
        f"INSERT INTO texts (document, start, padding, letters) VALUES (?, ?, {_PADDING}, ?)",  # noqa: S608
        ((key, start, text[start : start + _SEGMENT]) for start in range(0, len(text), _SEGMENT)),
    )
    connection.execute(
        "UPDATE documents SET words = ?, fingerprint = ?, sections = ?, text = '' WHERE key = ?",
        (
            len(text.split()),
            hashlib.sha256(text.encode()).digest(),
            json.dumps([[heading, start, end, 1] for heading, start, end in json.loads(sections)]),
            key,
        ),
    )


def _halved(vector: bytes) -> bytes:
    return np.frombuffer(vector, dtype="<f4").astype("<f2").tobytes()


def _ordered(terms: str) -> str:
    return " ".join(sorted(terms.split(" ")))
