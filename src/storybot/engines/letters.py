"""The letters of documents in the corpus file, laid so that a removal leaves nothing of them.

SQLite copies rows between the pages of its trees and leaves the copies in the gaps. What doesn't fit into a page of a
tree lies on overflow pages, which are never copied, and zeroed when they are freed (`secure_delete`). So a padding goes
before the letters of each row, and takes the whole of the row's part in the tree. Source: sqlite.org/fileformat2.html,
section 1.6.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from storybot.model import Span

PADDING = "zeroblob(4096)"
"""SQL for what goes before letters that a removal must leave nothing of: as much as a page of a tree can hold."""

SEGMENT = 8192
"""Code points of a text in one row: a passage is read without the book that it stands in."""


def write_text(connection: sqlite3.Connection, document: int, text: str) -> None:
    """Store the text of the document of this key, in place of what was there."""
    connection.execute("DELETE FROM texts WHERE document = ?", (document,))
    connection.executemany(
        f"INSERT INTO texts (document, start, padding, letters) VALUES (?, ?, {PADDING}, ?)",  # noqa: S608 - no value of a user
        ((document, start, text[start : start + SEGMENT]) for start in range(0, len(text), SEGMENT)),
    )


def read_text(connection: sqlite3.Connection, document: int) -> str:
    """The whole text of the document of this key."""
    found = connection.execute("SELECT letters FROM texts WHERE document = ? ORDER BY start", (document,))
    return "".join(letters for (letters,) in found)


def cut(connection: sqlite3.Connection, places: Sequence[tuple[int, Span]]) -> list[str]:
    """The letters at each of the places (a document's key, a span), in order. Each row is read once."""
    wanted = {(document, start) for document, span in places for start in _segments(span)}
    found = connection.execute(
        """
        SELECT t.document, t.start, t.letters FROM json_each(?) w CROSS JOIN texts t
        ON t.document = json_extract(w.value, '$[0]') AND t.start = json_extract(w.value, '$[1]')
        """,
        (json.dumps(sorted(wanted)),),
    )
    # Cut here and not by SQL: its substr() ends at a NUL.
    rows = {(document, start): letters for document, start, letters in found}
    return [_cut(rows, document, span) for document, span in places]


def _cut(rows: Mapping[tuple[int, int], str], document: int, span: Span) -> str:
    segments = list(_segments(span))
    joined = "".join(rows.get((document, start), "") for start in segments)
    return span.shifted(-segments[0]).cut(joined)


def _segments(span: Span) -> Iterator[int]:
    """Where the rows begin that hold a span's letters."""
    yield from range(span.start // SEGMENT * SEGMENT, max(span.end, span.start + 1), SEGMENT)
