"""What becomes of stories and questions in other scripts than Latin."""

import pytest

from conftest import MakeBot
from fables import ALL, Fables
from storybot.answering import UNREAD
from storybot.bot import Storybot
from storybot.model import Answer, Source


@pytest.fixture(params=ALL)
def fables(request: pytest.FixtureRequest) -> Fables:
    return ALL[request.param]


@pytest.fixture
def told(make_bot: MakeBot, fables: Fables) -> Storybot:
    bot = make_bot()
    for number, text in enumerate(fables.texts):
        bot.library.add(Source(name=f"{number}.txt", data=text.encode()))
    return bot


def test_a_question_finds_the_passage_that_answers_by_its_words(told: Storybot, fables: Fables) -> None:
    (first, *_) = told.search(fables.question, mode="words")
    assert fables.told in first.passage.text


def test_a_question_that_the_reader_cannot_read_is_declined_with_the_nearest_passages(
    told: Storybot, fables: Fables
) -> None:
    answer = told.ask(fables.question)
    assert (answer.found, answer.confidence, answer.notice) == (False, 0.0, UNREAD)
    assert fables.told in answer.evidence[0].passage.text
    assert answer.evidence[0].passage.text in fables.answering


def test_what_the_reader_cannot_read_keeps_it_from_nothing_that_it_can(told: Storybot) -> None:
    told.library.add(Source(name="crow.txt", data=b"The crow hid a piece of cheese on the roof of the mill."))
    answer: Answer = told.ask("What did the crow hide on the roof?")
    assert answer.text is not None
    assert "cheese" in answer.text
    assert answer.notice == ""
    assert told.ask("Who was the emperor of Mexico?").notice == ""
