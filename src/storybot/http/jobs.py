"""The uploads over HTTP: queued, listed, cancelled, and told as they go on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from storybot.errors import StorybotError
from storybot.http import wire
from storybot.http.receiving import queue_files, queue_text
from storybot.http.streaming import STREAM, STREAMED, UNKEPT, Told, failure, line
from storybot.intake import Intake
from storybot.model import DEFAULT_COLLECTION, Job, JobState
from storybot.settings import Settings

_LOOK_SECONDS = 0.25
"""Between two looks for what changed: each job is told of once in that time at most."""

_BEAT_LOOKS = 40
"""Looks without news until a sign of life, by which a client knows that the server is there: ten seconds."""

_BEAT = ": nothing new\n\n"

_BODIES: dict[str, Any] = {
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


def add_routes(routes: APIRouter, intake: Intake, settings: Settings) -> None:
    """Add the routes of the uploads."""

    @routes.post("/documents", status_code=202, response_model=wire.JobsReply, openapi_extra=_BODIES)
    async def add(request: Request) -> wire.JobsReply:
        """Queue documents, all or none: files as multipart, or a text as JSON. They survive a crash from here on."""
        multipart = request.headers.get("content-type", "").startswith("multipart/form-data")
        queue = queue_files if multipart else queue_text
        queued = await queue(request, intake, settings.max_source_bytes)
        return await run_in_threadpool(_reply, intake, queued)

    @routes.get("/jobs")
    def jobs(state: JobState | None = None) -> wire.JobsReply:
        """The uploads: of one state, or all."""
        return _reply(intake, intake.jobs(state))

    @routes.post("/jobs/cancel")
    def cancel_all() -> wire.JobsReply:
        """Cancel all uploads that haven't ended."""
        intake.cancel_all()
        return _reply(intake, intake.jobs())

    @routes.get("/jobs/events", response_class=StreamingResponse, responses=STREAMED)
    async def events(request: Request) -> StreamingResponse:
        """Events `job` and `round` as the uploads go on: first all that are listed, then what changes."""
        return StreamingResponse(_told(request, intake), media_type=STREAM, headers=UNKEPT)

    @routes.get("/jobs/{job_id}")
    def job(job_id: str) -> wire.JobReply:
        """An upload."""
        return wire.JobReply.of(intake.job(job_id))

    @routes.delete("/jobs/{job_id}")
    def cancel(job_id: str) -> wire.JobReply:
        """Cancel an upload; one that has ended stays as it is, and so does one whose document is just coming in."""
        return wire.JobReply.of(intake.cancel(job_id))


def _reply(intake: Intake, jobs: Sequence[Job]) -> wire.JobsReply:
    return wire.JobsReply(jobs=[wire.JobReply.of(job) for job in jobs], round=wire.RoundReply.of(intake.round()))


async def _told(request: Request, intake: Intake) -> AsyncIterator[str]:
    """What changes, until the client goes or the server stops. It holds no thread while it waits."""
    watch = intake.watch()
    quiet, told = 0, False
    while not (request.app.state.stopping() or await request.is_disconnected()):
        try:
            jobs = await run_in_threadpool(watch.news)
            if jobs or not told:
                for job in jobs:
                    yield line(Told("job", wire.JobReply.of(job).model_dump()))
                now = await run_in_threadpool(intake.round)
                yield line(Told("round", wire.RoundReply.of(now).model_dump()))
        except StorybotError as error:
            yield line(failure(error))
            return
        quiet = 0 if jobs else quiet + 1
        told = True
        if quiet == _BEAT_LOOKS:
            yield _BEAT
            quiet = 0
        await asyncio.sleep(_LOOK_SECONDS)
