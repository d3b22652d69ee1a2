"""A reader without a neural net: it compares words, looks for the kind of thing asked for, and knows when to doubt."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storybot.model import Hit, Reading
from storybot.readers.features import Line, Sheet, doubts, lay_out
from storybot.readers.questions import Question, ask
from storybot.readers.spans import answer_span

_WEIGHTS = Path(__file__).with_name("weights.json")
_READINGS = 3

THRESHOLD = 0.2
"""Below this confidence the text is said not to answer. Source: `bench/fit_reader.py --check`, by threshold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Fitted numbers.

    ranking: by kind, and "any" for all, in the order of `FEATURES`. doubt: in the order of `DOUBTS`. bias: by kind.
    """

    ranking: dict[str, list[float]]
    doubt: list[float]
    bias: dict[str, float]


def shipped() -> Weights:
    """The weights that come with the package."""
    return Weights(**json.loads(_WEIGHTS.read_text("utf8")))


class LexicalReader:
    """Picks the sentence by a linear ranking, the words in it by rules, and the confidence by a logistic regression.

    The weights come from `bench/fit_reader.py`. Nothing is kept between questions.
    """

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights or shipped()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Up to three readings, the most likely first; none where no sentence shares a word with the question."""
        asked = ask(question)
        sheet = lay_out(asked, hits)
        if not any(line.matches for line in sheet.lines):
            return []
        best = ranked(sheet, self._weights.ranking)[: _READINGS + 1]
        readings: list[Reading] = []
        for place, (line, chance) in enumerate(best[:_READINGS]):
            rival = best[1 if place == 0 else 0][1] if len(best) > 1 else 0.0
            confidence = self._confidence(asked, doubts(sheet, line, chance, chance - rival))
            # The order is the ranking's: a later reading is never surer than one before it.
            readings.append(_reading(asked, line, min([confidence, *(each.confidence for each in readings)])))
        return readings

    def _confidence(self, question: Question, values: Sequence[float]) -> float:
        total = self._weights.bias[question.kind] + sum(w * v for w, v in zip(self._weights.doubt, values, strict=True))
        return 1 / (1 + math.exp(-total))


def ranked(sheet: Sheet, ranking: dict[str, list[float]]) -> list[tuple[Line, float]]:
    """The sentences with their share of the chance, 0 to 1, best first; ties go to the earlier."""
    weights = [a + b for a, b in zip(ranking["any"], ranking[sheet.question.kind], strict=True)]
    scores = [sum(w * v for w, v in zip(weights, line.features, strict=True)) for line in sheet.lines]
    top = max(scores)
    shares = [math.exp(score - top) for score in scores]
    whole = sum(shares)
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    return [(sheet.lines[i], shares[i] / whole) for i in order]


def _reading(question: Question, line: Line, confidence: float) -> Reading:
    answer = answer_span(question, line.text).shifted(line.span.start)
    return Reading(passage=line.hit.passage, sentence=line.span, answer=answer, confidence=confidence)
