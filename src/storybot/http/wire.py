"""What travels over HTTP: requests and replies, promised to client programs."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from storybot.conversing.exporting import citation_fields, piece_fields, side_fields
from storybot.model import (
    DEFAULT_COLLECTION,
    Answer,
    Citation,
    Hit,
    Job,
    JobState,
    Mode,
    Passage,
    Piece,
    Reading,
    Round,
    Scope,
)
from storybot.pacing import job_in_words, round_in_words

MAX_HITS = 100


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")

    documents: list[str] = Field(default=[], description="Ids of the documents to look in; all where none is named.")
    collection: str = Field(default=DEFAULT_COLLECTION, description="The collection to look in.")

    def scope(self) -> Scope:
        """Where the request looks."""
        return Scope(collection=self.collection, document_ids=tuple(self.documents))


class SearchRequest(_Request):
    """A query for passages."""

    query: str = Field(examples=["Bakhyt's grandmother"])
    k: Annotated[int, Field(ge=1, le=MAX_HITS)] = 10
    mode: Mode = "hybrid"
    rerank: bool | Literal["auto"] = Field(
        default="auto", description="Whether the reader ranks the best passages anew; `auto`: in mode `hybrid`."
    )
    explain: bool = Field(default=False, description="Whether each hit tells how it was ranked.")


class AskRequest(_Request):
    """A question."""

    question: str = Field(examples=["What did Bakhyt's grandmother play?"])


class TextRequest(BaseModel):
    """A document as text."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["fox.txt"])
    text: str = Field(examples=["The fox lived under the old bridge."])
    collection: str = DEFAULT_COLLECTION


class DocumentRef(BaseModel):
    """Which document."""

    id: str
    title: str
    name: str


class StepReply(BaseModel):
    """Rank (from 1 on) and score of a hit in one step of the ranking."""

    rank: int
    score: float


class ReadingReply(BaseModel):
    """What the reader found in a passage: `answer` is the document's text from `start` to `end`."""

    start: int
    end: int
    answer: str
    sentence_start: int
    sentence_end: int
    confidence: float = Field(ge=0, le=1, description="How probable it is that the sentence answers the query.")

    @classmethod
    def of(cls, reading: Reading) -> "ReadingReply":
        """The reading."""
        return cls(
            start=reading.answer.start,
            end=reading.answer.end,
            answer=reading.passage.quote(reading.answer),
            sentence_start=reading.sentence.start,
            sentence_end=reading.sentence.end,
            confidence=reading.confidence,
        )


class HitReply(BaseModel):
    """A passage: `text` is the document's text from code point `start` to `end`."""

    document: DocumentRef
    heading: str
    start: int
    end: int
    text: str
    score: float
    why: dict[str, StepReply] | None = None
    reading: ReadingReply | None = None

    @classmethod
    def of(cls, hit: Hit, ref: DocumentRef, *, explain: bool) -> "HitReply":
        """The hit, with its explanation if that is wanted."""
        steps = {name: StepReply(rank=step.rank, score=step.score) for name, step in hit.why.items()}
        return cls(
            document=ref,
            score=hit.score,
            why=steps if explain else None,
            reading=ReadingReply.of(hit.reading) if explain and hit.reading else None,
            **PassageReply.of(hit.passage).model_dump(),
        )


class SearchReply(BaseModel):
    """The passages that fit a query, best first."""

    query: str
    hits: list[HitReply]


class CitationReply(BaseModel):
    """A sentence that the answer rests on: `quote` is the document's text from code point `start` to `end`."""

    number: int
    document: DocumentRef
    heading: str
    page: str = Field(description="Label of the page that the sentence begins on; empty where the document has none.")
    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, citation: Citation) -> "CitationReply":
        """The citation."""
        return cls.model_validate(citation_fields(citation))


class PieceReply(BaseModel):
    """A piece of an answer's words; `numbers` are those of its citations, none where no text bears it out."""

    text: str
    numbers: list[int]

    @classmethod
    def of(cls, piece: Piece) -> "PieceReply":
        """The piece."""
        return cls.model_validate(piece_fields(piece))


class SideReply(BaseModel):
    """What one of several documents answers; `numbers` are those of its citations."""

    document: DocumentRef
    answer: str
    numbers: list[int]


class AskReply(BaseModel):
    """An answer; `answer` is null where the text does not say, and `evidence` holds the nearest passages."""

    question: str
    standalone: str = Field(description="The question as it was understood.")
    found: bool
    answer: str | None
    pieces: list[PieceReply]
    confidence: float = Field(ge=0, le=1)
    notice: str = Field(description="What to know of how the answer came about; mostly empty.")
    sides: list[SideReply] = Field(description="What each document says, where several answer; else empty.")
    citations: list[CitationReply]
    evidence: list[HitReply]

    @classmethod
    def of(cls, answer: Answer, evidence: list[HitReply]) -> "AskReply":
        """The answer, with its evidence as replies."""
        return cls(
            question=answer.question,
            standalone=answer.standalone,
            found=answer.found,
            answer=answer.text,
            pieces=[PieceReply.of(piece) for piece in answer.pieces],
            notice=answer.notice,
            confidence=answer.confidence,
            sides=[SideReply.model_validate(side_fields(side)) for side in answer.sides],
            citations=[CitationReply.of(citation) for citation in answer.citations],
            evidence=evidence,
        )


class JobReply(BaseModel):
    """An upload; `done` of `total` passages are embedded, `document` is its id once it is done.

    `error` says why it failed, or what keeps it waiting. `rate` in passages a second, 0 while that isn't known;
    `left_seconds` none while that isn't. `words` say all that. `added` in UTC.
    """

    id: str
    name: str
    collection: str
    state: JobState
    done: int
    total: int
    document: str | None
    error: str | None
    added: str
    rate: float
    left_seconds: float | None
    words: str

    @classmethod
    def of(cls, job: Job) -> "JobReply":
        """The job."""
        return cls(
            id=job.id,
            name=job.name,
            collection=job.collection,
            state=job.state,
            done=job.done,
            total=job.total,
            document=job.document_id if job.state == "done" else None,
            error=job.error,
            added=job.added,
            rate=job.rate,
            left_seconds=job.left_s,
            words=job_in_words(job),
        )


class RoundReply(BaseModel):
    """All uploads since the queue was last empty: how many there are, have ended, and failed; else as in a job."""

    jobs: int
    ended: int
    failed: int
    passages_done: int
    passages: int
    unread: int = Field(description="Uploads that weren't read yet, and may hold more passages.")
    rate: float
    left_seconds: float | None
    words: str

    @classmethod
    def of(cls, told: Round) -> "RoundReply":
        """The round."""
        return cls(
            jobs=told.jobs,
            ended=told.ended,
            failed=told.failed,
            passages_done=told.passages_done,
            passages=told.passages,
            unread=told.unread,
            rate=told.rate,
            left_seconds=told.left_s,
            words=round_in_words(told),
        )


class JobsReply(BaseModel):
    """Uploads: those under way in the order of the queue, then those that have ended, the latest first.

    After a `POST`, those just queued, in the order given. `round`: how far all are.
    """

    jobs: list[JobReply]
    round: RoundReply


class PassageReply(BaseModel):
    """A passage of a document."""

    heading: str
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, passage: Passage) -> "PassageReply":
        """The passage."""
        return cls(heading=passage.heading, start=passage.span.start, end=passage.span.end, text=passage.text)


class StatusReply(BaseModel):
    """Whether the server lives (`ok`) or answers at once (`ready`; else `loading`, or `failed` with the reason)."""

    status: str
    detail: str | None = None


class Problem(BaseModel):
    """What went wrong and what to do. Source: RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
