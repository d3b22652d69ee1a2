"""What travels over HTTP about how an answer was found."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from storybot.http.wire import DocumentRef, HitReply, ReadingReply
from storybot.model import Entry, Hit, Lookup, Reading, Stage, Trail

MOST_HITS = 10
"""Hits of each ranking in a reply."""


class LookupReply(BaseModel):
    """One way that the question was asked, and the best hits of each ranking."""

    question: str
    words: list[str] = Field(
        description="The words that were looked for, as they were typed; their stems are compared."
    )
    left_out: list[str] = Field(description="Words too common to tell anything: in the language, or in a large corpus.")
    by_words: list[HitReply]
    by_meaning: list[HitReply] = Field(description="Empty while the index is built anew for another model.")


class CandidateReply(ReadingReply):
    """A candidate answer in its document."""

    document: DocumentRef


class TrailReply(BaseModel):
    """How a question finds its answer in the corpus as it is now: each step up to the reader's verdict."""

    question: str
    standalone: str = Field(description="The question as it was understood.")
    collection: str
    documents: list[str] = Field(description="Ids of the documents that were looked in; empty: all.")
    lookups: list[LookupReply] = Field(
        description="The ways that the question was asked, the one that counts most first."
    )
    fused: list[HitReply] = Field(description="Both rankings of all of them as one.")
    hits: list[HitReply] = Field(description="The same as the reader ranks them, with what it read beside.")
    candidates: list[CandidateReply] = Field(description="What may answer, the most likely first.")
    threshold: float = Field(ge=0, le=1, description="The confidence that the first candidate must have.")
    confidence: float = Field(ge=0, le=1, description="The confidence that it has.")
    found: bool = Field(description="The verdict: whether the text answers.")
    seconds: dict[Stage, float] = Field(description="What each step took.")

    @classmethod
    def of(cls, trail: Trail) -> "TrailReply":
        """The trail, with the best hits of each ranking."""
        best = trail.first(MOST_HITS)
        return cls(
            question=best.question,
            standalone=best.standalone,
            collection=best.scope.collection,
            documents=list(best.scope.document_ids),
            lookups=[_lookup(best, each) for each in best.lookups],
            fused=_hits(best, best.fused),
            hits=_hits(best, best.hits),
            candidates=[_candidate(best, reading) for reading in best.readings],
            threshold=best.threshold,
            confidence=best.confidence,
            found=best.found,
            seconds=dict(best.seconds),
        )


def _lookup(trail: Trail, lookup: Lookup) -> LookupReply:
    return LookupReply(
        question=lookup.question,
        words=list(lookup.words),
        left_out=list(lookup.left_out),
        by_words=_hits(trail, lookup.by_words),
        by_meaning=_hits(trail, lookup.by_meaning),
    )


def _candidate(trail: Trail, reading: Reading) -> CandidateReply:
    ref = _ref(trail.documents[reading.passage.document_id])
    return CandidateReply(document=ref, **ReadingReply.of(reading).model_dump())


def _hits(trail: Trail, hits: Iterable[Hit]) -> list[HitReply]:
    return [HitReply.of(hit, _ref(trail.documents[hit.passage.document_id]), explain=True) for hit in hits]


def _ref(entry: Entry) -> DocumentRef:
    return DocumentRef(id=entry.id, title=entry.title, name=entry.name)
