"""Answers, and the events that they come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from storybot.model.findings import Hit
from storybot.model.texts import Passage, Span, place_of

Unsupported = Literal["withhold", "mark"]
"""What becomes of a sentence of a language model that no text bears out."""

TurnState = Literal["told", "stopped", "gone"]
"""`told`: answered, or found not to be said; `stopped`: its user ended it, what came was kept; `gone`: it quoted a
document that has been deleted, and quotes it no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A sentence of a passage, `passage.quote(sentence)`."""

    passage: Passage
    sentence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A piece of an answer as an answerer gives it: words, and pointers to the sentences it rests on.

    An answerer only points: the quotes are cut out of the text by the core.
    """

    text: str
    pointers: tuple[Pointer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A numbered sentence that an answer rests on. `quote` is `document.text[span]`, letter for letter.

    `page` is the label of the page that the sentence begins on; empty where the document has no pages.
    """

    number: int
    document_id: str
    name: str
    title: str
    heading: str
    span: Span
    quote: str
    page: str = ""

    @property
    def place(self) -> str:
        """Where a person finds it: "Chapter 4, p. 12"; empty where the document names no places."""
        return place_of(self.heading, self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of an answer's words, in order. `numbers` are those of its citations.

    Without a number it says what no text bears out, and must be shown as such.
    """

    text: str
    numbers: tuple[int, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether a sentence bears it out."""
        return bool(self.numbers)


def words_of(pieces: Sequence[Piece]) -> str | None:
    """The words of an answer; None where there are none."""
    return "".join(piece.text for piece in pieces) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one of several documents answers: its own pieces, in their order."""

    document_id: str
    name: str
    title: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(piece.text for piece in self.pieces).strip(" ;")


def sides_of(pieces: Sequence[Piece], citations: Sequence[Citation]) -> tuple[Side, ...]:
    """What each document says, where several answer one after the other, each by itself; else nothing."""
    quoted = {citation.document_id: citation for citation in citations}
    home = {citation.number: citation.document_id for citation in citations}
    runs = [
        (homes, tuple(run))
        for homes, run in groupby(pieces, key=lambda piece: frozenset(home[number] for number in piece.numbers))
    ]
    apart = all(len(homes) == 1 for homes, _ in runs) and len({homes for homes, _ in runs}) == len(runs) > 1
    if not apart:
        return ()
    return tuple(
        Side(document_id=one, name=quoted[one].name, title=quoted[one].title, pieces=run)
        for homes, run in runs
        for one in homes
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The reply to a question. Without pieces the text does not say; `evidence` holds the nearest passages.

    standalone: the question as it was understood, with what a conversation left out. notice: what to know of how it
    came about, in words; mostly empty.
    """

    question: str
    standalone: str
    pieces: tuple[Piece, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[Hit, ...]
    confidence: float
    notice: str = ""
    state: TurnState = "told"

    @property
    def found(self) -> bool:
        """Whether the text answers the question."""
        return bool(self.pieces)

    @property
    def text(self) -> str | None:
        """The answer's words; None where the text does not say."""
        return words_of(self.pieces)

    @property
    def sides(self) -> tuple[Side, ...]:
        """What each document says, where several answer; nothing where one does."""
        return sides_of(self.pieces, self.citations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The question as it was understood, told first where the history of a conversation changed it."""

    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Whether the text answers, and how surely (0 to 1): the reader's verdict, before any word of the answer."""

    found: bool
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the reader of an answer should know of how it came about."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The last event of an answer: the whole of it."""

    answer: Answer


Event: TypeAlias = Understood | Found | Piece | Notice | Done
"""What an answer comes in, in this order; a piece or a notice any number of times."""
