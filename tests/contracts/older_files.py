"""Corpus files as the versions before wrote them, statement by statement."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from contracts.oracle import MANIFEST, Story
from storybot.engines import laws, schema


def older_file(path: Path, version: int, *stories: Story) -> None:
    """Make a file of version 1 or 2 with the stories in it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for step in schema.STEPS[:version]:
            for statement in step:
                assert isinstance(statement, str)
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(
            "INSERT INTO editions (embedder, dim, recipe, live) VALUES (?, ?, ?, 1)",
            (MANIFEST.embedder, MANIFEST.dim, MANIFEST.recipe),
        )
        connection.execute("CREATE VIRTUAL TABLE words_1 USING fts5 (terms, tokenize = 'ascii')")
        for told in stories:
            _put(connection, told)
        connection.execute("UPDATE corpus SET generation = 1, stamp = 'stamp'")


def _put(connection: sqlite3.Connection, told: Story) -> None:
    document = told.document
    (key,) = connection.execute(
        "INSERT INTO documents (id, name, title, collection, text, length, sections, added) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, '2026-01-01T00:00:00+00:00') RETURNING key",
        (
            document.id,
            document.name,
            document.title,
            document.collection,
            document.text,
            len(document.text),
            json.dumps([[s.heading, s.span.start, s.span.end] for s in document.sections]),
        ),
    ).fetchone()
    terms = laws.indexed_terms(told.passages)
    for ordinal, (passage, vector) in enumerate(zip(told.passages, told.vectors, strict=True)):
        (row,) = connection.execute(
            "INSERT INTO passages (edition, document, ordinal, start, end, heading, text, sentences, terms, vector) "
            "VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key",
            (
                key,
                ordinal,
                passage.span.start,
                passage.span.end,
                passage.heading,
                passage.text,
                np.array([(s.start, s.end) for s in passage.sentences], dtype="<u4").tobytes(),
                len(terms[ordinal]),
                vector.astype("<f4").tobytes(),
            ),
        ).fetchone()
        connection.execute("INSERT INTO words_1 (rowid, terms) VALUES (?, ?)", (row, " ".join(terms[ordinal])))
