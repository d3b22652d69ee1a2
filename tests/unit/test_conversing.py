"""Conversations with a bot, on the engine on disk."""

import pytest

from storybot.assembly import House
from storybot.conversing import MOST_TURNS
from storybot.errors import ConversationNotFound, EmptyQuestion, EmptyTitle, Stopped
from storybot.model import Answer, Done, Kept, Scope, Turn

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
    with pytest.raises(EmptyTitle):
        talks.rename(conversation.id, " \n")


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


def test_a_question_looks_in_the_collection_of_its_conversation_unless_told_where(house: House) -> None:
    talks = house.conversations
    conversation = talks.begin("elsewhere")
    assert not talks.ask(conversation.id, GRANDMOTHER).found
    assert talks.ask(conversation.id, GRANDMOTHER, Scope(), literal=True).found


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
