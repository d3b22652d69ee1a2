"""The engine on disk: one SQLite file is the truth, FAISS a cache of its vectors."""

import json
import logging
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from storybot.engines import checking, documents, indexes, laws, overviews, removing, rows, schema, wiping
from storybot.engines import passages as shelving
from storybot.engines.archive import SqliteArchive
from storybot.engines.connections import Connections
from storybot.engines.copying import SqliteStore
from storybot.engines.faiss_cache import FaissCache
from storybot.engines.queue import SqliteQueue
from storybot.engines.scopes import Scopes
from storybot.engines.wiper import Wiper
from storybot.engines.word_index import WordIndex
from storybot.errors import (
    CollectionExists,
    CollectionNotFound,
    CorpusDamaged,
    DocumentNotFound,
    FolderNotWritable,
    StorybotError,
)
from storybot.model import Collection, Document, Entry, Hit, Manifest, Overview, Page, Passage, Scope, Vectors

_LOG = logging.getLogger(__name__)

CORPUS_FILE = "corpus.db"
VECTORS_FILE = "vectors.faiss"

_KEPT = np.dtype("<f4")


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
        self._scopes = Scopes()
        self._words = WordIndex()
        self._cache = FaissCache(folder / VECTORS_FILE, self._scopes)
        self._dense = Lock()  # taken before a snapshot, so that the cache never has to go back in time
        self._wiper = Wiper(self._path, self._connections, self._cache)
        self._queue = SqliteQueue(self._connections, self._wiper.wipe)
        self._wiper.wipe()

    @property
    def archive(self) -> SqliteArchive:
        """The conversations in the same file."""
        return SqliteArchive(self._connections, self._wiper.wipe)

    @property
    def queue(self) -> SqliteQueue:
        """The sources on their way into the same file, as this process works on them."""
        return self._queue

    @property
    def store(self) -> SqliteStore:
        """The same file as a whole."""
        return SqliteStore(self._connections, self._wiper.wipe)

    @property
    def manifest(self) -> Manifest | None:
        """The manifest of the live index."""
        with self._connections.reading() as connection:
            live = rows.live(connection)
            return live.manifest if live else None

    @property
    def manner(self) -> str:
        """How the nearest passages are looked for."""
        with self._connections.reading() as connection:
            (count,) = connection.execute(
                "SELECT total(passages) FROM shelves WHERE edition = (SELECT key FROM editions WHERE live)"
            ).fetchone()
        return indexes.manner(int(count))

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever put."""
        with self._connections.reading() as connection:
            return rows.untouched(connection)

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: Vectors,
        manifest: Manifest,
        *,
        original: bytes | None = None,
    ) -> None:
        """Store a document with its passages in the index of `manifest`. Raises: DiskFull, CorpusBusy."""
        laws.check_put(document, passages, vectors, manifest)
        packed = shelving.pack(passages, vectors)
        packed_original = None if original is None else documents.packed_original(original)
        with self._connections.writing() as connection:
            if removing.remove_namesakes(connection, document):
                wiping.mark_removal(connection)
            rows.add_collection(connection, document.collection)
            key = documents.write(connection, document, packed_original)
            _shelve(connection, manifest, key, packed)
            rows.forget(connection, document.id)
        self._wiper.wipe()

    def index(self, document: Document, passages: Sequence[Passage], vectors: Vectors, manifest: Manifest) -> bool:
        """Put the passages of a document that stands into the index of `manifest`."""
        laws.check_put(document, passages, vectors, manifest)
        packed = shelving.pack(passages, vectors)
        with self._connections.writing() as connection:
            rows.forget(connection, document.id)
            key = documents.key_of_text(connection, document)
            if key is not None:
                _shelve(connection, manifest, key, packed)
        self._wiper.wipe()
        return key is not None

    def drop(self, document_id: str) -> None:
        """Remove a document, and every trace of it in the folder."""
        with self._connections.writing() as connection:
            removing.remove(connection, document_id)
            rows.mark_change(connection)
            wiping.mark_removal(connection)
        self._wiper.wipe()

    def document(self, document_id: str) -> Document:
        """The document."""
        with self._connections.reading() as connection:
            return documents.read(connection, document_id)

    def original(self, document_id: str) -> bytes:
        """The file that the document was read from."""
        with self._connections.reading() as connection:
            return documents.read_original(connection, document_id)

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """The document's pages."""
        with self._connections.reading() as connection:
            return documents.read_pages(connection, document_id)

    def entry(self, document_id: str) -> Entry:
        """The document's line in the catalogue."""
        found = self.standing([document_id])
        if not found:
            raise DocumentNotFound(document_id)
        return found[document_id]

    def entries(self, collection: str | None = None) -> list[Entry]:
        """The catalogue by title, then id."""
        with self._connections.reading() as connection:
            if collection is None:
                return documents.entries(connection, "TRUE")
            return documents.entries(connection, "d.collection = ?", (collection,))

    def twin(self, collection: str, text: str) -> str | None:
        """The id of the document of this very text in the collection."""
        with self._connections.reading() as connection:
            return documents.twin(connection, collection, laws.digest(text))

    def standing(self, document_ids: Iterable[str]) -> dict[str, Entry]:
        """The lines of those of the documents that are there, by id."""
        wanted = json.dumps([*document_ids])
        with self._connections.reading() as connection:
            found = documents.entries(connection, "d.id IN (SELECT value FROM json_each(?))", (wanted,))
        return {entry.id: entry for entry in found}

    def move(self, document_ids: Sequence[str], collection: str) -> None:
        """Put documents into another collection, all or none."""
        with self._connections.writing() as connection:
            rows.add_collection(connection, collection)
            for document_id in document_ids:
                documents.move(connection, document_id, collection)
            rows.mark_change(connection)

    def rename(self, called: Mapping[str, tuple[str, str]]) -> None:
        """Call documents otherwise, all or none."""
        with self._connections.writing() as connection:
            documents.rename(connection, called)
            rows.mark_change(connection)

    def collections(self) -> list[Collection]:
        """The collections by name."""
        with self._connections.reading() as connection:
            return rows.collections(connection)

    def begin_collection(self, name: str) -> None:
        """Make an empty collection."""
        with self._connections.writing() as connection:
            if rows.has_collection(connection, name):
                raise CollectionExists(name)
            rows.add_collection(connection, name)

    def rename_collection(self, name: str, new: str) -> None:
        """Call a collection otherwise, also in the conversations about it."""
        with self._connections.writing() as connection:
            if not rows.has_collection(connection, name):
                raise CollectionNotFound(name)
            if rows.has_collection(connection, new):
                raise CollectionExists(new)
            rows.rename_collection(connection, name, new)
            rows.mark_change(connection)

    def drop_collection(self, name: str) -> None:
        """Remove a collection and its documents, and every trace of them in the folder."""
        with self._connections.writing() as connection:
            if not rows.has_collection(connection, name):
                raise CollectionNotFound(name)
            for entry in documents.entries(connection, "d.collection = ?", (name,)):
                removing.remove(connection, entry.id)
            connection.execute("DELETE FROM collections WHERE name = ?", (name,))
            rows.mark_change(connection)
            wiping.mark_removal(connection)
        self._wiper.wipe()

    def passages(self, document_id: str) -> list[Passage]:
        """The document's passages in the live index."""
        with self._connections.reading() as connection:
            key = documents.key_of(connection, document_id)
            condition = "p.document = ? AND p.edition = (SELECT key FROM editions WHERE live)"
            return [passage for _, passage in shelving.read(connection, condition, (key,))]

    def vectors(self, document_id: str) -> Vectors:
        """The vectors (n, dim) of the document's passages in the live index."""
        with self._connections.reading() as connection:
            try:
                return shelving.read_vectors(connection, documents.key_of(connection, document_id))
            except ValueError as error:
                raise CorpusDamaged(str(self._path), str(error)) from error

    def around(self, passage: Passage, reach: int) -> list[Passage]:
        """The passage and its neighbours."""
        with self._connections.reading() as connection:
            found = shelving.around(connection, passage, reach)
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
            chosen = self._scopes.chosen(connection, live, scope)
            apart = bool(scope.document_ids)
            scores = self._words.best(connection, live, sought, k, chosen, apart=apart)
            return laws.ranked("words", _best(connection, scores)[:k])

    def common(self, terms: Sequence[str], scope: Scope) -> frozenset[str]:
        """Those of the terms that `matching` leaves out in this scope."""
        asked = list(dict.fromkeys(laws.folded(terms)))
        with self._connections.reading() as connection:
            live = rows.live(connection)
            if live is None:
                return frozenset()
            chosen = self._scopes.chosen(connection, live, scope)
            return self._words.sought(connection, live, asked, chosen, apart=bool(scope.document_ids)).common

    def keep(self, document_id: str, embedder: str, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors of a document on its way in."""
        blobs = [vector.astype(_KEPT).tobytes() for vector in vectors]
        with self._connections.writing() as connection:
            rows.keep(connection, document_id, embedder, texts, blobs)

    def kept(self, document_id: str, embedder: str, texts: Sequence[str]) -> dict[int, Vectors]:
        """The vectors that are kept for some of the texts, by place."""
        with self._connections.reading() as connection:
            there = rows.kept(connection, document_id, embedder)
        found = ((place, there.get(laws.digest(text))) for place, text in enumerate(texts))
        return {place: np.frombuffer(blob, dtype=_KEPT).astype(np.float32) for place, blob in found if blob is not None}

    def forget(self, document_id: str) -> None:
        """Let go of what is kept for a document that won't come in."""
        with self._connections.writing() as connection:
            rows.forget(connection, document_id)

    def describe(self, overview: Overview) -> bool:
        """Store what a document is about, if it stands."""
        with self._connections.writing() as connection:
            return overviews.write(connection, overview)

    def overview(self, document_id: str) -> Overview | None:
        """What the document is about, if that is known."""
        with self._connections.reading() as connection:
            return overviews.read(connection, document_id, documents.key_of(connection, document_id))

    def undescribed(self, recipe: str) -> list[str]:
        """Ids of the documents without an overview of this recipe, the last added first."""
        with self._connections.reading() as connection:
            return overviews.lacking(connection, recipe)

    def unindexed(self, manifest: Manifest) -> list[str]:
        """Ids of the documents without passages in the index of `manifest`, sorted."""
        with self._connections.reading() as connection:
            return rows.unindexed(connection, rows.edition_of(connection, manifest))

    def swap(self, manifest: Manifest) -> bool:
        """Make the index of `manifest` the live and only one, unless documents lack in it."""
        with self._connections.writing() as connection:
            kept = rows.edition_of(connection, manifest)
            if rows.unindexed(connection, kept):
                return False
            others = [edition for edition in rows.editions(connection) if edition != kept]
            for edition in others:
                rows.remove_edition(connection, edition)
            if others:
                connection.execute("UPDATE editions SET live = 1 WHERE key = ?", (kept,))
                rows.mark_change(connection)
                wiping.mark_removal(connection)
        self._wiper.wipe()
        return True

    def tidy(self) -> None:
        """Let go of vectors that nobody came back for, and rewrite the file where removals left it untidy."""
        with self._connections.writing() as connection:
            rows.forget_old(connection)
        self._wiper.tidy()

    def check(self) -> None:
        """Read the whole file over. Raises: CorpusDamaged."""
        with self._connections.writing() as connection:  # FTS5 takes its check for a change
            complaints = checking.complaints(connection)
        if complaints:
            raise CorpusDamaged(str(self._path), complaints[0])

    def repair(self) -> list[str]:
        """Mend what can be mended without loss; what was done, a line each. Raises: CorpusDamaged where it can't be."""
        with self._connections.writing() as connection:
            done = checking.mended(connection)
            if done:
                rows.mark_change(connection)
                wiping.mark_removal(connection)
        if self._cache.forget_torn_file():
            done.append("removed the cached vectors, which weren't whole, to be made anew")
        self.tidy()
        self.check()
        return done

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


def _shelve(connection: sqlite3.Connection, manifest: Manifest, document: int, packed: shelving.Packed) -> None:
    """Put a document's passages into the index of `manifest`, in the place of those that are there."""
    edition = rows.edition_of(connection, manifest)
    if edition is None:
        edition = rows.add_edition(connection, manifest)
    if shelving.remove(connection, edition=edition, document=document):
        wiping.mark_removal(connection)
    shelving.write(connection, edition=edition, document=document, packed=packed)
    rows.mark_change(connection)


def _best(connection: sqlite3.Connection, scores: dict[int, float]) -> list[tuple[Passage, float]]:
    """Passages of the keys, best first; the sort is stable, so that ties stay by document and order."""
    found = shelving.read(connection, "p.key IN (SELECT value FROM json_each(?))", (json.dumps(list(scores)),))
    return sorted(((passage, scores[key]) for key, passage in found), key=lambda pair: -pair[1])
