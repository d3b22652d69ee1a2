"""The web pages: the chat, the reader, and the few forms that work without a script."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from urllib.parse import SplitResult, urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from storybot.assembly import House, shipped_sources
from storybot.bot import Storybot
from storybot.http import conversation_pages, document_pages, library_pages, settings_pages, themes
from storybot.http.books import Opening, book_href
from storybot.http.contexts import DeletePage
from storybot.http.desk import Desk, Visit, document_ids_of
from storybot.http.library_pages import Shelves
from storybot.http.looks import LIBRARY, about_href, look_of
from storybot.http.preferences import Preferences
from storybot.http.receiving import queue_files
from storybot.http.rendering import PageRoute, render
from storybot.http.turns import conversation_href
from storybot.intake import Intake
from storybot.languages import gettext as _
from storybot.languages import marked
from storybot.model import DEFAULT_COLLECTION
from storybot.settings import Settings

_NO_FILE = marked("No file was chosen. Choose one or more, or a folder, then add them.")


def router(house: House, intake: Intake, settings: Settings, preferences: Preferences) -> APIRouter:
    """The routes of the pages."""
    routes = APIRouter(include_in_schema=False, route_class=PageRoute)
    desk = Desk(house, intake, settings)
    _chat(routes, desk, intake, Shelves(house.bot, intake), settings)
    conversation_pages.add_routes(routes, desk, house.conversations)
    library_pages.add_routes(routes, house.bot, intake)
    document_pages.add_routes(routes, house, intake, settings)
    settings_pages.add_routes(routes, house.bot, preferences)
    _documents(routes, desk, house.bot)
    _jobs(routes, intake)
    themes.add_routes(routes)
    return routes


def _chat(routes: APIRouter, desk: Desk, intake: Intake, shelves: Shelves, settings: Settings) -> None:
    @routes.get("/")
    def chat(
        q: str = "",
        document: Annotated[Sequence[str], Query()] = (),
        collection: str = DEFAULT_COLLECTION,
        job: Annotated[Sequence[str], Query()] = (),
    ) -> HTMLResponse:
        return desk.fresh(Visit(typed=q, documents=document_ids_of(document), collection=collection, jobs=tuple(job)))

    @routes.post("/documents/shipped")
    def add_shipped(collection: Annotated[str, Form()] = DEFAULT_COLLECTION) -> Response:
        """Take in the stories that come with storybot."""
        jobs = intake.submit([replace(source, collection=collection) for source in shipped_sources()])
        return desk.added(jobs, "", "")

    @routes.post("/documents")
    async def add(request: Request) -> Response:
        try:
            jobs = await queue_files(request, intake, settings.max_source_bytes)
        except RequestValidationError:
            jobs = []
        form = await request.form()  # read already
        conversation_id, back = str(form.get("conversation") or ""), str(form.get("back") or "")
        if jobs:
            return desk.added(jobs, conversation_id, back)
        if back:
            return await run_in_threadpool(shelves.refused, look_of(back), _(_NO_FILE))
        if conversation_id:
            return await run_in_threadpool(desk.conversation, conversation_id, Visit(), (_(_NO_FILE),))
        return await run_in_threadpool(desk.fresh, Visit(), (_(_NO_FILE),))


def _documents(routes: APIRouter, desk: Desk, bot: Storybot) -> None:
    @routes.get("/documents/{document_id}")
    def read(  # noqa: PLR0913, PLR0917 - what its address may hold
        request: Request,
        document_id: str,
        start: str = "",
        end: str = "",
        find: str = "",
        conversation: str = "",
        q: str = "",
        document: Annotated[Sequence[str], Query()] = (),
    ) -> HTMLResponse:
        back, back_words = _way_back(request, document_id, conversation)
        opening = Opening(start, end, find, conversation, back, back_words)
        return desk.reading(document_id, opening, Visit(typed=q, documents=document_ids_of(document)))

    @routes.get("/documents/{document_id}/delete")
    def confirm(request: Request, document_id: str) -> HTMLResponse:
        title = bot.library.entry(document_id).title
        href = book_href(document_id)
        return render("delete.html", DeletePage(kind="document", title=title, href=href, back=_opened_from(request)))

    @routes.post("/documents/{document_id}/delete")
    def delete(document_id: str, back: Annotated[str, Form()] = "") -> Response:
        bot.library.drop(document_id)
        return RedirectResponse(_in_the_chat(back), 303)


def _jobs(routes: APIRouter, intake: Intake) -> None:
    @routes.post("/jobs/cancel")
    def cancel_all(request: Request) -> Response:
        intake.cancel_all()
        return RedirectResponse(_uploads(request), 303)

    @routes.post("/jobs/{job_id}/cancel")
    def cancel(request: Request, job_id: str) -> Response:
        intake.cancel(job_id)
        return RedirectResponse(_uploads(request, job_id), 303)


def _uploads(request: Request, *job_ids: str) -> str:
    """The page with the form for files that a form was sent from, to show what became of uploads."""
    parts = _parts(request.headers.get("referer", ""))
    if parts and parts.path == LIBRARY:
        return look_of(parts.geturl()).href(job=job_ids)
    return f"/?{urlencode({'job': job_ids}, doseq=True)}"


def _way_back(request: Request, document_id: str, conversation: str) -> tuple[str, str]:
    """Where a document was opened from, and what that is called: the library, its own page, or a conversation."""
    parts = _parts(request.headers.get("referer", ""))
    places = {LIBRARY: _("Back to the library"), about_href(document_id): _("Back to its page")}
    if parts and parts.path in places:
        return _ours(parts), places[parts.path]
    if conversation:
        return conversation_href(conversation), _("Back to the conversation")
    opened_from = _opened_from(request)
    return opened_from, _("Back to the conversation") if opened_from != "/" else _("Ask the story")


def _opened_from(request: Request) -> str:
    """The conversation that a link was followed from; a new one where it was none."""
    return _in_the_chat(request.headers.get("referer", ""))


def _in_the_chat(address: str) -> str:
    """The address, if it is a conversation's, without its host: never another site's. Else that of a new one."""
    parts = _parts(address)
    if parts and (parts.path == "/" or parts.path.startswith("/conversations/")):
        return _ours(parts)
    return "/"


def _parts(address: str) -> SplitResult | None:
    """The parts of an address; None of what isn't one."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _ours(parts: SplitResult) -> str:
    """The address without its host: never another site's."""
    return parts._replace(scheme="", netloc="", fragment="").geturl()
