"""What travels over HTTP about what a document is about, promised to client programs."""

from typing import Literal

from pydantic import BaseModel, Field

from storybot.http.wire import DocumentRef
from storybot.model import Document, EntityKind, Overview, Span

MOST_SPANS = 100
"""Mentions of one name in a reply."""


class StretchReply(BaseModel):
    """A stretch of the document's text, in code points."""

    start: int
    end: int


class SentenceReply(StretchReply):
    """A sentence where it stands. `quote`: its letters, cut from the text."""

    quote: str


class EntityReply(BaseModel):
    """Somebody or something with a name. `aliases`: other names, the commonest first."""

    kind: EntityKind
    name: str
    aliases: list[str]
    mentions: int = Field(description="How often it is named.")
    spans: list[StretchReply] = Field(description=f"Where it is named: the first {MOST_SPANS}, in order.")


class ChapterReply(StretchReply):
    """A stretch under one heading, and the sentences that tell best what it is about."""

    heading: str
    sentences: list[SentenceReply]


class PromptReply(BaseModel):
    """A question that the document answers, with the sentence that does. `confidence`: 0 to 1."""

    question: str
    confidence: float
    sentence: SentenceReply


class OverviewReply(BaseModel):
    """What a document is about.

    While `state` is "waiting", that isn't known yet; where it is "failed", it can't be found out before the server is
    started again, for the reason in `detail`. Then all else is empty.
    """

    document: DocumentRef
    state: Literal["told", "waiting", "failed"]
    detail: str = ""
    entities: list[EntityReply] = []
    summary: list[SentenceReply] = []
    chapters: list[ChapterReply] = []
    prompts: list[PromptReply] = []

    @classmethod
    def of(cls, reference: DocumentRef, document: Document, overview: Overview | None, failure: str) -> "OverviewReply":
        """The overview of the document; None: not known yet, or not to be known, if there is a `failure`."""
        if overview is None:
            return cls(document=reference, state="failed" if failure else "waiting", detail=failure)

        def sentence(span: Span) -> SentenceReply:
            return SentenceReply(start=span.start, end=span.end, quote=span.cut(document.text))

        return cls(
            document=reference,
            state="told",
            entities=[
                EntityReply(
                    kind=one.kind,
                    name=one.name,
                    aliases=list(one.aliases),
                    mentions=len(one.mentions),
                    spans=[StretchReply(start=span.start, end=span.end) for span in one.mentions[:MOST_SPANS]],
                )
                for one in overview.entities
            ],
            summary=[sentence(span) for span in overview.summary],
            chapters=[
                ChapterReply(
                    heading=one.heading,
                    start=one.span.start,
                    end=one.span.end,
                    sentences=[sentence(span) for span in one.sentences],
                )
                for one in overview.chapters
            ],
            prompts=[
                PromptReply(question=one.question, confidence=one.confidence, sentence=sentence(one.sentence))
                for one in overview.prompts
            ],
        )
