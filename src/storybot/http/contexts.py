"""What the templates see: frozen values, made from the nouns, with every word and link decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlencode

from storybot.http.reading import Paragraph
from storybot.model import FINAL_STATES, Answer, Citation, Document, Entry, Hit, Job, JobState, Span

CONFIDENCE_WORDS: tuple[tuple[float, str], ...] = (
    (0.85, "Surely: the story says so."),
    (0.6, "Probably: the story seems to say so."),
    (0.0, "Perhaps: read the sentence yourself."),
)
"""Words for a confidence, from the least that deserves them."""

JOB_WORDS: Mapping[JobState, str] = {
    "waiting": "Waiting its turn",
    "reading": "Being read",
    "embedding": "{done} of {total} passages",
    "done": "Added",
    "failed": "Not added",
    "cancelled": "Cancelled",
}
"""What the state of an upload is called."""

NEAREST_SHOWN = 3
"""How many passages stand below an answer that the text does not hold."""

TurnState = Literal["found", "unfound", "failed", "waiting", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A stretch of a document that can be read in its place: a citation (number 1 and up) or a nearest passage (0).

    `before` + `told` + `after` is the stretch, letter for letter; `told` are the answer's own words, where it has them.
    """

    number: int = 0
    before: str = ""
    told: str = ""
    after: str = ""
    title: str = ""
    heading: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """A question and what came of it."""

    state: TurnState
    question: str = ""
    answer: str = ""
    confidence: str = ""
    quotes: tuple[QuoteView, ...] = ()
    error: str = ""
    document_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document's line in the list."""

    id: str
    title: str
    name: str
    passages: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """An upload's line in the list."""

    id: str = ""
    name: str = ""
    state: JobState = "waiting"
    words: str = JOB_WORDS["waiting"]
    done: int = 0
    total: int = 0
    error: str = ""

    @property
    def unfinished(self) -> bool:
        """Whether it can still be cancelled."""
        return self.state not in FINAL_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPage:
    """The conversation with the documents beside it."""

    collection: str
    collections: tuple[str, ...]
    documents: tuple[DocumentView, ...]
    chosen: str
    jobs: tuple[JobView, ...]
    problems: tuple[str, ...]
    turn: TurnView | None
    typed: str
    suggestions: tuple[str, ...]
    ready: bool
    confidence_words: tuple[tuple[float, str], ...] = CONFIDENCE_WORDS
    job_words: Mapping[JobState, str] = field(default_factory=lambda: JOB_WORDS)
    nearest_shown: int = NEAREST_SHOWN
    blank_citation: QuoteView = QuoteView(number=1)
    blank_passage: QuoteView = QuoteView()
    blank_job: JobView = JobView()

    @property
    def working(self) -> bool:
        """Whether an upload is still under way."""
        return any(job.unfinished for job in self.jobs)

    def blank_turn(self, state: TurnState) -> TurnView:
        """An empty turn: the scripts fill copies of it."""
        return TurnView(state=state)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPage:
    """A document to read, a sentence of it marked or not."""

    id: str
    title: str
    name: str
    paragraphs: tuple[Paragraph, ...]
    cited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePage:
    """The question whether a document shall go."""

    title: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage:
    """What went wrong, in words."""

    title: str
    detail: str


def document_href(document_id: str, span: Span | None = None) -> str:
    """The address where a document is read; with a span, where that stretch is marked."""
    address = f"/documents/{quote(document_id, safe='')}"
    return address if span is None else f"{address}?{urlencode({'start': span.start, 'end': span.end})}#cited"


def confidence_words(confidence: float) -> str:
    """How sure an answer is, in words."""
    return next(words for least, words in CONFIDENCE_WORDS if confidence >= least)


def document_view(entry: Entry) -> DocumentView:
    """The list's line for a document."""
    href = document_href(entry.id)
    return DocumentView(id=entry.id, title=entry.title, name=entry.name, passages=entry.passages, href=href)


def job_view(job: Job) -> JobView:
    """The list's line for an upload."""
    words = JOB_WORDS[job.state].format(done=job.done, total=job.total)
    return JobView(
        id=job.id, name=job.name, state=job.state, words=words, done=job.done, total=job.total, error=job.error or ""
    )


def turn_view(answer: Answer, titles: Mapping[str, str]) -> TurnView:
    """The turn that an answer makes: its citations, or the nearest passages where the text does not say."""
    nearest = answer.evidence[:NEAREST_SHOWN]
    document_ids = [citation.document_id for citation in answer.citations]
    if not answer.found:
        document_ids = [hit.passage.document_id for hit in nearest]
    return TurnView(
        state="found" if answer.found else "unfound",
        question=answer.question,
        answer=answer.text or "",
        confidence=confidence_words(answer.confidence),
        quotes=_citations(answer) if answer.found else _passages(nearest, titles),
        document_ids=tuple(dict.fromkeys(document_ids)),
    )


def reader_page(document: Document, paragraphs: tuple[Paragraph, ...]) -> ReaderPage:
    """The page on which a document is read."""
    cited = any(piece.cited for paragraph in paragraphs for piece in paragraph.pieces)
    return ReaderPage(id=document.id, title=document.title, name=document.name, paragraphs=paragraphs, cited=cited)


def _citations(answer: Answer) -> tuple[QuoteView, ...]:
    return tuple(_citation(citation, answer.text or "") for citation in answer.citations)


def _citation(citation: Citation, answer: str) -> QuoteView:
    before, told, after = citation.quote.partition(answer) if answer else (citation.quote, "", "")
    return QuoteView(
        number=citation.number,
        before=before,
        told=told,
        after=after,
        title=citation.title,
        heading=citation.heading,
        href=document_href(citation.document_id, citation.span),
    )


def _passages(hits: Sequence[Hit], titles: Mapping[str, str]) -> tuple[QuoteView, ...]:
    return tuple(
        QuoteView(
            before=hit.passage.text,
            title=titles.get(hit.passage.document_id, ""),
            heading=hit.passage.heading,
            href=document_href(hit.passage.document_id, hit.passage.span),
        )
        for hit in hits
    )
