"""What documents are about is kept with them, on every engine, and goes with them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.older_files import older_file
from contracts.oracle import MANIFEST, OTHER_MANIFEST, filled, recut, story
from storybot.engines.memory import MemoryEngine
from storybot.engines.sqlite import CORPUS_FILE, SqliteEngine
from storybot.errors import DocumentNotFound
from storybot.model import Chapter, Entity, Overview, Prompt, Span
from storybot.ports import Engine

FOX = story("fox", "The fox saw the grapes.", "The grapes hung high.", "He went away hungry.", heading="The Fox")
CROW = story("crow", "The crow held a piece of cheese.", "The fox praised her voice.")
ABOUT_FOX = Overview(
    document_id="fox",
    recipe="first",
    entities=(
        Entity(
            kind="person", name="Reynard the Fox", aliases=("Æsop's fox", "he"), mentions=(Span(4, 7), Span(46, 48))
        ),
        Entity(kind="thing", name="grapes", aliases=(), mentions=(Span(16, 22),)),
    ),
    summary=(Span(0, 23), Span(46, 66)),
    chapters=(Chapter(heading="The Fox", span=Span(0, 66), sentences=(Span(0, 23),)),),
    prompts=(Prompt(question="Who saw the grapes?", sentence=Span(0, 23), confidence=0.975),),
)


def bare(document_id: str, recipe: str = "first") -> Overview:
    """An overview that tells nothing."""
    return Overview(document_id=document_id, recipe=recipe, entities=(), summary=(), chapters=(), prompts=())


@pytest.fixture(params=["memory", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made: Engine = MemoryEngine() if request.param == "memory" else SqliteEngine(tmp_path)
    with closing(made):
        yield filled(made, FOX, CROW)


def test_an_overview_comes_back_as_it_was_told(engine: Engine) -> None:
    assert engine.overview("fox") is None
    assert engine.describe(ABOUT_FOX)
    assert engine.overview("fox") == ABOUT_FOX
    assert engine.describe(replace(ABOUT_FOX, recipe="second", entities=()))
    assert engine.overview("fox") == replace(ABOUT_FOX, recipe="second", entities=())
    assert engine.overview("crow") is None
    engine.check()


def test_documents_wait_for_an_overview_of_the_recipe_the_last_added_first(engine: Engine) -> None:
    assert engine.undescribed("first") == ["crow", "fox"]
    engine.describe(bare("crow"))
    assert engine.undescribed("first") == ["fox"]
    assert engine.undescribed("second") == ["crow", "fox"]


def test_nobody_is_told_of_who_is_gone(engine: Engine) -> None:
    engine.describe(ABOUT_FOX)
    engine.drop("fox")
    with pytest.raises(DocumentNotFound):
        engine.overview("fox")
    assert not engine.describe(ABOUT_FOX)
    FOX.put_into(engine)
    assert engine.overview("fox") is None


def test_an_overview_goes_with_its_text(engine: Engine) -> None:
    engine.describe(ABOUT_FOX)
    FOX.put_into(engine)
    assert engine.overview("fox") == ABOUT_FOX
    story("fox", "The fox ate the grapes.").put_into(engine)
    assert engine.overview("fox") is None
    assert engine.undescribed("first") == ["fox", "crow"]
    engine.describe(bare("fox"))
    story("other", "Another fox.", name="fox.txt").put_into(engine)
    assert engine.undescribed("first") == ["other", "crow"]


def test_an_overview_stays_when_its_document_moves_is_renamed_or_cut_otherwise(engine: Engine) -> None:
    engine.describe(ABOUT_FOX)
    engine.move(["fox"], "fables")
    engine.rename({"fox": ("vulpes.txt", "Vulpes")})
    engine.rename_collection("fables", "old fables")
    for told in (recut(FOX), recut(CROW)):
        engine.index(engine.document(told.document.id), told.passages, told.vectors, OTHER_MANIFEST)
    assert engine.swap(OTHER_MANIFEST)
    assert engine.overview("fox") == ABOUT_FOX


def test_an_overview_outlives_the_process_and_travels_with_a_copy(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path / "one")) as engine:
        filled(engine, FOX).describe(ABOUT_FOX)
    with closing(SqliteEngine(tmp_path / "one")) as engine, closing(SqliteEngine(tmp_path / "other")) as other:
        engine.store.copy(tmp_path / "copy.db")
        other.store.replace(tmp_path / "copy.db")
        assert engine.overview("fox") == other.overview("fox") == ABOUT_FOX


@pytest.mark.parametrize("version", [1, 2])
def test_documents_of_an_older_file_wait_for_their_overviews(tmp_path: Path, version: int) -> None:
    older_file(tmp_path / CORPUS_FILE, version, FOX)
    with closing(SqliteEngine(tmp_path)) as engine:
        assert engine.undescribed("first") == ["fox"]
        engine.describe(ABOUT_FOX)
        assert engine.overview("fox") == ABOUT_FOX
        assert engine.manifest == MANIFEST


def test_no_word_of_an_overview_lingers_in_any_file(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path)) as engine:
        for number in range(40):
            one = story(f"id{number}", f"Tale {number}.", f"It ends after {number}.")
            one.put_into(engine)
            names = [f"Somebody of {number} who is called {other}" for other in range(1 + 40 * (number % 3))]
            entities = [Entity(kind="person", name=name, aliases=(name,), mentions=(Span(0, 4),)) for name in names]
            for recipe in ("first", "second"):
                engine.describe(replace(bare(f"id{number}", recipe), entities=tuple(entities)))
        for number in range(39):
            engine.drop(f"id{number}")
            assert not any(f"Somebody of {number} ".encode() in path.read_bytes() for path in tmp_path.iterdir())
        assert engine.overview("id39")
