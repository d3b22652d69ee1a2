"""The chat page, put together: a conversation, the others, the documents, the uploads."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from storybot.assembly import House
from storybot.errors import ConversationNotFound, DocumentNotFound, StorybotError
from storybot.http.books import Opening, book_href, book_view
from storybot.http.contexts import ChatPage, conversation_view, document_view
from storybot.http.library_views import titles
from storybot.http.looks import MOST_ASKED, Look, look_of
from storybot.http.problems import status_of
from storybot.http.rendering import render
from storybot.http.turns import TurnView, anchor, conversation_href, turn_href, turn_view
from storybot.http.uploads import JOBS_SHOWN, uploads_view
from storybot.intake import Intake
from storybot.languages import gettext as _
from storybot.model import DEFAULT_COLLECTION, Conversation, Entry, Job, Scope, Turn
from storybot.settings import Settings

DOCUMENTS_SHOWN = 12
"""Documents beside the conversation, the latest added; the library has all."""

COLLECTIONS_SHOWN = 8
"""Collections beside the conversation; the library has all."""

RECENT_SHOWN = 5
"""Conversations beside the one that is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the address of the chat asks for.

    documents: ids of those to look in; none: all. jobs: uploads that this visitor has just started. book: id of the
    document that lies open.
    """

    typed: str = ""
    documents: tuple[str, ...] = ()
    collection: str = DEFAULT_COLLECTION
    jobs: tuple[str, ...] = ()
    before: int | None = None
    book: str = ""


class Desk:
    """Puts the chat page together, and takes what its forms bring."""

    def __init__(self, house: House, intake: Intake, settings: Settings) -> None:
        self._bot = house.bot
        self._conversations = house.conversations
        self._intake = intake
        self._longest_question = settings.max_question_characters

    def fresh(self, visit: Visit, problems: tuple[str, ...] = ()) -> HTMLResponse:
        """The chat before a first question."""
        return render("chat.html", self._page(visit, problems=problems), status=422 if problems else 200)

    def conversation(self, conversation_id: str, visit: Visit, problems: tuple[str, ...] = ()) -> HTMLResponse:
        """The conversation with the last turns before the one that the visit names."""
        conversation = self._conversations.one(conversation_id)
        turns = self._conversations.turns(conversation_id, before=visit.before)
        page = self._page(visit, conversation=conversation, turns=turns, problems=problems)
        return render("chat.html", page, status=422 if problems else 200)

    def reading(self, document_id: str, opening: Opening, visit: Visit) -> HTMLResponse:
        """A document, open beside the conversation that the opening names, or beside a new one about it alone."""
        document = self._bot.library.document(document_id)
        conversation, turns = None, list[Turn]()
        if opening.conversation:
            with suppress(ConversationNotFound):
                conversation = self._conversations.one(opening.conversation)
                turns = self._conversations.turns(opening.conversation)
        opening = opening._replace(conversation=conversation.id if conversation else "")
        asked_of = visit.documents or (() if conversation else (document_id,))
        visit = replace(visit, collection=document.collection, documents=asked_of)
        page = self._page(visit, conversation=conversation, turns=turns)
        book = book_view(document, opening, turns, longest=self._longest_question)
        return render("chat.html", replace(page, book=book))

    def ask(self, question: str, conversation_id: str, visit: Visit, *, literal: bool) -> Response:
        """Ask, then go to the turn; a question that is refused is back in its box, with the reason."""
        try:
            turn = self._conversations.ask(
                conversation_id or None, question, visit.documents, collection=visit.collection, literal=literal
            )
        except StorybotError as error:
            return self._refused(question, conversation_id, visit, error)
        if visit.book:
            return RedirectResponse(_beside(turn, visit.book), 303)
        return RedirectResponse(turn_href(turn, turns=turn.number, document=joined(visit.documents)), 303)

    def _refused(self, question: str, conversation_id: str, visit: Visit, error: StorybotError) -> Response:
        conversation, turns = None, list[Turn]()
        if conversation_id:
            conversation = self._conversations.one(conversation_id)
            turns = self._conversations.turns(conversation_id)
        failed = TurnView(state="failed", question=question, error=str(error))
        page = self._page(visit, conversation=conversation, turns=turns, failed=failed)
        return render("chat.html", page, status=status_of(type(error)))

    def added(self, jobs: Sequence[Job], conversation_id: str, back: str) -> Response:
        """Go back to the page that the form stood on, where its files are listed."""
        job_ids = [job.id for job in jobs[:JOBS_SHOWN]]
        if back:
            return RedirectResponse(look_of(back).href(job=job_ids), 303)
        return RedirectResponse(_uploads_href(conversation_id, jobs[0].collection, job_ids), 303)

    def _page(
        self,
        visit: Visit,
        *,
        conversation: Conversation | None = None,
        turns: Sequence[Turn] = (),
        failed: TurnView | None = None,
        problems: tuple[str, ...] = (),
    ) -> ChatPage:
        collection = conversation.collection if conversation else visit.collection
        entries = self._bot.library.entries(collection)
        latest_added = sorted(entries, key=lambda entry: entry.added, reverse=True)[:DOCUMENTS_SHOWN]
        chosen = self._chosen(visit.documents, collection)
        listed = self._conversations.documents(turns)
        views = (*(turn_view(turn, listed) for turn in turns), *([failed] if failed else []))
        earlier, latest = _leaves(conversation, turns, joined(visit.documents))
        scope = Scope(collection=collection, document_ids=tuple(entry.id for entry in chosen))
        uploads = uploads_view(
            self._intake,
            visit.jobs,
            collection=collection,
            conversation=conversation.id if conversation else "",
            problems=problems,
        )
        seeding = self._bot.seeding
        return ChatPage(
            collection=collection,
            collections=self._collections(collection),
            documents=tuple(map(document_view, latest_added)),
            total=len(entries),
            library_href=Look(collection=collection).href(),
            chosen=joined(scope.document_ids),
            choices=_choices(latest_added, chosen),
            uploads=uploads,
            conversation=conversation.id if conversation else "",
            title=conversation_view(conversation).title if conversation else "",
            turns=views,
            earlier=earlier,
            latest=latest,
            recent=tuple(map(conversation_view, self._conversations.all()[:RECENT_SHOWN])),
            typed=failed.question if failed else visit.typed,
            suggestions=self._bot.suggestions(scope) if (entries or seeding) and not views else (),
            seeding=seeding,
            ready=self._bot.ready,
        )

    def _chosen(self, document_ids: Sequence[str], collection: str) -> list[Entry]:
        """The documents to look in; one that was deleted or moved meanwhile can't be looked in."""
        found = []
        for document_id in document_ids[:MOST_ASKED]:
            with suppress(DocumentNotFound):
                found.append(self._bot.library.entry(document_id))
        return [entry for entry in found if entry.collection == collection]

    def _collections(self, here: str) -> tuple[str, ...]:
        """The collections to choose from, by name: some, if there are many, and always the one that is looked in."""
        names = [collection.name for collection in self._bot.library.collections()]
        others = [name for name in names if name != here][: COLLECTIONS_SHOWN - 1]
        return tuple(sorted([here, *others]))


def _beside(turn: Turn, document_id: str) -> str:
    """The turn beside the open document, which lies open at the first sentence of it that the turn cites."""
    spans = [one.span for one in turn.citations if one.document_id == document_id]
    span = spans[0] if spans else None
    return book_href(document_id, span, conversation=turn.conversation_id, fragment=anchor(turn))


def document_ids_of(values: Sequence[str]) -> tuple[str, ...]:
    """The ids that the fields of a form or an address name: each field may hold several, with spaces between them."""
    return tuple(dict.fromkeys(document_id for value in values for document_id in value.split()))


def joined(document_ids: Sequence[str]) -> str:
    """Several ids in one field, as `document_ids_of` reads them."""
    return " ".join(document_ids)


def _choices(listed: Sequence[Entry], chosen: Sequence[Entry]) -> tuple[tuple[str, str], ...]:
    """Where a question may look: what is chosen, however many, and each of the documents that are listed."""
    several = [(joined([entry.id for entry in chosen]), titles(chosen))] if len(chosen) > 1 else []
    unlisted = [entry for entry in chosen if entry not in listed] if len(chosen) == 1 else []
    return (("", _("all documents")), *several, *((entry.id, entry.title) for entry in (*unlisted, *listed)))


def _leaves(conversation: Conversation | None, turns: Sequence[Turn], document: str) -> tuple[str, str]:
    """Links to the turns before and after those on the page; empty where there are none."""
    if conversation is None or not conversation.turns:
        return "", ""
    first, last = (turns[0].number, turns[-1].number) if turns else (1, 0)
    earlier = conversation_href(conversation.id, before=first, document=document) if first > 1 else ""
    latest = conversation_href(conversation.id, document=document) if last < conversation.turns else ""
    return earlier, latest


def _uploads_href(conversation_id: str, collection: str, job_ids: Sequence[str]) -> str:
    jobs = {"job": list(job_ids)}
    if conversation_id:
        return f"{conversation_href(conversation_id)}?{urlencode(jobs, doseq=True)}"
    chosen = {"collection": [collection]} if collection != DEFAULT_COLLECTION else {}
    return f"/?{urlencode({**chosen, **jobs}, doseq=True)}"
