"""Where names stand in an English text: words with capitals inside sentences too, and what spaCy takes for names."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from storybot.finders.labelling import Label, Labelled
from storybot.finders.lexicon import ABBREVIATED, CROWNS, NEVER_ALONE, NOT_NAMES, ROLES, TITLES
from storybot.finders.reading import Word
from storybot.model import EntityKind, Span
from storybot.ports import Pulse

_BEATS = 4096
_LEAST_SHARE = 0.6
"""Of a name's occurrences inside sentences, how many have a capital: "Hatter" 55 of 57 in Alice."""

_SHORT = 3000
"""Words of a text in which whoever is named once counts, and who has no name: the fox of a fable."""

_LEAST_ROLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name where it stands. `words`: its keys without titles; `title`: the key of the title before them, or "".

    `kind`: what spaCy takes it for, where it does.
    """

    words: tuple[str, ...]
    title: str
    span: Span
    kind: EntityKind | None = None


def names_in(text: str, words: Sequence[Word], labels: Sequence[Label], pulse: Pulse) -> list[Name]:
    """The names in order. words: those of the text. labels: what spaCy takes for names. Raises: what `pulse` raises."""
    short = len(words) < _SHORT
    least = 1 if short else 2
    known = _known(words, least)
    labelled = Labelled.of(words, labels)
    known |= labelled.single(least)
    marked = labelled.places(known, least)
    found = [name for name in _names(text, words, known, marked, pulse) if _is_one(name, known)]
    told = [replace(name, kind=labelled.kind(name.span)) for name in found]
    return sorted([*told, *_roles(text, words, found)], key=lambda name: name.span) if short else told


def _known(words: Sequence[Word], least: int) -> frozenset[str]:
    """The words that are names, or parts of them."""
    inside = Counter(word.key for word in words if word.capital and word.inside)
    small = Counter(word.key for word in words if not word.capital and not word.shouted)
    titled = {
        after.key
        for before, after in pairwise(words)
        if before.capital and before.key in TITLES and after.capital and after.span.start - before.span.end <= len(". ")
    }
    return frozenset(
        key
        for key, count in inside.items()
        if key not in NOT_NAMES
        and "'" not in key[:2]
        and not key.endswith("n't")
        and (key not in TITLES or key in CROWNS)
        and (
            (count >= least and count >= _LEAST_SHARE * (count + small[key])) or (key in titled and count > small[key])
        )
    )


def _is_one(name: Name, known: frozenset[str]) -> bool:
    """Whether it names one person or place: not the Linnets, where Linnet is a name, nor the South."""
    last = name.words[-1]
    family = last.endswith("s") and not known.isdisjoint({last[:-1], last.removesuffix("es")} - {last})
    return not family and (len(name.words) > 1 or last not in NEVER_ALONE)


def _names(
    text: str, words: Sequence[Word], known: frozenset[str], marked: Container[int], pulse: Pulse
) -> Iterator[Name]:
    at = 0
    while at < len(words):
        if at % _BEATS == 0:
            pulse()
        first = at
        while at < len(words) and _is_title(text, words, at) and _adjoins(text, words, at + 1):
            at += 1
        begun = at
        while at < len(words) and _goes_on(text, words, at, begun, known, marked):
            at += 1
            at = _linked(text, words, at, known)
        if at > begun:
            parts = tuple(word.key for word in words[begun:at])
            title = words[begun - 1].key if begun > first else ""
            yield Name(words=parts, title=title, span=Span(words[first].span.start, words[at - 1].span.end))
        else:
            at = first + 1


def _is_title(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether the word is a title before a name: Mr., Captain; Queen of "Queen Anne", not of "the Queen"."""
    following = words[at + 1] if at + 1 < len(words) else None
    return (
        words[at].capital
        and words[at].key in TITLES
        and following is not None
        and following.capital
        and following.key not in NOT_NAMES
        and _adjoins(text, words, at + 1)
    )


def _goes_on(  # noqa: PLR0913, PLR0917 - a place in a text, and what is known of it
    text: str, words: Sequence[Word], at: int, begun: int, known: frozenset[str], marked: Container[int]
) -> bool:
    word = words[at]
    if at > begun and not _adjoins(text, words, at):
        return False
    if at in marked or (word.shouted and word.key in known):
        return True
    titled = at == begun > 0 and words[at - 1].key in TITLES and _adjoins(text, words, at)
    return word.capital and (word.key in known or titled)


def _linked(text: str, words: Sequence[Word], at: int, known: frozenset[str]) -> int:
    """The index of the name that "of" or "of the" links to the one before; `at` where nothing does."""
    link = at
    while link < min(len(words) - 1, at + 2) and words[link].key == ("of", "the")[link - at]:
        if not _adjoins(text, words, link):
            return at
        link += 1
    joined = link > at and words[link].capital and words[link].key in known and _adjoins(text, words, link)
    return link if joined else at


def _adjoins(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether nothing but a blank, or an abbreviation's full stop, stands before the word."""
    if at >= len(words):
        return False
    between = text[words[at - 1].span.end : words[at].span.start]
    if between.isspace():
        return between.count("\n") <= 1
    return between.strip() == "." and words[at - 1].key in ABBREVIATED


def _roles(text: str, words: Sequence[Word], found: Sequence[Name]) -> Iterator[Name]:
    """Who has no name, but "the" before: the fox. Only where nobody is called so."""
    taken = {key for name in found for key in (*name.words, name.title)}
    places = [
        at
        for at in range(1, len(words))
        if words[at].key in ROLES - taken
        and not words[at].capital
        and words[at - 1].key in {"the", "a", "an"}
        and _adjoins(text, words, at)
    ]
    counts = Counter(words[at].key for at in places)
    for at in places:
        if counts[words[at].key] >= _LEAST_ROLE:
            yield Name(words=(words[at].key,), title="", span=words[at].span)
