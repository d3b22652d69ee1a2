"""What the reader is taught: targets point at the answer's words, and what can't answer says so."""

import random
from dataclasses import replace
from typing import Any

import pytest
from batches import UNKNOWN, batches, choose, hide, row
from invented import invented, names_in
from prepare import article_lessons, gains_of
from questions import Excerpt, Lesson
from tokenizers import Tokenizer

from storybot.model import Passage, Span, Window
from storybot.readers.encoding import sentence_spans
from storybot.readers.networks import ShippedWeights

SENTENCES = ("Marta rowed the ferry over the river.", "The soldier gave her a copper coin.", "Then a storm came up.")
PADDING = (
    "Nobody had told the old people of the village what the river would do when the snow on the hills melted. " * 3
)
CONFIG: dict[str, Any] = {
    "seed": 1,
    "tokens_per_batch": 600,
    "max_tokens": 256,
    "negatives": 2,
    "foreign": 0.5,
    "hidden": 0.0,
    "share_sentence": 1.0,
}


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return ShippedWeights().tokenizer


def candidate(text: str = " ".join(SENTENCES), answer: str = "a copper coin", *, padding: str = "") -> Excerpt:
    whole = padding + text
    start = whole.find(answer)
    spans = [Span(0, len(padding.strip()))] if padding else []
    spans += [Span(whole.index(each), whole.index(each) + len(each)) for each in SENTENCES if each in whole]
    passage = Passage(document_id="d", span=Span(0, len(whole)), heading="", text=whole, sentences=tuple(spans))
    window = Window(passages=(passage,))
    answers = (Span(start, start + len(answer)),) if start >= 0 else ()
    gains = tuple(float(any(s.start <= a.start < s.end for a in answers)) for s in sentence_spans(window))
    return Excerpt(
        window=window, sentences=tuple(sentence_spans(window)), gains=gains, answers=answers, silent=not answers
    )


def lesson(number: int, *candidates: Excerpt, kind: str = "article") -> Lesson:
    return Lesson(id=str(number), kind=kind, text="What did the soldier give?", source="s", candidates=candidates)


def test_the_targets_are_the_answers_tokens(tokenizer: Tokenizer) -> None:
    made = row("What did the soldier give?", candidate(), tokenizer, 256, random.Random(0))
    assert made is not None
    assert tokenizer.decode(made.ids[made.start : made.end + 1]) == "a copper coin"
    assert made.sentence_of[made.start] == made.sentence_of[made.end] == 1
    assert made.gains == (0.0, 1.0, 0.0)


def test_a_window_that_does_not_answer_aims_at_nothing(tokenizer: Tokenizer) -> None:
    silent = row("Who?", candidate(SENTENCES[0]), tokenizer, 256, random.Random(0))
    assert silent is not None
    assert (silent.start, silent.end) == (0, 0)


def test_an_answer_that_is_cut_off_teaches_nothing(tokenizer: Tokenizer) -> None:
    assert row("Who?", candidate(padding=PADDING * 5), tokenizer, 64, random.Random(0)) is None


def test_a_hidden_answer_is_gone_with_its_sentence() -> None:
    hidden = hide(candidate(padding=PADDING))
    assert hidden.silent
    assert "coin" not in hidden.window.text
    assert len(hidden.sentences) == len(hidden.gains) == 3
    assert all(gain == 0 for gain in hidden.gains)


def test_an_answer_is_not_hidden_where_little_or_the_answer_would_be_left() -> None:
    short = candidate()
    assert hide(short) is short
    twice = candidate(padding=PADDING + "She had a copper coin. ")
    assert hide(twice) is twice


def test_batches_are_the_same_for_the_same_seed_and_keep_to_their_size(tokenizer: Tokenizer) -> None:
    lessons = [lesson(n, candidate(), candidate(SENTENCES[0] + " " * n)) for n in range(20)]
    first, again = (batches(lessons, tokenizer, CONFIG) for _ in range(2))
    for _ in range(6):
        one, other = next(first), next(again)
        assert one.input_ids.tolist() == other.input_ids.tolist()
        assert one.input_ids.numel() <= CONFIG["tokens_per_batch"]
        assert (one.start[one.attention_mask.sum(1) == 1] == UNKNOWN).all()


def test_a_storys_question_brings_one_window_that_answers_and_some_that_do_not(tokenizer: Tokenizer) -> None:
    own = [candidate(), *(candidate(SENTENCES[0] + " " * n) for n in range(4))]
    foreign = [replace(candidate(SENTENCES[2]), foreign=True)] * 2
    for seed in range(8):
        rows = choose(lesson(0, *own, *foreign, kind="story"), tokenizer, CONFIG, random.Random(seed))
        assert len(rows) == 3
        assert [made.start > 0 for made in rows] == [True, False, False]


def test_the_answers_sentence_is_worth_most_and_its_section_a_little() -> None:
    window = candidate().window
    gains = gains_of(window, Span(38, 73), [Span(0, 73)])
    assert gains[1] > gains[0] > gains[2] == 0


def test_an_article_question_comes_with_its_paragraph_and_the_likest_other() -> None:
    article = {
        "title": "Rivers",
        "paragraphs": [
            {
                "context": "The Rhine is a river. It is long.",
                "qas": [
                    {"id": "1", "question": "What is long?", "is_impossible": False,
                     "answers": [{"text": "The Rhine", "answer_start": 0}]},
                    {"id": "2", "question": "Who owns the Rhine?", "is_impossible": True, "answers": []},
                ],
            },
            {"context": "The mayor of the town slept.", "qas": []},
            {"context": "The delta of the Rhine is long and flat.", "qas": []},
        ],
    }  # fmt: skip
    answered, impossible = article_lessons(article)
    own, other = answered.candidates
    assert own.answers[0].cut(own.window.text) == "The Rhine"
    assert other.window.text.startswith("The delta")
    assert not other.silent  # it says "the Rhine": who knows
    assert impossible.candidates[0].silent
    assert impossible.references == ()


def test_invented_questions_ask_for_what_is_not_told() -> None:
    text = "The king sent for Ivan. Then Ivan told the king, and Ivan laughed."
    own = [Passage(document_id="d", span=Span(0, len(text)), heading="", text=text, sentences=(Span(0, len(text)),))]
    assert names_in(text) == ["Ivan"]
    questions = [question for question, _ in invented(text, own, random.Random(0))]
    assert len(questions) > 5
    assert not any("{" in question for question in questions)
