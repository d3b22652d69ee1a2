"""The language that is spoken to whoever asks: what is said is looked up by its English words.

The words that a person reads are marked where they stand: `_("Delete")`, `ngettext("{n} passage", "{n} passages", n)`.
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
