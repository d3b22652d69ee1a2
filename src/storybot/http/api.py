"""The API under /api: routes translate, the bot and the intake do."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from storybot.assembly import House
from storybot.bot import Storybot
from storybot.http import conversations, documents, jobs, settings_api, wire
from storybot.http.preferences import Preferences
from storybot.http.streaming import STREAMED, Told, reply, told
from storybot.intake import Intake
from storybot.model import Answer, Done, Hit
from storybot.ports import Pulse
from storybot.settings import Settings

_PROBLEMS: dict[int | str, dict[str, Any]] = {code: {"model": wire.Problem} for code in (404, 413, 415, 422, 503)}


def router(house: House, intake: Intake, settings: Settings, preferences: Preferences) -> APIRouter:
    """The routes of the API."""
    routes = APIRouter(prefix="/api", responses=_PROBLEMS)
    _questions(routes, house.bot)
    conversations.add_routes(routes, house.conversations)
    documents.add_routes(routes, house)
    jobs.add_routes(routes, intake, settings)
    settings_api.add_routes(routes, preferences)
    return routes


def _questions(routes: APIRouter, bot: Storybot) -> None:
    @routes.post("/search", response_model_exclude_none=True)
    def search(request: wire.SearchRequest) -> wire.SearchReply:
        """The passages that fit a query best: the retrieval endpoint."""
        hits = bot.search(request.query, request.scope(), k=request.k, mode=request.mode, rerank=request.rerank)
        return wire.SearchReply(query=request.query, hits=_hits(bot, hits, explain=request.explain))

    @routes.post("/ask", response_model=wire.AskReply, responses=STREAMED)
    async def ask(question: wire.AskRequest, request: Request) -> Mapping[str, Any] | StreamingResponse:
        """The answer to a question; as events `found`, `piece`, `notice`, `done` to who accepts text/event-stream."""

        def tell(pulse: Pulse) -> Iterator[Told]:
            for event in bot.stream(question.question, question.scope(), pulse=pulse):
                yield Told("done", _reply(bot, event.answer)) if isinstance(event, Done) else told(event)

        return await reply(request, tell)


def _reply(bot: Storybot, answer: Answer) -> dict[str, Any]:
    return wire.AskReply.of(answer, _hits(bot, answer.evidence, explain=True)).model_dump()


def _hits(bot: Storybot, hits: Iterable[Hit], *, explain: bool) -> list[wire.HitReply]:
    return [wire.HitReply.of(hit, _ref(bot, hit.passage.document_id), explain=explain) for hit in hits]


def _ref(bot: Storybot, document_id: str) -> wire.DocumentRef:
    entry = bot.library.entry(document_id)
    return wire.DocumentRef(id=entry.id, title=entry.title, name=entry.name)
