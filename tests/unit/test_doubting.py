"""Answers that a sentence does not link to what was asked for."""

import pytest

from storybot.doubting import doubted
from storybot.model import Passage, Reading, Span


def reading(sentence: str, answer: str) -> Reading:
    start = sentence.index(answer)
    span = Span(0, len(sentence))
    passage = Passage(document_id="d", span=span, heading="", text=sentence, sentences=(span,))
    return Reading(passage=passage, sentence=span, answer=Span(start, start + len(answer)), confidence=0.5)


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("Who is the king?", "The king, Reynard, slept.", "Reynard"),
        ("Who was the king?", "Reynard was the king.", "Reynard"),
        ("Who is the king?", "So Reynard slept until the evening.", "Reynard"),
        ("Who met the king?", "Reynard walked all the way home and there met the king.", "Reynard"),
        ("Who is the king of the wood?", "Reynard walked all the way home and met the king.", "Reynard"),
        ("Who's the king?", "King Reynard slept.", "King Reynard"),
    ],
)
def test_what_stands_together_or_was_not_asked_so_is_as_sure_as_it_was(
    question: str, sentence: str, answer: str
) -> None:
    (found,) = doubted(question, [reading(sentence, answer)])
    assert found.confidence == 0.5


@pytest.mark.parametrize("question", ["Who is the king?", "who was the King", "Who\u2019s the king?"])
def test_who_stands_far_from_what_was_asked_for_is_doubted(question: str) -> None:
    far = reading("Reynard was met with congratulations by the king.", "Reynard")
    near = reading("Bruin was the king.", "Bruin")
    assert [one.confidence for one in doubted(question, [far, near])] == pytest.approx([0.175, 0.175])
    assert [one.confidence for one in doubted(question, [near, far])] == [0.5, 0.5]
    assert doubted(question, []) == ()
