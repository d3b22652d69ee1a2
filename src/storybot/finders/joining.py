"""Which names are one person's: Holmes, Sherlock Holmes, Mr. Holmes."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storybot.finders.lexicon import CROWNS, FEMALE_TITLES, MALE_TITLES, SOFT_TITLES, SPELT, TITLES
from storybot.finders.spotting import Name

_DOMINANT = 4
"""How many times as often as all others one must be named for a shared name to be its own."""

_LEAST_SHARE = 0.03
"""How often a full name must be said beside its short form: once among two hundred may be somebody else's."""

_DERIVED = re.compile(r"(?:shire|ville|son|ism|ist|burgh?|town|ton|land|bury|ford|ian|ers?|ern|s)$")
"""Ends of words that are made of names, and no long forms of them: Hooker, Hookerville."""

_NICKNAME, _CUT = 4, 3
"""Letters of a short form that is safe to join, Huck, and how many the long one must have more, Huckleberry."""


@dataclass(frozen=True, slots=True)
class Form:
    """A way to call somebody: `words` without the title."""

    title: str
    words: tuple[str, ...]

    @property
    def sex(self) -> str:
        """What the title tells: "m", "f", or nothing."""
        return "m" if self.title in MALE_TITLES else "f" if self.title in FEMALE_TITLES else ""


def joined(names: Sequence[Name]) -> list[list[Name]]:
    """The names by who bears them, each group in order. A name that several might bear stays by itself."""
    by_form: dict[Form, list[Name]] = {}
    for name in names:
        by_form.setdefault(_form(name), []).append(name)
    counts = Counter({form: len(found) for form, found in by_form.items()})
    home = _homes(counts)
    groups: dict[Form, list[Name]] = {}
    for form, found in by_form.items():
        groups.setdefault(_last(form, home), []).extend(found)
    return [sorted(group, key=lambda name: name.span) for group in groups.values()]


def _form(name: Name) -> Form:
    return Form(title=SPELT.get(name.title, name.title), words=name.words)


def _last(form: Form, home: Mapping[Form, Form]) -> Form:
    while form in home:
        form = home[form]
    return form


def _homes(counts: Counter[Form]) -> dict[Form, Form]:
    """The fuller form that each belongs to; a form has none where it is the fullest, or where several might be."""
    home: dict[Form, Form] = {}
    alike = _by_likeness(counts)
    for form in sorted(counts, key=lambda form: (-len(form.words), -counts[form], form.title, form.words)):
        near = dict.fromkeys(other for key in _likeness(form) for other in alike[key])
        fuller = [other for other in near if other not in home and _may_be(form, other)]
        best = _only(form, fuller, counts)
        if best and not _both_sexes(form, best, counts):
            home[form] = best
    return home


def _by_likeness(forms: Iterable[Form]) -> dict[str, list[Form]]:
    """The forms by what they must share to be one's: comparing all of them with all would take too long."""
    alike: dict[str, list[Form]] = {}
    for form in forms:
        for key in _likeness(form):
            alike.setdefault(key, []).append(form)
    return alike


def _likeness(form: Form) -> tuple[str, str, str]:
    """The first word, the last, and how the first begins."""
    return f"{form.words[0]} ", f" {form.words[-1]}", form.words[0][:_NICKNAME]


def _only(form: Form, fuller: Sequence[Form], counts: Counter[Form]) -> Form | None:
    """The one of the fuller forms that the others leave no doubt about; one that is hardly ever said is none."""
    best = max(fuller, key=lambda other: (counts[other], len(other.words), other.words, other.title), default=None)
    if best is None or counts[best] < _LEAST_SHARE * counts[form]:
        return None
    rest = sum(counts[other] for other in fuller if other != best and not _agree(other, best))
    return best if counts[best] >= _DOMINANT * rest else None


def _both_sexes(form: Form, fuller: Form, counts: Counter[Form]) -> bool:
    """Whether a Mr. and a Mrs. might be of the fuller form, which doesn't tell: it is neither's."""
    if not form.sex or fuller.sex:
        return False
    others = {other.sex for other in counts if other.words == form.words and other.title != "miss"}
    return len(others - {""}) > 1


def _agree(one: Form, other: Form) -> bool:
    """Whether two full forms may be one person's."""
    clash = one.sex and other.sex and one.sex != other.sex
    return not clash and (one.words == other.words or _within(one, other) or _within(other, one))


def _may_be(form: Form, fuller: Form) -> bool:
    """Whether the fuller form may be of who is called `form`."""
    if (form.sex and fuller.sex and form.sex != fuller.sex) or "saint" in {form.title, fuller.title}:
        return False
    if form.words == fuller.words:
        return bool(fuller.title) and not form.title
    return _within(form, fuller) or _is_nickname(form, fuller)


def _within(form: Form, fuller: Form) -> bool:
    """Whether the words begin or end the fuller ones, as people are called: Mr. and a surname, Sir and a forename."""
    size = len(form.words)
    if size >= len(fuller.words):
        return False
    begins, ends = fuller.words[:size] == form.words, fuller.words[-size:] == form.words
    if "of" in fuller.words and not begins:
        return False
    return begins or ends


def _is_nickname(form: Form, fuller: Form) -> bool:
    short, long = form.words[0], fuller.words[0]
    same = form.words[1:] == fuller.words[1:] or not form.words[1:]
    return (
        same
        and len(short) >= _NICKNAME
        and len(long) >= len(short) + _CUT
        and long.startswith(short)
        and not _DERIVED.search(long)
    )


def best_name(text: str, group: Sequence[Name]) -> tuple[str, tuple[str, ...]]:
    """The fullest name of the group, and the others, the commonest first. Mr. is left where a forename says more."""
    forms = Counter(" ".join(name.span.cut(text).split()) for name in group)
    words = {" ".join(name.span.cut(text).split()): name for name in group}

    def fullness(form: str) -> tuple[int, int, int, str]:
        name = words[form]
        size = len(name.words)
        soft = name.title in SOFT_TITLES
        title = bool(name.title) and (size == 1 or not soft) and name.title in TITLES | CROWNS
        often = forms[form] >= 2 or len(group) < _DOMINANT * 2  # noqa: PLR2004 - said once may be a slip
        return (size if often else 0, int(title) - int(soft and size > 1), forms[form], form)

    best = max(forms, key=fullness)
    return best, tuple(form for form, _ in forms.most_common() if form != best)
