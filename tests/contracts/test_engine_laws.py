"""The laws of every `Engine`: its rankings are those of brute force, and all engines agree."""

import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import oracle
from contracts.oracle import DIM, Story, assert_ranks_as, filled, story, unit
from storybot.engines.memory import MemoryEngine
from storybot.engines.sqlite import SqliteEngine
from storybot.model import Scope
from storybot.ports import Engine
from storybot.words import query_terms

ALL = Scope()


def memory(_: Path) -> Engine:
    return MemoryEngine()


def sqlite(folder: Path) -> Engine:
    return SqliteEngine(folder)


@pytest.fixture(params=[memory, sqlite])
def make(request: pytest.FixtureRequest) -> Callable[[Path], Engine]:
    made: Callable[[Path], Engine] = request.param
    return made


WORDS = st.lists(
    st.sampled_from(["fox", "foxes", "grape", "crow", "lion", "the", "mouse", "cheese", "net", "Ω", "狐"]),
    min_size=1,
    max_size=8,
)
VECTOR = st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.3, 1.0]), min_size=DIM, max_size=DIM).filter(any)
LINES = st.lists(st.tuples(WORDS.map(" ".join), VECTOR), min_size=1, max_size=6)
SCOPES = st.builds(
    Scope,
    collection=st.sampled_from(["stories", "fables"]),
    document_ids=st.lists(st.sampled_from(["d0", "d1", "d2", "d3"]), max_size=3).map(tuple),
)


@st.composite
def corpora(draw: st.DrawFn) -> list[Story]:
    return [
        story(
            f"d{number}",
            *(line for line, _ in lines),
            vectors=unit([row for _, row in lines]),
            heading=draw(st.sampled_from(["", "The Fox", "Cheese and Net"])),
            collection=draw(st.sampled_from(["stories", "fables"])),
        )
        for number, lines in enumerate(draw(st.lists(LINES, max_size=4)))
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=corpora(), query=WORDS, row=VECTOR, k=st.integers(1, 30), scope=SCOPES, removed=st.integers(0, 5))
def test_every_ranking_is_that_of_brute_force(  # noqa: PLR0913, PLR0917 - what may vary
    make: Callable[[Path], Engine],
    stories: list[Story],
    query: list[str],
    row: list[float],
    k: int,
    scope: Scope,
    removed: int,
) -> None:
    sought, vector = query_terms(" ".join(query)), unit([row])[0]
    with tempfile.TemporaryDirectory() as folder, closing(filled(make(Path(folder)), *stories)) as engine:
        for left in (stories, stories[:removed] + stories[removed + 1 :]):
            for gone in {told.document.id for told in stories} - {told.document.id for told in left}:
                engine.drop(gone)
            assert_ranks_as(engine.nearest(vector, k, scope), oracle.nearest(left, vector, k, scope), "dense")
            assert_ranks_as(engine.matching(sought, k, scope), oracle.matching(left, sought, k, scope), "words")


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), query=WORDS, k=st.integers(1, 60))
def test_all_engines_agree_on_random_vectors(seed: int, query: list[str], k: int) -> None:
    random = np.random.default_rng(seed)
    lines = [" ".join(random.choice(["fox", "grape", "crow", "lion", "mouse", "net"], size=5)) for _ in range(50)]
    stories = [
        story(f"d{n}", *lines[n * 10 : n * 10 + 10], vectors=unit(random.normal(size=(10, DIM)).tolist()))
        for n in range(5)
    ]
    vector, sought = unit([random.normal(size=DIM).tolist()])[0], query_terms(" ".join(query))
    with tempfile.TemporaryDirectory() as folder, closing(filled(sqlite(Path(folder)), *stories)) as one:
        other = filled(MemoryEngine(), *stories)
        assert one.nearest(vector, k, ALL) == other.nearest(vector, k, ALL)
        ours, theirs = one.matching(sought, k, ALL), other.matching(sought, k, ALL)
        assert [hit.passage for hit in ours] == [hit.passage for hit in theirs]
        assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-6)
