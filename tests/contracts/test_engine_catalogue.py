"""The contract of `Engine` as a catalogue: files, collections and names, on every engine."""

from dataclasses import replace

import numpy as np
import pytest

from contracts.oracle import MANIFEST, filled, story, toward
from contracts.stories import ALL, CROW, FOX, STORIES, texts
from storybot.errors import CollectionExists, CollectionNotFound, DocumentNotFound, NameTaken, OriginalNotKept
from storybot.model import Collection, Page, Scope, Section, Span
from storybot.ports import Engine


def test_the_file_that_a_document_came_from_comes_back_byte_for_byte(engine: Engine) -> None:
    file = bytes(range(256)) * 99
    engine.put(FOX.document, FOX.passages, FOX.vectors, MANIFEST, original=file)
    assert engine.original("fox") == file
    FOX.put_into(engine)
    assert engine.original("fox") == file
    engine.put(FOX.document, FOX.passages, FOX.vectors, MANIFEST, original=b"")
    assert engine.original("fox") == b""
    CROW.put_into(engine)
    with pytest.raises(OriginalNotKept, match=r"crow\.txt"):
        engine.original("crow")


def test_format_levels_and_pages_come_back_as_they_were_put(engine: Engine) -> None:
    half = len(FOX.document.text) // 2
    document = replace(
        FOX.document,
        format="pdf",
        digest="ab12",
        sections=(
            Section(heading="The Fox", span=Span(0, half)),
            Section(heading="The Fox", span=Span(half, len(FOX.document.text)), level=2),
        ),
        pages=(Page(label="ix", start=0), Page(label="1", start=half)),
    )
    engine.put(document, FOX.passages, FOX.vectors, MANIFEST)
    filled(engine, CROW)
    assert engine.document("fox") == document
    assert (engine.pages("fox"), engine.pages("crow")) == (document.pages, ())
    assert (engine.entry("fox").format, engine.entry("fox").digest, engine.entry("fox").words) == ("pdf", "ab12", 13)


def test_vectors_come_back_beside_their_passages(engine: Engine) -> None:
    filled(engine, *STORIES)
    assert np.array_equal(engine.vectors("fox"), FOX.vectors)
    lonely = story("lonely", "Nobody is indexed here.")
    engine.put(lonely.document, [], lonely.vectors[:0], MANIFEST)
    assert engine.vectors("lonely").shape == (0, MANIFEST.dim)
    assert engine.entry("lonely").passages == 0
    assert engine.unindexed(MANIFEST) == ["lonely"]


def test_a_text_finds_its_twin_in_the_same_collection_alone(engine: Engine) -> None:
    filled(engine, *STORIES)
    assert engine.twin("stories", FOX.document.text) == "fox"
    assert engine.twin("fables", FOX.document.text) is None
    assert engine.twin("stories", f"{FOX.document.text} ") is None
    engine.move(["fox"], "fables")
    assert engine.twin("fables", FOX.document.text) == "fox"
    engine.drop("fox")
    assert engine.twin("fables", FOX.document.text) is None


def test_those_that_stand_are_told_from_those_that_do_not(engine: Engine) -> None:
    filled(engine, *STORIES)
    assert engine.standing(["lion", "nobody", "fox", "fox"]) == {
        "lion": engine.entry("lion"),
        "fox": engine.entry("fox"),
    }
    assert engine.standing(iter(())) == {}


def test_collections_begin_with_their_documents_or_empty(engine: Engine) -> None:
    assert engine.collections() == [Collection(name="stories", documents=0)]
    filled(engine, *STORIES)
    engine.begin_collection("drafts")
    assert [(one.name, one.documents) for one in engine.collections()] == [("drafts", 0), ("fables", 1), ("stories", 2)]
    engine.drop("lion")
    assert Collection(name="fables", documents=0) in engine.collections()
    for name in ("drafts", "stories"):
        with pytest.raises(CollectionExists, match=name):
            engine.begin_collection(name)


def test_documents_move_with_their_passages_and_keep_their_ids(engine: Engine) -> None:
    filled(engine, *STORIES)
    engine.nearest(toward("warm the caches"), 9, ALL)
    engine.move(["fox", "lion", "fox"], "fables")
    assert [entry.id for entry in engine.entries("fables")] == ["fox", "lion"]
    assert engine.document("fox") == replace(FOX.document, collection="fables")
    assert {hit.passage.document_id for hit in engine.nearest(toward("x"), 9, ALL)} == {"crow"}
    assert {hit.passage.document_id for hit in engine.matching(["fox"], 9, ALL)} == {"crow"}
    assert len(engine.matching(["grape"], 9, Scope(collection="fables"))) == 3
    engine.move(["fox"], "new")
    assert Collection(name="new", documents=1) in engine.collections()


def test_documents_move_all_or_none(engine: Engine) -> None:
    same_name = story("fox-2", "The fox ate the plums.", name="fox.txt", collection="fables")
    same_text = story("crow-2", *CROW.document.text.split("\n"), name="other.txt", collection="fables")
    filled(engine, *STORIES, same_name, replace(same_text, passages=same_text.passages))
    before = engine.entries()
    for moved, named in ((["crow", "fox"], "crow"), (["fox"], "fox"), (["fox-2", "crow-2"], "fox")):
        target = "stories" if moved[0].endswith("2") else "fables"
        with pytest.raises(NameTaken, match=rf"'{target}' already holds '{named}\.txt'"):
            engine.move(moved, target)
    with pytest.raises(DocumentNotFound, match="nobody"):
        engine.move(["lion", "nobody"], "new")
    assert engine.entries() == before
    assert [one.name for one in engine.collections()] == ["fables", "stories"]


def test_two_of_one_name_do_not_move_together(engine: Engine) -> None:
    filled(engine, FOX, story("fox-2", "The fox ate the plums.", name="fox.txt", collection="fables"))
    with pytest.raises(NameTaken, match=r"fox\.txt"):
        engine.move(["fox", "fox-2"], "new")
    assert [entry.collection for entry in engine.entries()] == ["stories", "fables"]


def test_a_renamed_collection_keeps_its_documents(engine: Engine) -> None:
    filled(engine, *STORIES)
    engine.rename_collection("fables", "Æsop")
    assert [entry.id for entry in engine.entries("Æsop")] == ["lion"]
    assert texts(engine.matching(["lion"], 1, Scope(collection="Æsop"))) == ["The lion spared the mouse."]
    assert [one.name for one in engine.collections()] == ["stories", "Æsop"]
    with pytest.raises(CollectionNotFound, match="fables"):
        engine.rename_collection("fables", "new")
    for taken in ("stories", "Æsop"):
        with pytest.raises(CollectionExists, match=taken):
            engine.rename_collection("Æsop", taken)


def test_the_default_collection_is_always_there(engine: Engine) -> None:
    filled(engine, *STORIES)
    engine.rename_collection("stories", "mine")
    assert [(one.name, one.documents) for one in engine.collections()] == [("fables", 1), ("mine", 2), ("stories", 0)]
    engine.drop_collection("stories")
    assert engine.collections()[-1] == Collection(name="stories", documents=0)


def test_a_removed_collection_takes_its_documents_with_it(engine: Engine) -> None:
    filled(engine, *STORIES)
    engine.drop_collection("stories")
    assert [entry.id for entry in engine.entries()] == ["lion"]
    assert engine.nearest(toward("grapes"), 9, ALL) == []
    engine.drop_collection("fables")
    assert engine.collections() == [Collection(name="stories", documents=0)]
    assert engine.manifest is None
    with pytest.raises(CollectionNotFound, match="fables"):
        engine.drop_collection("fables")


def test_vectors_are_kept_until_their_document_is_in_or_given_up(engine: Engine) -> None:
    lines = [passage.text for passage in FOX.passages]
    engine.keep("fox", "model", lines[:2], FOX.vectors[:2])
    engine.keep("fox", "model", lines[:1], FOX.vectors[:1])
    engine.keep("crow", "model", lines[:1], CROW.vectors[:1])
    kept = engine.kept("fox", "model", ["new", *reversed(lines)])
    assert sorted(kept) == [2, 3]
    assert np.array_equal(kept[3], FOX.vectors[0])
    assert np.array_equal(kept[2], FOX.vectors[1])
    assert engine.kept("fox", "other model", lines) == {}
    filled(engine, FOX)
    assert engine.kept("fox", "model", lines) == {}
    assert sorted(engine.kept("crow", "model", lines)) == [0]
    engine.forget("crow")
    assert engine.kept("crow", "model", lines) == {}


def test_documents_are_renamed_all_or_none_and_may_swap_names(engine: Engine) -> None:
    filled(engine, *STORIES)
    fox, crow = (engine.entry(known).name for known in ("fox", "crow"))
    engine.rename({"fox": (crow, "A crow now"), "crow": (fox, "A fox now")})
    assert [(engine.entry(known).name, engine.document(known).title) for known in ("fox", "crow")] == [
        (crow, "A crow now"),
        (fox, "A fox now"),
    ]
    with pytest.raises(NameTaken, match=crow):
        engine.rename({"crow": (crow, "Another")})
    with pytest.raises(DocumentNotFound):
        engine.rename({"crow": ("new.txt", "New"), "nosuch": ("x.txt", "X")})
    assert engine.entry("crow").name == fox
    engine.rename({"lion": (fox, "In another collection")})
    assert engine.passages("fox") == list(FOX.passages)
