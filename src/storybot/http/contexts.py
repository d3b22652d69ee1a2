"""What the templates see: frozen values, made from the nouns, with every word and link decided here."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from storybot.conversing.wording import UNTITLED
from storybot.gathering import archives
from storybot.http.books import BookView, book_href
from storybot.http.turns import (
    BLANK_PIECE,
    BLANK_UNSUPPORTED,
    PieceView,
    TurnView,
    ViewState,
    confidences,
    conversation_href,
)
from storybot.languages import gettext as _
from storybot.model import FINAL_STATES, Conversation, Entry, Job, JobState
from storybot.pacing import job_in_words
from storybot.parsing import SUFFIXES


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
    words: str = ""
    done: int = 0
    total: int = 0
    error: str = ""

    @property
    def unfinished(self) -> bool:
        """Whether it can still be cancelled."""
        return self.state not in FINAL_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadsView:
    """The form for files, and how far they are. back: where the form leads to, empty for the conversation.

    round: how far all uploads are, in words. more: how many are under way that aren't listed. under_way: collection
    and name of those.
    """

    collection: str
    conversation: str
    back: str
    problems: tuple[str, ...]
    jobs: tuple[JobView, ...]
    round: str
    more: int
    under_way: frozenset[tuple[str, str]]
    accept: str = ",".join((*SUFFIXES, archives.SUFFIX))
    blank_job: JobView = JobView()

    @property
    def working(self) -> bool:
        """Whether an upload is still under way."""
        return bool(self.under_way)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationView:
    """A conversation's line in the list. `exports`: links by what they are called."""

    id: str
    title: str
    href: str
    turns: int
    changed: str
    exports: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPage:
    """A conversation with the documents and the other conversations beside it.

    conversation: its id, empty for one that no question was asked in yet. earlier, latest: links to the turns that the
    page doesn't show, if there are any. documents: the latest of `total`; collections: some of all. chosen: ids of the
    documents to look in, empty for all; choices: such ids, and what they are called. book: the one that lies open.
    """

    collection: str
    collections: tuple[str, ...]
    documents: tuple[DocumentView, ...]
    total: int
    library_href: str
    chosen: str
    choices: tuple[tuple[str, str], ...]
    uploads: UploadsView
    conversation: str
    title: str
    turns: tuple[TurnView, ...]
    earlier: str
    latest: str
    recent: tuple[ConversationView, ...]
    typed: str
    suggestions: tuple[str, ...]
    seeding: bool
    ready: bool
    book: BookView | None = None
    confidence_words: tuple[tuple[float, str], ...] = field(default_factory=confidences)
    blank_piece: PieceView = BLANK_PIECE
    blank_unsupported: PieceView = BLANK_UNSUPPORTED

    @property
    def fresh(self) -> bool:
        """Whether nothing was asked yet."""
        return not (self.turns or self.conversation)

    def blank_turn(self, state: ViewState) -> TurnView:
        """An empty turn: the scripts fill copies of it."""
        return TurnView(state=state, conversation=self.conversation)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationsPage:
    """All conversations, or those that hold what is sought."""

    search: str
    conversations: tuple[ConversationView, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPage:
    """A turn alone: the scripts put it into the page that they have. chosen: ids of documents to look in."""

    turn: TurnView
    chosen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePage:
    """The question whether something shall go. kind: "document" or "conversation"; back: where to if it stays."""

    kind: Literal["document", "conversation"]
    title: str
    href: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage:
    """What went wrong, in words."""

    title: str
    detail: str


def document_view(entry: Entry) -> DocumentView:
    """The list's line for a document."""
    href = book_href(entry.id)
    return DocumentView(id=entry.id, title=entry.title, name=entry.name, passages=entry.passages, href=href)


def job_view(job: Job) -> JobView:
    """The list's line for an upload."""
    return JobView(
        id=job.id,
        name=job.name,
        state=job.state,
        words=job_in_words(job),
        done=job.done,
        total=job.total,
        error=job.error or "",
    )


def conversation_view(conversation: Conversation) -> ConversationView:
    """The list's line for a conversation."""
    export = f"/api/conversations/{quote(conversation.id, safe='')}/export"
    return ConversationView(
        id=conversation.id,
        title=conversation.title or _(UNTITLED),
        href=conversation_href(conversation.id),
        turns=conversation.turns,
        changed=conversation.changed,
        exports=(("Markdown", f"{export}?form=markdown"), ("JSON", f"{export}?form=json")),
    )
