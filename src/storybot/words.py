"""Terms of a text: the one rule by which every ranking compares words."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

import Stemmer

from storybot.scripts import UNSPACED, Script, is_unspaced, marks, script_of

RECIPE = "snowball-by-script/bigrams"
"""Names how terms are made: another recipe, another index."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_APOSTROPHE = re.compile(r"['\u2019]")
_RUNS = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")

_ACCENTS = re.compile(
    r"(?<![\u0438\u0443])\u0306|[\u0300-\u0305\u0307-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    r"\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
    r"\u1ab0-\u1ace\u1dc0-\u1dff\u200c\u200d\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
"""What a word is the same without: accents of Latin, Greek and Cyrillic letters (but the short I and U are letters),
the points of Hebrew and Arabic, the Arabic stroke that only stretches, joiners, and variants of signs.

The vowel signs of India's and of Thailand's scripts are no accents: without them a word is another.
"""

_LANGUAGES: Mapping[Script, str] = {
    "latin": "english",
    "greek": "greek",
    "cyrillic": "russian",
    "armenian": "armenian",
    "arabic": "arabic",
    "devanagari": "hindi",
    "tamil": "tamil",
}
"""Whose stemmer a script gets: that of the language with the most readers. The language of a text is not guessed."""

STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below between both but by
    can could did do does doing done down during each few for from further had has have having he her here hers herself
    him himself his how i if in into is it its itself just me might more most must my myself no nor not of off on once
    only or other our ours ourselves out over own same shall she should so some such than that the their theirs them
    themselves then there these they this those through to too under until up upon very was we were what when where
    which while who whom whose why will with would you your yours yourself yourselves
    """.split()
)
"""English function words, which say nothing of what a passage is about."""


def tokens(text: str) -> list[str]:
    """Words of the text in order, lower-case, without accents and possessives; stop words included.

    A script that doesn't part words by spaces gives each two letters that stand side by side; one that stands alone, as
    it is. Source: Lucene's CJKBigramFilter.
    """
    if text.isascii():
        return [_APOSTROPHE.split(word)[0] for word in _WORD.findall(text.casefold())]
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    return [part for word in _word().findall(letters) for part in _parts(_APOSTROPHE.split(word)[0])]


def terms(text: str) -> list[str]:
    """Stems of the text's words in order, stop words left out. Source: Snowball (Porter2, 2001, and its kin)."""
    words = [word for word in tokens(text) if word not in STOP_WORDS]
    if text.isascii():
        english: list[str] = _stemmer("english").stemWords(words)
        return english
    return [_stem(word) for word in words]


def query_terms(question: str) -> list[str]:
    """Distinct terms of a question, in order."""
    return list(dict.fromkeys(terms(question)))


def _parts(word: str) -> Iterator[str]:
    """A word, or the pairs of letters of those of its runs that have no spaces between words."""
    if word.isascii():
        yield word
        return
    for run in _RUNS.findall(word):
        letters = _letter().findall(run) if is_unspaced(run[0]) else []
        yield from ["".join(pair) for pair in pairwise(letters)] or [run]


def _stem(word: str) -> str:
    language = _LANGUAGES.get(script_of(word[0]))
    stem: str = _stemmer(language).stemWord(word) if language else word
    return stem or word


@cache
def _word() -> re.Pattern[str]:
    """A word with the marks on its letters."""
    part = rf"[^\W_]+(?:[{marks()}]+[^\W_]*)*"
    return re.compile(rf"{part}(?:['\u2019]{part})?")


@cache
def _letter() -> re.Pattern[str]:
    """A letter with the marks on it."""
    return re.compile(rf".[{marks()}]*", re.DOTALL)


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)
