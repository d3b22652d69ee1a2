"""Documents and collections over HTTP: routes translate, the library does."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from storybot.assembly import House
from storybot.cataloguing import Order, Sort, chosen
from storybot.citing import page_at
from storybot.http import documents_wire as wire
from storybot.http.originals import original_response
from storybot.http.overviews_wire import OverviewReply
from storybot.http.wire import DocumentRef, PassageReply
from storybot.library import Library
from storybot.model import Collection, Entry
from storybot.undoing import UNDO_SECONDS

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}

_Search = Annotated[str, Query(description="Words that the title or the name must hold.")]


def add_routes(routes: APIRouter, house: House) -> None:
    """Add the routes of documents and collections."""
    library = house.bot.library
    _catalogue(routes, library)
    _content(routes, library)
    _overview(routes, house)
    _bulk(routes, library)
    _one(routes, library)
    _collections(routes, library)


def _catalogue(routes: APIRouter, library: Library) -> None:
    @routes.get("/documents")
    def documents(
        collection: str | None = None, search: _Search = "", sort: Sort = "title", order: Order = "ascending"
    ) -> wire.DocumentsReply:
        """The catalogue, of one collection or all: those documents whose title or name holds each word of `search`."""
        return _replies(chosen(library.entries(collection), search=search, sort=sort, order=order))

    @routes.get("/documents/{document_id}")
    def document(document_id: str) -> wire.DocumentReply:
        """A document's line in the catalogue."""
        return wire.DocumentReply.of(library.entry(document_id))


def _content(routes: APIRouter, library: Library) -> None:
    @routes.get("/documents/{document_id}/text")
    def text(document_id: str) -> wire.TextReply:
        """A document's text."""
        return wire.TextReply.of(library.document(document_id))

    @routes.get("/documents/{document_id}/passages")
    def passages(document_id: str) -> wire.PassagesReply:
        """A document's passages, in the order of the text."""
        found = [PassageReply.of(passage) for passage in library.passages(document_id)]
        return wire.PassagesReply(document=_ref(library, document_id), passages=found)

    @routes.get("/documents/{document_id}/outline")
    def sections(document_id: str) -> wire.OutlineReply:
        """A document's sections, with the pages that they begin on."""
        document = library.document(document_id)
        found = [
            wire.SectionReply(
                heading=section.heading,
                level=section.level,
                start=section.span.start,
                end=section.span.end,
                page=page_at(document.pages, section.span.start),
            )
            for section in document.sections
        ]
        return wire.OutlineReply(document=_ref(library, document_id), sections=found)

    @routes.get("/documents/{document_id}/original", response_class=Response, responses=_FILE)
    def original(document_id: str) -> Response:
        """The file that a document was read from, as it came."""
        return original_response(library.entry(document_id), library.original(document_id))


def _overview(routes: APIRouter, house: House) -> None:
    library = house.bot.library

    @routes.get("/documents/{document_id}/overview")
    def overview(document_id: str) -> OverviewReply:
        """What a document is about, by places in its text: its names, its most central sentences, its questions."""
        known = library.overview(document_id)
        document = library.document(document_id)
        return OverviewReply.of(_ref(library, document_id), document, known, house.failure(document_id))


def _bulk(routes: APIRouter, library: Library) -> None:
    @routes.post("/documents/move")
    def move(request: wire.MoveRequest) -> wire.DocumentsReply:
        """Put documents into another collection, all or none. Their ids stay."""
        library.move(request.documents, request.collection)
        return _replies([library.entry(document_id) for document_id in request.documents])

    @routes.post("/documents/delete")
    def delete(request: wire.DeleteRequest) -> wire.DeletedReply:
        """Delete documents; for some seconds each can be restored. If one isn't there, none goes."""
        deleted = remove_all(library, request.documents)
        return wire.DeletedReply(documents=deleted, undo_seconds=UNDO_SECONDS)


def _one(routes: APIRouter, library: Library) -> None:
    @routes.patch("/documents/{document_id}")
    def change(document_id: str, request: wire.ChangeRequest) -> wire.DocumentReply:
        """Put a document into another collection. Its id stays."""
        library.move([document_id], request.collection)
        return wire.DocumentReply.of(library.entry(document_id))

    @routes.delete("/documents/{document_id}", status_code=204)
    def drop(document_id: str) -> None:
        """Forget a document, wholly: this can't be undone."""
        library.drop(document_id)

    @routes.post("/documents/{document_id}/restore")
    def restore(document_id: str) -> wire.DocumentReply:
        """Put back what was deleted by `POST /api/documents/delete` just now."""
        return wire.DocumentReply.of(library.restore(document_id))


def _collections(routes: APIRouter, library: Library) -> None:
    @routes.get("/collections")
    def collections() -> wire.CollectionsReply:
        """The collections."""
        return wire.CollectionsReply(collections=[_collection(one) for one in library.collections()])

    @routes.post("/collections", status_code=201)
    def begin(request: wire.CollectionRequest) -> wire.CollectionReply:
        """Begin an empty collection."""
        return _collection(library.begin_collection(request.name))

    @routes.patch("/collections/{name:path}")
    def rename(name: str, request: wire.CollectionRequest) -> wire.CollectionReply:
        """Call a collection otherwise."""
        return _collection(library.rename_collection(name, request.name))

    @routes.delete("/collections/{name:path}", status_code=204)
    def drop(name: str) -> None:
        """Forget a collection and its documents, wholly: this can't be undone."""
        library.drop_collection(name)


def remove_all(library: Library, document_ids: Iterable[str]) -> list[str]:
    """Remove documents, each once, so that each can be restored; none if one isn't there. Raises: DocumentNotFound."""
    distinct = list(dict.fromkeys(document_ids))
    for document_id in distinct:
        library.entry(document_id)
    for document_id in distinct:
        library.remove(document_id)
    return distinct


def _collection(collection: Collection) -> wire.CollectionReply:
    return wire.CollectionReply(name=collection.name, documents=collection.documents)


def _replies(entries: list[Entry]) -> wire.DocumentsReply:
    return wire.DocumentsReply(documents=[wire.DocumentReply.of(entry) for entry in entries])


def _ref(library: Library, document_id: str) -> DocumentRef:
    entry = library.entry(document_id)
    return DocumentRef(id=entry.id, title=entry.title, name=entry.name)
