"""Which script letters belong to, and what of it matters to words and sentences."""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from functools import cache
from typing import Literal, TypeAlias

Script: TypeAlias = Literal[
    "latin",
    "greek",
    "cyrillic",
    "armenian",
    "hebrew",
    "arabic",
    "devanagari",
    "tamil",
    "thai",
    "lao",
    "tibetan",
    "myanmar",
    "khmer",
    "hangul",
    "kana",
    "han",
    "other",
]
"""Scripts that have a rule of their own somewhere; Latin stands for what has none and for what isn't a letter too."""

_BLOCKS: tuple[tuple[int, Script], ...] = (
    (0x0000, "latin"),
    (0x0370, "greek"),
    (0x0400, "cyrillic"),
    (0x0530, "armenian"),
    (0x0590, "hebrew"),
    (0x0600, "arabic"),
    (0x0700, "other"),
    (0x0750, "arabic"),
    (0x0780, "other"),
    (0x08A0, "arabic"),
    (0x0900, "devanagari"),
    (0x0980, "other"),
    (0x0B80, "tamil"),
    (0x0C00, "other"),
    (0x0E00, "thai"),
    (0x0E80, "lao"),
    (0x0F00, "tibetan"),
    (0x1000, "myanmar"),
    (0x10A0, "other"),
    (0x1100, "hangul"),
    (0x1200, "other"),
    (0x1780, "khmer"),
    (0x1800, "other"),
    (0x1C80, "cyrillic"),
    (0x1C90, "other"),
    (0x1D00, "latin"),
    (0x1F00, "greek"),
    (0x2000, "latin"),
    (0x2DE0, "cyrillic"),
    (0x2E00, "latin"),
    (0x2E80, "han"),
    (0x3040, "kana"),
    (0x3130, "hangul"),
    (0x3190, "han"),
    (0x31F0, "kana"),
    (0x3200, "han"),
    (0xA000, "other"),
    (0xA640, "cyrillic"),
    (0xA6A0, "other"),
    (0xA720, "latin"),
    (0xA800, "other"),
    (0xA9E0, "myanmar"),
    (0xAA00, "other"),
    (0xAA60, "myanmar"),
    (0xAA80, "other"),
    (0xAB30, "latin"),
    (0xAB70, "other"),
    (0xAC00, "hangul"),
    (0xD7FC, "other"),
    (0xF900, "han"),
    (0xFB00, "latin"),
    (0xFB13, "armenian"),
    (0xFB1D, "hebrew"),
    (0xFB50, "arabic"),
    (0xFE00, "latin"),
    (0xFE70, "arabic"),
    (0xFEFF, "latin"),
    (0xFF66, "kana"),
    (0xFFA0, "hangul"),
    (0xFFE0, "latin"),
    (0x10000, "other"),
    (0x1B000, "kana"),
    (0x1B170, "other"),
    (0x1D400, "latin"),
    (0x1D800, "other"),
    (0x20000, "han"),
    (0x323B0, "other"),
)
"""Where the blocks of a script begin, a block to the next. Source: Unicode 16, Blocks.txt."""

_STARTS = [start for start, _ in _BLOCKS]
_LAST_MARK = 0x1E94B
_HALF = 0.5

UNSPACED = (
    r"\u0e01-\u0e3a\u0e40-\u0e4f\u0e81-\u0ecf\u0edc-\u0edf\u1000-\u103f\u104e-\u108f\u109a-\u109f\ua9e0-\ua9ef"
    r"\uaa60-\uaa7f\u1100-\u11ff\u1780-\u17d3\u17d7\u17dc\u17dd\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f\u3031-\u3035"
    r"\u3038-\u303c\u3040-\u309f\u30a1-\u30fa\u30fc-\u318e\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c"
    r"\uac00-\ud7fb\uf900-\ufaff\uff66-\uffdc\U00016fe0-\U00018cff\U0001aff0-\U0001b167\U00020000-\U000323af"
)
"""Letters and marks of the scripts that don't part words by spaces, as a class of `re`: Han, Kana, Thai, Lao, Khmer
and Myanmar; and Hangul, whose words take endings without end."""

_UNSPACED = re.compile(f"[{UNSPACED}]")


def script_of(letter: str) -> Script:
    """The script of one letter."""
    return _BLOCKS[bisect_right(_STARTS, ord(letter)) - 1][1]


def main_script(text: str) -> Script:
    """The script that most letters of a text are in; with Kana among them, Han is counted as Kana."""
    others = [char for char in text if char > "\u036f" and char.isalpha()] if not text.isascii() else []
    if len(others) < _HALF * sum(map(str.isalpha, text)) or not others:
        return "latin"
    counts = Counter(map(script_of, others))
    first = max(counts, key=lambda script: counts[script])
    return "kana" if first == "han" and counts["kana"] else first


def unspaced_letters(text: str) -> int:
    """How many letters and marks of a text are of scripts that don't part words by spaces."""
    return 0 if text.isascii() else len(_UNSPACED.findall(text))


def is_unspaced(letter: str) -> bool:
    """Whether a letter or mark is of a script that doesn't part words by spaces."""
    return _UNSPACED.match(letter) is not None


def is_mark(char: str) -> bool:
    """Whether it belongs to the letter before it: an accent, a vowel sign, what joins two letters."""
    return not char.isascii() and (unicodedata.category(char)[0] == "M" or char in "\u200c\u200d")


@cache
def marks() -> str:
    """All that stand on letters, as ranges for a class of `re`."""
    ranges: list[list[int]] = []
    for code in range(0x0300, _LAST_MARK):
        if unicodedata.category(chr(code))[0] == "M":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
