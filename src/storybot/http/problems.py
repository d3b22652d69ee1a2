"""Errors over HTTP: one table, one shape."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from storybot import errors
from storybot.http.wire import Problem
from storybot.languages import spoken

STATUSES: dict[type[errors.StorybotError], HTTPStatus] = {
    errors.SourceTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnknownFormat: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.BinarySource: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.NameTaken: HTTPStatus.CONFLICT,
    errors.CollectionExists: HTTPStatus.CONFLICT,
    errors.InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.SettingFixed: HTTPStatus.CONFLICT,
    errors.SettingError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Cancelled: HTTPStatus.CONFLICT,
    errors.Stopped: HTTPStatus.CONFLICT,
    errors.AnswererFailed: HTTPStatus.BAD_GATEWAY,
    errors.CorpusBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DiskFull: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.FolderNotWritable: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.ModelNotFound: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ReaderNotFound: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ReaderDamaged: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.EnglishFailed: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StorybotError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The status of an error is that of its nearest class in the table."""


def status_of(error: type[errors.StorybotError]) -> HTTPStatus:
    """The HTTP status that tells of an error."""
    return next(STATUSES[base] for base in error.__mro__ if base in STATUSES)


def problem_details(status: int, detail: str) -> dict[str, Any]:
    """A problem as JSON."""
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail).model_dump()


def problem(status: int, detail: str) -> JSONResponse:
    """A problem as a response."""
    headers = {"Content-Language": spoken().tag, "Vary": "Accept-Language"}
    return JSONResponse(problem_details(status, detail), status, headers, media_type="application/problem+json")


def what_is_wrong(error: RequestValidationError) -> str:
    """The first thing in a request that can't be taken, and why."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    return f"{place}: {first['msg']}"


def install(app: FastAPI) -> None:
    """Answer an error of the bot, or of a request, with a problem; what else HTTP refuses is for `rendering`."""

    @app.exception_handler(errors.StorybotError)
    def _storybot(_request: Request, error: errors.StorybotError) -> JSONResponse:
        return problem(status_of(type(error)), str(error))

    @app.exception_handler(RequestValidationError)
    def _validation(_request: Request, error: RequestValidationError) -> JSONResponse:
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"{what_is_wrong(error)}. /openapi.json says what a request holds."
        )
