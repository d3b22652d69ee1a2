"""The laws of every `Engine`: its rankings are those of brute force, and all engines agree."""

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import oracle
from contracts.oracle import DIM, MANIFEST, OTHER_MANIFEST, Story, assert_ranks_as, filled, story, unit
from storybot.engines import laws
from storybot.engines.memory import MemoryEngine
from storybot.engines.sqlite import SqliteEngine
from storybot.errors import StorybotError
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


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=corpora(), query=WORDS, k=st.integers(1, 30), scope=SCOPES, weighed=st.sampled_from([0, 2, 9]))
def test_a_large_index_is_asked_for_the_rarer_words(  # noqa: PLR0913, PLR0917 - what may vary
    make: Callable[[Path], Engine],
    monkeypatch: pytest.MonkeyPatch,
    stories: list[Story],
    query: list[str],
    k: int,
    scope: Scope,
    weighed: int,
) -> None:
    monkeypatch.setattr(laws, "LARGE_INDEX", 3)
    monkeypatch.setattr(laws, "MOST_WEIGHED", weighed)
    sought = query_terms(" ".join(query))
    with tempfile.TemporaryDirectory() as folder, closing(filled(make(Path(folder)), *stories)) as engine:
        assert_ranks_as(engine.matching(sought, k, scope), oracle.matching(stories, sought, k, scope), "words")


def test_an_engine_tells_which_words_it_leaves_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ["fox", "Sang", "net", "nowhere"]
    assert engine.common(asked, Scope()) == frozenset()
    lines = ("The fox sang.", "The fox.", "The net, and the fox.", "The fox sang.", "The fox.", "The owl.", "It slept.")
    filled(engine, story("crow", *lines))
    assert engine.common(asked, Scope()) == frozenset()
    monkeypatch.setattr(laws, "LARGE_INDEX", 3)
    assert engine.common(asked, Scope()) == {"fox"}
    assert engine.common(asked, Scope(document_ids=("crow",))) == {"fox"}


def test_common_words_are_left_out_of_a_large_index_alone() -> None:
    holding = {"said": 9000, "whale": 27, "nowhere": 0, "ship": 801, "man": 7000}
    small = laws.sought([*holding], lambda: holding, 40_000, 20_000)
    assert small == laws.Sought(terms=tuple(holding), found_by=tuple(holding))
    large = laws.sought([*holding], lambda: holding, 40_000, 20_001)
    common = frozenset({"said", "man"})
    assert large == laws.Sought(terms=("whale", "ship"), found_by=("whale", "ship"), common=common)


@pytest.mark.parametrize(
    ("holding", "terms", "found_by", "together"),
    [
        ({"said": 6000, "nowhere": 0, "know": 6001, "man": 4000}, ("man", "said"), ("man", "said"), False),
        ({"said": 60_000, "whale": 654}, ("whale", "said"), ("whale",), False),
        ({"old": 30_000, "man": 25_000, "said": 60_000}, ("man", "old"), ("man", "old"), True),
        ({"said": 60_000}, ("said",), ("said",), True),
        ({"nowhere": 0}, (), (), True),
    ],
)
def test_the_rarest_words_find_and_the_two_rarest_always_weigh(
    holding: dict[str, int], terms: tuple[str, ...], found_by: tuple[str, ...], *, together: bool
) -> None:
    sought = laws.sought([*holding], lambda: holding, 100_000, 100_000)
    common = frozenset(term for term in holding if holding[term] and term not in terms)
    assert sought == laws.Sought(terms=terms, found_by=found_by, together=together, common=common)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "drop", "move", "rename", "drop collection", "begin", "swap", "ask"]),
        st.integers(0, 5),
        st.sampled_from(["stories", "fables", "new"]),
    ),
    max_size=20,
)


@settings(max_examples=25, deadline=None)
@given(acts=ACTS, query=WORDS, row=VECTOR, k=st.integers(1, 20), scope=SCOPES)
def test_all_engines_agree_after_whatever_was_done(
    acts: list[tuple[str, int, str]], query: list[str], row: list[float], k: int, scope: Scope
) -> None:
    sought, vector = query_terms(" ".join(query)), unit([row])[0]
    with tempfile.TemporaryDirectory() as folder, closing(sqlite(Path(folder))) as one:
        other = MemoryEngine()
        for act, number, collection in acts:
            assert _outcome(one, act, number, collection) == _outcome(other, act, number, collection)
            if act == "ask":
                assert one.nearest(vector, k, scope) == other.nearest(vector, k, scope)
        assert one.nearest(vector, k, scope) == other.nearest(vector, k, scope)
        ours, theirs = one.matching(sought, k, scope), other.matching(sought, k, scope)
        assert [hit.passage for hit in ours] == [hit.passage for hit in theirs]
        assert [replace(entry, added="") for entry in one.entries()] == [
            replace(entry, added="") for entry in other.entries()
        ]
        assert one.collections() == other.collections()
        one.check()


def _outcome(engine: Engine, act: str, number: int, collection: str) -> str:
    """Do something to an engine; what it says to it."""
    lines = [f"The fox {number} saw a crow.", "Cheese and net.", f"A lion {number}."][: 1 + number % 3]
    told = story(f"d{number}", *lines, collection=collection, name=f"name-{number % 4}.txt")
    others = {"stories": "fables", "fables": "new", "new": "stories"}
    try:
        match act:
            case "put":
                there = engine.standing([told.document.id])
                kept = there[told.document.id].collection if there else collection
                moved = replace(told, document=replace(told.document, collection=kept))
                moved.put_into(engine, MANIFEST if number % 2 else OTHER_MANIFEST)
            case "drop":
                engine.drop(told.document.id)
            case "move":
                engine.move([told.document.id, f"d{(number + 1) % 6}"], collection)
            case "rename":
                engine.rename_collection(collection, others[collection])
            case "drop collection":
                engine.drop_collection(collection)
            case "begin":
                engine.begin_collection(collection)
            case "swap":
                return str(engine.swap(OTHER_MANIFEST))
    except StorybotError as error:
        return str(error)
    return ""


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
