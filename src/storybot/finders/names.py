"""Finds who and what is named in English: spaCy and rules of our own find names, which the rules join and weigh."""

from collections.abc import Iterator, Sequence

from storybot.english import English
from storybot.finders.joining import best_name, joined
from storybot.finders.judging import kind_of
from storybot.finders.labelling import KINDS, Label, pieces, spotted
from storybot.finders.reading import Word, is_english, words_in
from storybot.finders.spotting import Name, names_in
from storybot.model import Entity, Span
from storybot.ports import Pulse

_LONG = 100_000
"""Letters of a text in which a name must be said more than once or twice to matter."""

_LEAST, _LEAST_LONG = 1, 4
_MOST = 60


class EnglishNames:
    """Reads English prose; finds nobody in other languages, and starts no process for them."""

    def __init__(self, english: English) -> None:
        self._english = english

    @property
    def revision(self) -> str:
        """Names the rules, spaCy and its model."""
        return f"names-1, {self._english.revision}"

    def find(self, text: str, pulse: Pulse) -> list[Entity]:
        """People, places and things in the text, at most 60. Raises: EnglishFailed, what `pulse` raises."""
        words = list(words_in(text, pulse))
        if not words or not is_english(words):
            return []
        return entities_in(text, words, list(self._labels(text, pulse)), pulse)

    def _labels(self, text: str, pulse: Pulse) -> Iterator[Label]:
        spans = list(pieces(text))
        found = self._english.run(spotted, (span.cut(text) for span in spans), pulse)
        for span, labels in zip(spans, found, strict=True):
            for start, end, label in labels:
                yield Label(Span(span.start + start, span.start + end), KINDS[label])


def entities_in(text: str, words: Sequence[Word], labels: Sequence[Label], pulse: Pulse) -> list[Entity]:
    """Who and what is named, the most often first. labels: in order. Raises: what `pulse` raises."""
    groups = joined(names_in(text, words, labels, pulse))
    least = _LEAST_LONG if len(text) > _LONG else _LEAST
    groups = sorted((group for group in groups if len(group) >= least), key=lambda group: (-len(group), group[0].span))
    return [_entity(text, group) for group in groups[:_MOST]]


def _entity(text: str, group: Sequence[Name]) -> Entity:
    name, aliases = best_name(text, group)
    return Entity(kind=kind_of(text, group), name=name, aliases=aliases, mentions=tuple(each.span for each in group))
