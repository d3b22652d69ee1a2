"""From claims to citations: the quotes are cut out of the text, so none can be invented."""

from collections.abc import Iterable, Mapping

from storybot.model import Citation, Entry, Pointer


class Citations:
    """Numbers sentences as they are first pointed at, from 1 on, each once."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        """entries: the documents by id."""
        self._entries = entries
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
            )
        return self._cited[pointer]
