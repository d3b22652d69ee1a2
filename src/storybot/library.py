"""The library: a document's way into the corpus, and the catalogue of what is there."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from storybot import chunking, ranking, words
from storybot.chunking import chunk
from storybot.errors import Cancelled, CollectionNotFound, DocumentNotFound, EmptyName, NameTaken, OriginalNotKept
from storybot.model import Collection, Document, Entry, Manifest, Overview, Passage, Source, Vectors
from storybot.parsing import document_id, title_of
from storybot.ports import Embedder, Engine, Parse, Progress, Pulse
from storybot.ranking import contextual
from storybot.undoing import Removed, Undo

_RECIPE = f"{chunking.RECIPE}; {ranking.RECIPE}; {words.RECIPE}"

_NAME_LETTERS = 100
"""Longest name of a collection."""

_KEEP_SECONDS = 1.0
"""Between two times that embeddings are written down, at least: each costs a wait for the disk."""


_COUNTED_AT_ONCE = 1000
"""Sentences whose tokens are counted between two looks at the pulse: a few hundredths of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A source that was read and cut, ready to be embedded. `original`: its bytes, or None if they are kept already."""

    document: Document
    passages: tuple[Passage, ...]
    original: bytes | None


class Library:
    """Takes documents in, lists, moves and removes them. Safe to call from any thread."""

    def __init__(
        self,
        engine: Engine,
        embedder: Embedder,
        parse: Parse,
        *,
        close: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """parse: reads files. close: lets go of what it reads them with."""
        self._engine = engine
        self._embedder = embedder
        self._parse = parse
        self._close = close
        self._clock = clock
        self._undo = Undo(clock)

    def close(self) -> None:
        """Let go of what reads files."""
        self._close()

    # The way in

    def add(self, source: Source, progress: Progress | None = None) -> Entry:
        """Take a source in. `progress` gets (passages embedded, passages) and may raise to stop.

        The same text again changes nothing; the same name with another text replaces the old one.
        Raises: InputError, ModelNotFound, CorpusBusy, DiskFull.
        """
        return self.take(self.read(source), progress)

    def read(self, source: Source, pulse: Pulse = lambda: None) -> Prepared:
        """Read and cut a source. Raises: InputError, ModelNotFound, and what `pulse` raises."""
        source = replace(source, collection=called(source.collection))
        document = self._named(self._parse(source, pulse))
        return Prepared(document=document, passages=self._cut(document, pulse), original=source.data)

    def take(self, prepared: Prepared, progress: Progress | None = None) -> Entry:
        """Embed what was read and put it into the corpus, as `add` does."""
        document = prepared.document
        twin = self._engine.twin(document.collection, document.text)
        if twin is None:
            self._put(prepared, progress)
            return self._engine.entry(document.id)
        if self._engine.entry(twin).name != document.name:  # else no other has the name
            for namesake in self._engine.entries(document.collection):
                if namesake.name == document.name:
                    self._engine.drop(namesake.id)
        self._keep_file(twin, prepared)
        return self._engine.entry(twin)

    def _keep_file(self, document_id: str, prepared: Prepared) -> None:
        """Keep the file of a text that is there: from other bytes, or from before files were kept."""
        entry, fresh = self._engine.entry(document_id), prepared.document
        changed = entry.name == fresh.name and entry.digest != fresh.digest
        there = self._copy(document_id) if changed else None
        if there is None:
            return
        document = replace(there.document, digest=fresh.digest, format=fresh.format)
        self._engine.put(document, there.passages, there.vectors, there.manifest, original=prepared.original)

    def renew(self, progress: Progress | None = None) -> None:
        """Bring the index up to date. `progress` gets (documents, documents) and may raise to stop.

        Raises: ModelNotFound.

        An index of another model or recipe is built anew beside the old one, which answers meanwhile: by words alone
        where its vectors can't be compared with the new model's. What the model would embed as before isn't embedded
        again. What another process put into another index alone comes in too.
        """
        manifest = self.manifest()
        while self._behind(manifest) and not self._engine.swap(manifest):
            lacking = self._engine.unindexed(manifest)
            for done, lacking_id in enumerate(lacking):

                def told(*_: int, done: int = done, lacking: int = len(lacking)) -> None:
                    if progress:
                        progress(done, lacking)

                told()
                with suppress(DocumentNotFound):  # it was removed meanwhile
                    document = self._engine.document(lacking_id)
                    passages = self._cut(document, told)
                    vectors = self._standing(document.id, passages, manifest)
                    if vectors is None:
                        vectors = contextual(self._embed(document.id, passages, told))
                    self._engine.index(document, passages, vectors, manifest)

    def _standing(self, document_id: str, passages: Sequence[Passage], manifest: Manifest) -> Vectors | None:
        """The vectors of the live index, where it has these passages and made them alike: only its words are others."""
        live = self._engine.manifest
        if live is None or live.embedder != manifest.embedder or ranking.RECIPE not in live.recipe.split("; "):
            return None
        spans = [passage.span for passage in self._engine.passages(document_id)]
        vectors = self._engine.vectors(document_id)
        alike = spans == [passage.span for passage in passages] and len(vectors) == len(passages)
        return vectors if alike and self._engine.manifest == live else None

    def _behind(self, manifest: Manifest) -> bool:
        """Whether the live index isn't the one of the manifest, or lacks documents."""
        live = self._engine.manifest
        return live is not None and (live != manifest or bool(self._engine.unindexed(manifest)))

    def manifest(self) -> Manifest:
        """What documents are indexed with now. Raises: ModelNotFound."""
        return Manifest(embedder=self._embedder.revision, dim=self._embedder.dim, recipe=_RECIPE)

    def _named(self, document: Document) -> Document:
        """The document under an id of its own: one of the same text may have moved to another collection."""
        number = 0
        there = self._engine.standing([document.id])
        while document.id in there and there[document.id].collection != document.collection:
            number += 1
            document = replace(document, id=document_id(document.collection, document.text, number))
            there = self._engine.standing([document.id])
        return document

    def _cut(self, document: Document, pulse: Pulse) -> tuple[Passage, ...]:
        def count(texts: Sequence[str]) -> list[int]:
            counts: list[int] = []
            for start in range(0, len(texts), _COUNTED_AT_ONCE):
                pulse()
                counts += self._embedder.count_tokens(texts[start : start + _COUNTED_AT_ONCE])
            return counts

        return tuple(chunk(document, count, self._embedder.max_tokens))

    def _put(self, prepared: Prepared, progress: Progress | None) -> None:
        document, passages = prepared.document, prepared.passages
        try:
            vectors = contextual(self._embed(document.id, passages, progress))
        except Cancelled:
            self._engine.forget(document.id)
            raise
        self._engine.put(document, passages, vectors, self.manifest(), original=prepared.original)

    def _embed(self, document: str, passages: Sequence[Passage], progress: Progress | None) -> Vectors:
        """Vectors (n, dim) of the passages; those that were kept by an attempt before aren't embedded again."""
        texts = [passage.text for passage in passages]
        vectors = np.zeros((len(texts), self._embedder.dim), dtype=np.float32)
        kept = self._engine.kept(document, self._embedder.revision, texts)
        for place, vector in kept.items():
            vectors[place] = vector
        lacking = [place for place in range(len(texts)) if place not in kept]
        done = len(kept)
        if progress:
            progress(done, len(texts))
        for places in self._embedding(document, texts, lacking, vectors):
            done += len(places)
            if progress:
                progress(done, len(texts))
        return vectors

    def _embedding(
        self, document: str, texts: Sequence[str], lacking: Sequence[int], vectors: Vectors
    ) -> Iterator[list[int]]:
        """Fill in the lacking rows of `vectors` batch by batch, and keep them now and then; gives each batch's rows."""
        unkept: list[int] = []
        written = self._clock()
        for batch, found in self._embedder.embed_passages([texts[place] for place in lacking]):
            places = [lacking[place] for place in batch]
            vectors[places] = found
            unkept += places
            if self._clock() - written > _KEEP_SECONDS:
                self._engine.keep(
                    document, self._embedder.revision, [texts[place] for place in unkept], vectors[unkept]
                )
                unkept, written = [], self._clock()
            yield places

    # The way out

    def drop(self, document_id: str) -> None:
        """Forget a document, wholly and at once. Raises: DocumentNotFound."""
        self._engine.drop(document_id)

    def remove(self, document_id: str) -> Entry:
        """Forget a document; for `UNDO_SECONDS` it can be put back out of memory. Raises: DocumentNotFound."""
        entry = self._engine.entry(document_id)
        removed = self._copy(document_id)
        self._engine.drop(document_id)
        if removed:
            self._undo.hold(removed)
        return entry

    def restore(self, document_id: str) -> Entry:
        """Put back what `remove` took. Conversations that quoted it stay silent.

        Raises: DocumentNotFound, NameTaken.
        """
        removed = self._undo.get(document_id)
        if removed is None:
            raise DocumentNotFound(document_id)
        document = removed.document
        if any(entry.name == document.name for entry in self._engine.entries(document.collection)):
            raise NameTaken(document.name, collection=document.collection)  # added meanwhile, and not to be lost
        self._engine.put(document, removed.passages, removed.vectors, removed.manifest, original=removed.original)
        if self._engine.manifest == self.manifest() != removed.manifest:
            self.renew()  # another index went live since it was removed
        self._undo.release(document_id)
        return self._engine.entry(document_id)

    def removed(self, document_ids: Iterable[str]) -> list[Document]:
        """Those of the documents that `restore` can still put back."""
        found = (self._undo.get(document_id) for document_id in document_ids)
        return [removed.document for removed in found if removed]

    def _copy(self, document_id: str) -> Removed | None:
        """All of a document; None where the index changes meanwhile or holds no passages of it: nothing to put back."""
        manifest = self._engine.manifest
        passages, vectors = self._engine.passages(document_id), self._engine.vectors(document_id)
        if manifest is None or not passages or len(passages) != len(vectors):
            return None
        try:
            original = self._engine.original(document_id)
        except OriginalNotKept:
            original = None
        document = self._engine.document(document_id)
        return Removed(
            document=document, passages=tuple(passages), vectors=vectors, manifest=manifest, original=original
        )

    # The catalogue

    def entries(self, collection: str | None = None) -> list[Entry]:
        """The documents, by title: of one collection, or all."""
        return self._engine.entries(collection)

    def entry(self, document_id: str) -> Entry:
        """A document's line in the catalogue. Raises: DocumentNotFound."""
        return self._engine.entry(document_id)

    def document(self, document_id: str) -> Document:
        """A document. Raises: DocumentNotFound."""
        return self._engine.document(document_id)

    def original(self, document_id: str) -> bytes:
        """The file that the document was read from. Raises: DocumentNotFound, OriginalNotKept."""
        return self._engine.original(document_id)

    def overview(self, document_id: str) -> Overview | None:
        """What the document is about; None until that is known. Raises: DocumentNotFound."""
        return self._engine.overview(document_id)

    def passages(self, document_id: str) -> list[Passage]:
        """A document's passages in order. Raises: DocumentNotFound."""
        return self._engine.passages(document_id)

    def collections(self) -> list[Collection]:
        """The collections, by name."""
        return self._engine.collections()

    def collection(self, name: str) -> Collection:
        """One of the collections. Raises: CollectionNotFound."""
        for collection in self.collections():
            if collection.name == name:
                return collection
        raise CollectionNotFound(name)

    def begin_collection(self, name: str) -> Collection:
        """Make an empty collection. Raises: EmptyName, CollectionExists."""
        name = called(name)
        self._engine.begin_collection(name)
        return self.collection(name)

    def rename_collection(self, name: str, new: str) -> Collection:
        """Call a collection otherwise. Raises: EmptyName, CollectionNotFound, CollectionExists."""
        new = called(new)
        self._engine.rename_collection(name, new)
        return self.collection(new)

    def drop_collection(self, name: str) -> None:
        """Forget a collection and its documents, wholly. Raises: CollectionNotFound."""
        self._engine.drop_collection(name)

    def move(self, document_ids: Sequence[str], collection: str) -> None:
        """Put documents into another collection, all or none. Raises: EmptyName, DocumentNotFound, NameTaken."""
        self._engine.move(document_ids, called(collection))

    def rename(self, names: Mapping[str, str]) -> None:
        """Call documents otherwise, all or none: new names by id. A title that told the old name tells the new one.

        Raises: DocumentNotFound, NameTaken.
        """
        called = {}
        for known, name in names.items():
            entry = self._engine.entry(known)
            called[known] = (name, title_of(name) if entry.title == title_of(entry.name) else entry.title)
        if called:
            self._engine.rename(called)

    # The corpus as a whole

    @property
    def model(self) -> str:
        """Name and fingerprint of the embedding model. Raises: ModelNotFound."""
        return self._embedder.revision

    @property
    def runtime(self) -> str:
        """What computes the vectors. Raises: ModelNotFound."""
        return self._embedder.runtime

    @property
    def live(self) -> Manifest | None:
        """The manifest of the index that answers now; None of an empty corpus."""
        return self._engine.manifest

    @property
    def manner(self) -> str:
        """How the nearest passages are looked for, in words."""
        return self._engine.manner

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, dim) of passages, before their neighbours are mixed in."""
        vectors = np.zeros((len(texts), self._embedder.dim), dtype=np.float32)
        for places, found in self._embedder.embed_passages(texts):
            vectors[places] = found
        return vectors

    def tidy(self) -> None:
        """Rewrite what removals left untidy: for idle moments."""
        self._engine.tidy()

    def check(self) -> None:
        """Read the whole corpus over. Raises: CorpusDamaged."""
        self._engine.check()

    def repair(self) -> list[str]:
        """Mend what can be mended without loss; what was done, a line each. Raises: CorpusDamaged."""
        return self._engine.repair()


def called(name: str) -> str:
    """A collection's name without what can't be seen. Raises: EmptyName."""
    shown = " ".join("".join(char if char.isprintable() else " " for char in name).split())[:_NAME_LETTERS].strip()
    if not any(char.isalnum() for char in shown):
        raise EmptyName
    return shown
