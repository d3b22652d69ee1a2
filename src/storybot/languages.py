"""The language that is spoken to whoever asks: what is said is looked up by its English words.

The words that a person reads are marked where they stand: `_("Delete")`, `counted("{n} passage", "{n} passages", n)`.
What is named once and said elsewhere is `marked`, and looked up by whoever says it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

ENGLISH = "en"

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


class Language:
    """A language by its tag (BCP 47), and its words for ours."""

    def __init__(self, tag: str, words: NullTranslations) -> None:
        self.tag = tag
        self.words = words

    @property
    def direction(self) -> str:
        """Which way its letters run, as HTML's `dir` has it."""
        return "rtl" if self.tag.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


_spoken: ContextVar[Language] = ContextVar("spoken", default=Language(ENGLISH, NullTranslations()))  # noqa: B039 - it is never changed


def spoken() -> Language:
    """The language that is spoken now, in this thread or task."""
    return _spoken.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak this language meanwhile."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str) -> str:
    """The message in the language that is spoken."""
    return _spoken.get().words.gettext(message)


def ngettext(one: str, several: str, number: int) -> str:
    """The message for so many, in the language that is spoken; numbers are put in by `format` afterwards."""
    return _spoken.get().words.ngettext(one, several, number)


def counted(one: str, several: str, number: int, **values: str) -> str:
    """The message for so many, with the number in the place of `{n}`, and other values by their names."""
    return ngettext(one, several, number).format(n=numeral(number), **values)


def marked(message: str) -> str:
    """The message itself: the catalogues take it up, and whoever says it looks it up then."""
    return message


def numeral(number: float, *, decimals: int = 0) -> str:
    """A number as the language that is spoken writes it: "1,234.5" in English, "1.234,5" in German."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - `--help` must not wait for it

    pattern = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    return format_decimal(number, pattern, locale=spoken().tag)
