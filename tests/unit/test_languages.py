"""The languages that are spoken: which one a browser gets, and that each has words for everything."""

import re
from collections.abc import Iterable, Iterator
from io import StringIO

import pytest
from babel.messages import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from storybot.assembly import shipped
from storybot.errors import CollectionExists
from storybot.http.speaking import language_for, languages
from storybot.languages import Language, counted, gettext, numeral, speaking, spoken

CATALOGUES = shipped("web") / "catalogues"
ROOT = CATALOGUES.parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "counted": (1, 2), "marked": None}
NUMBERS = {"{n}", "{total}"}
"""What a plural form may say in words of its own: "two passages"."""


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("de", "de"),
        ("de-AT, en;q=0.5", "de"),
        ("DE-at", "de"),
        ("ar-EG", "ar"),
        ("en;q=0.5, ar;q=0.9", "ar"),
        ("fr-FR, fr;q=0.9, de;q=0.2", "de"),
        ("de;q=0, ar;q=0.1", "ar"),
        ("de;q=much, ar;q=0.1", "ar"),
        ("de;level=1", "de"),
        ("zh-Hant-TW", "en"),
        ("en-GB, de", "en"),
        ("*", "en"),
        ("", "en"),
        (";;,=,q;q=q,-,\x00", "en"),
        (f"de-{'a-' * 100_000}", "de"),
    ],
)
def test_the_language_is_the_one_that_the_browser_likes_best(header: str, tag: str) -> None:
    assert language_for(header).tag == tag


def test_arabic_runs_from_right_to_left() -> None:
    assert {tag: language.direction for tag, language in languages().items()} == {"en": "ltr", "de": "ltr", "ar": "rtl"}


def test_english_is_spoken_until_another_language_is() -> None:
    assert (spoken().tag, gettext("Delete")) == ("en", "Delete")
    with speaking(languages()["de"]):
        assert (spoken().tag, gettext("Delete"), gettext("as it is")) == ("de", "Löschen", "as it is")
    assert spoken().tag == "en"


def test_numbers_are_told_as_the_language_tells_them() -> None:
    told = {}
    for tag, language in languages().items():
        with speaking(language):
            told[tag] = (numeral(1234567), numeral(1234.56, decimals=1), counted("{n} word", "{n} words", 1234))
    assert told["en"] == ("1,234,567", "1,234.6", "1,234 words")
    assert told["de"] == ("1.234.567", "1.234,6", "1.234 Wörter")


def test_arabic_has_six_ways_to_count() -> None:
    with speaking(languages()["ar"]):
        told = [counted("{n} document", "{n} documents", number) for number in (0, 1, 2, 3, 11, 100, 103)]
    assert told == [
        "لا مستندات",
        "مستند واحد",
        "مستندان",
        "3 مستندات",
        "11 مستندًا",
        "100 مستند",
        "103 مستندات",
    ]


def test_an_error_is_told_in_the_language_in_which_it_was_met() -> None:
    with speaking(languages()["de"]):
        error = CollectionExists("{Fabeln}")
    assert str(error) == "Eine Sammlung „{Fabeln}“ gibt es schon. Einen anderen Namen wählen."


@pytest.mark.parametrize("language", [one for one in languages().values() if one.tag != "en"], ids=lambda one: one.tag)
def test_a_catalogue_has_words_for_all_that_is_said(language: Language) -> None:
    catalogue = read_po(StringIO((CATALOGUES / f"{language.tag}.po").read_text("utf8")), locale=language.tag)
    messages = {message.id: message for message in catalogue if message.id}
    marked = set(_marked())
    assert [message for message in marked if message not in messages] == []
    assert [message for message in messages if message not in marked] == []
    assert [message.id for message in messages.values() if not all(_forms(message.string)) or message.fuzzy] == []
    assert [message.id for message in messages.values() if not _says_the_same(message)] == []


def _marked() -> Iterator[str | tuple[str, ...]]:
    """What is marked in the code and in the templates."""
    methods, options = parse_mapping_cfg(  # type: ignore[no-untyped-call]  # of Babel
        StringIO((CATALOGUES / "babel.cfg").read_text("utf8"))
    )
    for _, _, message, _, _ in extract_from_dir(ROOT, methods, options, KEYWORDS):
        yield message if isinstance(message, str) else tuple(message)


def _forms(words: str | Iterable[str] | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ())


def _says_the_same(message: Message) -> bool:
    """Whether every form has the places of its English; of several forms, some may spell the number out."""
    wanted = _places(_forms(message.id)[-1])
    may_lack = NUMBERS if len(_forms(message.string)) > 1 else set()
    return all(_places(form) <= wanted and wanted - _places(form) <= may_lack for form in _forms(message.string))


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}|%\(\w+\)s|</?\w+[^>]*>", text))
