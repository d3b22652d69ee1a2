"""Whether a name is a person's, a place's or a thing's, told by what stands around it."""

import re
from collections.abc import Sequence
from functools import cache

from babel import Locale
from babel.core import get_global

from storybot.finders.lexicon import BRITAIN, DOING, ROLES, SAYING, SITES, TITLES, WHERE
from storybot.finders.spotting import Name
from storybot.model import EntityKind

_BEFORE = re.compile(r"([\w\u2019']+)(,?) (?:the |a |an |old |poor |little |dear |young )*$")
_AFTER = re.compile(r"(['\u2019]s)?,? ?([\w\u2019']*)")
_CALLED = re.compile(r"(?:[\u201c\"\u2018]|\b(?:[Dd]ear|[Pp]oor|[Oo]h|O),? )$")
_ENDS = re.compile(r"[,!?.][\u201d\u2019\"]?")
_ARTICLE = re.compile(r"[Tt]he\s$")
_REACH = 40
_TITLED, _SAYS, _DOES, _IS_CALLED, _STANDS = 3.0, 2.0, 1.0, 0.3, 1.0
_LEAST_PERSON = 0.06
_LEAST_PLACE = 0.15
_MAPPED = 0.25
_MOSTLY = 0.7
_LABELLED, _LABELLED_ONCE = 0.15, 1.2


def kind_of(text: str, mentions: Sequence[Name]) -> EntityKind:
    """What the mentions of one name speak for: a place by "in", a person by "said"."""
    last = {name.words[-1] for name in mentions} | {name.words[0] for name in mentions if "of" in name.words}
    if last & SITES and not any(name.title for name in mentions):
        return "place"
    if last & ROLES or any(name.title in TITLES for name in mentions):
        return "person"
    person = sum(_speaks_for_person(text, name) for name in mentions) / len(mentions)
    place = sum(_speaks_for_place(text, name) for name in mentions) / len(mentions)
    if " ".join(mentions[0].words) in _atlas():
        place += _MAPPED
    person += _vote(mentions, "person")
    place += _vote(mentions, "place")
    if person >= max(place, _LEAST_PERSON):
        return "person"
    if place >= _LEAST_PLACE:
        return "place"
    bare = sum(not _ARTICLE.search(text, max(0, name.span.start - 4), name.span.start) for name in mentions)
    return "person" if person and bare > _MOSTLY * len(mentions) else "thing"


def _vote(mentions: Sequence[Name], kind: EntityKind) -> float:
    """What spaCy's labels speak for: little, but more than a few mentions do by themselves."""
    share = sum(name.kind == kind for name in mentions) / len(mentions)
    return share * max(_LABELLED, _LABELLED_ONCE / len(mentions))


@cache
def _atlas() -> frozenset[str]:
    """Countries, continents, and the cities that time zones are called by. Source: Unicode CLDR, in Babel."""
    cities = (zone.rpartition("/")[2].replace("_", " ") for zone in get_global("zone_territories"))
    return frozenset(name.casefold() for name in (*Locale("en").territories.values(), *cities)) | BRITAIN


def _speaks_for_person(text: str, name: Name) -> float:
    before = text[max(0, name.span.start - _REACH) : name.span.start]
    after = _AFTER.match(text, name.span.end)
    follows = (after[2] if after else "").casefold()
    preceding = _BEFORE.search(before.replace("\n", " "))
    said = follows in SAYING or bool(preceding and preceding[1].casefold() in SAYING)
    called = bool(_CALLED.search(before) and _ENDS.match(text, name.span.end))
    return (
        _TITLED * bool(name.title)
        + _SAYS * (said or follows in {"who", "whom"})
        + _DOES * (follows in DOING)
        + _IS_CALLED * called
    )


def _speaks_for_place(text: str, name: Name) -> float:
    before = text[max(0, name.span.start - _REACH) : name.span.start].replace("\n", " ")
    preceding = _BEFORE.search(before)
    owns = text[name.span.end : name.span.end + 2] in {"'s", "\u2019s"}
    return _STANDS * bool(preceding and not preceding[2] and preceding[1].casefold() in WHERE and not owns)
