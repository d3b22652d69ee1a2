"""Which language a browser is spoken to in, and the catalogues of words."""

from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations
from io import BytesIO

from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from storybot.assembly import shipped
from storybot.languages import ENGLISH, Language

LANGUAGE_COOKIE = "language"


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

    Source: RFC 9110, 12.5.4.
    """
    if chosen in languages():
        return languages()[chosen]
    liked = sorted(_liked(header), key=lambda one: -one[1])
    tag = negotiate_locale([tag for tag, weight in liked if weight > 0], list(languages()), sep="-")
    return languages()[tag or ENGLISH]


def _liked(header: str) -> list[tuple[str, float]]:
    liked = []
    for part in header.split(","):
        tag, _, rest = part.strip().partition(";")
        name, _, weight = rest.strip().partition("=")
        try:
            liked.append((tag.strip(), float(weight) if name.strip() == "q" else 1.0))
        except ValueError:
            continue
    return [(tag, weight) for tag, weight in liked if tag]
