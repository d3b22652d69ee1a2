"""Answers on their way to a client: told in a thread, which stops when the client goes."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import anyio.to_thread
from fastapi import Request
from fastapi.responses import StreamingResponse

from storybot.conversing.exporting import piece_fields
from storybot.errors import Stopped, StorybotError
from storybot.http import problems
from storybot.model import Found, Notice, Piece, Understood
from storybot.ports import Pulse

STREAM = "text/event-stream"

UNKEPT = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""What a stream tells whoever passes it on: not to keep it, nor any of it back."""

ANSWER_WORKERS = 100
"""Answers that are told at once. They wait for language models, so they have workers of their own: pages don't wait."""

STREAMED: dict[int | str, dict[str, Any]] = {200: {"content": {STREAM: {"schema": {"type": "string"}}}}}
"""What a route that may stream says of its response."""


class Told(NamedTuple):
    """An event: its name, and what it holds as JSON. The last one holds the whole reply."""

    name: str
    body: Mapping[str, Any]


Telling: TypeAlias = Callable[[Pulse], Iterator[Told]]
"""Tells an answer; the pulse raises Stopped once the client is gone."""


def told(event: Understood | Found | Piece | Notice) -> Told:
    """An event of an answer that goes on."""
    match event:
        case Understood():
            return Told("understood", {"question": event.question})
        case Found():
            return Told("found", {"found": event.found, "confidence": event.confidence})
        case Piece():
            return Told("piece", piece_fields(event))
        case Notice():
            return Told("notice", {"text": event.text})


async def reply(request: Request, tell: Telling) -> Mapping[str, Any] | StreamingResponse:
    """The last event's body; all events where the client accepts text/event-stream.

    Raises: what `tell` raises; in a stream after the first event it becomes an event `error`, which holds a problem.
    """
    events = _events(request, tell)
    if STREAM not in request.headers.get("accept", ""):
        return [event async for event in events][-1].body
    first = await anext(events)  # before the response begins, so that a bad question is still a problem
    return StreamingResponse(_lines(first, events), media_type=STREAM, headers=UNKEPT)


async def _events(request: Request, tell: Telling) -> AsyncIterator[Told]:
    """The events as they are told. However the client goes, the telling is run to its end, so that it can be kept."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Told | None] = asyncio.Queue()
    gone = threading.Event()

    def pulse() -> None:
        if gone.is_set():
            raise Stopped

    def work() -> None:
        try:
            for event in tell(pulse):
                loop.call_soon_threadsafe(queue.put_nowait, event)
        finally:
            loop.call_soon_threadsafe(queue.put_nowait, None)

    working = asyncio.create_task(anyio.to_thread.run_sync(work, limiter=request.app.state.answer_workers))
    watching = asyncio.create_task(_watch(request, gone))
    try:
        while event := await queue.get():
            yield event
        await working
    finally:
        gone.set()
        watching.cancel()


async def _watch(request: Request, gone: threading.Event) -> None:
    """Wait until the client closes the connection: the one message that comes after the body, which has been read."""
    await request.receive()
    gone.set()


async def _lines(first: Told, rest: AsyncIterator[Told]) -> AsyncIterator[str]:
    yield line(first)
    try:
        async for event in rest:
            yield line(event)
    except StorybotError as error:
        yield line(failure(error))


def failure(error: StorybotError) -> Told:
    """The event that ends a stream which can't go on."""
    return Told("error", problems.problem_details(problems.status_of(type(error)), str(error)))


def line(event: Told) -> str:
    """An event as it is sent."""
    return f"event: {event.name}\ndata: {json.dumps(event.body)}\n\n"
