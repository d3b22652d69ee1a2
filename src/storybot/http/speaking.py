"""Which language a browser is spoken to in, and the catalogues of words."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from gettext import NullTranslations
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from storybot.assembly import shipped
from storybot.languages import ENGLISH, Language

LANGUAGE_COOKIE = "language"

_MOST_SUBTAGS = 8
"""More than any tag in use has."""


@cache
def languages() -> Mapping[str, Language]:
    """The languages that there are words for, by their tags."""
    found = {ENGLISH: Language(ENGLISH, NullTranslations())}
    for path in sorted((shipped("web") / "catalogues").glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.stem)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        found[path.stem] = Language(path.stem, Translations(compiled))
    return found


def language_for(header: str, chosen: str = "") -> Language:
    """The language that was chosen, or else the one that an `Accept-Language` header likes best; English if none is.

    Source: RFC 9110, 12.5.4; RFC 4647, 3.4: a tag that isn't there gives way to the tag that it begins with.
    """
    if chosen in languages():
        return languages()[chosen]
    for tag, weight in sorted(_liked(header), key=lambda one: -one[1]):
        parts = tag.lower().split("-", _MOST_SUBTAGS)[:_MOST_SUBTAGS]
        for length in range(len(parts), 0, -1):
            language = languages().get("-".join(parts[:length]))
            if language and weight > 0:
                return language
    return languages()[ENGLISH]


def _liked(header: str) -> Iterator[tuple[str, float]]:
    """The tags of the header with their weights; what can't be read is left out."""
    for part in header.split(","):
        tag, _, rest = part.partition(";")
        name, _, weight = rest.partition("=")
        with suppress(ValueError):
            yield tag.strip(), float(weight) if name.strip() == "q" else 1.0
