"""Words found in a text, whatever their case and accents, at their exact offsets."""

import unicodedata
from collections.abc import Iterator
from functools import cache

from storybot.model import Span


def fold(text: str) -> str:
    """The text without case and accents, every run of white space as one space."""
    return _folded(text)[0]


def find(text: str, words: str) -> Iterator[Span]:
    """Where the words stand in the text, in order, none in another; nowhere, if there are no words.

    What is found, folded, is the words, folded; half of a letter ("s" in "ß") is not found.
    """
    wanted = fold(words).strip(" ")
    if not wanted:
        return
    letters, origins = _folded(text)
    origins.append(len(text))
    at = letters.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        whole = (at == 0 or origins[at] != origins[at - 1]) and origins[end] != origins[end - 1]
        if whole:
            yield Span(origins[at], origins[end])
        at = letters.find(wanted, end if whole else at + 1)


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded letters, and for each the offset of the one that it came from."""
    letters: list[str] = []
    origins: list[int] = []
    for offset, char in enumerate(text):
        for letter in _letters(char):
            if letter != " " or not letters or letters[-1] != " ":
                letters.append(letter)
                origins.append(offset)
    return "".join(letters), origins


@cache
def _letters(char: str) -> str:
    if char.isspace():
        return " "
    apart = unicodedata.normalize("NFKD", char.casefold()).casefold()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
