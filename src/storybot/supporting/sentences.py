"""A sentence as it is compared with another: its words with what they do in it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from storybot.supporting.forms import NUMBERS, form

_NEGATIONS = frozenset("not no never nobody nothing none neither nor nowhere without hardly scarcely seldom".split())
_CLAUSE_OPENERS = frozenset("but because although though while when whereas if unless until after before since".split())
"""Words that begin another clause, to which a negation doesn't reach."""

_MODALS = frozenset("would could should might may must will shall can".split())
_BE = frozenset("was were is are been be being".split())
_PRONOUNS = frozenset(
    "he she it they him her them his hers its their i you we me us my your our who which that".split()
)
_FEMALE = frozenset("she her hers herself".split())
_MALE = frozenset("he him his himself".split())
_TELLING = frozenset(
    "before after above below under over up down off out against more most few all both only other each until".split()
)
"""Function words whose exchange turns a sentence into another one."""

_PIECE = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?|[,;:.!?()\u2013\u2014\"\u201c\u201d]|--")
_NOT = re.compile(r"n['\u2019]t\b")
_PASSIVE_REACH = 3
_GOVERNED_REACH = 2
_PAIR_REACH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word that says something. `at` counts words, `clause` the clauses that marks and openers begin.

    agent: who does it, where a passive has "by". governor: what "to" before it hangs on, as in "wanted to eat".
    """

    form: str
    at: int
    clause: int
    name: bool
    negated: bool
    modal: bool
    agent: str = ""
    governor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The words that say something, in order, the function words beside them, and how often it says no."""

    words: tuple[Word, ...]
    functions: frozenset[str]
    negations: int

    @property
    def forms(self) -> frozenset[str]:
        """The forms of all words."""
        return frozenset(word.form for word in self.words)

    @property
    def pronouns(self) -> bool:
        """Whether something in it is named by a pronoun alone."""
        return bool(self.functions & _PRONOUNS)

    def of(self, wanted: str) -> list[Word]:
        """All words of this form."""
        return [word for word in self.words if word.form == wanted]

    def beside(self, wanted: str) -> frozenset[str]:
        """The forms right before and after it."""
        forms = [word.form for word in self.words]
        places = [place for place, form in enumerate(forms) if form == wanted]
        return frozenset(
            form for place in places for form in (*forms[max(0, place - 1) : place], *forms[place + 1 : place + 2])
        )

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Words that stand side by side."""
        for first, second in zip(self.words, self.words[1:], strict=False):
            if second.at == first.at + 1 and second.clause == first.clause:
                yield first.form, second.form


@lru_cache(maxsize=512)
def analyse(text: str) -> Sentence:
    """What a text says, word by word."""
    plain = _NOT.sub(" not", text.replace("cannot", "can not").replace("can't", "can not").replace("won't", "will not"))
    pieces = _PIECE.findall(plain)
    words: list[Word] = []
    functions: set[str] = set()
    lower = [_folded(piece) for piece in pieces]
    clause, negated, at = 0, False, 0
    for place, piece in enumerate(lower):
        if not piece[:1].isalnum() or piece in _CLAUSE_OPENERS:
            clause, negated = clause + 1, False
        if not piece[:1].isalnum():
            continue
        at += 1
        negated = negated or piece in _NEGATIONS
        made = piece if piece in _TELLING else form(piece)
        if piece in _NEGATIONS or not made:
            functions.add(piece)
            continue
        words.append(
            Word(
                form=made,
                at=at,
                clause=clause,
                name=pieces[place][0].isupper(),
                negated=negated,
                modal=bool(_MODALS & set(lower[max(0, place - _GOVERNED_REACH) : place])),
                agent=_agent(lower, place),
                governor=_governor(lower, place) if pieces[place][0].islower() else "",
            )
        )
    negations = sum(piece in _NEGATIONS for piece in lower)
    return Sentence(words=tuple(words), functions=frozenset(functions), negations=negations)


def _agent(lower: list[str], place: int) -> str:
    """The first word that says something after "by", if what stands at the place is in the passive."""
    after = lower[place + 1 : place + 1 + _PASSIVE_REACH]
    if not _BE & set(lower[max(0, place - _PASSIVE_REACH) : place]) or "by" not in after:
        return ""
    return next(filter(None, map(form, lower[place + 2 + after.index("by") :])), "")


def _governor(lower: list[str], place: int) -> str:
    """What stands before "to", if that stands before the place."""
    return form(lower[place - 2]) if place > 1 and lower[place - 1] == "to" else ""


def _folded(piece: str) -> str:
    letters = unicodedata.normalize("NFKD", piece).casefold()
    return re.split(r"['\u2019]", "".join(each for each in letters if not unicodedata.combining(each)))[0]


def genders_clash(said: Sentence, *sources: Sentence) -> bool:
    """Whether a pronoun makes a woman of a man, or a man of a woman."""
    functions = frozenset[str]().union(*(source.functions for source in sources))
    return any(
        said.functions & own and not functions & own and functions & other
        for own, other in ((_FEMALE, _MALE), (_MALE, _FEMALE))
    )


def denies(said: Sentence, *sources: Sentence) -> bool:
    """Whether it says no more often than any of the sources does, wherever in it that stands."""
    return said.negations > max(source.negations for source in sources)


def reversed_roles(said: Sentence, source: Sentence) -> bool:
    """Whether what stands on both sides of a word stands there the other way round; a passive turns it once more."""
    return any(_turned(said, source, pivot) for pivot in said.words if len(source.of(pivot.form)) == 1)


def _turned(said: Sentence, source: Sentence, pivot: Word) -> bool:
    (there,) = source.of(pivot.form)
    left = {word.form for word in said.words if word.clause == pivot.clause and word.at < pivot.at}
    right = {word.form for word in said.words if word.clause == pivot.clause and word.at > pivot.at}
    before = {word.form for word in source.words if word.at < there.at}
    after = {word.form for word in source.words if word.at > there.at}
    if pivot.agent and not there.agent:
        return pivot.agent in after - before and bool(left & before - after)
    if there.agent and not pivot.agent:
        return there.agent in right - left
    crossed = left & after - before and right & before - after
    return bool(crossed) and not left & before - after


def mixes_pairs(said: Sentence, source: Sentence) -> bool:
    """Whether it says "blue hat" where the source has a blue coat and a red hat, or "two sons" for "three sons"."""
    pairs = set(source.pairs())
    firsts, seconds = {first for first, _ in pairs}, {second for _, second in pairs}
    for first, second in said.pairs():
        ends = source.of(second)
        near = any(0 < end.at - start.at <= _PAIR_REACH for start in source.of(first) for end in ends)
        if not near and first in firsts and second in seconds and ends:
            return True
        if not near and first in NUMBERS and first in source.forms and ends:
            return True
    return False


def joins_names(said: Sentence, *sources: Sentence) -> bool:
    """Whether it makes a name of words that stand together in no source: the West Wind, where the North Wind blew."""
    known = {pair for source in sources for pair in source.pairs()}
    named = {word.at for word in said.words if word.name}
    return any(
        (first.form, second.form) not in known
        for first, second in zip(said.words, said.words[1:], strict=False)
        if second.at == first.at + 1 and {first.at, second.at} <= named and first.clause == second.clause
    )
