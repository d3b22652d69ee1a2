"""Questions to begin with: those that ship with a story, and those that overviews know to be answered."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from storybot.errors import DocumentNotFound
from storybot.model import Overview, Scope
from storybot.ports import Engine

_CAPITALISED = re.compile(r"(?<= )[A-Z]\w+")
_SUGGESTED = 3
_DOCUMENTS = 3
_LETTERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suggested:
    """Questions worth asking, the documents that they are about, and how many stood in the collection then.

    undescribed: those of the documents that had no overview.
    """

    documents: int
    about: tuple[str, ...]
    undescribed: tuple[str, ...]
    questions: tuple[str, ...]


class Suggesting:
    """Knows questions that the corpus answers, and keeps those of the scope that was asked for last.

    None is tried out for a page, which would wait for that: overviews hold those that were answered.
    """

    def __init__(self, engine: Engine, shipped: Sequence[str]) -> None:
        """shipped: questions that the stories answer which ship."""
        self._engine = engine
        self._shipped = shipped
        self._kept: dict[Scope, _Suggested] = {}

    @property
    def shipped(self) -> tuple[str, ...]:
        """Up to three of those that ship."""
        return tuple(self._shipped[:_SUGGESTED])

    def questions(self, scope: Scope) -> tuple[str, ...]:
        """Up to three."""
        kept = self._kept.get(scope)
        if kept is None or not self._still(kept, scope):
            kept = self._suggested(scope)
            self._kept = {scope: kept}
        return kept.questions

    def _suggested(self, scope: Scope) -> _Suggested:
        documents = self._count(scope.collection)
        about = scope.document_ids or tuple(entry.id for entry in self._engine.entries(scope.collection))
        about = about[:_DOCUMENTS]
        overviews = {one: self._overview(one) for one in self._engine.standing(about)}
        return _Suggested(
            documents=documents,
            about=about,
            undescribed=tuple(one for one, overview in overviews.items() if overview is None),
            questions=tuple(islice(self._candidates(overviews), _SUGGESTED)),
        )

    def _candidates(self, overviews: Mapping[str, Overview | None]) -> Iterator[str]:
        """By turns those that ship with one of the documents, and that overviews know."""
        texts = list(self._texts(overviews))
        shipped = [question for question in self._shipped if any(_may_answer(text, question) for text in texts)]
        known = ([prompt.question for prompt in one.prompts] for one in overviews.values() if one)
        return filter(None, chain.from_iterable(zip_longest(shipped, *known)))

    def _still(self, kept: _Suggested, scope: Scope) -> bool:
        """Whether the suggestions are of the corpus as it is; told without a look at each of its documents."""
        there = self._engine.standing(kept.about).values()
        all_there = len(there) == len(kept.about) and all(entry.collection == scope.collection for entry in there)
        as_known = all_there and not any(map(self._overview, kept.undescribed))
        return as_known and kept.documents == self._count(scope.collection)

    def _overview(self, document_id: str) -> Overview | None:
        """None also of a document that was removed meanwhile."""
        with suppress(DocumentNotFound):
            return self._engine.overview(document_id)
        return None

    def _texts(self, document_ids: Iterable[str]) -> Iterator[str]:
        """How the documents begin that are still there."""
        for document_id in document_ids:
            with suppress(DocumentNotFound):
                yield self._engine.document(document_id).text[:_LETTERS]

    def _count(self, collection: str) -> int:
        return sum(one.documents for one in self._engine.collections() if one.name == collection)


def _may_answer(text: str, question: str) -> bool:
    """Whether the text has the names in the question: a reader may well find in any novel what somebody wore."""
    return all(name in text for name in _CAPITALISED.findall(question))
