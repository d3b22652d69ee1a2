"""The page about a document, and the forms on it: routes translate."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from storybot.assembly import House
from storybot.errors import NotFound, StorybotError
from storybot.http.document_views import Held, TrialView, document_page, trial_view
from storybot.http.looks import Look, about_href, number_in
from storybot.http.overview_views import entity_page
from storybot.http.problems import status_of
from storybot.http.receiving import queue_in_place
from storybot.http.rendering import render
from storybot.intake import Intake
from storybot.languages import gettext as _
from storybot.languages import marked
from storybot.model import Document, Scope
from storybot.settings import Settings

TRIAL_HITS = 5
"""Hits that a search in one document shows."""

_NO_FILE = marked("No file was chosen. Choose the one that is to take this document's place.")


class DocumentDesk:
    """Puts the page about a document together, and takes what its forms bring."""

    def __init__(self, house: House, intake: Intake) -> None:
        self._house = house
        self._bot = house.bot
        self._library = house.bot.library
        self._intake = intake

    def page(self, document_id: str, page: int = 1, query: str = "", problem: str = "", status: int = 422) -> Response:
        """The page, with a search in the document where there is something to search for."""
        held = _held(self._house, document_id)
        trial = self._trial(query, held.document) if query else TrialView(query="")
        shown = document_page(held, page, trial, problem)
        return render("document.html", shown, status=status if problem or trial.problem else 200)

    def entity(self, document_id: str, name: str, page: int) -> Response:
        """All sentences that name somebody or something; the document's page where nobody is called so."""
        held = _held(self._house, document_id)
        overview = held.overview
        entity = next((one for one in overview.entities if one.name == name), None) if overview else None
        if overview is None or entity is None:
            return RedirectResponse(about_href(document_id), 303)
        shown = entity_page(held.document, held.passages, overview, entity, page=page)
        return render("entities.html", shown)

    def _trial(self, query: str, document: Document) -> TrialView:
        scope = Scope(collection=document.collection, document_ids=(document.id,))
        try:
            hits = self._bot.search(query, scope, k=TRIAL_HITS, rerank=True)
        except NotFound:
            raise
        except StorybotError as error:
            return TrialView(query=query, problem=str(error))
        return trial_view(query, hits, document)

    def move(self, document_id: str, collection: str) -> Response:
        """Move the document, then show its page."""
        try:
            self._library.move([document_id], collection)
        except NotFound:
            raise
        except StorybotError as error:
            return self.page(document_id, problem=str(error), status=status_of(type(error)))
        return RedirectResponse(about_href(document_id), 303)

    async def take_place(self, document_id: str, request: Request, max_bytes: int) -> Response:
        """Queue a file under the document's name, so that it takes its place; the library shows how far it is."""
        entry = await run_in_threadpool(self._library.entry, document_id)
        try:
            job = await queue_in_place(request, self._intake, max_bytes, name=entry.name, collection=entry.collection)
        except RequestValidationError:
            return await run_in_threadpool(self.page, document_id, problem=_(_NO_FILE))
        return RedirectResponse(Look(collection=entry.collection).href(job=job.id), 303)


def add_routes(routes: APIRouter, house: House, intake: Intake, settings: Settings) -> None:
    """Add the routes of the page about a document."""
    desk = DocumentDesk(house, intake)

    @routes.get("/documents/{document_id}/about", response_class=HTMLResponse)
    def about(document_id: str, q: str = "", page: str = "") -> Response:
        return desk.page(document_id, number_in(page) or 1, q)

    @routes.get("/documents/{document_id}/entities", response_class=HTMLResponse)
    def entities(document_id: str, name: str = "", page: str = "") -> Response:
        return desk.entity(document_id, name, number_in(page) or 1)

    @routes.post("/documents/{document_id}/move")
    def move(document_id: str, to: Annotated[str, Form()] = "") -> Response:
        return desk.move(document_id, to)

    @routes.post("/documents/{document_id}/replace")
    async def take_place(request: Request, document_id: str) -> Response:
        return await desk.take_place(document_id, request, settings.max_source_bytes)


def _held(house: House, document_id: str) -> Held:
    library = house.bot.library
    return Held(
        entry=library.entry(document_id),
        document=library.document(document_id),
        passages=library.passages(document_id),
        collections=library.collections(),
        overview=library.overview(document_id),
        failure=house.failure(document_id),
    )
