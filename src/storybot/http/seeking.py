"""Words found in a text as a reader types them: case and accents don't count, offsets do."""

import re
import unicodedata

from storybot.model import Span


def occurrences(text: str, words: str) -> list[Span]:
    """Where the words stand in the text, one behind the other, in order; any spaces between them will do."""
    parts = words.split()
    if not parts:
        return []
    pattern = r"\s+".join(re.escape(_plain(part)) for part in parts)
    return [Span(*found.span()) for found in re.finditer(pattern, _plain(text))]


def _plain(text: str) -> str:
    """The text letter for letter, so that each keeps its place, small and without accents."""
    return text.translate({ord(letter): _plain_letter(letter) for letter in set(text)})


def _plain_letter(letter: str) -> str:
    """The letter, small and without its accent, where that is one letter."""
    bare = unicodedata.normalize("NFD", letter)[0]
    small = bare.casefold()
    return small if len(small) == 1 else bare
