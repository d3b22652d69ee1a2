"""What a search and a reader find in the texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from storybot.model.texts import Passage, Span

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Unit rows, float32, shape (n, dim)."""

Mode = Literal["hybrid", "dense", "words"]
"""Which rankings a search asks: both, the embeddings', or the words'."""

Caution = Literal["cautious", "balanced", "bold"]
"""How sure an answer must be to be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a ranking as a hit saw it: rank from 1 on, and the step's own score (larger is better)."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Passages of one document that follow each other: what a reader reads at once."""

    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The passages' letters, a blank between two."""
        return " ".join(passage.text for passage in self.passages)

    def place(self, start: int, end: int) -> tuple[Passage, Span] | None:
        """The passage and the document span of `text[start:end]`; None where it reaches over a passage's end."""
        offset = 0
        for passage in self.passages:
            if start < offset + len(passage.text):
                inside = start >= offset and end <= offset + len(passage.text)
                return (passage, Span(start, end).shifted(passage.span.start - offset)) if inside else None
            offset += len(passage.text) + 1
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader found in one passage for one question.

    `answer` and `sentence` are document spans inside the passage, `answer` mostly inside `sentence`. `confidence` is a
    calibrated probability, 0 to 1, that `sentence` answers the question.
    """

    passage: Passage
    sentence: Span
    answer: Span
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that a search found. Larger scores are better; `why` names each step that placed it.

    `reading` is what a reader found in it, if one read it and found something.
    """

    passage: Passage
    score: float
    why: Mapping[str, Step] = field(default_factory=dict)
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a reader found in some windows for one question.

    relevance: of each passage that was read; larger is better, the scale that of natural log-odds. readings: the most
    likely first.
    """

    relevance: Mapping[Passage, float] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
