"""What the address of the library asks for, and the addresses that ask for something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from storybot.cataloguing import Order, Sort

LIBRARY = "/library"
SETTINGS = "/settings"

MOST_ASKED = 100
"""Documents that a question is asked of when they are chosen one by one: their ids stand in an address."""

_SORTS: Mapping[str, Sort] = {sort: sort for sort in get_args(Sort)}
_ORDERS: Mapping[str, Order] = {order: order for order in get_args(Order)}
_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look at the library. collection: empty for all. page: from 1 on."""

    collection: str = ""
    search: str = ""
    sort: Sort = "title"
    order: Order = "ascending"
    page: int = 1

    def href(self, **more: str | int | Sequence[str]) -> str:
        """The address; what is as it is anyway is left out."""
        fields = {
            "collection": self.collection,
            "search": self.search,
            "sort": "" if self.sort == "title" else self.sort,
            "order": "" if self.order == "ascending" else self.order,
            "page": "" if self.page == 1 else self.page,
            **more,
        }
        query = urlencode({name: value for name, value in fields.items() if value}, doseq=True)
        return f"{LIBRARY}?{query}" if query else LIBRARY

    def sorted_by(self, sort: Sort) -> "Look":
        """The same from its first page on, sorted otherwise; by the same once more, the other way round."""
        turned: Order = "descending" if sort == self.sort and self.order == "ascending" else "ascending"
        return replace(self, sort=sort, order=turned, page=1)


def look(fields: Mapping[str, Any]) -> Look:
    """The look that a form or an address describes; what it gets wrong is as if it weren't said."""
    return Look(
        collection=str(fields.get("collection") or ""),
        search=str(fields.get("search") or ""),
        sort=_SORTS.get(str(fields.get("sort")), "title"),
        order=_ORDERS.get(str(fields.get("order")), "ascending"),
        page=number_in(str(fields.get("page"))) or 1,
    )


def look_of(address: str) -> Look:
    """The look that an address of the library is of; that of all documents where it is another's."""
    try:
        return look(dict(parse_qsl(urlsplit(address).query)))
    except ValueError:
        return Look()


def number_in(text: str) -> int | None:
    """The number that an address names; None where it names none, or one past all that there is."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def about_href(document_id: str, **query: str | int) -> str:
    """The address of the page about a document; what is empty in the query is left out."""
    asked = {name: value for name, value in query.items() if value}
    return f"/documents/{quote(document_id, safe='')}/about" + (f"?{urlencode(asked)}" if asked else "")


def original_href(document_id: str) -> str:
    """The address of the file that a document was read from."""
    return f"/api/documents/{quote(document_id, safe='')}/original"


def asking_href(collection: str, document_ids: Sequence[str]) -> str:
    """The address of a new conversation about some documents of a collection."""
    return f"/?{urlencode({'collection': collection, 'document': list(document_ids)}, doseq=True)}"
