"""The exact engine in memory: the yardstick that the others are measured by."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import RLock

import numpy as np

from storybot.engines import laws
from storybot.errors import CollectionExists, CollectionNotFound, DocumentNotFound, NameTaken, OriginalNotKept
from storybot.model import (
    DEFAULT_COLLECTION,
    Collection,
    Document,
    Entry,
    Hit,
    Manifest,
    Overview,
    Page,
    Passage,
    Scope,
    Vectors,
)


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
        self._originals: dict[str, bytes] = {}
        self._added: dict[str, str] = {}
        self._collections = {DEFAULT_COLLECTION}
        self._kept: dict[tuple[str, str], dict[bytes, Vectors]] = {}
        self._overviews: dict[str, Overview] = {}
        self._indexes: list[_Index] = []  # the live one stands first
        self._untouched = True

    @property
    def manner(self) -> str:
        """How the nearest passages are looked for."""
        return "each vector is looked at"

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever put."""
        return self._untouched

    @property
    def manifest(self) -> Manifest | None:
        """The manifest of the live index."""
        with self._lock:
            return self._indexes[0].manifest if self._indexes else None

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: Vectors,
        manifest: Manifest,
        *,
        original: bytes | None = None,
    ) -> None:
        """Store a document with its passages in the index of `manifest`."""
        laws.check_put(document, passages, vectors, manifest)
        with self._lock:
            for other in list(self._documents.values()):
                namesake = (other.name, other.collection) == (document.name, document.collection)
                if (namesake and other.id != document.id) or (other.id == document.id and other.text != document.text):
                    self.drop(other.id)
            self._documents[document.id] = document
            self._added.setdefault(document.id, laws.now())
            self._collections.add(document.collection)
            if original is not None:
                self._originals[document.id] = original
            self._untouched = False
            self.index(document, passages, vectors, manifest)

    def index(self, document: Document, passages: Sequence[Passage], vectors: Vectors, manifest: Manifest) -> bool:
        """Put the passages of a document that stands into the index of `manifest`."""
        laws.check_put(document, passages, vectors, manifest)
        shelf = _Shelf(
            passages=tuple(passages),
            vectors=laws.rounded(vectors),
            counts=tuple(Counter(terms) for terms in laws.indexed_terms(passages)),
        )
        with self._lock:
            self.forget(document.id)
            there = self._documents.get(document.id)
            stands = there is not None and there.text == document.text
            if stands:
                self._index(manifest).shelves[document.id] = shelf
            return stands

    def drop(self, document_id: str) -> None:
        """Remove a document from every index."""
        with self._lock:
            self.document(document_id)
            del self._documents[document_id], self._added[document_id]
            self._originals.pop(document_id, None)
            self._overviews.pop(document_id, None)
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

    def original(self, document_id: str) -> bytes:
        """The file that the document was read from."""
        with self._lock:
            document = self.document(document_id)
            if document_id not in self._originals:
                raise OriginalNotKept(document.name)
            return self._originals[document_id]

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """The document's pages."""
        return self.document(document_id).pages

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
                words=laws.count_words(document.text),
                passages=len(self.passages(document_id)),
                added=self._added[document_id],
                format=document.format,
                digest=document.digest,
            )

    def entries(self, collection: str | None = None) -> list[Entry]:
        """The catalogue by title, then id."""
        with self._lock:
            entries = [self.entry(document_id) for document_id in self._documents]
        chosen = [entry for entry in entries if collection in (None, entry.collection)]
        return sorted(chosen, key=lambda entry: (entry.title, entry.id))

    def twin(self, collection: str, text: str) -> str | None:
        """The id of the document of this very text in the collection."""
        with self._lock:
            found = (one.id for one in self._documents.values() if (one.collection, one.text) == (collection, text))
            return next(found, None)

    def standing(self, document_ids: Iterable[str]) -> dict[str, Entry]:
        """The lines of those of the documents that are there, by id."""
        with self._lock:
            return {one: self.entry(one) for one in document_ids if one in self._documents}

    def move(self, document_ids: Sequence[str], collection: str) -> None:
        """Put documents into another collection, all or none."""
        with self._lock:
            moved = dict(self._documents)
            for document_id in document_ids:
                document = self.document(document_id)
                others = [one for one in moved.values() if one.collection == collection and one.id != document_id]
                if moved[document_id].collection == collection:
                    continue
                if any(one.name == document.name or one.text == document.text for one in others):
                    raise NameTaken(document.name, collection=collection)
                moved[document_id] = replace(document, collection=collection)
            self._documents = moved
            self._collections.add(collection)

    def rename(self, called: Mapping[str, tuple[str, str]]) -> None:
        """Call documents otherwise, all or none."""
        with self._lock:
            renamed = dict(self._documents)
            for document_id, (name, title) in called.items():
                renamed[document_id] = replace(self.document(document_id), name=name, title=title)
            names = Counter((one.collection, one.name) for one in renamed.values())
            for (collection, name), count in names.items():
                if count > 1:
                    raise NameTaken(name, collection=collection)
            self._documents = renamed

    def collections(self) -> list[Collection]:
        """The collections by name."""
        with self._lock:
            counts = Counter(document.collection for document in self._documents.values())
            return [Collection(name=name, documents=counts[name]) for name in sorted(self._collections)]

    def begin_collection(self, name: str) -> None:
        """Make an empty collection."""
        with self._lock:
            if name in self._collections:
                raise CollectionExists(name)
            self._collections.add(name)

    def rename_collection(self, name: str, new: str) -> None:
        """Call a collection otherwise."""
        with self._lock:
            self._known(name)
            self.begin_collection(new)
            self.move([entry.id for entry in self.entries(name)], new)
            self._collections -= {name} - {DEFAULT_COLLECTION}

    def drop_collection(self, name: str) -> None:
        """Remove a collection and its documents."""
        with self._lock:
            self._known(name)
            for entry in self.entries(name):
                self.drop(entry.id)
            self._collections -= {name} - {DEFAULT_COLLECTION}

    def passages(self, document_id: str) -> list[Passage]:
        """The document's passages in the live index."""
        with self._lock:
            self.document(document_id)
            shelf = self._indexes[0].shelves.get(document_id)
            return list(shelf.passages) if shelf else []

    def vectors(self, document_id: str) -> Vectors:
        """The vectors of the document's passages in the live index."""
        with self._lock:
            self.document(document_id)
            shelf = self._indexes[0].shelves.get(document_id)
            return shelf.vectors if shelf else np.zeros((0, self._indexes[0].manifest.dim), dtype=np.float32)

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
        with self._lock:
            corpus, sought = self._sought(terms, scope)
            weigh = laws.Bm25(
                passages=len(corpus),
                mean_length=sum(counts.total() for counts in corpus) / max(len(corpus), 1),
                holding={term: sum(term in counts for counts in corpus) for term in sought.terms},
            )
            scored = [
                (passage, weigh(counts, counts.total()))
                for shelf in self._in_scope(scope)
                for passage, counts in zip(shelf.passages, shelf.counts, strict=True)
                if sought.finds(counts)
            ]
        return laws.ranked("words", _best(scored, k))

    def common(self, terms: Sequence[str], scope: Scope) -> frozenset[str]:
        """Those of the terms that `matching` leaves out in this scope."""
        with self._lock:
            return self._sought(terms, scope)[1].common

    def _sought(self, terms: Sequence[str], scope: Scope) -> tuple[list[Counter[str]], laws.Sought]:
        """The counts that statistics are of, and what is looked for."""
        asked = list(dict.fromkeys(laws.folded(terms)))
        whole = [counts for shelf in self._live_shelves() for counts in shelf.counts]
        inside = [counts for shelf in self._in_scope(scope) for counts in shelf.counts]
        corpus = inside if scope.document_ids else whole

        def holding() -> dict[str, int]:
            return {term: sum(term in counts for counts in whole) for term in asked}

        return corpus, laws.sought(asked, holding, len(whole), len(corpus))

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

    def keep(self, document_id: str, embedder: str, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors of a document on its way in."""
        with self._lock:
            there = self._kept.setdefault((document_id, embedder), {})
            there.update(zip(map(laws.digest, texts), vectors.astype(np.float32), strict=True))

    def kept(self, document_id: str, embedder: str, texts: Sequence[str]) -> dict[int, Vectors]:
        """The vectors that are kept for some of the texts, by place."""
        with self._lock:
            there = self._kept.get((document_id, embedder), {})
            digests = map(laws.digest, texts)
            return {place: there[digest] for place, digest in enumerate(digests) if digest in there}

    def forget(self, document_id: str) -> None:
        """Let go of what is kept for a document."""
        with self._lock:
            self._kept = {key: kept for key, kept in self._kept.items() if key[0] != document_id}

    def describe(self, overview: Overview) -> bool:
        """Store what a document is about, if it stands."""
        with self._lock:
            stands = overview.document_id in self._documents
            if stands:
                self._overviews[overview.document_id] = overview
            return stands

    def overview(self, document_id: str) -> Overview | None:
        """What the document is about, if that is known."""
        with self._lock:
            self.document(document_id)
            return self._overviews.get(document_id)

    def undescribed(self, recipe: str) -> list[str]:
        """Ids of the documents without an overview of this recipe, the last added first."""
        with self._lock:
            described = {one for one, overview in self._overviews.items() if overview.recipe == recipe}
            return [one for one in reversed(self._documents) if one not in described]

    def tidy(self) -> None:
        """Nothing is left untidy in memory."""

    def check(self) -> None:
        """Nothing on disk can be damaged."""

    def repair(self) -> list[str]:
        """Nothing to mend."""
        return []

    def close(self) -> None:
        """Nothing to let go of."""

    def _known(self, name: str) -> None:
        if name not in self._collections:
            raise CollectionNotFound(name)

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
