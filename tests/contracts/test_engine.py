"""The contract of `Engine`, on every engine."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from contracts import oracle
from contracts.oracle import MANIFEST, OTHER_MANIFEST, assert_ranks_as, filled, story, toward
from contracts.stories import ALL, CROW, FOX, LION, STORIES, texts
from storybot.errors import DocumentNotFound
from storybot.model import Scope
from storybot.ports import Engine
from storybot.words import query_terms


def test_an_empty_corpus_has_nothing(engine: Engine) -> None:
    engine.check()
    assert engine.manifest is None
    assert engine.entries() == []
    assert engine.nearest(toward("anything"), 5, ALL) == []
    assert engine.matching(["fox"], 5, ALL) == []
    assert engine.unindexed(MANIFEST) == []
    assert engine.swap(MANIFEST)


def test_a_document_comes_back_as_it_was_put(engine: Engine) -> None:
    filled(engine, *STORIES)
    assert engine.document("fox") == FOX.document
    assert engine.passages("fox") == list(FOX.passages)
    assert engine.manifest == MANIFEST


def test_text_of_any_script_comes_back_letter_for_letter(engine: Engine) -> None:
    odd = story(
        "odd", "Ἀλώπηξ\u0301 und Füchsin 🦊\u200d", "nul \x00 and \r return", "狐狸说 葡萄是酸的", heading="Æsop ✓"
    )
    filled(engine, odd)
    assert engine.document("odd") == odd.document
    assert engine.passages("odd") == list(odd.passages)
    assert engine.entry("odd").length == len(odd.document.text)


def test_an_entry_tells_all_but_the_text(engine: Engine) -> None:
    filled(engine, FOX)
    entry = engine.entry("fox")
    assert (entry.id, entry.name, entry.title, entry.collection) == ("fox", "fox.txt", "Title of fox", "stories")
    assert (entry.length, entry.passages) == (len(FOX.document.text), 3)
    assert entry.added.endswith("+00:00")


def test_the_catalogue_is_sorted_by_title_then_id(engine: Engine) -> None:
    same = [story(name, f"A tale called {name}.", title="Same") for name in ("b", "a")]
    filled(engine, *same, story("z", "The last one.", title="Éarly"), story("y", "First.", title="A"))
    assert [entry.id for entry in engine.entries()] == ["y", "a", "b", "z"]


def test_the_catalogue_of_a_collection_leaves_out_the_others(engine: Engine) -> None:
    filled(engine, *STORIES)
    assert [entry.id for entry in engine.entries("fables")] == ["lion"]
    assert engine.entries("nowhere") == []


@pytest.mark.parametrize("ask", ["document", "entry", "passages", "drop", "original", "pages", "vectors"])
def test_an_unknown_id_is_said_to_be_unknown(engine: Engine, ask: str) -> None:
    filled(engine, FOX)
    with pytest.raises(DocumentNotFound, match="nobody"):
        getattr(engine, ask)("nobody")


def test_the_same_put_again_changes_nothing(engine: Engine) -> None:
    filled(engine, *STORIES)
    before = (engine.entries(), engine.nearest(toward("grapes"), 9, ALL), engine.matching(["fox"], 9, ALL))
    filled(engine, *STORIES)
    assert (engine.entries(), engine.nearest(toward("grapes"), 9, ALL), engine.matching(["fox"], 9, ALL)) == before


def test_a_document_of_the_same_name_is_replaced(engine: Engine) -> None:
    filled(engine, FOX, CROW)
    filled(engine, story("fox-2", "The fox ate the plums.", name="fox.txt"))
    assert [entry.id for entry in engine.entries()] == ["crow", "fox-2"]
    assert engine.matching(["grape"], 9, ALL) == []
    assert "The grapes hung high." not in texts(engine.nearest(toward("The grapes hung high."), 9, ALL))
    assert texts(engine.matching(["plum"], 9, ALL)) == ["The fox ate the plums."]


def test_the_same_name_in_another_collection_is_another_document(engine: Engine) -> None:
    filled(engine, FOX, story("fox-2", "The fox ate the plums.", name="fox.txt", collection="fables"))
    assert [entry.id for entry in engine.entries()] == ["fox", "fox-2"]


def test_a_removed_document_is_found_no_more(engine: Engine) -> None:
    filled(engine, *STORIES)
    engine.nearest(toward("warm the caches"), 9, ALL)
    engine.drop("fox")
    with pytest.raises(DocumentNotFound):
        engine.document("fox")
    assert {hit.passage.document_id for hit in engine.nearest(toward("grapes"), 9, ALL)} == {"crow"}
    assert {hit.passage.document_id for hit in engine.matching(["fox", "grape"], 9, ALL)} == {"crow"}


def test_removing_a_document_leaves_the_others_as_if_it_had_never_been(engine: Engine) -> None:
    filled(engine, *STORIES)
    engine.drop("fox")
    assert_ranks_as(engine.matching(["fox"], 9, ALL), oracle.matching((CROW, LION), ["fox"], 9, ALL), "words")


def test_a_corpus_that_lost_its_last_document_is_empty_again(engine: Engine) -> None:
    filled(engine, FOX)
    engine.drop("fox")
    assert engine.manifest is None
    CROW.put_into(engine, OTHER_MANIFEST)
    assert engine.manifest == OTHER_MANIFEST


@pytest.mark.parametrize("k", [-1, 0])
def test_nobody_asked_for_is_nobody_found(engine: Engine, k: int) -> None:
    filled(engine, FOX)
    assert engine.nearest(toward("grapes"), k, ALL) == []
    assert engine.matching(["grape"], k, ALL) == []


def test_asking_for_more_than_there_is_gives_what_there_is(engine: Engine) -> None:
    filled(engine, *STORIES)
    assert len(engine.nearest(toward("grapes"), 1000, ALL)) == 5
    assert len(engine.matching(["fox"], 1000, ALL)) == 5


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (Scope(), {"fox", "crow"}),
        (Scope(collection="fables"), {"lion"}),
        (Scope(document_ids=("fox",)), {"fox"}),
        (Scope(document_ids=("fox", "crow", "nobody")), {"fox", "crow"}),
        (Scope(document_ids=("lion",)), set()),
        (Scope(collection="fables", document_ids=("lion", "fox")), {"lion"}),
        (Scope(collection="nowhere"), set()),
    ],
)
def test_a_search_stays_in_its_scope(engine: Engine, scope: Scope, found: set[str]) -> None:
    filled(engine, *STORIES)
    assert {hit.passage.document_id for hit in engine.nearest(toward("x"), 9, scope)} == found
    assert {hit.passage.document_id for hit in engine.matching(["fox", "cheese", "mous"], 9, scope)} == found


def test_a_narrow_scope_still_gives_k_passages(engine: Engine) -> None:
    crowd = [story(f"crowd-{n}", *["The wolf howls at night."] * 20) for n in range(5)]
    filled(engine, *crowd, story("quiet", *(f"Sheep {n} saw a wolf." for n in range(5))))
    scope = Scope(document_ids=("quiet",))
    assert len(engine.nearest(toward("The wolf howls at night."), 5, scope)) == 5
    assert len(engine.matching(["wolf", "howl", "night"], 5, scope)) == 5


def test_a_scope_of_many_documents_is_no_trouble(engine: Engine) -> None:
    filled(engine, *STORIES)
    scope = Scope(document_ids=("fox", *(f"nobody-{n}" for n in range(50_000))))
    assert len(engine.nearest(toward("x"), 9, scope)) == 3
    assert len(engine.matching(["fox"], 9, scope)) == 3


def test_ties_go_to_the_earlier_document_then_to_the_earlier_passage(engine: Engine) -> None:
    line = "The same words."
    names = [f"{n:02}" for n in range(40)]
    filled(engine, *(story(name, line, line) for name in reversed(names)))
    for hits in (engine.nearest(toward(line), 70, ALL), engine.matching(["word"], 70, ALL)):
        places = [(hit.passage.document_id, hit.passage.span.start) for hit in hits]
        assert places == [(name, start) for name in names for start in (0, 16)][:70]


def test_a_passage_is_found_by_the_words_of_its_heading(engine: Engine) -> None:
    filled(engine, *STORIES)
    assert len(engine.matching(query_terms("the crow"), 9, ALL)) == 2


def test_a_passage_is_found_by_the_words_beside_it_but_after_its_own(engine: Engine) -> None:
    filled(engine, story("owl", "The owl sat.", "It slept.", "The mouse ran.", "It hid."), *STORIES)
    assert texts(engine.matching(["owl"], 9, ALL)) == ["The owl sat.", "It slept."]


def test_rare_words_of_the_chosen_documents_weigh_more_there(engine: Engine) -> None:
    told = story("tale", "The fox met the crow.", "Rain fell.", "Snow fell.", "The fox met the fox.", "Sun.", "Fog.")
    filled(engine, told, *(story(f"crow-{n}", "The crow sat.", "A crow flew.") for n in range(9)))
    scope = Scope(document_ids=("tale",))
    best = engine.matching(["fox", "crow"], 1, scope)[0]
    assert best.passage.text == "The fox met the crow."
    truth = oracle.matching((told,), ["fox", "crow"], 9, scope)
    assert_ranks_as(engine.matching(["fox", "crow"], 9, scope), truth, "words")


def test_an_engine_remembers_that_it_held_something(engine: Engine) -> None:
    assert engine.untouched
    filled(engine, *STORIES)
    for entry in engine.entries():
        engine.drop(entry.id)
    assert not engine.untouched


def test_a_term_asked_twice_counts_once(engine: Engine) -> None:
    filled(engine, *STORIES)
    assert engine.matching(["fox", "fox"], 9, ALL) == engine.matching(["fox"], 9, ALL)


@pytest.mark.parametrize("terms", [[], [""], ['"'], ["* OR fox"], ["terms:fox"], ["unicorn"]])
def test_terms_that_stand_nowhere_find_nothing(engine: Engine, terms: list[str]) -> None:
    filled(engine, *STORIES)
    assert engine.matching(terms, 9, ALL) == []


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Œdipus naïvely met Ἀλώπηξ.", "alopex Ἀλώπηξ"),
        ("Лисица увидела виноград.", "ВИНОГРАД"),
        ("狐狸说 葡萄是酸的", "葡萄是酸的"),
        ("Straße nach Köln", "STRASSE"),
        ("\U0001d400\U0001d401 and \U0001d6a8", "ab"),
        ("Chapter Ⅳ, 1001 nights", "1001"),
    ],
)
def test_words_of_any_script_are_found(engine: Engine, text: str, question: str) -> None:
    filled(engine, *STORIES, story("odd", text))
    assert texts(engine.matching(query_terms(question), 1, ALL)) == [text]


def test_a_long_question_of_many_words_is_answered(engine: Engine) -> None:
    filled(engine, *STORIES)
    assert len(engine.matching([*(f"term{n}" for n in range(3000)), "grape"], 9, ALL)) == 3


def test_what_does_not_fit_the_manifest_is_refused_whole(engine: Engine) -> None:
    with pytest.raises(ValueError, match="vectors of shape"):
        engine.put(FOX.document, FOX.passages, FOX.vectors[:2], MANIFEST)
    with pytest.raises(ValueError, match="another document"):
        engine.put(FOX.document, CROW.passages, CROW.vectors, MANIFEST)
    assert engine.entries() == []
    filled(engine, FOX)
    with pytest.raises(ValueError, match="a query needs"):
        engine.nearest(toward("x")[:3], 5, ALL)


def test_many_threads_may_read_and_write_at_once(engine: Engine) -> None:
    filled(engine, *STORIES)

    def work(number: int) -> int:
        told = story(f"own-{number}", "The tortoise won.", "The hare slept.")
        told.put_into(engine)
        found = engine.matching(["tortois"], 99, Scope(document_ids=(told.document.id,)))
        near = engine.nearest(toward("The hare slept."), 99, Scope(document_ids=(told.document.id,)))
        engine.drop(told.document.id)
        return len(found) + len(near)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(24))) == [4] * 24
    assert [entry.id for entry in engine.entries()] == ["crow", "fox", "lion"]


def test_a_passage_is_found_with_its_neighbours(engine: Engine) -> None:
    filled(engine, *STORIES)
    before, at, after = FOX.passages
    assert engine.around(at, 4) == [before, at, after]
    assert engine.around(before, 1) == [before, at]
    assert engine.around(after, 0) == [after]


def test_what_was_removed_has_no_neighbours(engine: Engine) -> None:
    assert engine.around(FOX.passages[0], 4) == []
    filled(engine, *STORIES)
    engine.drop("fox")
    assert engine.around(FOX.passages[1], 4) == []
    moved = replace(CROW.passages[0], text="The crow held a stone.")
    assert engine.around(moved, 4) == []


def test_tidying_and_repairing_a_sound_corpus_changes_no_answer(engine: Engine) -> None:
    filled(engine, *STORIES)
    engine.drop("crow")
    before = (engine.entries(), engine.nearest(toward("grapes"), 9, ALL), engine.matching(["fox"], 9, ALL))
    engine.tidy()
    assert engine.repair() == []
    assert (engine.entries(), engine.nearest(toward("grapes"), 9, ALL), engine.matching(["fox"], 9, ALL)) == before
