"""The words of a text as they are looked at for names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
_LEAST_ENGLISH = 0.2
"""Share of function words: English prose has about one half, German next to none."""

_LEAST_SHOUTED = 4
"""Letters of a word in capitals that may be a name: shorter ones are abbreviations and numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of the text without a possessive's s; `key` in small letters.

    `capital`: it begins with one. `shouted`: it is all capitals. `inside`: not the first of a sentence.
    """

    key: str
    span: Span
    capital: bool
    shouted: bool
    inside: bool


def is_english(words: Sequence[Word]) -> bool:
    """Whether the words are of English prose."""
    return sum(word.key in lexicon.FUNCTION_WORDS for word in words) >= _LEAST_ENGLISH * len(words)


def words_in(text: str, pulse: Pulse) -> Iterator[Word]:
    """All words but those of headings, in order. Raises: what `pulse` raises."""
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
            shouted=len(whole) >= _LEAST_SHOUTED and whole.isupper(),
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
