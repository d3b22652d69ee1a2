"""Conversations: questions that follow each other, and what came of them."""

from dataclasses import dataclass
from typing import Literal

from storybot.model.answers import Citation, Piece, Side, TurnState, sides_of, words_of
from storybot.model.texts import DEFAULT_COLLECTION, Passage

Feedback = Literal["up", "down"]
"""What a user thinks of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation's line in the list.

    `title` is empty before its first question. `begun` and `changed` in UTC, ISO 8601; `turns` counts them.
    """

    id: str
    title: str
    collection: str = DEFAULT_COLLECTION
    begun: str
    changed: str
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question of a conversation with its answer. `number` counts from 1 on; `asked` in UTC, ISO 8601.

    standalone: the question as it was understood. pieces: the answer's, none where the text does not say, and then
    `nearest` holds the nearest passages (without their sentences). All quotes are the documents' own letters as they
    stand now: what was deleted is quoted no more.
    """

    id: str
    conversation_id: str
    number: int
    asked: str
    question: str
    standalone: str
    state: TurnState
    pieces: tuple[Piece, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Passage, ...]
    confidence: float
    notice: str = ""
    feedback: Feedback | None = None

    @property
    def found(self) -> bool:
        """Whether the text answered the question."""
        return bool(self.pieces)

    @property
    def text(self) -> str | None:
        """The answer's words; None where there are none."""
        return words_of(self.pieces)

    @property
    def sides(self) -> tuple[Side, ...]:
        """What each document says, where several answer; nothing where one does."""
        return sides_of(self.pieces, self.citations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The last event of a question asked in a conversation: the turn as it was kept."""

    turn: Turn
