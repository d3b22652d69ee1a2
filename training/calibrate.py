"""Fit the reader's few numbers.

    python training/calibrate.py --data DIR --work FOLDER

On every tenth story of FairytaleQA train and on three of SQuAD's articles, none of which trained the network. Writes
the calibration into the card, and prints what else depends on it. FairytaleQA *val* is not read.
"""

import argparse
import json
import pickle
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
from cases import Case, article_cases, story_cases, unanswerable
from export import OUT
from prepare import KEPT_ARTICLES, kept_stories
from sklearn.linear_model import LogisticRegression

from storybot.assembly import build
from storybot.evaluation.fairytaleqa import load
from storybot.evaluation.metrics import token_f1
from storybot.model import Findings, Scope
from storybot.ranking import rerank
from storybot.readers.decoding import Candidate
from storybot.readers.networks import Calibration, ShippedWeights
from storybot.readers.neural import NeuralReader, score
from storybot.settings import read_settings

CALIBRATING_ARTICLES = KEPT_ARTICLES[::2][:3]
_NOTHING = -50.0
_WEIGHT_BESIDE = 0.3
"""What a question that no story answers, or an article's, weighs beside a story's own: most have an answer."""

_MARGIN = 0.02
"""Added to each threshold: what an answer's confidence differs by between processors (docs/lab-book.md, entry 12)."""

_ANSWERED = {"cautious": 0.7, "balanced": 0.85, "bold": 0.95}
"""Share of the answerable questions of the kept stories that is to be answered."""


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    cases = read_cases(arguments.data, arguments.work)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0):
        print(f"search share {share}: {_ranking_figures(cases, share)}")
    choice = max((0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0), key=lambda weight: _answer_f1(cases, weight))
    for weight in (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0):
        print(f"choice {weight}: mean F1 {_answer_f1(cases, weight):.4f}")
    card_file = OUT / "reader.json"
    card = json.loads(card_file.read_text("utf8"))
    card["calibration"] = asdict(_fit(cases, choice))
    card_file.write_text(json.dumps(card, indent=2) + "\n", encoding="utf8")
    print(json.dumps(card["calibration"], indent=2))


def read_cases(data: Path, work: Path) -> list[Case]:
    """The kept questions, read with the weights that ship; kept in the work folder, since reading takes minutes."""
    weights = ShippedWeights()
    file = work / f"cases-{weights.card['sha256']['reader.onnx'][:12]}.pkl"
    if not file.exists():
        file.write_bytes(pickle.dumps(_read_cases(weights, data, work)))
    cases: list[Case] = pickle.loads(file.read_bytes())  # noqa: S301 - our own file
    return cases


def _read_cases(weights: ShippedWeights, data: Path, work: Path) -> list[Case]:
    reader = NeuralReader(weights, budget_ms=60_000)
    lessons = pickle.loads((work / "kept.pkl").read_bytes())  # noqa: S301 - our own file
    kept = kept_stories(data / "fairytaleqa")
    stories = [story for story in load(data / "fairytaleqa", "train") if story.name in kept]
    with tempfile.TemporaryDirectory() as folder:
        bot = build(read_settings(data=Path(folder)), empty=True)
        cases = list(story_cases(bot, reader, stories))
        ids = {entry.name.removesuffix(".txt"): entry.id for entry in bot.library.entries()}
        cases += [
            unanswerable(bot, reader, "invented", lesson.text, Scope(document_ids=(ids[lesson.source],)))
            for lesson in lessons
            if lesson.kind == "invented"
        ]
        bot.close()
    articles = [each for each in lessons if each.kind == "article" and each.source in CALIBRATING_ARTICLES]
    return [*cases, *article_cases(reader, articles)]


def _ranking_figures(cases: Sequence[Case], share: float) -> str:
    """hit@1 and MRR of gold sections, by the reader's relevance and so much of the search's score."""
    first, reciprocal = [], []
    for case in cases:
        if case.kind == "own":
            hits = rerank(case.hits, Findings(relevance=case.relevance), share)[:10]
            right = [case.in_section(hit.passage) for hit in hits]
            first.append(right[0])
            reciprocal.append(next((1 / rank for rank, hit in enumerate(right, 1) if hit), 0.0))
    return f"hit@1 {np.mean(first):.4f} MRR@10 {np.mean(reciprocal):.4f}"


def best(case: Case, choice: float) -> Candidate | None:
    """The candidate that the reader would give."""
    return max(case.found, key=lambda each: score(each, Calibration(choice=choice)), default=None)


def _answer_f1(cases: Sequence[Case], choice: float) -> float:
    scores = [
        token_f1(chosen.passage.quote(chosen.answer), case.references)
        for case in cases
        if case.kind == "own" and (chosen := best(case, choice))
    ]
    return float(np.mean(scores))


def _fit(cases: Sequence[Case], choice: float) -> Calibration:
    """A logistic regression that says from the score whether the chosen answer is right. Source: Platt, 1999."""
    scores, right = _scores(cases, choice)
    importance = [1.0 if case.kind == "own" else _WEIGHT_BESIDE for case in cases]
    model = LogisticRegression(max_iter=5000).fit(scores[:, None], right, sample_weight=importance)
    own = scores[[case.kind == "own" for case in cases]]
    slope, bias = round(float(model.coef_[0][0]), 4), round(float(model.intercept_[0]), 4)
    thresholds = {}
    for caution, share in _ANSWERED.items():
        least = float(np.quantile(own, 1 - share))
        thresholds[caution] = round(float(1 / (1 + np.exp(-slope * least - bias))) + _MARGIN, 3)
        told = {
            kind: round(float(np.mean(scores[[c.kind == kind and not c.references for c in cases]] >= least)), 3)
            for kind in ("foreign", "invented", "article")
        }
        correct = np.mean(right[[case.kind == "own" for case in cases]][own >= least])
        print(f"{caution}: right of the answered {correct:.3f}; answered though unanswerable {told}")
    return Calibration(choice=choice, slope=slope, bias=bias, thresholds=thresholds)


def _scores(cases: Sequence[Case], choice: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Of each case the score of the answer that the reader would give, and whether it is right."""
    chosen = [best(case, choice) for case in cases]
    scores = [score(each, Calibration(choice=choice)) if each else _NOTHING for each in chosen]
    right = [each is not None and case.right(each) for case, each in zip(cases, chosen, strict=True)]
    return np.array(scores), np.array(right)


if __name__ == "__main__":
    main()
