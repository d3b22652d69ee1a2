import pytest

from storybot.model import Passage, Span, Window
from storybot.ports import Reader
from storybot.readers.networks import ShippedWeights
from storybot.readers.neural import NeuralReader

SENTENCES = ("Marta rowed the ferry.", "The soldier gave her a copper coin.", "A storm came up from the north.")


def windows(*texts: str, document: str = "d") -> list[Window]:
    made, offset = [], 0
    for text in texts:
        span = Span(offset, offset + len(text))
        passage = Passage(document_id=document, span=span, heading="", text=text, sentences=(span,))
        made.append(Window(passages=(passage,)))
        offset = span.end + 1
    return made


def test_the_right_sentence_is_the_most_relevant_and_its_words_the_answer(reader: Reader) -> None:
    findings = reader.read("What did the soldier give Marta?", windows(*SENTENCES))
    best = max(findings.relevance, key=lambda passage: findings.relevance[passage])
    assert best.text == SENTENCES[1]
    first = findings.readings[0]
    assert first.passage.quote(first.answer) == "a copper coin"
    assert first.passage.quote(first.sentence) == SENTENCES[1]


def test_confidence_falls_from_reading_to_reading_and_tells_what_is_not_said(reader: Reader) -> None:
    chances = [each.confidence for each in reader.read("Who rowed the ferry?", windows(*SENTENCES)).readings]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > reader.threshold("balanced")
    unsaid = reader.read("How old was the captain?", windows(*SENTENCES)).readings[0]
    assert unsaid.confidence < reader.threshold("bold")


def test_more_caution_asks_for_more_confidence(reader: Reader) -> None:
    assert 0 < reader.threshold("bold") < reader.threshold("balanced") < reader.threshold("cautious") < 1


def test_nothing_to_read_finds_nothing(reader: Reader) -> None:
    findings = reader.read("Who rowed the ferry?", [])
    assert (dict(findings.relevance), findings.readings) == ({}, ())


def test_when_its_time_is_spent_it_reads_no_more() -> None:
    hasty = NeuralReader(ShippedWeights(), budget_ms=0)
    texts = [f"The {animal} slept." for animal in ("fox", "hen", "cow", "owl", "bee", "ant")]
    assert len(hasty.read("Who slept?", windows(*texts)).relevance) == 4


def test_a_passage_in_two_windows_is_one_passage(reader: Reader) -> None:
    one, two, three = (window.passages[0] for window in windows(*SENTENCES))
    overlapping = [Window(passages=(one, two)), Window(passages=(two, three))]
    findings = reader.read("What did the soldier give Marta?", overlapping)
    assert set(findings.relevance) == {one, two, three}
    assert len({reading.sentence for reading in findings.readings}) == len(findings.readings) == 3


@pytest.mark.parametrize("text", ["\U0001f98a", "…"])
def test_a_text_without_words_the_network_knows_is_read(reader: Reader, text: str) -> None:
    findings = reader.read("Who slept?", windows(text))
    assert len(findings.relevance) == 1
