"""Whether a name is a person's, a place's or a thing's, told by what stands around it."""

import re
from collections.abc import Sequence

from storybot.finders.lexicon import DOING, ROLES, SAYING, SITES, TITLES, WHERE
from storybot.finders.spotting import Name
from storybot.model import EntityKind

_BEFORE = re.compile(r"([\w\u2019']+)(,?) (?:the |a |an |old |poor |little |dear |young )*$")
_AFTER = re.compile(r"(['\u2019]s)?,? ?([\w\u2019']*)")
_CALLED = re.compile(r"(?:, |[\u201c\"\u2018]|\b(?:[Dd]ear|[Pp]oor|[Oo]h|O),? )$")
_ENDS = re.compile(r"[,!?.][\u201d\u2019\"]?")
_REACH = 40
_TITLED, _SAYS, _DOES, _IS_CALLED, _STANDS = 3.0, 2.0, 1.0, 0.3, 1.0
_LEAST_PERSON = 0.06
_LEAST_PLACE = 0.15


def kind_of(text: str, mentions: Sequence[Name]) -> EntityKind:
    """What the mentions of one name speak for: a place by "in", a person by "said"."""
    last = {name.words[-1] for name in mentions} | {name.words[0] for name in mentions if "of" in name.words}
    if last & SITES and not any(name.title for name in mentions):
        return "place"
    if last & ROLES or any(name.title in TITLES for name in mentions):
        return "person"
    person = sum(_speaks_for_person(text, name) for name in mentions) / len(mentions)
    place = sum(_speaks_for_place(text, name) for name in mentions) / len(mentions)
    if person >= max(place, _LEAST_PERSON):
        return "person"
    return "place" if place >= _LEAST_PLACE else "thing"


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
