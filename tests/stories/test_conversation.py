"""A conversation about the story that ships: what each question is understood as, and what the story says to it."""

import pytest

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import shipped_sources
from storybot.bot import Storybot
from storybot.engines.memory import MemoryEngine
from storybot.model import Answer, Turn
from storybot.ports import Embedder, Reader
from storybot.settings import read_settings

TURNS = [
    ("Who leads The Steppe Serenaders?", None, "Bakhyt Camara"),
    ("What did she wear?", "What did Bakhyt Camara wear?", "a vibrant blue and white dress"),
    ("And who was it for?", "Who was the performance for?", "the president"),
    ("Where did she grow up?", "Where did Bakhyt Camara grow up?", "the vast steppes of Kazakhstan"),
    ("What did her grandmother play?", "What did Bakhyt Camara's grandmother play?", "the balalaika"),
    ("Why?", "Why did Bakhyt Camara's grandmother play the balalaika?", "x"),
    ("How many children does she have?", "How many children does Bakhyt Camara have?", None),
    ("Who thanked her?", "Who thanked Bakhyt Camara?", "the president"),
    ("What did the band sing of?", "What did The Steppe Serenaders sing of?", "x"),
    ("How did the crowd feel?", None, "mesmerized"),
    ("And the applause?", "x", "x"),
]


@pytest.fixture(scope="module")
def storyteller(embedder: Embedder, reader: Reader) -> Storybot:
    return Storybot(read_settings(), MemoryEngine(), embedder, reader, ReadingAnswerer(), seeds=shipped_sources())


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
