"""Texts and where they lie: sources, documents, passages, and the uploads on their way in."""

import re
from dataclasses import dataclass
from typing import Literal

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


_BARE_NUMBER = re.compile(r"[1-9][0-9]{0,2}|(?=..)C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
"""Of Roman numerals those of two letters and more: one alone may be a letter of an alphabet."""


def is_number(heading: str) -> bool:
    """Whether a heading is a number alone, as "10" or "XIV": then it is a chapter's."""
    return bool(_BARE_NUMBER.fullmatch(heading))


def place_of(heading: str, page: str = "") -> str:
    """Where a person finds it: "Chapter 4, p. 12", also where the heading is "4" alone; empty where it has no place."""
    named = f"Chapter {heading}" if is_number(heading) else heading
    return ", ".join(part for part in (named, f"p. {page}" if page else "") if part)


Format = Literal["text", "markdown", "html", "epub", "fb2", "docx", "rtf", "pdf"]
"""What kind of file a document was read from, told by its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of a document under one heading, "" where it has none. `level`: 1 for a chapter, 2 for its parts."""

    heading: str
    span: Span
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a printed page begins: its label, as the file numbers it, and the offset in the document's text."""

    label: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that was read. Its sections follow each other and cover it.

    `name` may hold folders ("poems/fox.txt"). `digest` is the SHA-256 of the file it was read from, in hexadecimal
    digits. `pages`, in order, are those of a format that has pages.
    """

    id: str
    name: str
    title: str
    text: str
    sections: tuple[Section, ...]
    collection: str = DEFAULT_COLLECTION
    format: Format = "text"
    digest: str = ""
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document's line in the catalogue. `length` in code points, `added` in UTC, ISO 8601.

    `digest` as in `Document`; empty of one that was added before originals were kept.
    """

    id: str
    name: str
    title: str
    collection: str
    length: int
    words: int
    passages: int
    added: str
    format: Format
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A group of documents, and how many are in it."""

    name: str
    documents: int


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
class Manifest:
    """What an index was built with. Two indexes agree if and only if their manifests are equal."""

    embedder: str
    dim: int
    recipe: str


JobState = Literal["waiting", "reading", "embedding", "done", "failed", "cancelled"]
FINAL_STATES: frozenset[JobState] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A source on its way into the corpus. `done` of `total` counts passages embedded; 0 of 0 until it was read.

    `error` says why it failed, or what keeps it waiting. `document_id`: that of its document, from when it was read.
    `added` in UTC, ISO 8601. `rate` in passages a second, while it is embedded; 0 while that isn't known.
    """

    id: str
    name: str
    collection: str
    state: JobState = "waiting"
    done: int = 0
    total: int = 0
    document_id: str | None = None
    error: str | None = None
    added: str = ""
    rate: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state in FINAL_STATES

    @property
    def left_s(self) -> float | None:
        """Seconds until all of it is embedded, if it goes on as fast; None while that isn't known."""
        return (self.total - self.done) / self.rate if self.rate and not self.ended else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """All jobs since the queue was last empty: how many there are, have ended, and failed.

    `passages_done` of `passages` counts those of the sources that were read, except of jobs that failed or were
    cancelled; `unread` sources may hold more. `rate` as in `Job`.
    """

    jobs: int = 0
    ended: int = 0
    failed: int = 0
    passages_done: int = 0
    passages: int = 0
    unread: int = 0
    rate: float = 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds until all have ended; None while a source is unread, or the rate unknown: nothing is made up."""
        left = self.passages - self.passages_done
        return left / self.rate if self.rate and not self.unread and self.ended < self.jobs else None
