"""Figures of the shipped reader beside `storybot evaluate`.

    python training/measure.py --data DIR --work FOLDER

SQuAD 2.0 on kept-out articles that calibrated nothing; foreign questions and calibration on FairytaleQA val.
"""

import argparse
import pickle
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from calibrate import CALIBRATING_ARTICLES, best
from cases import Case, abstain_cases, article_cases, story_cases
from sklearn.metrics import roc_auc_score

from storybot.assembly import build
from storybot.evaluation.fairytaleqa import load
from storybot.evaluation.metrics import exact_match, token_f1
from storybot.model import Caution
from storybot.readers.networks import Calibration, ShippedWeights
from storybot.readers.neural import NeuralReader, confidence
from storybot.settings import read_settings

_BINS = 15
_CAUTIONS: tuple[Caution, ...] = ("cautious", "balanced", "bold")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    weights = ShippedWeights()
    calibration = weights.calibration
    reader = NeuralReader(weights, budget_ms=60_000)
    lessons = pickle.loads((arguments.work / "kept.pkl").read_bytes())  # noqa: S301 - our own file
    kept = [each for each in lessons if each.kind == "article" and each.source not in CALIBRATING_ARTICLES]
    _articles(list(article_cases(reader, kept)), calibration, reader)
    with tempfile.TemporaryDirectory() as folder:
        bot = build(read_settings(data=Path(folder)), empty=True)
        _abstain(list(abstain_cases(bot, reader, arguments.data)), calibration, reader)
        stories = load(arguments.data / "fairytaleqa", "val")
        _reliability([c for c in story_cases(bot, reader, stories) if c.kind == "own"], calibration)
        bot.close()


def _articles(cases: Sequence[Case], calibration: Calibration, reader: NeuralReader) -> None:
    """AUROC of answerable against not; exact match and F1 where declining is the answer to the unanswerable."""
    chances = np.array([_chance(case, calibration) for case in cases])
    answerable = np.array([bool(case.references) for case in cases])
    print(f"SQuAD 2.0, kept out: {len(cases)} questions, AUROC {roc_auc_score(answerable, chances):.4f}")
    for caution in _CAUTIONS:
        exact, shared = [], []
        for case, chance in zip(cases, chances, strict=True):
            chosen = best(case, calibration.choice)
            told = chosen.passage.quote(chosen.answer) if chosen and chance >= reader.threshold(caution) else ""
            references = case.references or ("",)
            exact.append(
                exact_match(told, references) if told and case.references else float(not told and not case.references)
            )
            shared.append(
                token_f1(told, references) if told and case.references else float(not told and not case.references)
            )
        print(f"  {caution}: EM {np.mean(exact):.4f} F1 {np.mean(shared):.4f}")


def _abstain(cases: Sequence[Case], calibration: Calibration, reader: NeuralReader) -> None:
    """Share of a story's own questions, and of those of other stories, that are answered."""
    chances = np.array([_chance(case, calibration) for case in cases])
    own = np.array([case.kind == "own" for case in cases])
    print(f"abstain_val: AUROC {roc_auc_score(own, chances):.4f}")
    for caution in _CAUTIONS:
        told = chances >= reader.threshold(caution)
        print(f"  {caution}: own answered {told[own].mean():.4f}, foreign answered {told[~own].mean():.4f}")


def _reliability(cases: Sequence[Case], calibration: Calibration) -> None:
    """Expected calibration error over bins of equal width, with the table. Source: Guo et al., 2017."""
    chances = np.array([_chance(case, calibration) for case in cases])
    right = np.array([bool(case.found) and case.right(best(case, calibration.choice)) for case in cases])  # type: ignore[arg-type]
    bins = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for number in range(_BINS):
        inside = bins == number
        if inside.any():
            error += inside.mean() * abs(chances[inside].mean() - right[inside].mean())
            said, true = chances[inside].mean(), right[inside].mean()
            print(
                f"  {number / _BINS:.2f}-{(number + 1) / _BINS:.2f}: {inside.sum():4d} said {said:.3f} right {true:.3f}"
            )
    print(f"val: right {right.mean():.4f}, expected calibration error {error:.4f}")


def _chance(case: Case, calibration: Calibration) -> float:
    chosen = best(case, calibration.choice)
    return confidence(chosen, calibration) if chosen else 0.0


if __name__ == "__main__":
    main()
