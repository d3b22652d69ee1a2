"""The web pages: the chat, the reader, and the few forms that work without a script."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from storybot.assembly import House, shipped
from storybot.bot import Storybot
from storybot.errors import DocumentNotFound, JobNotFound, NotFound, StorybotError
from storybot.http.api import uploaded
from storybot.http.contexts import (
    ChatPage,
    DeletePage,
    JobView,
    ProblemPage,
    TurnView,
    document_href,
    document_view,
    job_view,
    reader_page,
    turn_view,
)
from storybot.http.problems import status_of
from storybot.http.reading import cited_span, paragraphs
from storybot.intake import Intake
from storybot.model import DEFAULT_COLLECTION, FINAL_STATES, Scope, Source
from storybot.settings import Settings

FAILED_JOBS_SHOWN = 3
"""Failures older than these are no longer on the page."""

_NO_FILE = "No file was chosen. Choose one or more text files, then add them."


def web_folder() -> Path:
    """The folder of templates and static files: packed with the package, or at the root of a checkout."""
    return shipped("web")


def problem(title: str, detail: str, *, status: int) -> HTMLResponse:
    """A page that says what went wrong."""
    return _render("problem.html", ProblemPage(title=title, detail=detail), status=status)


def router(house: House, intake: Intake, settings: Settings) -> APIRouter:
    """The routes of the pages."""
    routes = APIRouter(include_in_schema=False)
    _chat(routes, _Desk(house.bot, intake), settings)
    _documents(routes, house.bot)
    _jobs(routes, intake)
    return routes


def _chat(routes: APIRouter, desk: "_Desk", settings: Settings) -> None:
    @routes.get("/")
    def chat(
        q: str | None = None,
        document: str = "",
        collection: str = DEFAULT_COLLECTION,
        job: Annotated[Sequence[str], Query()] = (),
    ) -> HTMLResponse:
        return desk.chat(_Visit(question=q, document=document, collection=collection, jobs=tuple(job)))

    @routes.post("/documents")
    async def add(request: Request) -> Response:
        try:
            sources = await uploaded(request, settings.max_source_bytes)
        except RequestValidationError:
            return await run_in_threadpool(desk.chat, _Visit(), (_NO_FILE,))
        return await run_in_threadpool(desk.add, sources)


def _documents(routes: APIRouter, bot: Storybot) -> None:
    @routes.get("/documents/{document_id}")
    def read(document_id: str, start: str | None = None, end: str | None = None) -> HTMLResponse:
        try:
            document = bot.document(document_id)
        except DocumentNotFound as error:
            return _missing(error)
        return _render("reader.html", reader_page(document, paragraphs(document, cited_span(document, start, end))))

    @routes.get("/documents/{document_id}/delete")
    def confirm(document_id: str) -> HTMLResponse:
        try:
            title = bot.document(document_id).title
        except DocumentNotFound as error:
            return _missing(error)
        return _render("delete.html", DeletePage(title=title, href=document_href(document_id)))

    @routes.post("/documents/{document_id}/delete")
    def delete(document_id: str) -> Response:
        try:
            bot.drop(document_id)
        except DocumentNotFound as error:
            return _missing(error)
        return RedirectResponse("/", 303)


def _jobs(routes: APIRouter, intake: Intake) -> None:
    @routes.post("/jobs/{job_id}/cancel")
    def cancel(job_id: str) -> Response:
        try:
            intake.cancel(job_id)
        except JobNotFound as error:
            return _missing(error)
        return RedirectResponse(f"/?{urlencode({'job': job_id})}", 303)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """What the address of the chat asks for. `jobs`: uploads that this visitor has just started."""

    question: str | None = None
    document: str = ""
    collection: str = DEFAULT_COLLECTION
    jobs: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        return Scope(collection=self.collection, document_ids=(self.document,) if self.document else ())


class _Desk:
    """Puts the chat page together, and takes what its forms bring."""

    def __init__(self, bot: Storybot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake

    def chat(self, visit: _Visit, problems: tuple[str, ...] = ()) -> HTMLResponse:
        """The chat, with the one turn that the address asks for."""
        if visit.question is None:
            return _render("chat.html", self._page(visit, problems=problems), status=422 if problems else 200)
        try:
            answer = self._bot.ask(visit.question, visit.scope)
        except StorybotError as error:
            turn = TurnView(state="failed", question=visit.question, error=str(error))
            page = replace(self._page(visit, turn=turn), typed=visit.question)
            return _render("chat.html", page, status=status_of(type(error)))
        titles = {entry.id: entry.title for entry in self._bot.entries()}
        return _render("chat.html", self._page(visit, turn=turn_view(answer, titles)))

    def add(self, sources: Sequence[Source]) -> Response:
        """Queue the files of the form, then go to the chat, where they are listed."""
        job_ids = [self._intake.submit(source).id for source in sources]
        return RedirectResponse(_chat_href(sources[0].collection, job_ids), 303)

    def _page(self, visit: _Visit, *, turn: TurnView | None = None, problems: tuple[str, ...] = ()) -> ChatPage:
        entries = self._bot.entries()
        documents = tuple(document_view(entry) for entry in entries if entry.collection == visit.collection)
        ids = {document.id for document in documents}
        return ChatPage(
            collection=visit.collection,
            collections=tuple(sorted({entry.collection for entry in entries} | {visit.collection})),
            documents=documents,
            chosen=visit.document if visit.document in ids else "",
            jobs=self._jobs(visit.jobs),
            problems=problems,
            turn=turn,
            typed="",
            suggestions=self._bot.suggestions(visit.scope) if turn is None and documents else (),
            ready=self._bot.ready,
        )

    def _jobs(self, mine: tuple[str, ...]) -> tuple[JobView, ...]:
        """The uploads to be seen: those under way, the latest failures, and the visitor's own."""
        jobs = self._intake.jobs()
        failed = [job.id for job in jobs if job.state == "failed"][:FAILED_JOBS_SHOWN]
        shown = {*mine, *failed}
        return tuple(job_view(job) for job in jobs if job.id in shown or job.state not in FINAL_STATES)


def _chat_href(collection: str, job_ids: Sequence[str]) -> str:
    chosen = {"collection": collection} if collection != DEFAULT_COLLECTION else {}
    return "/?" + urlencode({**chosen, "job": list(job_ids)}, doseq=True)


def _missing(error: NotFound) -> HTMLResponse:
    return problem("It isn't here", str(error), status=404)


def _render(template: str, page: object, *, status: int = 200) -> HTMLResponse:
    # A browser keeps no copy: going back must not show a list, or a document, of before.
    headers = {"Cache-Control": "no-store"}
    return HTMLResponse(_environment().get_template(template).render(page=page), status, headers)


@cache
def _environment() -> Environment:
    """Templates see one value, `page`; what they print is escaped, and a name that isn't there is an error."""
    return Environment(
        loader=FileSystemLoader(web_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
