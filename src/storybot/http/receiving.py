"""What comes in as files or as a text, on its way into the queue."""

from collections.abc import AsyncIterator

from fastapi import Request
from fastapi.concurrency import iterate_in_threadpool, run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from storybot.errors import SourceTooLarge, StorybotError
from storybot.gathering import sources_in
from storybot.http import wire
from storybot.intake import Intake
from storybot.model import DEFAULT_COLLECTION, Job, Source

MOST_FILES = 1000
"""Files of one request: each may hold a file of the server's open until all are there."""

_BATCH_BYTES = 16_000_000
"""Files are read into memory, and queued in one transaction, up to about so much at a time."""

_JSON_TEXT = "the text"
_ESCAPED = 2
"""A text grows no more than that, as a rule, when JSON escapes it."""


async def queue_files(request: Request, intake: Intake, max_bytes: int) -> list[Job]:
    """Queue the files of a multipart form, all or none.

    Of one past the limit no more is read than shows that it is. Raises: RequestValidationError where there is none.
    """
    async with request.form(max_files=MOST_FILES) as form:
        collection = str(form.get("collection") or DEFAULT_COLLECTION)
        jobs: list[Job] = []
        try:
            async for batch in _batches(_files(form), collection, max_bytes):
                jobs += await run_in_threadpool(intake.submit, batch)
        except StorybotError:
            for job in jobs:
                await run_in_threadpool(intake.cancel, job.id)
            raise
        return jobs


async def queue_in_place(request: Request, intake: Intake, max_bytes: int, *, name: str, collection: str) -> Job:
    """Queue the first file of a multipart form under a document's name, so that it takes its place.

    Raises: RequestValidationError where there is none.
    """
    async with request.form(max_files=MOST_FILES) as form:
        data = await _files(form)[0].read(max_bytes + 1)
    source = Source(name=name, data=data, collection=collection)
    (job,) = await run_in_threadpool(intake.submit, [source])
    return job


async def queue_text(request: Request, intake: Intake, max_bytes: int) -> list[Job]:
    """Queue the text of a JSON body. Raises: SourceTooLarge, RequestValidationError."""
    if int(request.headers.get("content-length", 0)) > _ESCAPED * max_bytes:
        raise SourceTooLarge(_JSON_TEXT, limit=max_bytes)
    try:
        body = wire.TextRequest.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError([{**first, "loc": ("body", *first["loc"])} for first in error.errors()]) from error
    source = Source(name=body.name, data=body.text.encode(errors="replace"), collection=body.collection)
    return await run_in_threadpool(intake.submit, [source])


def _files(form: FormData) -> list[UploadFile]:
    """The files of a form. Raises: RequestValidationError where there is none."""
    files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
    if not files:
        missing = {"loc": ("body", "files"), "msg": "Choose at least one file", "type": "missing"}
        raise RequestValidationError([missing])
    return files


async def _batches(files: list[UploadFile], collection: str, max_bytes: int) -> AsyncIterator[list[Source]]:
    """The files, read, in batches of bounded size; a larger file is a batch of its own. Of an archive those in it."""
    batch: list[Source] = []
    room = _BATCH_BYTES
    for file in files:
        source = Source(name=file.filename or "", data=await file.read(max_bytes + 1), collection=collection)
        await file.close()
        async for found in iterate_in_threadpool(sources_in(source, max_bytes=max_bytes)):
            if batch and len(found.data) > room:
                yield batch
                batch, room = [], _BATCH_BYTES
            batch.append(found)
            room -= len(found.data)
    yield batch
