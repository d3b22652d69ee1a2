"""The story that ships, through the whole chain: question -> words, and the sentence that proves them."""

import pytest

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import build_library, shipped_sources
from storybot.bot import Storybot
from storybot.engines.memory import MemoryEngine
from storybot.ports import Embedder, Reader
from storybot.settings import read_settings


@pytest.fixture(scope="module")
def storyteller(embedder: Embedder, reader: Reader) -> Storybot:
    settings, engine = read_settings(), MemoryEngine()
    library = build_library(settings, engine, embedder)
    return Storybot(settings, engine, embedder, reader, ReadingAnswerer(), library=library, seeds=shipped_sources())


@pytest.mark.parametrize(
    ("question", "words", "sentence"),
    [
        ("What did Bakhyt's grandmother play?", "the balalaika", "listening to her grandmother play the balalaika"),
        ("Who leads The Steppe Serenaders?", "Bakhyt Camara", 'leader of "The Steppe Serenaders,"'),
        ("What did Bakhyt Camara wear?", "a vibrant blue and white dress", "a vibrant blue and white dress"),
        ("What color was her dress?", "blue and white", "a vibrant blue and white dress"),
        ("Where did Bakhyt grow up?", "the vast steppes of Kazakhstan", "had grown up in the vast steppes"),
        ("Who did they perform for?", "the president", "about to perform for the president himself"),
        ("How was the applause?", "thunderous", "the applause was thunderous"),
        ("Who thanked Bakhyt after the show?", "the president", "who thanked her for sharing"),
        ("What happened when Bakhyt took the stage?", "a hush fell over the crowd", "As Bakhyt Camara took the stage"),
        (
            "What did Bakhyt sing of?",
            "the struggles and triumphs of the Kazakh people",
            "She sang of the struggles",
        ),
        ("What is the name of Bakhyt Camara's band?", "The Steppe Serenaders", 'leader of "The Steppe Serenaders,"'),
        ("How did the crowd feel?", "mesmerized", "The crowd was entranced, mesmerized"),
    ],
)
def test_the_story_answers_with_its_own_words_exactly(
    storyteller: Storybot, question: str, words: str, sentence: str
) -> None:
    answer = storyteller.ask(question)
    assert answer.text == words
    assert sentence in " ".join(answer.citations[0].quote.split())


@pytest.mark.parametrize(
    "question",
    [
        "How many children does Bakhyt Camara have?",
        "What is the name of the president?",
        "Who is the president?",
        "How old is Bakhyt Camara?",
        "Who is Bakhyt Camara's husband?",
        "Where did Bakhyt Camara go to school?",
        "What is the capital of Kazakhstan?",
        "When was the group founded?",
        "What color shoes did she wear?",
        "What did the grandmother sing to the president?",
        "Why did Bakhyt leave Kazakhstan?",
        "How much did the tickets cost?",
        "How many songs did they play?",
        "Who is Bakhyt's brother?",
        "When was Bakhyt born?",
        "Where does the president live?",
        "What did Bakhyt eat after the concert?",
        "What color was the president's hat?",
        "How tall is the president?",
    ],
)
def test_what_the_story_does_not_say_is_declined(storyteller: Storybot, question: str) -> None:
    answer = storyteller.ask(question)
    assert answer.text is None
    assert answer.citations == ()
