"""The contract of `Engine` while one index takes another's place, on every engine."""

import numpy as np

from contracts import oracle
from contracts.oracle import MANIFEST, OTHER_MANIFEST, assert_ranks_as, filled, recut, story, toward
from contracts.stories import ALL, CROW, FOX, LION, STORIES, texts
from storybot.model import Manifest
from storybot.ports import Engine


def test_an_index_built_beside_the_live_one_changes_no_answer(engine: Engine) -> None:
    filled(engine, *STORIES)
    before = (engine.nearest(toward("grapes"), 9, ALL), engine.matching(["fox", "grape"], 9, ALL), engine.entries())
    recut(FOX).put_into(engine, OTHER_MANIFEST)
    now = (engine.nearest(toward("grapes"), 9, ALL), engine.matching(["fox", "grape"], 9, ALL))
    assert now == before[:2]
    assert [entry.passages for entry in engine.entries()] == [entry.passages for entry in before[2]]
    assert engine.passages("fox") == list(FOX.passages)
    assert engine.manifest == MANIFEST


def test_a_swap_waits_for_every_document(engine: Engine) -> None:
    filled(engine, *STORIES)
    FOX.put_into(engine, OTHER_MANIFEST)
    assert engine.unindexed(MANIFEST) == []
    assert engine.unindexed(OTHER_MANIFEST) == ["crow", "lion"]
    assert not engine.swap(OTHER_MANIFEST)
    assert engine.manifest == MANIFEST
    assert len(engine.nearest(toward("x"), 9, ALL)) == 5


def test_after_a_swap_the_new_index_answers_alone(engine: Engine) -> None:
    filled(engine, *STORIES)
    engine.nearest(toward("warm the caches"), 9, ALL)
    others = [recut(told) for told in STORIES]
    for told in others:
        told.put_into(engine, OTHER_MANIFEST)
    assert engine.swap(OTHER_MANIFEST)
    assert engine.manifest == OTHER_MANIFEST
    assert engine.unindexed(MANIFEST) == ["crow", "fox", "lion"]
    assert engine.passages("fox") == list(others[1].passages)
    assert len(engine.nearest(toward("x"), 9, ALL)) == 2
    assert_ranks_as(engine.matching(["grape"], 9, ALL), oracle.matching(others, ["grape"], 9, ALL), "words")
    assert engine.swap(OTHER_MANIFEST)
    assert not engine.swap(MANIFEST)


def test_a_swap_to_an_index_of_another_dimension_searches_by_it(engine: Engine) -> None:
    filled(engine, FOX)
    engine.nearest(toward("warm the caches"), 9, ALL)
    wide = Manifest(embedder="wide", dim=2, recipe="")
    engine.put(FOX.document, FOX.passages, np.eye(3, 2, dtype=np.float32), wide)
    assert engine.swap(wide)
    assert texts(engine.nearest(np.array([0, 1], dtype=np.float32), 1, ALL)) == ["The grapes hung high."]


def test_a_document_removed_during_a_rebuild_leaves_both_indexes(engine: Engine) -> None:
    filled(engine, *STORIES)
    for told in STORIES:
        told.put_into(engine, OTHER_MANIFEST)
    engine.drop("fox")
    assert engine.swap(OTHER_MANIFEST)
    assert_ranks_as(engine.matching(["fox"], 9, ALL), oracle.matching((CROW, LION), ["fox"], 9, ALL), "words")
    assert {hit.passage.document_id for hit in engine.nearest(toward("x"), 9, ALL)} == {"crow"}


def test_a_rebuild_takes_up_what_stands_and_leaves_it_as_it_is_called(engine: Engine) -> None:
    filled(engine, *STORIES)
    other = recut(FOX)
    engine.move(["fox"], "fables")
    engine.rename({"fox": ("new.txt", "A new title")})
    fox = engine.entry("fox")
    assert engine.index(FOX.document, other.passages, other.vectors, OTHER_MANIFEST)
    assert engine.entry("fox") == fox
    assert engine.unindexed(OTHER_MANIFEST) == ["crow", "lion"]
    engine.drop("crow")
    assert not engine.index(CROW.document, CROW.passages, CROW.vectors, OTHER_MANIFEST)
    retold = story("lion", "The lion ate the mouse.", collection="fables")
    assert not engine.index(retold.document, retold.passages, retold.vectors, OTHER_MANIFEST)
    assert [entry.id for entry in engine.entries()] == ["fox", "lion"]
    assert engine.unindexed(OTHER_MANIFEST) == ["lion"]
