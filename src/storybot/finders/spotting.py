"""Where names stand in an English text: words that have capitals inside sentences too."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from storybot.finders.lexicon import ABBREVIATED, CROWNS, NEVER_ALONE, NOT_NAMES, ROLES, TITLES
from storybot.following import lexicon
from storybot.model import Span
from storybot.ports import Pulse

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_OWNER = re.compile(r"['\u2019]s$")
_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")
_INSIDE = re.compile(r"(?:[\w,'\u2019)] ?|(?:Mr|Mrs|Ms|Dr|St|Capt|Rev)\. )$")
"""What stands before a word that does not begin a sentence, a quote or a line."""

_BEATS = 4096
_HEADING_LETTERS = 90
_LEAST_SHARE = 0.6
"""Of a name's occurrences inside sentences, how many have a capital: "Hatter" 55 of 57 in Alice."""

_LEAST_ENGLISH = 0.2
"""Share of function words: English prose has about one half, German next to none."""

_SHORT = 3000
"""Words of a text in which whoever is named once counts, and who has no name: the fox of a fable."""

_LEAST_ROLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of the text without a possessive's s; `key` in small letters. `inside`: not the first of a sentence."""

    key: str
    span: Span
    capital: bool
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name where it stands. `words`: its keys without titles; `title`: the key of the title before them, or ""."""

    words: tuple[str, ...]
    title: str
    span: Span


def names_in(text: str, pulse: Pulse) -> list[Name]:
    """The names in order; none where the text isn't English prose. Raises: what `pulse` raises."""
    words = list(_words(text, pulse))
    english = sum(word.key in lexicon.FUNCTION_WORDS for word in words)
    if english < _LEAST_ENGLISH * len(words):
        return []
    short = len(words) < _SHORT
    known = _known(words, least=1 if short else 2)
    found = [name for name in _names(text, words, known, pulse) if _is_one(name, known)]
    return sorted([*found, *_roles(text, words, found)], key=lambda name: name.span) if short else found


def _words(text: str, pulse: Pulse) -> Iterator[Word]:
    """All words but those of headings; one in capitals throughout is none."""
    headings = _headings(text)
    at = 0
    for number, found in enumerate(_WORD.finditer(text)):
        if number % _BEATS == 0:
            pulse()
        while at < len(headings) and headings[at].end <= found.start():
            at += 1
        if at < len(headings) and headings[at].start <= found.start():
            continue
        whole = _OWNER.sub("", found[0])
        start = found.start()
        yield Word(
            key=whole.casefold().replace("\u2019", "'"),
            span=Span(start, start + len(whole)),
            capital=whole[0].isupper() and whole[1:2].islower(),
            inside=bool(_INSIDE.search(text, max(0, start - 6), start)),
        )


def _headings(text: str) -> list[Span]:
    """Short paragraphs that end no sentence and have capitals all over: titles, contents."""
    return [
        Span(*found.span())
        for found in _PARAGRAPH.finditer(text)
        if found.end() - found.start() < _HEADING_LETTERS and _is_heading(found[0].strip())
    ]


def _is_heading(line: str) -> bool:
    words = [word for word in _WORD.findall(line) if word.casefold() not in lexicon.FUNCTION_WORDS]
    numbered = re.match(r"(?:chapter|book|part|volume|stave|scene|act)\b", line, re.IGNORECASE)
    if numbered or line.isupper():
        return True
    return line[-1:] not in set(".!?,;:\"'\u201d\u2019") and sum(word[0].isupper() for word in words) > len(words) / 2


def _known(words: Sequence[Word], least: int) -> frozenset[str]:
    """The words that are names, or parts of them."""
    inside = Counter(word.key for word in words if word.capital and word.inside)
    small = Counter(word.key for word in words if not word.capital)
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


def _names(text: str, words: Sequence[Word], known: frozenset[str], pulse: Pulse) -> Iterator[Name]:
    at = 0
    while at < len(words):
        if at % _BEATS == 0:
            pulse()
        first = at
        while at < len(words) and _is_title(text, words, at) and _adjoins(text, words, at + 1):
            at += 1
        begun = at
        while at < len(words) and _goes_on(text, words, at, begun, known):
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


def _goes_on(text: str, words: Sequence[Word], at: int, begun: int, known: frozenset[str]) -> bool:
    word = words[at]
    if not word.capital or (at > begun and not _adjoins(text, words, at)):
        return False
    return word.key in known or (at == begun > 0 and words[at - 1].key in TITLES and _adjoins(text, words, at))


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
