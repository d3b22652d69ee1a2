"""Conversations over HTTP: routes translate, `Conversations` does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from storybot.conversing import MOST_TURNS, Conversations
from storybot.conversing.exporting import Form, file_name, turn_fields
from storybot.http import conversations_wire as wire
from storybot.http import trails_wire
from storybot.http.streaming import STREAMED, Told, reply, told
from storybot.model import Done, Kept, Turn
from storybot.ports import Pulse

_MEDIA_TYPES: Mapping[Form, str] = {"markdown": "text/markdown", "json": "application/json"}
_EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {media_type: {"schema": {"type": "string"}} for media_type in _MEDIA_TYPES.values()}}
}

_Before = Annotated[int | None, Query(ge=1, le=wire.LARGEST_NUMBER, description="Turns with a smaller number only.")]
_Documents = Annotated[Sequence[str], Query(description="Ids of the documents to look in; all where none is named.")]
_Limit = Annotated[int, Query(ge=1, le=wire.LARGEST_LIMIT, description="How many turns at most: the last of them.")]


def add_routes(routes: APIRouter, conversations: Conversations) -> None:
    """Add the routes of conversations and their turns."""
    _list(routes, conversations)
    _one(routes, conversations)
    _turns(routes, conversations)


def _list(routes: APIRouter, conversations: Conversations) -> None:
    @routes.get("/conversations")
    def all_(search: str = "") -> wire.ConversationsReply:
        """The conversations whose title, questions or answers hold each word of `search`; the last changed first."""
        found = [wire.ConversationReply.of(conversation) for conversation in conversations.all(search)]
        return wire.ConversationsReply(conversations=found)

    @routes.post("/conversations", status_code=201)
    def begin(request: wire.BeginRequest) -> wire.ConversationReply:
        """Begin a conversation; without a title, its first question becomes that."""
        return wire.ConversationReply.of(conversations.begin(request.collection, request.title))


def _one(routes: APIRouter, conversations: Conversations) -> None:
    @routes.get("/conversations/{conversation_id}")
    def page(conversation_id: str, before: _Before = None, limit: _Limit = MOST_TURNS) -> wire.ConversationPageReply:
        """A conversation with its last turns, by number; `before` leafs back."""
        conversation = wire.ConversationReply.of(conversations.one(conversation_id))
        turns = conversations.turns(conversation_id, before=before, most=limit)
        return wire.ConversationPageReply(conversation=conversation, turns=_replies(conversations, turns))

    @routes.patch("/conversations/{conversation_id}")
    def rename(conversation_id: str, request: wire.RenameRequest) -> wire.ConversationReply:
        """Call a conversation otherwise."""
        return wire.ConversationReply.of(conversations.rename(conversation_id, request.title))

    @routes.delete("/conversations/{conversation_id}", status_code=204)
    def remove(conversation_id: str) -> None:
        """Forget a conversation, wholly."""
        conversations.remove(conversation_id)

    @routes.get("/conversations/{conversation_id}/export", response_class=Response, responses=_EXPORTED)
    def export(conversation_id: str, form: Form = "markdown") -> Response:
        """A conversation as a file, its citations with their places."""
        name = file_name(conversations.one(conversation_id), form)
        return Response(
            conversations.export(conversation_id, form),
            media_type=_MEDIA_TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _turns(routes: APIRouter, conversations: Conversations) -> None:
    @routes.post("/conversations/{conversation_id}/turns", response_model=wire.TurnReply, responses=STREAMED)
    async def ask(
        conversation_id: str, question: wire.TurnRequest, request: Request
    ) -> Mapping[str, Any] | StreamingResponse:
        """Ask in a conversation. The events are `understood`, `found`, `piece`, `notice`, `done`, the last the turn.

        They come to who accepts text/event-stream. Whoever closes the connection stops the answer; what came until then
        is kept.
        """

        def tell(pulse: Pulse) -> Iterator[Told]:
            stream = conversations.stream(
                conversation_id, question.question, tuple(question.documents), literal=question.literal, pulse=pulse
            )
            for event in stream:
                if isinstance(event, Kept):
                    yield Told("done", _fields(conversations, event.turn))
                elif not isinstance(event, Done):
                    yield told(event)

        return await reply(request, tell)

    @routes.get("/turns/{turn_id}/trail", response_model_exclude_none=True)
    def trail(turn_id: str, document: _Documents = ()) -> trails_wire.TrailReply:
        """How the turn's question finds its answer in the corpus as it is now: each step, up to ten hits of each."""
        return trails_wire.TrailReply.of(conversations.trail(turn_id, tuple(document)))

    @routes.put("/turns/{turn_id}/feedback")
    def judge(turn_id: str, request: wire.FeedbackRequest) -> wire.TurnReply:
        """Say what you think of an answer: up, down, or null to take it back."""
        (turn,) = _replies(conversations, [conversations.judge(turn_id, request.feedback)])
        return turn

    @routes.get("/feedback")
    def judged() -> wire.TurnsReply:
        """All turns with a feedback, the latest asked first."""
        return wire.TurnsReply(turns=_replies(conversations, conversations.judged()))


def _fields(conversations: Conversations, turn: Turn) -> dict[str, Any]:
    return turn_fields(turn, conversations.documents([turn]))


def _replies(conversations: Conversations, turns: list[Turn]) -> list[wire.TurnReply]:
    documents = conversations.documents(turns)
    return [wire.TurnReply.model_validate(turn_fields(turn, documents)) for turn in turns]
