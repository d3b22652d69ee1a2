"""What the templates see of the library: its documents, its collections, and what was just done to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from storybot.cataloguing import Sort
from storybot.http.books import book_href
from storybot.http.contexts import UploadsView
from storybot.http.looks import LIBRARY, Look, about_href
from storybot.http.telling import (
    FORMAT_WORDS,
    day,
    documents_in_words,
    leaf_in_words,
    listed,
    reading_time,
    words_in_words,
)
from storybot.languages import counted, marked, ngettext, numeral
from storybot.languages import gettext as _
from storybot.model import Collection, Document, Entry
from storybot.undoing import UNDO_SECONDS

PAGE_DOCUMENTS = 50
"""Documents on one page of the library: as many can be chosen, moved or deleted at once."""

_COLUMNS: tuple[tuple[Sort, str], ...] = (
    ("title", marked("Title")),
    ("format", marked("Format")),
    ("words", marked("Length")),
    ("passages", marked("Passages")),
    ("added", marked("Added")),
)
_TITLES_SAID = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """The head of a column. sorted: what `aria-sort` says; href: where it is sorted by this, or the other way round."""

    sort: Sort
    words: str
    sorted: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A document's line. state: how it is, in words; busy: whether it is being replaced."""

    id: str
    title: str
    name: str
    collection: str
    href: str
    read_href: str
    format: str
    words: str
    time: str
    passages: str
    passages_noun: str
    added: str
    added_words: str
    state: str
    busy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionView:
    """A collection's line; the first one, without a name, stands for all."""

    name: str
    documents: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPage:
    """The library, or a part of it. `news`: what was just done; `undo`: ids that can be put back.

    chosen: the collection that is shown; None where all are, or where it isn't there. earlier, later: links to the
    pages beside this one. all_href: the same without a search.
    """

    look: Look
    here: str
    all_href: str
    heading: str
    summary: str
    columns: tuple[ColumnView, ...]
    rows: tuple[RowView, ...]
    total: int
    leaf: str
    earlier: str
    later: str
    collections: tuple[CollectionView, ...]
    chosen: CollectionView | None
    news: str
    undo: tuple[str, ...]
    problem: str
    uploads: UploadsView
    undo_seconds: int = UNDO_SECONDS

    @property
    def mixed(self) -> bool:
        """Whether documents of several collections are listed."""
        return not self.look.collection and len(self.collections) > 2  # noqa: PLR2004 - the line for all, and two collections


@dataclass(frozen=True, slots=True, kw_only=True)
class DropCollectionPage:
    """The question whether a collection shall go. `documents`: how many go with it, in words; empty if none."""

    name: str
    documents: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was just done, what of it can be undone, and what went wrong."""

    news: str = ""
    undo: tuple[str, ...] = ()
    problem: str = ""


def library_page(
    look: Look, entries: Sequence[Entry], collections: Sequence[Collection], told: Outcome, uploads: UploadsView
) -> LibraryPage:
    """The page of the library that shows these entries, all that the look asks for."""
    last = max(1, -(-len(entries) // PAGE_DOCUMENTS))
    shown = replace(look, page=min(look.page, last))
    start = (shown.page - 1) * PAGE_DOCUMENTS
    page = entries[start : start + PAGE_DOCUMENTS]
    shelves = _collections(look, collections)
    there = {collection.name for collection in collections}
    chosen = next((shelf for shelf in shelves if shelf.current and shelf.name in there), None)
    return LibraryPage(
        look=shown,
        here=shown.href(),
        all_href=replace(look, search="", page=1).href(),
        heading=look.collection or _("All documents"),
        summary=_summary(look, entries),
        columns=tuple(_column(look, sort, _(words)) for sort, words in _COLUMNS),
        rows=tuple(_row(entry, uploads) for entry in page),
        total=len(entries),
        leaf=leaf_in_words(start + 1, start + len(page), len(entries)) if last > 1 else "",
        earlier=replace(shown, page=shown.page - 1).href() if shown.page > 1 else "",
        later=replace(shown, page=shown.page + 1).href() if shown.page < last else "",
        collections=shelves,
        chosen=chosen,
        news=told.news,
        undo=told.undo,
        problem=told.problem,
        uploads=uploads,
    )


def titles(documents: Iterable[Document | Entry]) -> str:
    """Some documents by their titles, not too many: "“Emma”, “Persuasion” and 3 more documents"."""
    names = [_("“{title}”").format(title=document.title) for document in documents]
    said, more = names[:_TITLES_SAID], len(names) - _TITLES_SAID
    return listed([*said, counted("{n} more document", "{n} more documents", more)] if more > 0 else said)


def _summary(look: Look, entries: Sequence[Entry]) -> str:
    found = documents_in_words(len(entries))
    if look.search:
        return _("{documents} with “{search}” in the title or the name").format(documents=found, search=look.search)
    words = sum(entry.words for entry in entries)
    if not entries:
        return found
    told = _("{documents}, {words}: {time} to read")
    return told.format(documents=found, words=words_in_words(words), time=reading_time(words))


def _column(look: Look, sort: Sort, words: str) -> ColumnView:
    state = look.order if look.sort == sort else "none"
    return ColumnView(sort=sort, words=words, sorted=state, href=look.sorted_by(sort).href())


def _row(entry: Entry, uploads: UploadsView) -> RowView:
    busy = (entry.collection, entry.name) in uploads.under_way
    return RowView(
        id=entry.id,
        title=entry.title,
        name=entry.name,
        collection=entry.collection,
        href=about_href(entry.id),
        read_href=book_href(entry.id),
        format=_(FORMAT_WORDS[entry.format]),
        words=words_in_words(entry.words),
        time=reading_time(entry.words),
        passages=numeral(entry.passages),
        passages_noun=ngettext("passage", "passages", entry.passages),
        added=entry.added,
        added_words=day(entry.added),
        state=_("Being replaced") if busy else _("Ready"),
        busy=busy,
    )


def _collections(look: Look, collections: Sequence[Collection]) -> tuple[CollectionView, ...]:
    """All documents first, then the collections by name; one that isn't there, if the look asks for it."""
    counts: Mapping[str, int] = {collection.name: collection.documents for collection in collections}
    if look.collection:
        counts = {**counts, look.collection: counts.get(look.collection, 0)}
    lines = [("", sum(counts.values())), *sorted(counts.items())]
    return tuple(
        CollectionView(
            name=name,
            documents=count,
            href=Look(collection=name, sort=look.sort, order=look.order).href() if name else LIBRARY,
            current=name == look.collection,
        )
        for name, count in lines
    )
