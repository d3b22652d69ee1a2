"""The exact engine in memory: the yardstick that the others are measured by."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import RLock

import numpy as np

from storybot.engines import laws
from storybot.errors import DocumentNotFound
from storybot.model import Document, Entry, Hit, Manifest, Passage, Scope, Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """One document's passages in one index, with their vectors (n, dim) and how often each term stands in them."""

    passages: tuple[Passage, ...]
    vectors: Vectors
    counts: tuple[Counter[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """The shelves of one manifest by document id."""

    manifest: Manifest
    shelves: dict[str, _Shelf] = field(default_factory=dict)


class MemoryEngine:
    """An `Engine` that keeps all in memory and looks at every passage for every question."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._documents: dict[str, Document] = {}
        self._added: dict[str, str] = {}
        self._indexes: list[_Index] = []  # the live one stands first
        self._untouched = True

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever put."""
        return self._untouched

    @property
    def manifest(self) -> Manifest | None:
        """The manifest of the live index."""
        with self._lock:
            return self._indexes[0].manifest if self._indexes else None

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors, manifest: Manifest) -> None:
        """Store a document with its passages in the index of `manifest`."""
        laws.check_put(document, passages, vectors, manifest)
        shelf = _Shelf(
            passages=tuple(passages),
            vectors=vectors.astype(np.float32),
            counts=tuple(Counter(terms) for terms in laws.indexed_terms(passages)),
        )
        with self._lock:
            for other in list(self._documents.values()):
                if (other.name, other.collection) == (document.name, document.collection) and other.id != document.id:
                    self.drop(other.id)
            self._documents[document.id] = document
            self._added.setdefault(document.id, laws.now())
            self._index(manifest).shelves[document.id] = shelf
            self._untouched = False

    def drop(self, document_id: str) -> None:
        """Remove a document from every index."""
        with self._lock:
            self.document(document_id)
            del self._documents[document_id], self._added[document_id]
            for index in self._indexes:
                index.shelves.pop(document_id, None)
            if not self._documents:
                self._indexes.clear()

    def document(self, document_id: str) -> Document:
        """The document."""
        with self._lock:
            if document_id not in self._documents:
                raise DocumentNotFound(document_id)
            return self._documents[document_id]

    def entry(self, document_id: str) -> Entry:
        """The document's line in the catalogue."""
        with self._lock:
            document = self.document(document_id)
            return Entry(
                id=document.id,
                name=document.name,
                title=document.title,
                collection=document.collection,
                length=len(document.text),
                passages=len(self.passages(document_id)),
                added=self._added[document_id],
            )

    def entries(self, collection: str | None = None) -> list[Entry]:
        """The catalogue by title, then id."""
        with self._lock:
            entries = [self.entry(document_id) for document_id in self._documents]
        chosen = [entry for entry in entries if collection in (None, entry.collection)]
        return sorted(chosen, key=lambda entry: (entry.title, entry.id))

    def passages(self, document_id: str) -> list[Passage]:
        """The document's passages in the live index."""
        with self._lock:
            self.document(document_id)
            shelf = self._indexes[0].shelves.get(document_id)
            return list(shelf.passages) if shelf else []

    def around(self, passage: Passage, reach: int) -> list[Passage]:
        """The passage and its neighbours."""
        with self._lock:
            shelf = self._indexes[0].shelves.get(passage.document_id) if self._indexes else None
            if shelf is None or passage not in shelf.passages:
                return []
            place = shelf.passages.index(passage)
            return list(shelf.passages[max(0, place - reach) : place + reach + 1])

    def nearest(self, vector: Vectors, k: int, scope: Scope) -> list[Hit]:
        """The k passages in scope with the largest inner products."""
        with self._lock:
            if self._indexes:
                laws.check_query(vector, self._indexes[0].manifest)
            scored = [
                (passage, float(score))
                for shelf in self._in_scope(scope)
                for passage, score in zip(shelf.passages, laws.exact_scores(shelf.vectors, vector), strict=True)
            ]
        return laws.ranked("dense", _best(scored, k))

    def matching(self, terms: Sequence[str], k: int, scope: Scope) -> list[Hit]:
        """The k passages in scope with the largest BM25."""
        sought = list(dict.fromkeys(laws.folded(terms)))
        with self._lock:
            counted = self._in_scope(scope) if scope.document_ids else self._live_shelves()
            corpus = [counts for shelf in counted for counts in shelf.counts]
            weigh = laws.Bm25(
                passages=len(corpus),
                mean_length=sum(counts.total() for counts in corpus) / max(len(corpus), 1),
                holding={term: sum(term in counts for counts in corpus) for term in sought},
            )
            scored = [
                (passage, weigh(counts, counts.total()))
                for shelf in self._in_scope(scope)
                for passage, counts in zip(shelf.passages, shelf.counts, strict=True)
                if any(term in counts for term in sought)
            ]
        return laws.ranked("words", _best(scored, k))

    def unindexed(self, manifest: Manifest) -> list[str]:
        """Ids of the documents without passages in the index of `manifest`, sorted."""
        with self._lock:
            indexed = {
                document_id
                for index in self._indexes
                if index.manifest == manifest
                for document_id, shelf in index.shelves.items()
                if shelf.passages
            }
            return sorted(self._documents.keys() - indexed)

    def swap(self, manifest: Manifest) -> bool:
        """Make the index of `manifest` the live and only one, unless documents lack in it."""
        with self._lock:
            if self.unindexed(manifest):
                return False
            self._indexes = [index for index in self._indexes if index.manifest == manifest]
            return True

    def check(self) -> None:
        """Nothing on disk can be damaged."""

    def close(self) -> None:
        """Nothing to let go of."""

    def _index(self, manifest: Manifest) -> _Index:
        for index in self._indexes:
            if index.manifest == manifest:
                return index
        self._indexes.append(_Index(manifest=manifest))
        return self._indexes[-1]

    def _live_shelves(self) -> list[_Shelf]:
        return list(self._indexes[0].shelves.values()) if self._indexes else []

    def _in_scope(self, scope: Scope) -> list[_Shelf]:
        """Shelves in scope by document id: the order that ties are settled in."""
        shelves = self._indexes[0].shelves if self._indexes else {}
        return [
            shelves[document_id]
            for document_id in sorted(shelves)
            if self._documents[document_id].collection == scope.collection
            and (not scope.document_ids or document_id in scope.document_ids)
        ]


def _best(scored: list[tuple[Passage, float]], k: int) -> list[tuple[Passage, float]]:
    """The k best. The sort is stable, so that ties stay in the order they came."""
    return sorted(scored, key=lambda pair: -pair[1])[: max(k, 0)]
