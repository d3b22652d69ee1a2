"""The pages of conversations, and the forms on them: routes translate."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from storybot.conversing import Conversations
from storybot.errors import EmptyTitle
from storybot.http.contexts import ConversationsPage, DeletePage, TurnPage, conversation_view
from storybot.http.desk import Desk, Visit, document_ids_of, joined
from storybot.http.looks import number_in
from storybot.http.rendering import render
from storybot.http.trail_views import trail_page
from storybot.http.turns import conversation_href, turn_href, turn_view
from storybot.model import DEFAULT_COLLECTION, Feedback

_LIST = "/conversations"
_FEEDBACKS: dict[str, Feedback] = {"up": "up", "down": "down"}


def add_routes(routes: APIRouter, desk: Desk, conversations: Conversations) -> None:
    """Add the routes of the pages of conversations."""
    _asking(routes, desk)
    _list(routes, conversations)
    _turns(routes, conversations)


def _asking(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/ask")
    def ask(  # noqa: PLR0913, PLR0917 - the fields of its form
        q: Annotated[str, Form()] = "",
        conversation: Annotated[str, Form()] = "",
        collection: Annotated[str, Form()] = DEFAULT_COLLECTION,
        document: Annotated[Sequence[str], Form()] = (),
        literal: Annotated[str, Form()] = "",
        book: Annotated[str, Form()] = "",
    ) -> Response:
        visit = Visit(collection=collection, documents=document_ids_of(document), book=book)
        return desk.ask(q, conversation, visit, literal=bool(literal))

    @routes.get("/conversations/{conversation_id}")
    def conversation(
        conversation_id: str,
        q: str = "",
        before: str = "",
        document: Annotated[Sequence[str], Query()] = (),
        job: Annotated[Sequence[str], Query()] = (),
    ) -> HTMLResponse:
        visit = Visit(typed=q, before=number_in(before) or None, documents=document_ids_of(document), jobs=tuple(job))
        return desk.conversation(conversation_id, visit)


def _list(routes: APIRouter, conversations: Conversations) -> None:
    def listed(search: str = "", problem: str = "") -> HTMLResponse:
        found = tuple(map(conversation_view, conversations.all(search)))
        page = ConversationsPage(search=search, conversations=found, problem=problem)
        return render("conversations.html", page, status=422 if problem else 200)

    @routes.get(_LIST)
    def all_(search: str = "") -> HTMLResponse:
        return listed(search)

    @routes.post("/conversations/{conversation_id}/rename")
    def rename(conversation_id: str, title: Annotated[str, Form()] = "") -> Response:
        try:
            conversations.rename(conversation_id, title)
        except EmptyTitle as error:
            return listed(problem=str(error))
        return RedirectResponse(_LIST, 303)

    @routes.get("/conversations/{conversation_id}/delete")
    def confirm(conversation_id: str) -> HTMLResponse:
        title = conversation_view(conversations.one(conversation_id)).title
        href = conversation_href(conversation_id)
        return render("delete.html", DeletePage(kind="conversation", title=title, href=href, back=_LIST))

    @routes.post("/conversations/{conversation_id}/delete")
    def delete(conversation_id: str) -> Response:
        conversations.remove(conversation_id)
        return RedirectResponse(_LIST, 303)


def _turns(routes: APIRouter, conversations: Conversations) -> None:
    @routes.get("/turns/{turn_id}")
    def alone(turn_id: str, document: Annotated[Sequence[str], Query()] = ()) -> HTMLResponse:
        turn, chosen = conversations.turn(turn_id), joined(document_ids_of(document))
        return render("alone.html", TurnPage(turn=turn_view(turn, conversations.documents([turn])), chosen=chosen))

    @routes.get("/turns/{turn_id}/trail")
    def trail(turn_id: str, document: Annotated[Sequence[str], Query()] = ()) -> HTMLResponse:
        turn, chosen = conversations.turn(turn_id), document_ids_of(document)
        turns = conversations.one(turn.conversation_id).turns
        back = turn_href(turn, turns=turns, document=joined(chosen))
        return render("trail.html", trail_page(conversations.trail(turn_id, chosen), back))

    @routes.post("/turns/{turn_id}/feedback")
    def judge(turn_id: str, feedback: Annotated[str, Form()] = "") -> Response:
        """Anything but up or down takes the feedback back."""
        turn = conversations.judge(turn_id, _FEEDBACKS.get(feedback))
        return RedirectResponse(turn_href(turn, turns=conversations.one(turn.conversation_id).turns), 303)
