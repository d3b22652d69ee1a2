"""A change of the embedding model: the new index beside the old, and a crash in between."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from storybot import ranking
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.memory import MemoryEngine
from storybot.engines.sqlite import SqliteEngine
from storybot.library import Library
from storybot.model import Scope, Source, Vectors
from storybot.parsing import parse
from storybot.ports import Embedder, Pulse
from storybot.words import query_terms

SHORT = b"The crow sat on the mill. She held a piece of cheese."
LONG = "".join(f"Fox {n} went to the town of number {n} and sang there all day long.\n\n" for n in range(120)).encode()


class OtherModel:
    """The real model under another revision, which dies once so many batches are embedded."""

    def __init__(self, embedder: Embedder, batches: int) -> None:
        self._embedder = embedder
        self._batches = batches
        self.embedded: list[str] = []
        self.revision = "another"
        self.runtime = embedder.runtime
        self.dim = embedder.dim
        self.max_tokens = embedder.max_tokens
        self.count_tokens = embedder.count_tokens
        self.embed_query = embedder.embed_query

    def embed_passages(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        for places, vectors in self._embedder.embed_passages(texts):
            if self._batches == 0:
                raise KeyboardInterrupt
            self._batches -= 1
            self.embedded += [texts[place] for place in places]
            yield places, vectors


def read(source: Source, _pulse: Pulse) -> object:
    return parse(source, max_bytes=1_000_000)


def test_a_new_index_survives_a_crash_and_the_old_one_answers_until_the_swap(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    ticks = count(0, 10)  # each look at the clock is ten seconds later, so that every batch is kept

    def library(engine: SqliteEngine, model: Embedder) -> Library:
        return Library(engine, model, read, clock=lambda: next(ticks))  # type: ignore[arg-type]

    with closing(SqliteEngine(tmp_path)) as engine:
        old = library(engine, embedder)
        entries = [old.add(Source(name=name, data=data)) for name, data in [("a.txt", SHORT), ("b.txt", LONG)]]
        passages = sum(entry.passages for entry in entries)
        assert passages > 32
        model = OtherModel(embedder, batches=2)
        with pytest.raises(KeyboardInterrupt):
            library(engine, model).renew()
        assert engine.manifest == old.manifest()
    with closing(SqliteEngine(tmp_path)) as engine:
        hits = engine.matching(query_terms("Who held the cheese?"), 1, Scope())
        assert "cheese" in hits[0].passage.text
        again = OtherModel(embedder, batches=-1)
        steps: list[tuple[int, int]] = []
        library(engine, again).renew(lambda done, total: steps.append((done, total)))
        assert engine.manifest == library(engine, again).manifest()
        assert len(model.embedded) + len(again.embedded) == passages
        assert steps[-1][0] < steps[-1][1]
        assert engine.entries() == entries
        assert len(engine.nearest(embedder.embed_query("Who held the cheese?"), 5, Scope())) == 5
        library(engine, again).renew(lambda *_: pytest.fail("there is nothing to do"))


def test_what_is_removed_or_moved_while_the_index_is_renewed_stays_so(
    embedder: SentenceTransformerEmbedder,
) -> None:
    engine = MemoryEngine()
    library = Library(engine, embedder, read)  # type: ignore[arg-type]
    fox, owl, hen = (
        library.add(Source(name=f"{name}.txt", data=f"The {name} slept.".encode())).id for name in ("fox", "owl", "hen")
    )

    def meddle(_done: int, _total: int) -> None:
        if fox in engine.standing([fox]):
            library.drop(fox)
            library.move([owl], "birds")
            library.drop(hen)

    other = Library(engine, OtherModel(embedder, batches=-1), read)  # type: ignore[arg-type]
    other.renew(meddle)
    assert [(entry.id, entry.collection) for entry in library.entries()] == [(owl, "birds")]
    assert engine.manifest == other.manifest()


def test_another_rule_for_words_embeds_nothing_anew(
    embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = MemoryEngine()
    model = OtherModel(embedder, batches=-1)
    library = Library(engine, model, read)  # type: ignore[arg-type]
    with monkeypatch.context() as patch:
        patch.setattr("storybot.library._RECIPE", "others; other vectors; others")
        entry = library.add(Source(name="a.txt", data=SHORT + LONG[:2000]))
        model.embedded.clear()
        patch.setattr("storybot.library._RECIPE", f"others; {ranking.RECIPE}; others")
        library.renew()
    assert len(model.embedded) == entry.passages
    before = engine.vectors(entry.id)
    model.embedded.clear()
    library.renew()
    assert engine.manifest == library.manifest()
    assert model.embedded == []
    assert (engine.vectors(entry.id) == before).all()


def test_what_another_process_put_into_another_index_comes_into_ours(embedder: SentenceTransformerEmbedder) -> None:
    engine = MemoryEngine()
    library = Library(engine, embedder, read)  # type: ignore[arg-type]
    library.add(Source(name="fox.txt", data=b"The fox slept."))
    other = Library(engine, OtherModel(embedder, batches=-1), read)  # type: ignore[arg-type]
    owl = other.add(Source(name="owl.txt", data=b"The owl woke."))
    assert owl.passages == 0
    library.renew()
    assert library.entry(owl.id).passages == 1
    assert engine.manifest == library.manifest()


def test_a_document_that_the_index_does_not_hold_yet_cannot_be_put_back(embedder: SentenceTransformerEmbedder) -> None:
    engine = MemoryEngine()
    library = Library(engine, embedder, read)  # type: ignore[arg-type]
    library.add(Source(name="fox.txt", data=b"The fox slept."))
    other = Library(engine, OtherModel(embedder, batches=-1), read)  # type: ignore[arg-type]
    owl = other.add(Source(name="owl.txt", data=b"The owl woke."))
    other.remove(owl.id)
    assert other.removed([owl.id]) == []


def test_what_is_put_back_after_the_swap_is_in_the_new_index(embedder: SentenceTransformerEmbedder) -> None:
    engine = MemoryEngine()
    library = Library(engine, embedder, read)  # type: ignore[arg-type]
    fox, _ = (library.add(Source(name=f"{name}.txt", data=f"The {name} slept.".encode())).id for name in ("fox", "owl"))
    other = Library(engine, OtherModel(embedder, batches=-1), read)  # type: ignore[arg-type]
    other.remove(fox)
    other.renew()
    assert other.restore(fox).passages == 1
