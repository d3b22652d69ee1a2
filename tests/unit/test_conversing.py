"""Conversations with a bot, on the engine on disk."""

import pytest

from storybot.assembly import House
from storybot.conversing import MOST_TURNS
from storybot.errors import ConversationNotFound, DocumentNotFound, EmptyQuestion, EmptyTitle, Stopped
from storybot.model import Answer, Done, Kept, Source, Turn

GRANDMOTHER = "What did Bakhyt's grandmother play?"
SILENCE = Answer(question="?", standalone="?", pieces=(), citations=(), evidence=(), confidence=0.0)


def test_the_first_question_that_is_answered_becomes_the_title(house: House) -> None:
    talks = house.conversations
    conversation = talks.begin()
    with pytest.raises(EmptyQuestion):
        talks.ask(conversation.id, "??")
    assert talks.one(conversation.id) == conversation
    long = f"{GRANDMOTHER} \n " + "And why? " * 20
    talks.ask(conversation.id, long)
    title = talks.one(conversation.id).title
    assert title.startswith(f"{GRANDMOTHER} And why?")
    assert (len(title), title[-1]) == (80, "…")
    talks.ask(conversation.id, "Who leads The Steppe Serenaders?")
    assert talks.one(conversation.id).title == title


def test_a_title_given_while_the_first_answer_is_told_stays(house: House) -> None:
    talks = house.conversations
    conversation = talks.begin()
    for _ in talks.stream(conversation.id, GRANDMOTHER):
        talks.rename(conversation.id, " Music\n lessons \udcff")
    assert talks.one(conversation.id).title == "Music lessons ?"
    for unseen in (" \n", "\u200b", "\u202e"):
        with pytest.raises(EmptyTitle):
            talks.rename(conversation.id, unseen)


def test_a_stream_ends_with_the_turn_as_it_was_kept(house: House) -> None:
    talks = house.conversations
    conversation = talks.begin()
    *_, done, kept = talks.stream(conversation.id, GRANDMOTHER)
    assert isinstance(done, Done)
    assert isinstance(kept, Kept)
    assert (kept.turn.citations, kept.turn.pieces) == (done.answer.citations, done.answer.pieces)
    assert talks.turn(kept.turn.id) == kept.turn
    assert talks.turns(conversation.id) == [kept.turn]


def test_an_answer_stopped_at_once_is_kept_without_words(house: House) -> None:
    def pulse() -> None:
        raise Stopped

    conversation = house.conversations.begin()
    *_, kept = house.conversations.stream(conversation.id, GRANDMOTHER, pulse=pulse)
    assert isinstance(kept, Kept)
    assert (kept.turn.state, kept.turn.pieces, kept.turn.nearest) == ("stopped", (), ())
    assert house.conversations.one(conversation.id).title == GRANDMOTHER


def test_a_question_looks_in_the_collection_of_its_conversation_and_there_in_the_documents_named(house: House) -> None:
    talks = house.conversations
    (story,) = house.bot.library.entries()
    owl = house.bot.library.add(Source(name="owl.txt", data=b"The owl slept."))
    house.bot.library.begin_collection("elsewhere")
    here, elsewhere = talks.begin().id, talks.begin("elsewhere").id
    assert talks.ask(here, GRANDMOTHER, (story.id,)).found
    assert not talks.ask(here, GRANDMOTHER, (owl.id,), literal=True).found
    assert not talks.ask(elsewhere, GRANDMOTHER).found
    assert not talks.ask(elsewhere, GRANDMOTHER, (story.id,), literal=True).found


def test_a_first_question_begins_its_conversation_unless_it_is_refused(house: House) -> None:
    talks = house.conversations
    with pytest.raises(EmptyQuestion):
        talks.ask(None, "??")
    with pytest.raises(DocumentNotFound):
        talks.ask(None, GRANDMOTHER, ("nosuch",))
    assert talks.all() == []
    turn = talks.ask(None, GRANDMOTHER)
    (conversation,) = talks.all()
    assert (conversation.id, conversation.title, conversation.turns) == (turn.conversation_id, GRANDMOTHER, 1)
    house.bot.library.begin_collection("elsewhere")
    assert not talks.ask(None, GRANDMOTHER, collection="elsewhere").found
    assert talks.all()[0].collection == "elsewhere"


def test_a_first_answer_that_nobody_hears_to_its_end_leaves_no_conversation(house: House) -> None:
    events = house.conversations.stream(None, GRANDMOTHER)
    next(events)
    del events
    assert house.conversations.all() == []


def test_a_conversation_removed_while_an_answer_is_told_stays_removed(house: House) -> None:
    talks = house.conversations
    conversation = talks.begin()
    events = talks.stream(conversation.id, GRANDMOTHER)
    next(events)
    talks.remove(conversation.id)
    with pytest.raises(ConversationNotFound):
        list(events)
    assert talks.all() == []


def test_a_long_conversation_is_exported_whole(house: House) -> None:
    talks = house.conversations
    conversation = talks.begin(title="Long")
    kept: list[Turn] = [talks._archive.keep(conversation.id, SILENCE) for _ in range(2 * MOST_TURNS + 7)]
    assert talks.all_turns(conversation.id) == kept
    text = talks.export(conversation.id, "markdown")
    assert [line.split()[1] for line in text.splitlines() if line.startswith("## ")] == [
        f"{turn.number}." for turn in kept
    ]
