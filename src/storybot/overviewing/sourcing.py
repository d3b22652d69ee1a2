"""Sentences that questions are made of."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from storybot.following import lexicon
from storybot.model import Entity, Passage, Span
from storybot.overviewing.summarising import stands_alone

_MOST, _STRETCHES = 300, 30
"""Sentences, and stretches of the text that give as many each."""

_ARTICLE = len("The ")
_CALLED = re.compile(r"(?<=[a-z] )[\"\u201c]([A-Z][\w'\u2019-]*(?: [A-Z][\w'\u2019-]*)+,?)[\"\u201d]")
"""A name in quotation marks, which nobody says."""

_OTHERS = lexicon.MEN | lexicon.WOMEN | lexicon.PERSONS
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A sentence, and its words as they say by themselves what it says.

    `standing`: the name that stands in them for the pronoun which the sentence begins with, or "".
    """

    sentence: Span
    words: str
    standing: str

    def place(self, inside: Span) -> Span:
        """Where in the text something in the words stands."""
        longer = len(self.words) - (self.sentence.end - self.sentence.start)
        start = max(0, inside.start - longer)
        return Span(start, max(start + 1, inside.end - longer)).shifted(self.sentence.start)


def material(text: str, passages: Sequence[Passage], cast: Sequence[Entity], central: Sequence[Span]) -> list[Material]:
    """Sentences that can stand alone: the central ones, and from everywhere those that name most of the cast."""
    text = _CALLED.sub(r" \1 ", text)
    named = sorted(mention.start for entity in cast for mention in entity.mentions)

    def names(start: int, end: int) -> int:
        return bisect_left(named, end) - bisect_left(named, start)

    def promise(span: Span) -> int:
        opens = names(span.start, span.start + _ARTICLE + 1)
        return min(names(span.start, span.end), 2) + bool(opens) + (" because " in span.cut(text))

    stretches: dict[int, list[Span]] = {}
    for span in sorted({span for passage in passages for span in passage.sentences if stands_alone(text, span)}):
        stretches.setdefault(span.start * _STRETCHES // len(text), []).append(span)
    chosen = set(central)
    for spans in stretches.values():
        chosen.update(sorted(spans, key=lambda span: (-promise(span), span))[: _MOST // _STRETCHES])
    return [_material(text, span, cast) for span in sorted(chosen)]


def _material(text: str, sentence: Span, cast: Sequence[Entity]) -> Material:
    words = sentence.cut(text)
    first, _, rest = words.partition(" ")
    name = _meant(text, sentence, cast) if first in {"He", "She"} else ""
    return Material(sentence=sentence, words=f"{name} {rest}" if name else words, standing=name)


def _meant(text: str, sentence: Span, cast: Sequence[Entity]) -> str:
    """The name of the only person that the paragraph spoke of until then; empty where it spoke of others too."""
    begun = text.rfind("\n\n", 0, sentence.start) + 1
    before = Span(begun, sentence.start)
    people = [one for one in cast if one.kind == "person" and any(mention.within(before) for mention in one.mentions)]
    others = not _OTHERS.isdisjoint(word.casefold() for word in _WORD.findall(before.cut(text)))
    return people[0].name if len(people) == 1 and not others else ""
