import numpy as np
import pytest

from storybot.model import Passage, Span, Window
from storybot.readers.decoding import candidates, sentence_relevance
from storybot.readers.encoding import MAX_QUESTION_TOKENS, MAX_TOKENS, encode, sentence_spans
from storybot.readers.networks import ShippedWeights

TEXT = "The fox slept. It dreamed of hens."
FIRST, SECOND = Span(0, 14), Span(15, 34)


@pytest.fixture(scope="module")
def weights() -> ShippedWeights:
    return ShippedWeights()


def window(offset: int = 0) -> Window:
    sentences = (FIRST.shifted(offset), SECOND.shifted(offset))
    span = Span(offset, offset + len(TEXT))
    return Window(passages=(Passage(document_id="d", span=span, heading="", text=TEXT, sentences=sentences),))


def test_each_token_knows_its_sentence(weights: ShippedWeights) -> None:
    encoded = encode(weights.tokenizer, "Who slept?", TEXT, sentence_spans(window(7)))
    words = [TEXT[slice(*encoded.offsets[i])] for i in np.flatnonzero(encoded.sentence_of == 1)]
    assert words == ["It", "dreamed", "of", "hen", "##s"[2:], "."]
    assert encoded.sentence_of[0] == -1


def test_a_long_question_leaves_room_for_the_window(weights: ShippedWeights) -> None:
    encoded = encode(weights.tokenizer, "who " * 500, TEXT, sentence_spans(window()))
    assert len(encoded.ids) < MAX_QUESTION_TOKENS + 20
    assert set(encoded.sentence_of) == {-1, 0, 1}


def test_a_long_window_is_cut_off(weights: ShippedWeights) -> None:
    long = "fox " * 1000
    assert len(encode(weights.tokenizer, "Who?", long, [Span(0, len(long))]).ids) == MAX_TOKENS


def test_the_best_answer_of_each_sentence_is_placed_in_the_document(weights: ShippedWeights) -> None:
    one = window(100)
    encoded = encode(weights.tokenizer, "Who slept?", one.text, sentence_spans(one))
    scores = np.zeros((len(encoded.ids), 3), dtype=np.float32)
    place = {TEXT[slice(*pair)]: i for i, pair in enumerate(encoded.offsets) if encoded.sentence_of[i] >= 0}
    scores[place["fox"], 0] = scores[place["fox"], 1] = 5
    scores[place["hen"], :2] = 3
    fox, hens = candidates(one, encoded, scores, [2.0, 1.0])
    assert (fox.answer, fox.sentence, fox.margin, fox.relevance) == (Span(104, 107), FIRST.shifted(100), 10.0, 2.0)
    assert one.passages[0].quote(hens.answer) == "hens"  # a whole word, though its second token wasn't chosen
    assert hens.margin == 6.0


def test_a_sentence_that_was_cut_off_is_no_better_than_the_others(weights: ShippedWeights) -> None:
    encoded = encode(weights.tokenizer, "Who slept?", TEXT, [FIRST, SECOND])
    evidence = np.where(encoded.sentence_of == 0, 3.0, -2.0).astype(np.float32)
    assert sentence_relevance(1.0, evidence, encoded, 3).tolist() == [4.0, -1.0, -1.0]
    nothing = encode(weights.tokenizer, "?", "", [])
    assert sentence_relevance(1.0, np.zeros(len(nothing.ids), dtype=np.float32), nothing, 1).tolist() == [1.0]


def test_no_answer_runs_from_a_title_into_the_text(weights: ShippedWeights) -> None:
    text = "The Fox\n\nReynard slept."
    span = Span(0, len(text))
    one = Window(passages=(Passage(document_id="d", span=span, heading="", text=text, sentences=(span,)),))
    encoded = encode(weights.tokenizer, "Who slept?", text, sentence_spans(one))
    inside = np.flatnonzero(encoded.sentence_of == 0)
    scores = np.zeros((len(encoded.ids), 3), dtype=np.float32)
    scores[inside[1], 0] = 5  # from "Fox"
    scores[inside[-2], 1] = 9  # to "slept"
    (answer,) = candidates(one, encoded, scores, [1.0])
    assert answer.answer.start >= text.index("Reynard")
