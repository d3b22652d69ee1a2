"""Counts, times and kinds in words, as all pages say them."""

from collections.abc import Mapping
from datetime import datetime

from storybot.cataloguing import minutes
from storybot.model import Format

FORMAT_WORDS: Mapping[Format, str] = {
    "text": "Text",
    "markdown": "Markdown",
    "html": "HTML",
    "epub": "EPUB",
    "fb2": "FB2",
    "docx": "Word",
    "rtf": "RTF",
    "pdf": "PDF",
}
"""What the kinds of files are called."""

_ROUGH_HOURS = 10
"""So many hours are told without minutes."""


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 word", "1,022 words"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def reading_time(words: int) -> str:
    """How long so many words take to be read: "4 min", "7 h 46 min", "20 h"."""
    hours, rest = divmod(minutes(words), 60)
    if hours >= _ROUGH_HOURS:
        return f"{round(minutes(words) / 60):,} h"
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def day(moment: str) -> str:
    """The day of a time in ISO 8601: "3 May 2026"."""
    date = datetime.fromisoformat(moment)
    return f"{date.day} {date:%b %Y}"
