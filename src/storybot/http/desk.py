"""The chat page, put together: a conversation, the others, the documents, the uploads."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from storybot.assembly import House
from storybot.errors import NotFound, StorybotError
from storybot.http.contexts import ChatPage, JobView, conversation_view, document_view, job_view
from storybot.http.problems import status_of
from storybot.http.rendering import missing, render
from storybot.http.turns import TurnView, conversation_href, turn_href, turn_view
from storybot.intake import Intake
from storybot.model import DEFAULT_COLLECTION, FINAL_STATES, Conversation, Job, Scope, Turn

FAILED_JOBS_SHOWN = 3
"""Failures older than these are no longer on the page."""

RECENT_SHOWN = 5
"""Conversations beside the one that is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the address of the chat asks for. `jobs`: uploads that this visitor has just started."""

    typed: str = ""
    document: str = ""
    collection: str = DEFAULT_COLLECTION
    jobs: tuple[str, ...] = ()
    before: int | None = None


class Desk:
    """Puts the chat page together, and takes what its forms bring."""

    def __init__(self, house: House, intake: Intake) -> None:
        self._bot = house.bot
        self._conversations = house.conversations
        self._intake = intake

    def fresh(self, visit: Visit, problems: tuple[str, ...] = ()) -> HTMLResponse:
        """The chat before a first question."""
        return render("chat.html", self._page(visit, problems=problems), status=422 if problems else 200)

    def conversation(self, conversation_id: str, visit: Visit, problems: tuple[str, ...] = ()) -> HTMLResponse:
        """The conversation with the last turns before the one that the visit names."""
        try:
            conversation = self._conversations.one(conversation_id)
            turns = self._conversations.turns(conversation_id, before=visit.before)
        except NotFound as error:
            return missing(error)
        page = self._page(visit, conversation=conversation, turns=turns, problems=problems)
        return render("chat.html", page, status=422 if problems else 200)

    def ask(self, question: str, conversation_id: str, visit: Visit, *, literal: bool) -> Response:
        """Ask, then go to the turn; a question that is refused is back in its box, with the reason."""
        document_ids = (visit.document,) if visit.document else ()
        try:
            turn = self._conversations.ask(
                conversation_id or None, question, document_ids, collection=visit.collection, literal=literal
            )
        except StorybotError as error:
            return self._refused(question, conversation_id, visit, error)
        return RedirectResponse(turn_href(turn, turns=turn.number, document=visit.document), 303)

    def _refused(self, question: str, conversation_id: str, visit: Visit, error: StorybotError) -> Response:
        conversation, turns = None, list[Turn]()
        if conversation_id:
            try:
                conversation = self._conversations.one(conversation_id)
                turns = self._conversations.turns(conversation_id)
            except NotFound as gone:
                return missing(gone)
        failed = TurnView(state="failed", question=question, error=str(error))
        page = self._page(visit, conversation=conversation, turns=turns, failed=failed)
        return render("chat.html", page, status=status_of(type(error)))

    def added(self, jobs: Sequence[Job], conversation_id: str) -> Response:
        """Go back to the conversation, or the chat, where the files of the form are listed."""
        return RedirectResponse(_uploads_href(conversation_id, jobs[0].collection, [job.id for job in jobs]), 303)

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
        entries = self._bot.library.entries()
        documents = tuple(document_view(entry) for entry in entries if entry.collection == collection)
        listed = self._conversations.documents(turns)
        views = (*(turn_view(turn, listed) for turn in turns), *([failed] if failed else []))
        earlier, latest = _leaves(conversation, turns, visit.document)
        # One that was deleted meanwhile can't be looked in.
        chosen = visit.document if visit.document in {document.id for document in documents} else ""
        scope = Scope(collection=collection, document_ids=(chosen,) if chosen else ())
        return ChatPage(
            collection=collection,
            collections=tuple(sorted({entry.collection for entry in entries} | {collection})),
            documents=documents,
            chosen=chosen,
            jobs=self._jobs(visit.jobs),
            problems=problems,
            conversation=conversation.id if conversation else "",
            title=conversation_view(conversation).title if conversation else "",
            turns=views,
            earlier=earlier,
            latest=latest,
            recent=tuple(map(conversation_view, self._conversations.all()[:RECENT_SHOWN])),
            typed=failed.question if failed else visit.typed,
            suggestions=self._bot.suggestions(scope) if not views and documents else (),
            ready=self._bot.ready,
        )

    def _jobs(self, mine: tuple[str, ...]) -> tuple[JobView, ...]:
        """The uploads to be seen: those under way, the latest failures, and the visitor's own."""
        jobs = self._intake.jobs()
        failed = [job.id for job in jobs if job.state == "failed"][:FAILED_JOBS_SHOWN]
        shown = {*mine, *failed}
        return tuple(job_view(job) for job in jobs if job.id in shown or job.state not in FINAL_STATES)


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
