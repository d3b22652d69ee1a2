"""Counts, times and kinds in words, as all pages say them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from babel.dates import format_skeleton
from babel.lists import format_list

from storybot.cataloguing import minutes
from storybot.languages import ENGLISH, counted, marked, numeral, spoken
from storybot.languages import gettext as _
from storybot.model import Format, is_number

FORMAT_WORDS: Mapping[Format, str] = {
    "text": marked("Text"),
    "markdown": "Markdown",
    "html": "HTML",
    "epub": "EPUB",
    "fb2": "FB2",
    "docx": "Word",
    "rtf": "RTF",
    "pdf": "PDF",
}
"""What the kinds of files are called; looked up where it is said."""

_ROUGH_HOURS = 10
"""So many hours are told without minutes."""


def documents_in_words(count: int) -> str:
    """How many documents: "1 document", "1,022 documents"."""
    return counted("{n} document", "{n} documents", count)


def passages_in_words(count: int) -> str:
    """How many passages: "1 passage", "1,022 passages"."""
    return counted("{n} passage", "{n} passages", count)


def words_in_words(count: int) -> str:
    """How many words: "1 word", "1,022 words"."""
    return counted("{n} word", "{n} words", count)


def percent(share: float) -> str:
    """A share of one: "42%"."""
    return _("{n}%").format(n=numeral(share * 100))


def page_in_words(label: str) -> str:
    """A page by its label: "p. 12"; empty where there is none."""
    return _("p. {page}").format(page=label) if label else ""


def place_in_words(heading: str, page: str = "") -> str:
    """A place in a document as `place_of` tells it, in the language that is spoken; empty where it has none."""
    named = _("Chapter {number}").format(number=heading) if is_number(heading) else heading
    return _(", ").join(part for part in (named, page_in_words(page)) if part)


def reading_time(words: int) -> str:
    """How long so many words take to be read: "4 min", "7 h 46 min", "20 h"."""
    hours, rest = divmod(minutes(words), 60)
    if hours >= _ROUGH_HOURS:
        hours, rest = round(minutes(words) / 60), 0
    told = [_("{n} h").format(n=numeral(hours))] if hours else []
    return " ".join([*told, *([_("{n} min").format(n=numeral(rest))] if rest else [])])


def day(moment: str) -> str:
    """The day of a time in ISO 8601: "3 May 2026"."""
    return format_skeleton("yMMMd", datetime.fromisoformat(moment), locale=_calendar())


def moment(moment: str) -> str:
    """A time in ISO 8601: "3 May 2026, 14:05 UTC"."""
    time = datetime.fromisoformat(moment)
    told = {name: format_skeleton(name, time, locale=_calendar()) for name in ("yMMMMd", "Hm")}
    return _("{day}, {time} UTC").format(day=told["yMMMMd"], time=told["Hm"])


def listed(items: Sequence[str]) -> str:
    """Some things in a row: "a, b and c"."""
    return format_list(items, locale=_calendar())


def leaf_in_words(start: int, end: int, total: int) -> str:
    """Which of all are on a page: "51 to 100 of 1,022"; start from 1 on."""
    return _("{start} to {end} of {total}").format(start=numeral(start), end=numeral(end), total=numeral(total))


def _calendar() -> str:
    """The locale by which days are told: of English the British one, as the words are."""
    return "en_GB" if spoken().tag == ENGLISH else spoken().tag
