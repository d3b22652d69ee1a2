"""The library's page, and the forms on it: routes translate."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from storybot.bot import Storybot
from storybot.cataloguing import chosen
from storybot.errors import DocumentNotFound, NotFound, StorybotError
from storybot.http.documents import remove_all
from storybot.http.library_views import DropCollectionPage, Outcome, library_page, titles
from storybot.http.looks import LIBRARY, MOST_ASKED, Look, asking_href, look, look_of, number_in
from storybot.http.problems import status_of
from storybot.http.rendering import render
from storybot.http.telling import documents_in_words
from storybot.http.uploads import uploads_view
from storybot.intake import Intake
from storybot.languages import counted, marked
from storybot.languages import gettext as _

_NONE_CHOSEN = marked("No document was chosen. Tick one or more, then say what to do with them.")
_SEVERAL_COLLECTIONS = marked(
    "A question looks in one collection. Choose documents of one, or move them together first."
)
_TOO_LATE = marked("It is too late to undo that. Add the files again.")

_Ids = Annotated[Sequence[str], Form()]
_Text = Annotated[str, Form()]


class Shelves:
    """Puts the library's page together, and does what its forms ask for."""

    def __init__(self, bot: Storybot, intake: Intake) -> None:
        self._library = bot.library
        self._intake = intake

    def page(self, seen: Look, told: Outcome, *, jobs: Sequence[str] = (), status: int = 200) -> HTMLResponse:
        """What the look asks for."""
        entries = self._library.entries(seen.collection or None)
        found = chosen(entries, search=seen.search, sort=seen.sort, order=seen.order)
        uploads = uploads_view(self._intake, jobs, collection=seen.collection, back=seen.href())
        page = library_page(seen, found, self._library.collections(), told, uploads)
        return render("library.html", page, status=status)

    def refused(self, seen: Look, problem: str, *, status: int = 422) -> HTMLResponse:
        """The page, with what went wrong."""
        return self.page(seen, Outcome(problem=problem), status=status)

    def failed(self, seen: Look, error: StorybotError) -> HTMLResponse:
        """The page, with what went wrong."""
        return self.refused(seen, str(error), status=status_of(type(error)))

    def deleted(self, ids: Sequence[str]) -> Outcome:
        """What is said of documents that were deleted just now, or a while ago."""
        documents = self._library.removed(ids)
        if not documents:
            return Outcome(news=counted("{n} document was deleted.", "{n} documents were deleted.", len(ids)))
        told = counted("{titles} was deleted.", "{titles} were deleted.", len(documents), titles=titles(documents))
        return Outcome(news=told, undo=tuple(document.id for document in documents))

    def delete(self, seen: Look, ids: Sequence[str]) -> Response:
        """Delete documents, then offer to undo it."""
        try:
            deleted = remove_all(self._library, ids)
        except NotFound as error:
            return self.failed(seen, error)
        return RedirectResponse(seen.href(deleted=deleted), 303)

    def restore(self, seen: Look, ids: Sequence[str]) -> Response:
        """Put documents back that were deleted just now."""
        try:
            for document_id in ids:
                self._library.restore(document_id)
        except DocumentNotFound:
            return self.refused(seen, _(_TOO_LATE), status=404)
        except StorybotError as error:
            return self.failed(seen, error)
        return RedirectResponse(seen.href(restored=len(ids)), 303)

    def move(self, seen: Look, ids: Sequence[str], collection: str) -> Response:
        """Move documents, then say where they are."""
        try:
            self._library.move(ids, collection)
            there = self._library.entry(ids[0]).collection
        except StorybotError as error:
            return self.failed(seen, error)
        return RedirectResponse(seen.href(moved=len(ids), to=there), 303)

    def ask(self, seen: Look, ids: Sequence[str]) -> Response:
        """Go to a new conversation about the documents."""
        try:
            collections = {self._library.entry(document_id).collection for document_id in ids}
        except NotFound as error:
            return self.failed(seen, error)
        if len(collections) > 1:
            return self.refused(seen, _(_SEVERAL_COLLECTIONS))
        return RedirectResponse(asking_href(collections.pop(), ids), 303)


def add_routes(routes: APIRouter, bot: Storybot, intake: Intake) -> None:
    """Add the routes of the library's page."""
    shelves = Shelves(bot, intake)
    _look(routes, shelves)
    _documents(routes, shelves)
    _collections(routes, bot, shelves)


def _look(routes: APIRouter, shelves: Shelves) -> None:
    @routes.get(LIBRARY)
    def library(
        request: Request,
        deleted: Annotated[Sequence[str], Query()] = (),
        job: Annotated[Sequence[str], Query()] = (),
    ) -> HTMLResponse:
        told = shelves.deleted(deleted) if deleted else Outcome(news=_news(request.query_params))
        return shelves.page(look(request.query_params), told, jobs=job)


def _documents(routes: APIRouter, shelves: Shelves) -> None:
    @routes.post(LIBRARY)
    def act(
        seen: Annotated[str, Form()] = "",
        document: _Ids = (),
        deed: _Text = "",
        one: _Text = "",
        to: _Text = "",
    ) -> Response:
        """What a form asks for: to delete one document, or to delete, move or ask those that are ticked."""
        here = look_of(seen)
        if one:
            return shelves.delete(here, [one])
        if not document:
            return shelves.refused(here, _(_NONE_CHOSEN))
        ids = list(dict.fromkeys(document))[:MOST_ASKED]
        if deed == "delete":
            return shelves.delete(here, ids)
        return shelves.move(here, ids, to) if deed == "move" else shelves.ask(here, ids)

    @routes.post(f"{LIBRARY}/restore")
    def restore(seen: _Text = "", document: _Ids = ()) -> Response:
        return shelves.restore(look_of(seen), document)


def _collections(routes: APIRouter, bot: Storybot, shelves: Shelves) -> None:
    @routes.post(f"{LIBRARY}/collections")
    def begin(seen: _Text = "", name: _Text = "") -> Response:
        try:
            begun = bot.library.begin_collection(name)
        except StorybotError as error:
            return shelves.failed(look_of(seen), error)
        return RedirectResponse(Look(collection=begun.name).href(begun=1), 303)

    @routes.post(f"{LIBRARY}/collections/rename")
    def rename(seen: _Text = "", collection: _Text = "", name: _Text = "") -> Response:
        try:
            renamed = bot.library.rename_collection(collection, name)
        except StorybotError as error:
            return shelves.failed(look_of(seen), error)
        return RedirectResponse(Look(collection=renamed.name).href(renamed=1), 303)

    @routes.get(f"{LIBRARY}/collections/delete")
    def confirm(name: str = "") -> HTMLResponse:
        collection = bot.library.collection(name)
        gone = documents_in_words(collection.documents) if collection.documents else ""
        page = DropCollectionPage(name=name, documents=gone, back=Look(collection=name).href())
        return render("drop_collection.html", page)

    @routes.post(f"{LIBRARY}/collections/delete")
    def drop(name: _Text = "") -> Response:
        bot.library.drop_collection(name)
        return RedirectResponse(Look().href(dropped=name), 303)


def _news(fields: Mapping[str, str]) -> str:
    """What an address says was just done, in words."""
    if "moved" in fields:
        count, to = number_in(fields["moved"]) or 1, fields.get("to", "")
        return counted("{n} document was moved to “{to}”.", "{n} documents were moved to “{to}”.", count, to=to)
    if "restored" in fields:
        count = number_in(fields["restored"]) or 1
        return counted("{n} document was put back.", "{n} documents were put back.", count)
    if "dropped" in fields:
        return _("The collection “{name}” and its documents were deleted.").format(name=fields["dropped"])
    if "begun" in fields:
        return _("The collection is there. Add documents, or move some here.")
    return _("The collection has its new name.") if "renamed" in fields else ""
