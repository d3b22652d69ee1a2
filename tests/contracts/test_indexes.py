"""The index of a large corpus: near enough to the exact one, and right about what is there."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from contracts.oracle import DIM, Story, story, unit
from storybot.engines import indexes
from storybot.engines.memory import MemoryEngine
from storybot.engines.sqlite import SqliteEngine
from storybot.model import Scope

ALL = Scope()
BORDER = 300


def told(number: int, lines: int = 100) -> Story:
    """A story about things of its own: its vectors lie together."""
    random = np.random.default_rng(number)
    centre = random.normal(size=DIM)
    return story(
        f"d{number:02}",
        *(f"Line {line} of {number}." for line in range(lines)),
        vectors=unit((centre + 0.5 * random.normal(size=(lines, DIM))).tolist()),
        collection="stories" if number % 2 else "fables",
    )


@pytest.fixture(autouse=True)
def _small_border(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "SCANNED_PASSAGES", BORDER)
    monkeypatch.setattr(indexes, "_PASSAGES_IN_CELL", 50)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SqliteEngine]:
    with closing(SqliteEngine(tmp_path)) as made:
        yield made


def recall(engine: SqliteEngine, truth: MemoryEngine, scope: Scope, k: int = 10) -> float:
    """How many of the k nearest are found, over many questions."""
    random = np.random.default_rng(0)
    found = wanted = 0
    for _ in range(30):
        vector = unit([random.normal(size=DIM).tolist()])[0]
        near = {hit.passage: hit.score for hit in truth.nearest(vector, k, scope)}
        ours = engine.nearest(vector, k, scope)
        assert all(hit.score == near.get(hit.passage, hit.score) for hit in ours)
        assert [hit.score for hit in ours] == sorted((hit.score for hit in ours), reverse=True)
        wanted += len(near)
        found += sum(hit.passage in near for hit in ours)
    return found / max(wanted, 1)


def filled(engine: SqliteEngine, truth: MemoryEngine, *numbers: int) -> None:
    for number in numbers:
        for one in (engine, truth):
            told(number).put_into(one)


def test_a_corpus_that_grows_past_the_border_is_searched_as_before(engine: SqliteEngine) -> None:
    truth = MemoryEngine()
    filled(engine, truth, 0, 1, 2)
    assert recall(engine, truth, Scope(collection="fables")) == 1
    filled(engine, truth, *range(3, 12))
    assert recall(engine, truth, ALL) > 0.8
    filled(engine, truth, *range(12, 60))  # many times what the cells were laid out for
    assert recall(engine, truth, ALL) > 0.8


def test_a_narrow_scope_in_a_large_corpus_is_searched_exactly(engine: SqliteEngine) -> None:
    truth = MemoryEngine()
    filled(engine, truth, *range(12))
    assert recall(engine, truth, Scope(collection="stories", document_ids=("d03",)), k=150) == 1


def test_what_is_removed_from_a_large_corpus_is_found_no_more_and_the_rest_still_is(
    engine: SqliteEngine, tmp_path: Path
) -> None:
    truth = MemoryEngine()
    filled(engine, truth, *range(12))
    recall(engine, truth, ALL)
    for one in (engine, truth):
        one.drop("d03")
        told(20).put_into(one)
        one.drop("d00")
    for scope in (Scope(document_ids=("d05",)), Scope(collection="fables", document_ids=("d20", "d00"))):
        assert recall(engine, truth, scope) == 1
    engine.close()
    with closing(SqliteEngine(tmp_path)) as again:
        assert recall(again, truth, Scope(document_ids=("d05",))) == 1
        assert recall(again, truth, ALL) > 0.8


def test_one_thread_answers_one_question(engine: SqliteEngine) -> None:
    told(0).put_into(engine)
    engine.nearest(told(0).vectors[0], 5, Scope(collection="fables"))
    assert indexes.library().omp_get_max_threads() == 1
