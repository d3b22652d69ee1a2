"""Plain text: chapters where a line names one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from storybot.parsing import gutenberg
from storybot.parsing.contents import Contents, Mark, sections_at
from storybot.parsing.decoding import decode

_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_NUMBER = (
    rf"(?:[0-9]{{1,3}}|[IVXLC]{{1,8}}|(?:{_TENS})(?:[- ](?:{_UNITS}))?|{_TEENS}|{_UNITS}"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)"
)
_CHAPTER = re.compile(
    r"\n\n[ \t]*(_?"
    r"(?:(?P<kind>chapter|chap\.|adventure|book|part|canto|act|scene|stave|volume|letter|phase)"
    rf"[ \t]++(?:the[ \t]++\w++|{_NUMBER})(?![^\W_])[^\n]{{0,80}}"
    r"|prologue|epilogue|preface|introduction|conclusion)[._:]*+)[ \t]*+(?=\n[^\n]{0,60}(?:\n|$)|$)",
    re.IGNORECASE,
)
_NUMERAL = re.compile(
    r"\n\n[ \t]*([\[_\u2013\u2014-]{0,2}[ ]?(?P<number>[0-9]{1,3}|[IVXLC]{1,8})"
    r"(?:[ ]?[.\]_\u2013\u2014-]{0,2}|(?:[.:][ \t]++|[ \t]{2,8})[^\n]{1,60}))[ \t]*+(?=\n[ \t]*+(?:\n|$))"
)
_CAPITALS = re.compile(r"\n\n\n[ \t]*((?!CONTENTS|THE END|FINIS)[A-Z][A-Z ,.'\u2019-]{2,60})[ \t]*+(?=\n[ \t]*+\n)")
"""Runs of any length give nothing back (`++`, `*+`): else the time grows with the square of a line's length."""

_BEFORE = "\n\n\n"
"""Put before a text, so that its first line too stands after a blank one: what begins with these is found fast."""

_TITLE = re.compile(r"\s*([^\n]{1,80})\n[ \t]*\n")
_AROUND = " \t_.:[]-\u2013\u2014"
_RANKS = {"volume": 0, "book": 1, "part": 2, "phase": 2, "act": 2, "adventure": 2, "scene": 4}
_CHAPTER_RANK = 3
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_LEAST_NUMERALS = 3
"""Numbers that stand alone are chapters where at least so many count up from one."""

_LEAST_TITLES = 2
"""One line in capitals may be anything; several, each over a story, are titles."""

_LISTED_WORDS = 40
_LISTED_LETTERS = 1_000
"""A heading that comes again, and is followed by less, stands in a table of contents."""


def read_plain(name: str, data: bytes) -> Contents:
    """Sections by chapters. The title is Project Gutenberg's, or a short first line that stands alone, no sentence.

    Raises: BinarySource, EmptySource.
    """
    text, title = gutenberg.within(decode(name, data))
    marks = chapters(text)
    title = title or _title(text, marks)
    return Contents(text=text, title=title, sections=sections_at(text, marks, title))


def chapters(text: str) -> list[Mark]:
    """Where the chapters begin, and the parts or books that they are in."""
    named = [
        _mark(match, _RANKS.get((match["kind"] or "").lower(), _CHAPTER_RANK))
        for match in _CHAPTER.finditer(_BEFORE + text)
    ]
    marks = sorted([*named, *_numerals(text)], key=lambda mark: mark.start)
    found = _levelled(_unlisted(text, marks))
    if found:
        return found
    titles = _unlisted(text, [_mark(match, 1) for match in _CAPITALS.finditer(_BEFORE + text)])
    return titles if len(titles) >= _LEAST_TITLES else []


def _mark(match: re.Match[str], rank: int) -> Mark:
    return Mark(start=match.start(1) - len(_BEFORE), heading=" ".join(match[1].strip(_AROUND).split()), level=rank)


def _numerals(text: str) -> list[Mark]:
    """Numbers that stand alone on a line, where they count up: one, two, three, and perhaps from one again."""
    kept: list[Mark] = []
    last = 0
    for match in _NUMERAL.finditer(_BEFORE + text):
        value = _value(match["number"])
        if value in {1, last + 1}:
            kept.append(_mark(match, _CHAPTER_RANK + 1))
            last = value
    return kept if len(kept) >= _LEAST_NUMERALS else []


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    digits = [_ROMAN[letter] for letter in number] + [0]
    return sum(-value if value < after else value for value, after in pairwise(digits))


def _unlisted(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """The marks but for those of a table of contents."""
    last = {_key(mark): mark.start for mark in marks}
    ends = [*(mark.start for mark in marks[1:]), len(text)] if marks else []
    return [
        mark
        for mark, end in zip(marks, ends, strict=True)
        if last[_key(mark)] == mark.start or _long(text[mark.start : min(end, mark.start + _LISTED_LETTERS)])
    ]


def _key(mark: Mark) -> str:
    return " ".join(re.findall(r"\w+", mark.heading.lower())[:2])


def _long(text: str) -> bool:
    return len(text.split()) > _LISTED_WORDS


def _levelled(marks: Sequence[Mark]) -> list[Mark]:
    """The marks with levels from 1 on, without gaps."""
    levels = {rank: level for level, rank in enumerate(sorted({mark.level for mark in marks}), start=1)}
    return [replace(mark, level=levels[mark.level]) for mark in marks]


def _title(text: str, marks: Sequence[Mark]) -> str | None:
    first = _TITLE.match(text)
    if first is None or first[1].rstrip().endswith((".", "!", "?", ",", ";", ":", '"', "\u201d", "]")):
        return None
    return first[1].strip() if not marks or marks[0].start >= first.end(1) else None
