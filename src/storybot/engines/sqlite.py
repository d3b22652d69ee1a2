"""The engine on disk: one SQLite file is the truth, FAISS a cache of its vectors."""

import json
import logging
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from storybot.engines import laws, rows, schema
from storybot.engines.archive import SqliteArchive
from storybot.engines.connections import Connections
from storybot.engines.faiss_cache import FaissCache
from storybot.engines.queue import SqliteQueue
from storybot.errors import CorpusBusy, CorpusDamaged, DiskFull, DocumentNotFound, FolderNotWritable, StorybotError
from storybot.model import Document, Entry, Hit, Manifest, Passage, Scope, Vectors

_LOG = logging.getLogger(__name__)

CORPUS_FILE = "corpus.db"
VECTORS_FILE = "vectors.faiss"


class SqliteEngine:
    """An `Engine` in a folder. Threads and processes may share it; readers never wait for a writer."""

    def __init__(self, folder: Path, *, busy_seconds: float = 10) -> None:
        """Open the corpus in `folder`, or begin one there.

        Raises: FolderNotWritable, CorpusDamaged, NewerCorpus, CorpusBusy after `busy_seconds`.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderNotWritable(str(folder), error.strerror or str(error)) from error
        if not os.access(folder, os.W_OK):
            raise FolderNotWritable(str(folder), "no permission")
        self._path = folder / CORPUS_FILE
        schema.prepare(self._path, busy_seconds=busy_seconds)
        self._connections = Connections(self._path, busy_seconds=busy_seconds)
        self._cache = FaissCache(folder / VECTORS_FILE)
        self._dense = Lock()  # taken before a snapshot, so that the cache never has to go back in time
        self._queue = SqliteQueue(self._connections, self._wipe)
        self._wipe()

    @property
    def archive(self) -> SqliteArchive:
        """The conversations in the same file."""
        return SqliteArchive(self._connections, self._wipe)

    @property
    def queue(self) -> SqliteQueue:
        """The sources on their way into the same file, as this process works on them."""
        return self._queue

    @property
    def manifest(self) -> Manifest | None:
        """The manifest of the live index."""
        with self._connections.reading() as connection:
            live = rows.live(connection)
            return live.manifest if live else None

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever put."""
        with self._connections.reading() as connection:
            return rows.untouched(connection)

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors, manifest: Manifest) -> None:
        """Store a document with its passages in the index of `manifest`. Raises: DiskFull, CorpusBusy."""
        laws.check_put(document, passages, vectors, manifest)
        with self._connections.writing() as connection:
            replaced = _remove_namesakes(connection, document)
            edition = rows.edition_of(connection, manifest)
            if edition is None:
                edition = rows.add_edition(connection, manifest)
            key = rows.write_document(connection, document)
            replaced |= rows.remove_passages(connection, edition=edition, document=key)
            rows.write_passages(connection, edition=edition, document=key, passages=passages, vectors=vectors)
            rows.mark_change(connection)
            if replaced:
                rows.mark_removal(connection)
        self._wipe()

    def drop(self, document_id: str) -> None:
        """Remove a document, and every trace of it in the folder."""
        with self._connections.writing() as connection:
            _remove(connection, document_id)
            rows.mark_change(connection)
            rows.mark_removal(connection)
        self._wipe()

    def document(self, document_id: str) -> Document:
        """The document."""
        with self._connections.reading() as connection:
            document = rows.read_document(connection, document_id)
        if document is None:
            raise DocumentNotFound(document_id)
        return document

    def entry(self, document_id: str) -> Entry:
        """The document's line in the catalogue."""
        with self._connections.reading() as connection:
            found = rows.read_entries(connection, "d.id = ?", (document_id,))
        if not found:
            raise DocumentNotFound(document_id)
        return found[0]

    def entries(self, collection: str | None = None) -> list[Entry]:
        """The catalogue by title, then id."""
        with self._connections.reading() as connection:
            if collection is None:
                return rows.read_entries(connection, "TRUE", ())
            return rows.read_entries(connection, "d.collection = ?", (collection,))

    def passages(self, document_id: str) -> list[Passage]:
        """The document's passages in the live index."""
        with self._connections.reading() as connection:
            _key_of(connection, document_id)
            live = "p.edition = (SELECT key FROM editions WHERE live)"
            return [passage for _, passage in rows.read_passages(connection, f"d.id = ? AND {live}", (document_id,))]

    def around(self, passage: Passage, reach: int) -> list[Passage]:
        """The passage and its neighbours."""
        with self._connections.reading() as connection:
            found = rows.read_neighbours(connection, passage, reach)
        return found if passage in found else []

    def nearest(self, vector: Vectors, k: int, scope: Scope) -> list[Hit]:
        """The k passages in scope with the largest inner products."""
        with self._dense, self._connections.reading() as connection:
            live = rows.live(connection)
            if live is None or k < 1:
                return []
            laws.check_query(vector, live.manifest)
            try:
                scores = dict(self._cache.nearest(connection, live, vector, k, scope))
            except ValueError as error:
                raise CorpusDamaged(str(self._path), str(error)) from error
            return laws.ranked("dense", _best(connection, scores)[:k])

    def matching(self, terms: Sequence[str], k: int, scope: Scope) -> list[Hit]:
        """The k passages in scope with the largest BM25."""
        sought = list(dict.fromkeys(laws.folded(terms)))
        with self._connections.reading() as connection:
            live = rows.live(connection)
            if live is None or k < 1 or not sought:
                return []
            weigh = _weights_in_scope if scope.document_ids else _weights
            return laws.ranked("words", _best(connection, weigh(connection, live.edition, sought, k, scope))[:k])

    def unindexed(self, manifest: Manifest) -> list[str]:
        """Ids of the documents without passages in the index of `manifest`, sorted."""
        with self._connections.reading() as connection:
            return _unindexed(connection, rows.edition_of(connection, manifest))

    def swap(self, manifest: Manifest) -> bool:
        """Make the index of `manifest` the live and only one, unless documents lack in it."""
        with self._connections.writing() as connection:
            kept = rows.edition_of(connection, manifest)
            if _unindexed(connection, kept):
                return False
            others = [edition for edition in rows.editions(connection) if edition != kept]
            for edition in others:
                rows.remove_edition(connection, edition)
            if others:
                connection.execute("UPDATE editions SET live = 1 WHERE key = ?", (kept,))
                rows.mark_change(connection)
                rows.mark_removal(connection)
        self._wipe()
        return True

    def check(self) -> None:
        """Read the whole file over. Raises: CorpusDamaged."""
        with self._connections.writing() as connection:  # FTS5 takes its check for a change
            complaints = rows.complaints(connection)
        if complaints:
            raise CorpusDamaged(str(self._path), complaints[0])

    def close(self) -> None:
        """Keep the cache of vectors for the next time, and let go of the files."""
        if self._cache.loaded and not self._connections.closed:
            try:
                # As a writer: no other process can remove a document, and with it the cache, while we look and save.
                with self._dense, self._connections.writing() as connection:
                    self._cache.save(connection, rows.live(connection))
            except StorybotError as error:
                _LOG.warning("The vectors weren't cached: %s", error)
        self._connections.close()

    def _wipe(self) -> None:
        """Let nothing that was removed linger in any file. What others hinder now is done at the next change."""
        with self._connections.reading() as connection:
            mark = rows.unwiped(connection)
        if not mark:
            return
        try:
            self._cache.forget_file()
            if self._connections.rewrite():
                with self._connections.writing() as connection:
                    rows.mark_wiped(connection, mark)
        except (CorpusBusy, DiskFull, OSError) as error:
            _LOG.warning("Traces of what was removed linger until the next change: %s", error)


def _weights(
    connection: sqlite3.Connection, edition: int, sought: Sequence[str], k: int, scope: Scope
) -> dict[int, float]:
    """BM25 of the k best passages by key, by statistics of the whole index, as FTS5 computes it."""
    words = rows.words(edition)
    found = connection.execute(
        f"""
        SELECT p.key, round(-bm25({words}), {laws.DECIMALS}) AS score FROM {_found_in(words)}
        ORDER BY score DESC, d.id, p.ordinal LIMIT :k
        """,  # noqa: S608 - no value of a user
        rows.scope_values(scope) | {"query": _any_of(sought), "k": k},
    )
    return dict(found.fetchall())


def _weights_in_scope(
    connection: sqlite3.Connection, edition: int, sought: Sequence[str], k: int, scope: Scope
) -> dict[int, float]:
    """BM25 of the passages that rank k-th or better, ties and all, by statistics of the passages in scope."""
    values = rows.scope_values(scope)
    passages, terms = connection.execute(
        f"""
        SELECT count(*), total(p.terms) FROM documents d JOIN passages p ON p.document = d.key
        WHERE p.edition = :edition AND {rows.IN_SCOPE}
        """,  # noqa: S608 - no value of a user
        values | {"edition": edition},
    ).fetchone()
    words = rows.words(edition)
    found = connection.execute(
        f"SELECT p.key, p.terms, {words}.terms FROM {_found_in(words)}",  # noqa: S608 - no value of a user
        values | {"query": _any_of(sought)},
    )
    counts = {(key, length): _count(there.split(), sought) for key, length, there in found}
    weigh = laws.Bm25(
        passages=passages,
        mean_length=terms / max(passages, 1),
        holding={term: sum(bool(often[term]) for often in counts.values()) for term in sought},
    )
    scores = {key: weigh(often, length) for (key, length), often in counts.items()}
    least = sorted(scores.values(), reverse=True)[:k][-1:]
    return {key: score for key, score in scores.items() if [score] >= least}


def _found_in(words: str) -> str:
    """Passages p of documents d that match a query within a scope. CROSS JOIN: the word index first, then the rest."""
    return (
        f"{words} CROSS JOIN passages p ON p.key = {words}.rowid CROSS JOIN documents d ON d.key = p.document "
        f"WHERE {words} MATCH :query AND {rows.IN_SCOPE}"
    )


def _count(there: list[str], sought: Sequence[str]) -> dict[str, int]:
    return {term: there.count(term) for term in sought}


def _remove_namesakes(connection: sqlite3.Connection, document: Document) -> bool:
    """Remove another document of the same name and collection; whether there was one."""
    found = connection.execute(
        "SELECT id FROM documents WHERE name = ? AND collection = ? AND id != ?",
        (document.name, document.collection, document.id),
    ).fetchall()
    for (other_id,) in found:
        _remove(connection, other_id)
    return bool(found)


def _remove(connection: sqlite3.Connection, document_id: str) -> None:
    """Remove a document from every index, and the indexes with the last one."""
    key = _key_of(connection, document_id)
    for edition in rows.editions(connection):
        rows.remove_passages(connection, edition=edition, document=key)
    connection.execute("DELETE FROM documents WHERE key = ?", (key,))
    (left,) = connection.execute("SELECT count(*) FROM documents").fetchone()
    if not left:
        for edition in rows.editions(connection):
            rows.remove_edition(connection, edition)


def _key_of(connection: sqlite3.Connection, document_id: str) -> int:
    row = connection.execute("SELECT key FROM documents WHERE id = ?", (document_id,)).fetchone()
    if row is None:
        raise DocumentNotFound(document_id)
    return int(row[0])


def _unindexed(connection: sqlite3.Connection, edition: int | None) -> list[str]:
    found = connection.execute(
        "SELECT id FROM documents d WHERE NOT EXISTS "
        "(SELECT 1 FROM passages p WHERE p.edition = ? AND p.document = d.key) ORDER BY id",
        (edition,),
    )
    return [document_id for (document_id,) in found]


def _best(connection: sqlite3.Connection, scores: dict[int, float]) -> list[tuple[Passage, float]]:
    """Passages of the keys, best first; the sort is stable, so that ties stay by document and order."""
    found = rows.read_passages(connection, "p.key IN (SELECT value FROM json_each(?))", (json.dumps(list(scores)),))
    return sorted(((passage, scores[key]) for key, passage in found), key=lambda pair: -pair[1])


def _any_of(terms: Sequence[str] | dict[str, None]) -> str:
    """FTS5's query for passages with any of the terms. Source: sqlite.org/fts5.html, section 3."""
    return " OR ".join('"{}"'.format(term.replace('"', '""')) for term in terms)
