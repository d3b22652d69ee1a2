"""The story that ships, through the whole chain: question -> words, and the sentence that proves them."""

import pytest

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import shipped_sources
from storybot.bot import Storybot
from storybot.engines.memory import MemoryEngine
from storybot.ports import Embedder
from storybot.readers.lexical import THRESHOLD, LexicalReader
from storybot.settings import read_settings


@pytest.fixture(scope="module")
def storyteller(embedder: Embedder) -> Storybot:
    answerer = ReadingAnswerer(LexicalReader())
    return Storybot(read_settings(), MemoryEngine(), embedder, answerer, threshold=THRESHOLD, seeds=shipped_sources())


@pytest.mark.parametrize(
    ("question", "words", "sentence"),
    [
        ("What did Bakhyt's grandmother play?", "the balalaika", "listening to her grandmother play the balalaika"),
        ("Who leads The Steppe Serenaders?", "Bakhyt Camara", 'leader of "The Steppe Serenaders,"'),
        ("What color was her dress?", "vibrant blue and white dress", "a vibrant blue and white dress"),
        ("What did Bakhyt wear?", "vibrant blue and white dress", "a vibrant blue and white dress"),
        ("What did Bakhyt Camara wear?", "vibrant blue and white dress", "a vibrant blue and white dress"),
        ("Who did they perform for?", "the president", "about to perform for the president himself"),
        ("Where did Bakhyt grow up?", "in the vast steppes of Kazakhstan", "had grown up in the vast steppes"),
        ("Who thanked Bakhyt Camara?", "the president", "who thanked her for sharing"),
        ("Who congratulated her?", "the president", "congratulations and praise"),
        ("What instrument echoed through the hall?", "the balalaika", "The notes of the balalaika echoed"),
        ("How was the applause?", "thunderous", "the applause was thunderous"),
        ("What happened when Bakhyt took the stage?", "a hush fell over the crowd", "As Bakhyt Camara took the stage"),
        ("What did Bakhyt sing of?", "the struggles and triumphs of the Kazakh people", "She sang of the struggles"),
        (
            "Why did the president thank Bakhyt?",
            "for sharing the rich cultural heritage",
            "who thanked her for sharing",
        ),
    ],
)
def test_the_story_answers_with_its_own_words(storyteller: Storybot, question: str, words: str, sentence: str) -> None:
    answer = storyteller.ask(question)
    assert answer.text is not None
    assert words in answer.text
    assert sentence in " ".join(answer.citations[0].quote.split())


@pytest.mark.parametrize(
    "question",
    [
        "How many children does Bakhyt Camara have?",
        "What is the name of the president?",
        "How old is Bakhyt Camara?",
        "Who is Bakhyt Camara's husband?",
        "Where did Bakhyt Camara go to school?",
        "What is the capital of Kazakhstan?",
        "When was the group founded?",
        "What did her grandfather play?",
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


def test_an_exact_question_gets_the_words_alone(storyteller: Storybot) -> None:
    assert storyteller.ask("What did Bakhyt's grandmother play?").text == "the balalaika"
