"""The API under /api: routes translate, the bot and the intake do."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from storybot.assembly import House
from storybot.bot import Storybot
from storybot.errors import SourceTooLarge
from storybot.http import conversations, documents, wire
from storybot.http.streaming import STREAMED, Told, reply, told
from storybot.intake import Intake
from storybot.model import DEFAULT_COLLECTION, Answer, Done, Hit, Job, Source
from storybot.ports import Pulse
from storybot.settings import Settings

_PROBLEMS: dict[int | str, dict[str, Any]] = {code: {"model": wire.Problem} for code in (404, 413, 415, 422, 503)}
_JSON_TEXT = "the text"
_ESCAPED = 2
"""A text grows no more than that, as a rule, when JSON escapes it."""

_BODIES = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "collection": {"type": "string", "default": DEFAULT_COLLECTION},
                    },
                }
            },
            "application/json": {"schema": wire.TextRequest.model_json_schema()},
        },
    }
}


def router(house: House, intake: Intake, settings: Settings) -> APIRouter:
    """The routes of the API."""
    routes = APIRouter(prefix="/api", responses=_PROBLEMS)
    _questions(routes, house.bot)
    conversations.add_routes(routes, house.conversations)
    documents.add_routes(routes, house.bot.library)
    _jobs(routes, intake, settings)
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


def _jobs(routes: APIRouter, intake: Intake, settings: Settings) -> None:
    @routes.post("/documents", status_code=202, response_model=wire.JobsReply, openapi_extra=_BODIES)
    async def add(request: Request) -> wire.JobsReply:
        """Queue documents: files as multipart, or a text as JSON."""
        sources = await _sources(request, settings.max_source_bytes)
        return _job_replies(intake.submit(source) for source in sources)

    @routes.get("/jobs")
    def jobs() -> wire.JobsReply:
        """The uploads, the latest first."""
        return _job_replies(intake.jobs())

    @routes.get("/jobs/{job_id}")
    def job(job_id: str) -> wire.JobReply:
        """An upload."""
        return wire.JobReply.of(intake.job(job_id))

    @routes.delete("/jobs/{job_id}")
    def cancel(job_id: str) -> wire.JobReply:
        """Cancel an upload; one that has ended stays as it is."""
        return wire.JobReply.of(intake.cancel(job_id))


async def _sources(request: Request, max_bytes: int) -> list[Source]:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await uploaded(request, max_bytes)
    if int(request.headers.get("content-length", 0)) > _ESCAPED * max_bytes:
        raise SourceTooLarge(_JSON_TEXT, limit=max_bytes)
    try:
        body = wire.TextRequest.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError([{**first, "loc": ("body", *first["loc"])} for first in error.errors()]) from error
    return [Source(name=body.name, data=body.text.encode(errors="replace"), collection=body.collection)]


async def uploaded(request: Request, max_bytes: int) -> list[Source]:
    """The files of a multipart form. Of one past the limit no more is read than shows that it is."""
    async with request.form() as form:
        collection = str(form.get("collection") or DEFAULT_COLLECTION)
        files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
        if not files:
            missing = {"loc": ("body", "files"), "msg": "Choose at least one file", "type": "missing"}
            raise RequestValidationError([missing])
        return [
            Source(name=file.filename or "", data=await file.read(max_bytes + 1), collection=collection)
            for file in files
        ]


def _job_replies(jobs: Iterable[Job]) -> wire.JobsReply:
    return wire.JobsReply(jobs=[wire.JobReply.of(job) for job in jobs])


def _reply(bot: Storybot, answer: Answer) -> dict[str, Any]:
    return wire.AskReply.of(answer, _hits(bot, answer.evidence, explain=True)).model_dump()


def _hits(bot: Storybot, hits: Iterable[Hit], *, explain: bool) -> list[wire.HitReply]:
    return [wire.HitReply.of(hit, _ref(bot, hit.passage.document_id), explain=explain) for hit in hits]


def _ref(bot: Storybot, document_id: str) -> wire.DocumentRef:
    entry = bot.library.entry(document_id)
    return wire.DocumentRef(id=entry.id, title=entry.title, name=entry.name)
