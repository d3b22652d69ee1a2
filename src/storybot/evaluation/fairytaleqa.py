"""FairytaleQA: stories, their questions, and where each answer stands.

Source: Xu et al., Fantastic Questions and Where to Find Them, 2022; the data are at uci-soe/FairytaleQAData.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from storybot.errors import FileNotReadable
from storybot.model import Span

_JOIN = "\n\n"
_WITHIN = 4000
"""A sentence that doesn't stand within so many letters of the one before is not of this place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its answers: `references` are the two that the benchmark scores against, `answers` all."""

    id: str
    text: str
    answers: tuple[str, ...]
    references: tuple[str, ...]
    gold: tuple[Span, ...]
    explicit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story: its sections joined by blank lines, the sentences of the release, its questions."""

    name: str
    text: str
    sentences: tuple[Span, ...]
    questions: tuple[Question, ...]


def load(folder: Path, split: str) -> list[Story]:
    """The stories of a split, by name. `folder` holds `data-by-train-split/`. Raises: FileNotReadable."""
    base = folder / "data-by-train-split"
    files = sorted((base / "section-stories" / split).glob("*-story.csv"))
    if not files:
        raise FileNotReadable(str(base / "section-stories" / split), "there are no stories of FairytaleQA in it")
    return [_story(base, split, file.name.removesuffix("-story.csv")) for file in files]


def _story(base: Path, split: str, name: str) -> Story:
    sections: dict[str, Span] = {}
    offset, texts = 0, []
    for row in _rows(base / "section-stories" / split / f"{name}-story.csv"):
        sections[row["section"].strip()] = Span(offset, offset + len(row["text"]))
        texts.append(row["text"])
        offset += len(row["text"]) + len(_JOIN)
    text = _JOIN.join(texts)
    seen: set[str] = set()
    questions = []
    for row in _rows(base / "questions" / split / f"{name}-questions.csv"):
        question_id = f"{name}#{row['question_id'].strip()}"
        while question_id in seen:
            question_id += "b"
        seen.add(question_id)
        questions.append(_question(row, question_id, sections))
    sentences = base / "sentence-stories" / split / f"{name}-story.csv"
    found = _place(text, (row["text"] for row in _rows(sentences))) if sentences.exists() else ()
    return Story(name=name, text=text, sentences=tuple(found), questions=tuple(questions))


def _question(row: dict[str, str], question_id: str, sections: dict[str, Span]) -> Question:
    answers = [(row.get(f"answer{number}") or "").strip() for number in range(1, 7)]
    gold = [sections[name.strip()] for name in row["cor_section"].split(",") if name.strip() in sections]
    return Question(
        id=question_id,
        text=row["question"].strip(),
        answers=tuple(dict.fromkeys(filter(None, answers))),
        references=tuple(filter(None, (answers[0], answers[3]))),
        gold=tuple(gold),
        explicit=row["ex-or-im1"].strip() == "explicit",
    )


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise FileNotReadable(str(path), error.strerror or str(error)) from error


def _place(text: str, sentences: Iterable[str]) -> Iterable[Span]:
    """Where the sentences stand, compared by letters and digits alone: the release spaces them its own way."""
    letters, places = _squash(text)
    at = 0
    for sentence in sentences:
        wanted = _squash(sentence)[0]
        found = letters.find(wanted, at) if wanted else -1
        if 0 <= found <= at + _WITHIN:
            at = found + len(wanted)
            yield _with_marks(text, Span(places[found], places[at - 1] + 1))


def _squash(text: str) -> tuple[str, list[int]]:
    pairs = [(lower, place) for place, char in enumerate(text) if char.isalnum() for lower in char.lower()]
    return "".join(char for char, _ in pairs), [place for _, place in pairs]


def _with_marks(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while end < len(text) and not text[end].isspace() and not text[end].isalnum():
        end += 1
    while start > 0 and text[start - 1] in "\"'(\u201c\u2018":
        start -= 1
    return Span(start, end)
