"""What travels over HTTP about conversations: requests and replies, promised to client programs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from storybot.conversing.exporting import conversation_fields
from storybot.http.wire import CitationReply, DocumentRef, PieceReply, SideReply
from storybot.model import DEFAULT_COLLECTION, Conversation, Feedback, TurnState

LARGEST_LIMIT = 200
"""Turns in one reply."""

LARGEST_NUMBER = 2**31 - 1
"""Of a turn."""


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BeginRequest(_Request):
    """A conversation to begin."""

    collection: str = Field(default=DEFAULT_COLLECTION, description="The collection that its questions look in.")
    title: str = Field(default="", description="What it is called; if empty, its first question.")


class RenameRequest(_Request):
    """Another title."""

    title: str = Field(examples=["The singer's grandmother"])


class TurnRequest(_Request):
    """A question in a conversation."""

    question: str = Field(examples=["What did she play?"])
    documents: list[str] = Field(default=[], description="Ids of the documents to look in; all where none is named.")
    literal: bool = Field(default=False, description="Whether the question stands alone, whatever went before.")


class FeedbackRequest(_Request):
    """What the user thinks of an answer; null takes it back."""

    feedback: Feedback | None


class ConversationReply(BaseModel):
    """A conversation's line in the list. Times in UTC; `title` is empty before the first question."""

    id: str
    title: str
    collection: str
    begun: str
    changed: str
    turns: int

    @classmethod
    def of(cls, conversation: Conversation) -> "ConversationReply":
        """The conversation."""
        return cls.model_validate(conversation_fields(conversation))


class ConversationsReply(BaseModel):
    """Conversations, the last changed first."""

    conversations: list[ConversationReply]


class NearestReply(BaseModel):
    """A passage near the question: `text` is the document's text from code point `start` to `end`."""

    document: DocumentRef
    heading: str
    start: int
    end: int
    text: str


class TurnReply(BaseModel):
    """A question of a conversation with its answer. All quotes are the documents' letters as they stand now."""

    id: str
    conversation: str
    number: int = Field(ge=1)
    asked: str
    question: str
    standalone: str = Field(description="The question as it was understood.")
    state: TurnState = Field(
        description="`told`; `stopped`: its user ended it, and this is what came; `gone`: a document that it quoted "
        "was deleted, and it quotes nothing any more."
    )
    found: bool
    answer: str | None
    pieces: list[PieceReply]
    sides: list[SideReply] = Field(description="What each document says, where several answer; else empty.")
    citations: list[CitationReply]
    nearest: list[NearestReply] = Field(description="The nearest passages, where the text does not say.")
    confidence: Annotated[float, Field(ge=0, le=1)]
    feedback: Feedback | None
    notice: str = Field(description="What to know of how the answer came about; mostly empty.")


class TurnsReply(BaseModel):
    """Turns of any conversations."""

    turns: list[TurnReply]


class ConversationPageReply(BaseModel):
    """A conversation with some of its turns, by number."""

    conversation: ConversationReply
    turns: list[TurnReply]
