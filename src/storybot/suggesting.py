"""Questions to begin with: those that ship and that overviews know, else about the commonest names; tried out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from storybot.errors import DocumentNotFound, NotFound
from storybot.model import Overview, Scope
from storybot.ports import Engine

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+){0,2}")
"""Capitalised words inside a sentence."""

_CAPITALISED = re.compile(r"(?<= )[A-Z]\w+")
_TEMPLATES = ("Who is {}?", "What did {} do?", "Where did {} go?", "What did {} say?", "What happened to {}?")
_NAMES = 3
_SUGGESTED = 3
_DOCUMENTS = 3
_LETTERS = 20_000
_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suggested:
    """Questions worth asking, the documents that they are about, and how many stood in the collection then.

    undescribed: those of the documents that no overview knew questions about.
    """

    documents: int
    about: tuple[str, ...]
    undescribed: tuple[str, ...]
    questions: tuple[str, ...]


class Suggesting:
    """Finds questions that the corpus answers, and keeps those of the scope that was asked for last."""

    def __init__(self, engine: Engine, shipped: Sequence[str], says: Callable[[str, Scope], bool]) -> None:
        """shipped: questions that stories answer which ship. says: whether the documents in scope answer a question."""
        self._engine = engine
        self._shipped = shipped
        self._says = says
        self._kept: dict[Scope, _Suggested] = {}

    def questions(self, scope: Scope) -> tuple[str, ...]:
        """Up to three, tried out."""
        kept = self._kept.get(scope)
        if kept is None or not self._still(kept, scope):
            kept = self._suggested(scope)
            self._kept = {scope: kept}
        return kept.questions

    def forget(self) -> None:
        """Try them anew next time: what counts as an answer has changed."""
        self._kept = {}

    def _suggested(self, scope: Scope) -> _Suggested:
        documents = self._count(scope.collection)
        about = scope.document_ids or tuple(entry.id for entry in self._engine.entries(scope.collection))
        about = about[:_DOCUMENTS]
        overviews = {one: self._overview(one) for one in self._engine.standing(about)}
        tried = islice(self._candidates(overviews), _TRIES) if about else iter(())
        found = (question for question in tried if self._answers(question, scope))
        return _Suggested(
            documents=documents,
            about=about,
            undescribed=tuple(document_id for document_id, overview in overviews.items() if overview is None),
            questions=tuple(islice(found, _SUGGESTED)),
        )

    def _answers(self, question: str, scope: Scope) -> bool:
        try:
            return self._says(question, scope)
        except NotFound:  # one of the documents was removed meanwhile
            return False

    def _candidates(self, overviews: Mapping[str, Overview | None]) -> Iterator[str]:
        """By turns those that ship with one of the documents, and that overviews know; then of the commonest names."""
        texts = list(self._texts(overviews))
        shipped = [question for question in self._shipped if any(_may_answer(text, question) for text in texts)]
        known = ([prompt.question for prompt in one.prompts] for one in overviews.values() if one)
        yield from filter(None, chain.from_iterable(zip_longest(shipped, *known)))
        for text in texts:
            yield from questions_about(text)

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


def questions_about(text: str) -> list[str]:
    """Candidate questions, those about the commonest names first. Whether the text answers them is not yet known."""
    names = Counter(re.sub(r"['\u2019]s$", "", name) for name in _NAME.findall(text))
    chosen = [name for name, _ in names.most_common(_NAMES)]
    return [template.format(name) for template in _TEMPLATES for name in chosen]
