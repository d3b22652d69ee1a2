"""From claims to citations: the quotes are cut out of the text, so none can be invented."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

from storybot.errors import DocumentNotFound
from storybot.model import Citation, Entry, Page, Pointer, Section


class Citations:
    """Numbers sentences as they are first pointed at, from 1 on, each once."""

    def __init__(self, entries: Mapping[str, Entry], pages: Callable[[str], Sequence[Page]]) -> None:
        """entries: the documents by id. pages: those of a document, by its id."""
        self._entries = entries
        self._pages = pages
        self._cited: dict[Pointer, Citation] = {}

    @property
    def all(self) -> tuple[Citation, ...]:
        """What was cited so far, by number."""
        return tuple(self._cited.values())

    def cite(self, pointers: Iterable[Pointer]) -> tuple[int, ...]:
        """The numbers of the sentences, in the order given. Raises: ValueError if one lies outside of its passage."""
        return tuple(dict.fromkeys(self._cite(pointer).number for pointer in pointers))

    def _cite(self, pointer: Pointer) -> Citation:
        if pointer not in self._cited:
            entry = self._entries[pointer.passage.document_id]
            self._cited[pointer] = Citation(
                number=len(self._cited) + 1,
                document_id=entry.id,
                name=entry.name,
                title=entry.title,
                heading=pointer.passage.heading,
                span=pointer.sentence,
                quote=pointer.passage.quote(pointer.sentence),
                page=page_at(self._pages_of(entry.id), pointer.sentence.start),
            )
        return self._cited[pointer]

    def _pages_of(self, document_id: str) -> Sequence[Page]:
        try:
            return self._pages(document_id)
        except DocumentNotFound:
            return ()  # removed meanwhile: who asks for the answer finds that out


def page_at(pages: Sequence[Page], offset: int) -> str:
    """The label of the page that an offset lies on; empty where the document has no pages."""
    place = bisect_right(pages, offset, key=lambda page: page.start)
    return pages[place - 1].label if place else ""


def heading_at(sections: Sequence[Section], offset: int) -> str:
    """The heading of the section that an offset lies in."""
    place = bisect_right(sections, offset, key=lambda section: section.span.start)
    return sections[place - 1].heading if place else ""
