"""What spaCy takes for names, and how far it is trusted."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storybot.finders.lexicon import CROWNS, NOT_NAMES, SAYING, TITLES
from storybot.finders.reading import Word
from storybot.model import EntityKind, Span

KINDS: Mapping[str, EntityKind] = {
    "PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place",
    "ORG": "thing", "PRODUCT": "thing", "WORK_OF_ART": "thing", "EVENT": "thing",
}  # fmt: skip
"""Kinds by spaCy's labels; others are no names: dates, numbers, peoples."""

_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")
_PIECE_LETTERS = 4000
_LEAST_SHARE = 0.6
_LEAST_LABELLED = 0.3
"""Of a word's occurrences with a capital, how many must be labelled: those that are not are mostly no names."""

_IRISH = re.compile(r"o'\w{3}")


@dataclass(frozen=True, slots=True)
class Label:
    """A stretch of the text that spaCy takes for a name."""

    span: Span
    kind: EntityKind


def pieces(text: str) -> Iterator[Span]:
    """Some paragraphs each, or part of an endless one."""
    start = 0
    while start < len(text):
        end = len(text)
        if end - start > _PIECE_LETTERS:
            most = start + _PIECE_LETTERS
            breaks = (text.rfind(mark, start + 1, most) for mark in ("\n\n", "\n", " "))
            end = next((at for at in breaks if at > start), most)
        yield Span(start, end)
        start = end


def spotted(model: Any, piece: str) -> list[tuple[int, int, str]]:  # noqa: ANN401 - spaCy is in its process alone
    """Start, end and label of each name in the piece. model: spaCy's."""
    stretches = [(found.start(), found[0].replace("\n", " ")) for found in _PARAGRAPH.finditer(piece)]
    documents = model.get_pipe("ner").pipe(model.make_doc(stretch) for _, stretch in stretches)
    return [
        (start + found.start_char, start + found.end_char, found.label_)
        for (start, _), document in zip(stretches, documents, strict=True)
        for found in document.ents
        if found.label_ in KINDS
    ]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Words and their labels. `ranges`: of places in `words`, with titles and articles left out."""

    words: Sequence[Word]
    labels: Sequence[Label]
    ranges: Sequence[range]

    @classmethod
    def of(cls, words: Sequence[Word], labels: Sequence[Label]) -> "Labelled":
        """What the labels, in order, lie on."""
        starts = [word.span.start for word in words]
        ranges = []
        for label in labels:
            places = range(bisect_left(starts, label.span.start), bisect_left(starts, label.span.end))
            while places and (words[places[0]].key in TITLES | NOT_NAMES | SAYING):
                places = places[1:]
            ranges.append(places)
        return cls(words, labels, [places for places in ranges if places])

    def single(self, least: int) -> frozenset[str]:
        """Words that are names by themselves. least: how often one must be labelled."""
        labelled = Counter(self.words[places[0]].key for places in self.ranges if len(places) == 1)
        high = Counter(word.key for word in self.words if word.capital or word.shouted)
        inside = Counter(word.key for word in self.words if word.inside and (word.capital or word.shouted))
        small = Counter(word.key for word in self.words if not word.capital and not word.shouted)
        return frozenset(
            key
            for key, count in labelled.items()
            if count >= least
            and count >= _LEAST_LABELLED * high[key]
            and inside[key] >= max(1, _LEAST_SHARE * (inside[key] + small[key]))
            and _may_be_name(key)
        )

    def places(self, known: frozenset[str], least: int) -> frozenset[int]:
        """Places of words in names of several, whose words by themselves are none: Treasure Island."""
        whole = [
            places
            for places in self.ranges
            if len(places) > 1
            and all(self.words[at].capital for at in places)
            and self.words[places[-1]].key not in known | NOT_NAMES
            and any(self.words[at].inside for at in places)
        ]
        counts = Counter(self._keys(places) for places in whole)
        phrases = {keys for keys, count in counts.items() if count >= least}
        return frozenset(at for places in self._wherever(phrases) for at in places)

    def kind(self, span: Span) -> EntityKind | None:
        """What the label on a stretch says it is."""
        at = bisect_left(self.labels, span.start + 1, key=lambda label: label.span.end)
        touched = at < len(self.labels) and self.labels[at].span.start < span.end
        return self.labels[at].kind if touched else None

    def _wherever(self, phrases: Collection[tuple[str, ...]]) -> Iterator[range]:
        """Where the phrases stand, labelled or not: spaCy overlooks two of three."""
        sizes: dict[str, set[int]] = {}
        for keys in phrases:
            sizes.setdefault(keys[0], set()).add(len(keys))
        for at, word in enumerate(self.words):
            for size in sizes.get(word.key, ()):
                places = range(at, min(at + size, len(self.words)))
                if self._keys(places) in phrases and all(self.words[place].capital for place in places):
                    yield places

    def _keys(self, places: range) -> tuple[str, ...]:
        return tuple(self.words[at].key for at in places)


def _may_be_name(key: str) -> bool:
    plain = "'" not in key or bool(_IRISH.match(key))
    return plain and len(key) > 2 and key not in NOT_NAMES | SAYING and (key not in TITLES or key in CROWNS)  # noqa: PLR2004 - "I."
