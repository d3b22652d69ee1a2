"""The contract of `Archive`, and that what was deleted lingers in no conversation."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.answers import answer, pointer, quoting, unfound
from contracts.oracle import MANIFEST, Story, story
from storybot.citing import Citations
from storybot.engines.archive import SqliteArchive
from storybot.engines.sqlite import SqliteEngine
from storybot.errors import ConversationNotFound, TurnNotFound
from storybot.model import Document, Passage, Piece, Section, Span

FOX = story("fox", "The fox saw the grapes.", "The grapes hung high.", heading="The Fox")
CROW = story("crow", "The crow held a piece of cheese.", "The fox praised her voice.", heading="The Crow")
LION = story("lion", "The lion spared the mouse.")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SqliteEngine]:
    with closing(SqliteEngine(tmp_path)) as made:
        for told in (FOX, CROW, LION):
            told.put_into(made)
        yield made


@pytest.fixture
def archive(engine: SqliteEngine) -> SqliteArchive:
    return engine.archive


def begun(archive: SqliteArchive, title: str = "") -> str:
    return archive.begin(title, "stories").id


def test_a_new_conversation_is_listed_and_has_no_turns(archive: SqliteArchive) -> None:
    conversation = archive.begin("Grapes", "fables")
    assert (conversation.title, conversation.collection, conversation.turns) == ("Grapes", "fables", 0)
    assert conversation.begun == conversation.changed
    assert conversation.begun.endswith("+00:00")
    assert archive.conversations() == [conversation]
    assert archive.conversation(conversation.id) == conversation
    assert archive.turns(conversation.id, most=9) == []


def test_ids_fit_into_an_address_and_tell_nothing(archive: SqliteArchive) -> None:
    ids = {begun(archive) for _ in range(50)}
    assert len(ids) == 50
    assert all(one.replace("-", "").replace("_", "").isalnum() and len(one) == 12 for one in ids)


def test_an_answer_comes_back_with_its_quotes(archive: SqliteArchive) -> None:
    told = quoting(FOX, CROW, question="Who saw what?")
    conversation = begun(archive)
    turn = archive.keep(conversation, told)
    assert (turn.conversation_id, turn.number, turn.state, turn.feedback) == (conversation, 1, "told", None)
    assert (turn.question, turn.standalone) == (told.question, told.standalone)
    assert (turn.pieces, turn.citations, turn.text) == (told.pieces, told.citations, told.text)
    assert (turn.confidence, turn.notice, turn.nearest) == (told.confidence, told.notice, ())
    assert archive.turn(turn.id) == turn
    assert archive.turns(conversation, most=9) == [turn]


def test_where_the_text_does_not_say_the_first_passages_are_kept(archive: SqliteArchive) -> None:
    told = unfound(*FOX.passages, *CROW.passages)
    turn = archive.keep(begun(archive), told)
    assert (turn.found, turn.text, turn.citations) == (False, None, ())
    assert turn.nearest == tuple(
        replace(passage, sentences=()) for passage in (*FOX.passages, *CROW.passages)[: len(turn.nearest)]
    )
    assert len(turn.nearest) == 3


def test_a_stopped_answer_keeps_what_came(archive: SqliteArchive) -> None:
    conversation = begun(archive)
    assert archive.keep(conversation, quoting(FOX, state="stopped")).state == "stopped"
    nothing = archive.keep(conversation, replace(unfound(*FOX.passages), state="stopped"))
    assert (nothing.state, nothing.pieces, nothing.nearest) == ("stopped", (), ())


def test_quotes_are_cut_by_code_points_and_know_their_section(archive: SqliteArchive, engine: SqliteEngine) -> None:
    lines = ("Ἀλώπηξ\u0301 🦊\u200d sang.", "nul \x00 and \r return.", "狐狸说 葡萄是酸的。")
    odd = story("odd", *lines)
    sections = tuple(
        Section(heading=f"Part {number}", span=Span(span.start, span.end + 1))
        for number, span in enumerate(passage.span for passage in odd.passages)
    )
    document = replace(odd.document, sections=sections)
    passages = [replace(passage, heading=f"Part {number}") for number, passage in enumerate(odd.passages)]
    engine.put(document, passages, odd.vectors, MANIFEST)
    citations = Citations({"odd": engine.entry("odd")}, engine.pages)
    numbers = citations.cite(pointer(passage) for passage in odd.passages)
    turn = archive.keep(begun(archive), answer("?", pieces=[Piece(text="x", numbers=numbers)], citations=citations))
    assert [citation.quote for citation in turn.citations] == list(lines)
    assert [citation.heading for citation in turn.citations] == ["Part 0", "Part 1", "Part 2"]


def test_turns_are_read_from_the_end_page_by_page(archive: SqliteArchive) -> None:
    conversation = begun(archive)
    for number in range(7):
        archive.keep(conversation, quoting(FOX, question=f"Question {number}?"))
    archive.keep(begun(archive), quoting(CROW))

    def numbers(before: int | None, most: int) -> list[int]:
        return [turn.number for turn in archive.turns(conversation, before=before, most=most)]

    assert numbers(None, 3) == [5, 6, 7]
    assert numbers(5, 3) == [2, 3, 4]
    assert numbers(2, 3) == [1]
    assert numbers(1, 3) == []
    assert archive.conversation(conversation).turns == 7


def test_the_last_changed_comes_first(archive: SqliteArchive) -> None:
    one, two, three = (begun(archive, title) for title in ("one", "two", "three"))

    def order() -> list[str]:
        return [conversation.id for conversation in archive.conversations()]

    assert order() == [three, two, one]
    archive.keep(one, quoting(FOX))
    assert order() == [one, three, two]
    assert archive.rename(two, "Two").title == "Two"
    assert order() == [two, one, three]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["cheese talk", "grapes"]),
        ("GRAPES", ["grapes"]),
        ("straße", ["cheese talk"]),
        ("STRASSE held", ["cheese talk"]),
        ("crow saw", []),
        ("100%", ["grapes"]),
        ("1_0", []),
        ("as understood", []),
        ('"', []),
        ("Mind", []),
    ],
)
def test_each_word_is_sought_in_titles_questions_and_answers(
    archive: SqliteArchive, search: str, found: list[str]
) -> None:
    grapes = begun(archive, "grapes")
    archive.keep(grapes, quoting(FOX, question="Is it 100% sour?"))
    archive.keep(grapes, unfound(*CROW.passages))
    cheese = begun(archive, "cheese talk")
    archive.keep(cheese, quoting(CROW, question="In which Straße?"))
    assert [conversation.title for conversation in archive.conversations(search)] == found


def test_feedback_is_kept_taken_back_and_listed(archive: SqliteArchive) -> None:
    first, second, third = (archive.keep(begun(archive), quoting(told)) for told in (FOX, CROW, LION))
    assert archive.judge(first.id, "up") == replace(first, feedback="up")
    archive.judge(second.id, "down")
    archive.judge(third.id, "up")
    archive.judge(second.id, None)
    assert [(turn.id, turn.feedback) for turn in archive.judged()] == [(third.id, "up"), (first.id, "up")]


def test_what_is_not_there_is_told(archive: SqliteArchive) -> None:
    gone = begun(archive)
    turn = archive.keep(gone, quoting(FOX))
    archive.remove(gone)
    assert archive.conversations() == []
    assert archive.judged() == []
    for act in (
        lambda: archive.conversation(gone),
        lambda: archive.rename(gone, "x"),
        lambda: archive.remove(gone),
        lambda: archive.keep(gone, quoting(FOX)),
        lambda: archive.turns(gone, most=1),
    ):
        with pytest.raises(ConversationNotFound, match=gone):
            act()
    with pytest.raises(TurnNotFound, match=turn.id):
        archive.turn(turn.id)
    with pytest.raises(TurnNotFound, match=turn.id):
        archive.judge(turn.id, "up")


def test_a_removed_document_is_quoted_no_more(archive: SqliteArchive, engine: SqliteEngine) -> None:
    conversation, other = begun(archive, "both"), begun(archive, "other")
    cited, shown, apart = (
        archive.keep(conversation, told) for told in (quoting(FOX, CROW), unfound(*FOX.passages), quoting(CROW))
    )
    elsewhere = archive.keep(other, quoting(CROW))
    archive.judge(cited.id, "up")
    engine.drop("fox")
    for turn in (archive.turn(cited.id), archive.turn(shown.id)):
        assert (turn.state, turn.pieces, turn.citations, turn.nearest, turn.notice) == ("gone", (), (), (), "")
        assert turn.standalone == turn.question
    assert archive.turn(apart.id) == replace(apart, standalone=apart.question)
    assert archive.turn(elsewhere.id) == elsewhere
    assert [turn.id for turn in archive.judged()] == [cited.id]
    assert archive.conversations("grapes") == []


def test_a_replaced_document_is_quoted_no_more(archive: SqliteArchive, engine: SqliteEngine) -> None:
    turn = archive.keep(begun(archive), quoting(FOX))
    story("fox-2", "Another fox.", name="fox.txt").put_into(engine)
    assert archive.turn(turn.id).state == "gone"


def test_what_no_text_bears_out_goes_with_all_that_the_model_was_shown(
    archive: SqliteArchive, engine: SqliteEngine
) -> None:
    citations = Citations({"crow": engine.entry("crow")}, engine.pages)
    numbers = citations.cite([pointer(CROW.passages[0])])
    pieces = [Piece(text="The crow had cheese. ", numbers=numbers), Piece(text="Foxes like grapes.")]
    told = answer("?", pieces=pieces, citations=citations, evidence=(*CROW.passages, *FOX.passages))
    turn = archive.keep(begun(archive), told)
    assert (turn.pieces, turn.nearest) == (tuple(pieces), ())
    engine.drop("fox")
    assert (archive.turn(turn.id).state, archive.turn(turn.id).pieces) == ("gone", ())


def test_of_an_answer_whose_document_went_meanwhile_only_the_question_is_kept(
    archive: SqliteArchive, engine: SqliteEngine
) -> None:
    engine.drop("fox")
    for told in (quoting(CROW, FOX, question="Who?"), unfound(*FOX.passages, question="Who?")):
        turn = archive.keep(begun(archive), told)
        assert (turn.state, turn.question, turn.standalone, turn.notice) == ("gone", "Who?", "Who?", "")
        assert (turn.pieces, turn.citations, turn.nearest) == ((), (), ())


def test_a_follow_up_on_a_document_that_went_meanwhile_is_kept_as_it_was_typed(
    archive: SqliteArchive, engine: SqliteEngine
) -> None:
    conversation = begun(archive)
    history = [archive.keep(conversation, quoting(FOX))]
    engine.drop("fox")
    late = archive.keep(conversation, quoting(CROW, question="What did she do?"), history)
    assert (late.state, late.standalone) == ("told", "What did she do?")
    later = archive.keep(conversation, quoting(CROW), archive.turns(conversation, most=9))
    assert later.standalone == "What? (as understood)"


def test_conversations_leave_the_corpus_as_it_is(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path)) as engine:
        conversation = begun(engine.archive)
        engine.archive.keep(conversation, unfound())
        engine.archive.rename(conversation, "x")
        assert engine.untouched
        engine.archive.remove(conversation)
        assert engine.untouched
        with engine._connections.reading() as connection:
            assert connection.execute("SELECT generation, stamp FROM corpus").fetchone() == (0, "")


def test_two_engines_and_many_threads_count_the_turns_of_one_conversation_together(
    archive: SqliteArchive, engine: SqliteEngine, tmp_path: Path
) -> None:
    conversation = begun(archive)
    with closing(SqliteEngine(tmp_path)) as other, ThreadPoolExecutor(8) as pool:
        archives = [engine.archive, other.archive] * 20
        kept = list(pool.map(lambda one: one.keep(conversation, quoting(FOX)).number, archives))
    assert sorted(kept) == list(range(1, 41))
    assert [turn.number for turn in archive.turns(conversation, most=99)] == list(range(1, 41))


def test_a_conversation_of_five_hundred_turns_is_read_at_its_end(archive: SqliteArchive, engine: SqliteEngine) -> None:
    novel = long_novel()
    engine.put(novel.document, novel.passages, novel.vectors, MANIFEST)
    conversation = begun(archive)
    for number in range(500):
        archive.keep(conversation, quoting(novel, question=f"Question {number}?", line=number % len(novel.passages)))
    turns = archive.turns(conversation, most=50)
    assert [turn.number for turn in turns] == list(range(451, 501))
    assert turns[-1].citations[0].quote == novel.passages[499 % len(novel.passages)].text
    assert archive.conversation(conversation).turns == 500


def long_novel() -> Story:
    told = story("novel", *(f"Line {number} of the novel." for number in range(40)))
    text = told.document.text + " and so on" * 10_000
    document = Document(
        id="novel",
        name="novel.txt",
        title="Novel",
        text=text,
        sections=(Section(heading="", span=Span(0, len(text))),),
    )
    passages: tuple[Passage, ...] = told.passages
    return replace(told, document=document, passages=passages)
