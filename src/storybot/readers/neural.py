"""The reader: one network that ranks passages, finds the answer's words, and knows when they aren't there."""

import math
import time
from collections.abc import Sequence

import numpy as np

from storybot.model import Caution, Findings, Passage, Reading, Window
from storybot.readers.decoding import Candidate, candidates, sentence_relevance
from storybot.readers.encoding import encode, sentence_spans
from storybot.readers.networks import Calibration, Weights
from storybot.scripts import main_script

_READINGS = 5
_BATCH_WINDOWS = 4
_MOST = 60.0
"""Log-odds past it change no probability that a float holds."""

_BUCKET = 16
"""Lengths are rounded up to it."""


class NeuralReader:
    """Reads windows with a network. Safe to call from any thread."""

    def __init__(self, weights: Weights, *, budget_ms: int) -> None:
        """A reader that begins no further batch of windows once `budget_ms` have passed."""
        self._weights = weights
        self._budget_ms = budget_ms

    def prepare(self) -> None:
        """Load the network."""
        self._weights.network  # noqa: B018 - loads
        self._weights.tokenizer  # noqa: B018 - loads

    def threshold(self, caution: Caution) -> float:
        """The least confidence of an answer that is given."""
        return self._weights.calibration.thresholds[caution]

    def read(self, question: str, windows: Sequence[Window]) -> Findings:
        """Relevance of the passages that were read, and up to five readings, the most likely first.

        What is in a script that the network never saw isn't read: its answers would be guesses.
        """
        readable = [window for window in windows if self._knows(window.text)] if self._knows(question) else []
        relevance, found = self.examine(question, readable)
        best = sorted(found, key=self._score, reverse=True)[:_READINGS]
        return Findings(
            relevance=relevance,
            readings=tuple(
                Reading(
                    passage=each.passage,
                    sentence=each.sentence,
                    answer=each.answer,
                    confidence=confidence(each, self._weights.calibration),
                )
                for each in best
            ),
        )

    def _knows(self, text: str) -> bool:
        return not self._weights.latin_alone or main_script(text) == "latin"

    def _score(self, candidate: Candidate) -> float:
        return score(candidate, self._weights.calibration)

    def examine(self, question: str, windows: Sequence[Window]) -> tuple[dict[Passage, float], list[Candidate]]:
        """Relevance of each passage that was read, its best sentence's, and the best answer of each sentence."""
        began = time.monotonic()
        relevance: dict[Passage, float] = {}
        best: dict[tuple[str, int], Candidate] = {}
        for first in range(0, len(windows), _BATCH_WINDOWS):
            if first and (time.monotonic() - began) * 1000 > self._budget_ms:
                break
            for window, sentences, answers in self._examine(question, windows[first : first + _BATCH_WINDOWS]):
                for passage, value in _by_passage(window, sentences).items():
                    relevance[passage] = max(value, relevance.get(passage, -math.inf))
                for each in answers:
                    place = (each.passage.document_id, each.sentence.start)
                    if place not in best or self._score(each) > self._score(best[place]):
                        best[place] = each
        return relevance, list(best.values())

    def _examine(
        self, question: str, windows: Sequence[Window]
    ) -> list[tuple[Window, Sequence[float], list[Candidate]]]:
        tokenizer = self._weights.tokenizer
        encoded = [encode(tokenizer, question, window.text, sentence_spans(window)) for window in windows]
        length = -(-max(len(each.ids) for each in encoded) // _BUCKET) * _BUCKET
        ids, mask, types = (np.zeros((len(encoded), length), dtype=np.int64) for _ in range(3))
        for row, each in enumerate(encoded):
            ids[row, : len(each.ids)], types[row, : len(each.ids)], mask[row, : len(each.ids)] = each.ids, each.types, 1
        scores, tokens = self._weights.network(ids, mask, types)
        examined = []
        for row, (window, each) in enumerate(zip(windows, encoded, strict=True)):
            own = tokens[row, : len(each.ids)]
            count = sum(len(passage.sentences) for passage in window.passages)
            sentences = sentence_relevance(float(scores[row]), own[:, 2], each, count).tolist()
            examined.append((window, sentences, list(candidates(window, each, own, sentences))))
        return examined


def score(candidate: Candidate, calibration: Calibration) -> float:
    """What candidates are chosen by; larger is better."""
    return candidate.margin + calibration.choice * candidate.relevance


def confidence(candidate: Candidate, calibration: Calibration) -> float:
    """How probable it is, 0 to 1, that the candidate is right, if it is the best of those found."""
    odds = calibration.slope * score(candidate, calibration) + calibration.bias
    return 1 / (1 + math.exp(-max(-_MOST, min(_MOST, odds))))


def _by_passage(window: Window, sentences: Sequence[float]) -> dict[Passage, float]:
    made = {}
    at = 0
    for passage in window.passages:
        made[passage] = max(sentences[at : at + len(passage.sentences)])
        at += len(passage.sentences)
    return made
