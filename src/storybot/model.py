"""The nouns: frozen values that every ring of the house speaks in.

All offsets are Unicode code points of `Document.text`, all spans half-open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Unit rows, float32, shape (n, dim)."""

Mode = Literal["hybrid", "dense", "words"]
"""Which rankings a search asks: both, the embeddings', or the words'."""

Caution = Literal["cautious", "balanced", "bold"]
"""How sure an answer must be to be given."""

DEFAULT_COLLECTION = "stories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text as it came: the name its user gave it, and its bytes."""

    name: str
    data: bytes
    collection: str = DEFAULT_COLLECTION


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in a document's text."""

    start: int
    end: int

    def cut(self, text: str) -> str:
        """The letters of `text` that the span covers."""
        return text[self.start : self.end]

    def shifted(self, offset: int) -> "Span":
        """The same stretch, `offset` code points further on."""
        return Span(self.start + offset, self.end + offset)

    def within(self, other: "Span") -> bool:
        """Whether the whole span lies inside `other`."""
        return other.start <= self.start and self.end <= other.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of a document under one heading ("" where it has none)."""

    heading: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that was read. Its sections follow each other and cover it."""

    id: str
    name: str
    title: str
    text: str
    sections: tuple[Section, ...]
    collection: str = DEFAULT_COLLECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document's line in the catalogue. `length` in code points, `added` in UTC, ISO 8601."""

    id: str
    name: str
    title: str
    collection: str
    length: int
    passages: int
    added: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Whole sentences of one section, `document.text[span]`. `sentences` are spans in the document, in order."""

    document_id: str
    span: Span
    heading: str
    text: str
    sentences: tuple[Span, ...]

    def quote(self, span: Span) -> str:
        """The letters at `span` (document offsets), which must lie within the passage."""
        if not span.within(self.span):
            message = f"{span} lies outside of {self.span}"
            raise ValueError(message)
        return span.shifted(-self.span.start).cut(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a question looks: one collection, and in it the chosen documents (all where none is named)."""

    collection: str = DEFAULT_COLLECTION
    document_ids: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A piece of an answer as an answerer gives it: words, and pointers to the sentences it rests on.

    An answerer only points: the quotes are cut out of the text by the core.
    """

    text: str
    passage: Passage
    sentences: tuple[Span, ...]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A numbered sentence that an answer rests on. `quote` is `document.text[span]`, letter for letter."""

    number: int
    document_id: str
    name: str
    title: str
    heading: str
    span: Span
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The reply to a question. `text` is None where the text does not say; `evidence` holds the nearest passages."""

    question: str
    text: str | None
    citations: tuple[Citation, ...]
    evidence: tuple[Hit, ...]
    confidence: float

    @property
    def found(self) -> bool:
        """Whether the text answers the question."""
        return self.text is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The first event of an answer: whether the text answers, and how surely (0 to 1)."""

    found: bool
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of the answer's words, in order."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The last event of an answer: the whole of it."""

    answer: Answer


Event: TypeAlias = Found | Piece | Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an index was built with. Two indexes agree if and only if their manifests are equal."""

    embedder: str
    dim: int
    recipe: str


JobState = Literal["waiting", "reading", "embedding", "done", "failed", "cancelled"]
FINAL_STATES: frozenset[JobState] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An upload on its way into the corpus. `done` of `total` counts passages embedded; `error` says why it failed."""

    id: str
    name: str
    collection: str
    state: JobState = "waiting"
    done: int = 0
    total: int = 0
    document_id: str | None = None
    error: str | None = None
