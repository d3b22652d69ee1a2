"""From a follow-up to a question that stands alone, by rules, in milliseconds, without a language model."""

from collections.abc import Sequence
from dataclasses import dataclass

REACH = 6
"""How many of the last turns a follow-up may lean on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What an earlier turn brought: its question as it was understood, its answer, the texts around what it cited."""

    question: str
    answer: str | None = None
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A question as it stands alone, and the questions to search with: the best first, that one among them."""

    question: str
    readings: tuple[str, ...]


def understand(question: str, history: Sequence[Exchange]) -> Understanding:  # noqa: ARG001 - comes next
    """What the question means after `history`, the latest last; the question itself where it stands alone."""
    return Understanding(question=question, readings=(question,))
