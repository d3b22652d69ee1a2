"""The yardstick itself: a small data set in FairytaleQA's layout, and figures worked out by hand."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from storybot.bot import Storybot
from storybot.errors import FileNotReadable
from storybot.evaluation import metrics, run_evaluation
from storybot.evaluation.fairytaleqa import Story, load
from storybot.model import Span

SECTIONS = [
    "The fox lived under the old bridge. It was red.",
    "The hen laid a silver egg. The king \u00e2\u20ac\u201c her friend \u00e2\u20ac\u201c saw it.",
]
FIELDS = ["question_id", "cor_section", "ex-or-im1", "question", *(f"answer{n}" for n in range(1, 7))]


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def question(number: int, section: str, text: str, *answers: str, explicit: bool = True) -> dict[str, str]:
    kind = "explicit" if explicit else "implicit"
    row = {"question_id": str(number), "cor_section": section, "ex-or-im1": kind, "question": text}
    return dict.fromkeys(FIELDS, "") | row | {f"answer{place}": answer for place, answer in enumerate(answers, start=1)}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    base = tmp_path / "fairytaleqa" / "data-by-train-split"
    asked = [
        question(1, "1", "Where did the fox live?", "under the old bridge"),
        question(2, "2", "What did the hen lay?", "a silver egg", "an egg"),
        question(2, "1,2", "How many ships had the emperor of the moon?", "nine", explicit=False),
    ]
    for split in ("val", "train"):
        told = SECTIONS if split == "val" else [text.replace("fox", "wolf") for text in SECTIONS]
        sections = [{"section": str(n), "text": text} for n, text in enumerate(told, start=1)]
        sentences = [s if s.endswith(".") else f"{s}." for text in SECTIONS for s in text.split(". ")]
        write(base / "section-stories" / split / f"{split}-tale-story.csv", sections)
        write(base / "sentence-stories" / split / f"{split}-tale-story.csv", [{"text": s} for s in sentences])
        write(base / "questions" / split / f"{split}-tale-questions.csv", asked)
    return tmp_path


def tale(data: Path) -> Story:
    (story,) = load(data / "fairytaleqa", "val")
    return story


def test_stories_questions_and_sentences_are_placed(data: Path) -> None:
    story = tale(data)
    assert story.text == "\n\n".join(SECTIONS)
    assert [q.id for q in story.questions] == ["val-tale#1", "val-tale#2", "val-tale#2b"]
    assert [s.cut(story.text) for s in story.sentences][:2] == ["The fox lived under the old bridge.", "It was red."]
    assert story.questions[2].gold == (Span(0, len(SECTIONS[0])), Span(len(SECTIONS[0]) + 2, len(story.text)))
    assert story.questions[1].references == ("a silver egg",)
    assert story.questions[1].answers == ("a silver egg", "an egg")


@pytest.mark.parametrize("scope", ["story", "corpus"])
def test_a_run_is_scored_and_written(bot: Storybot, data: Path, tmp_path: Path, scope: str) -> None:
    said: list[str] = []
    out = tmp_path / "run.jsonl"
    found = run_evaluation(bot, data, split="val", scope=scope, out=out, limit=0, report=said.append)
    assert found["questions"] == 3
    assert found["hit@10"] > 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["qid"] for row in rows] == ["val-tale#1", "val-tale#2", "val-tale#2b"]
    assert rows[2]["answer"] is None
    assert "start" not in rows[0]["passages"][0]
    assert any("mended" in line for line in said)
    if scope == "story":
        assert rows[0]["answer"] == "under the old bridge"
        exact = [row["answer"] in {"under the old bridge", "a silver egg"} for row in rows]
        assert found["EM"] == pytest.approx(sum(exact) / 3, abs=1e-4)
        assert found["refused"] == pytest.approx(1 / 3, abs=1e-4)
        assert found["sentence@200w"] == 1.0


def test_a_folder_without_the_data_is_named(bot: Storybot, tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable, match="FairytaleQA"):
        run_evaluation(bot, tmp_path, split="val", scope="story", out=None, limit=0, report=print)


def test_answers_are_compared_as_the_benchmarks_do() -> None:
    assert metrics.exact_match("The Fox!", ["a fox"]) == 1
    assert metrics.exact_match("foxes", ["a fox"]) == 0
    assert metrics.token_f1("the red fox", ["fox", "a red cat fox"]) == pytest.approx(0.8)
    assert metrics.rouge_l("under the old bridge", ["the bridge"]) == pytest.approx(2 / 3)
    assert metrics.rouge_l("", ["the bridge"]) == metrics.token_f1("", ["the bridge"]) == 0


def test_a_passage_hits_a_section_by_halves() -> None:
    gold = (Span(100, 200),)
    assert metrics.is_section_hit(Span(90, 110), gold)
    assert metrics.is_section_hit(Span(0, 150), gold)
    assert not metrics.is_section_hit(Span(0, 149), gold)


def test_a_long_sentence_is_cut_to_where_the_answer_stands(data: Path) -> None:
    words = " ".join(["so"] * 60)
    story = tale(data)
    text = f"{words} the silver egg {words}"
    long = Story(name="x", text=text, sentences=(Span(0, len(text)),), questions=())
    asked = replace(story.questions[1], gold=(Span(0, len(text)),))
    cut = metrics.answer_sentence(long, asked)
    assert cut is not None
    assert len(cut.cut(text).split()) == 12 + 2 + 12
    assert "silver egg" in cut.cut(text)


def test_a_sentence_counts_while_the_budget_of_words_lasts() -> None:
    sentence = Span(10, 20)
    texts = ["aaaa bbbb", "0123456789 end"]
    spans = [Span(0, 9), Span(10, 24)]
    assert metrics.sentence_in_words(spans, texts, sentence, 3)
    assert not metrics.sentence_in_words(spans, texts, sentence, 2)
    assert not metrics.sentence_in_words([Span(0, 9), None], texts, sentence, 9)
