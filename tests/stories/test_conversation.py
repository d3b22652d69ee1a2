"""A conversation about the story that ships: what each question is understood as, and what the story says to it."""

from dataclasses import replace

import pytest

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import build_library, shipped_sources
from storybot.bot import Storybot
from storybot.engines.memory import MemoryEngine
from storybot.model import Answer, Source, Turn
from storybot.ports import Embedder, Reader
from storybot.settings import read_settings

TURNS = [
    ("Who leads The Steppe Serenaders?", "Who leads The Steppe Serenaders?", "Bakhyt Camara"),
    ("What did she wear?", "What did Bakhyt Camara wear?", "a vibrant blue and white dress"),
    ("And who was it for?", "Who was the performance for?", "the president"),
    ("Where did she grow up?", "Where did Bakhyt Camara grow up?", "the vast steppes of Kazakhstan"),
    ("What did her grandmother play?", "What did Bakhyt Camara's grandmother play?", "the balalaika"),
    (
        "Why?",
        "Why did Bakhyt Camara's grandmother play the balalaika?",
        "It was a heritage she was determined to share with the world",
    ),
    ("How many children does she have?", "How many children does Bakhyt Camara have?", None),
    ("Who thanked her?", "Who thanked Bakhyt Camara?", "the president himself"),
    (
        "What did the band sing of?",
        "What did The Steppe Serenaders sing of?",
        "the struggles and triumphs of the Kazakh people",
    ),
    ("What did the crowd do?", "What did the crowd do?", "entranced"),
    ("Why?", "Why was the crowd entranced?", "the beauty and emotion of their music"),
]

DECLINED = [
    ("What color shoes did she wear?", "What color shoes did Bakhyt Camara wear?"),
    ("Who is her husband?", "Who is Bakhyt Camara's husband?"),
    ("How old is she?", "How old is Bakhyt Camara?"),
]


@pytest.fixture(scope="module")
def storyteller(embedder: Embedder, reader: Reader) -> Storybot:
    settings, engine = read_settings(), MemoryEngine()
    library = build_library(settings, engine, embedder)
    return Storybot(settings, engine, embedder, reader, ReadingAnswerer(), library=library, seeds=shipped_sources())


@pytest.fixture(scope="module")
def answers(storyteller: Storybot) -> list[Answer]:
    history: list[Turn] = []
    answers = []
    for question, _, _ in TURNS:
        answers.append(storyteller.ask(question, history=history))
        history.append(turn(len(answers), answers[-1]))
    return answers


def turn(number: int, answer: Answer) -> Turn:
    return Turn(
        id=str(number),
        conversation_id="c",
        number=number,
        asked="2026-01-01T00:00:00+00:00",
        question=answer.question,
        standalone=answer.standalone,
        state="told",
        pieces=answer.pieces,
        citations=answer.citations,
        nearest=() if answer.found else tuple(hit.passage for hit in answer.evidence[:3]),
        confidence=answer.confidence,
    )


def test_each_question_is_understood(answers: list[Answer]) -> None:
    assert [answer.standalone for answer in answers] == [standalone for _, standalone, _ in TURNS]


def test_each_answer_is_the_storys(answers: list[Answer]) -> None:
    assert [answer.text for answer in answers] == [text for _, _, text in TURNS]
    assert all(answer.citations for answer in answers if answer.found)


def test_the_history_never_makes_the_bot_surer(storyteller: Storybot, answers: list[Answer]) -> None:
    for answer in answers:
        fresh = storyteller.ask(answer.standalone)
        assert fresh.found == answer.found
        assert fresh.text == answer.text
        assert answer.confidence == pytest.approx(fresh.confidence, abs=0.1)


@pytest.mark.parametrize(("question", "standalone"), DECLINED)
def test_a_follow_up_that_the_story_does_not_answer_is_declined(
    storyteller: Storybot, answers: list[Answer], question: str, standalone: str
) -> None:
    answer = storyteller.ask(question, history=[turn(1, answers[0]), turn(2, answers[1])])
    assert (answer.standalone, answer.text, answer.citations) == (standalone, None, ())


def test_a_turn_whose_document_is_gone_says_nothing(storyteller: Storybot, answers: list[Answer]) -> None:
    gone = replace(turn(1, answers[0]), state="gone")
    assert storyteller.ask("What did she wear?", history=[gone]).standalone == "What did she wear?"


def test_a_removed_document_tells_nothing_of_who_was_meant(embedder: Embedder, reader: Reader) -> None:
    settings, engine = read_settings(), MemoryEngine()
    library = build_library(settings, engine, embedder)
    bot = Storybot(settings, engine, embedder, reader, ReadingAnswerer(), library=library)
    entry = bot.library.add(Source(name="a.txt", data=b"Ilka Moll sang in the hall. She wore a green hat."))
    history = [turn(1, bot.ask("Who sang in the hall?"))]
    assert bot.understand("What did she wear?", history).question == "What did Ilka Moll wear?"
    assert bot.understand("What did he wear?", history).question == "What did he wear?"
    bot.library.drop(entry.id)
    assert bot.understand("What did he wear?", history).question == "What did Ilka Moll wear?"
