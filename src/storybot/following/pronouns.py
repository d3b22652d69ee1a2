"""Pronouns of a question: whether something in it is meant, and what else they stand for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storybot.following import lexicon
from storybot.following.mentions import Mention, Pronoun, Word, mentions, words_of
from storybot.following.salience import Scene

Case = Literal["subject", "object", "possessive"]

_FORMS: dict[str, tuple[Pronoun, Case]] = {
    "he": ("he", "subject"),
    "him": ("he", "object"),
    "his": ("he", "possessive"),
    "she": ("she", "subject"),
    "her": ("she", "object"),
    "hers": ("she", "possessive"),
    "they": ("they", "subject"),
    "them": ("they", "object"),
    "their": ("they", "possessive"),
    "theirs": ("they", "possessive"),
    "it": ("it", "subject"),
    "its": ("it", "possessive"),
}
_EMPTY_IT = re.compile(
    r"""
    \bit\ (?:\w+\ )?(?:rain|snow|thunder|storm|hail)\w*\b
    | \b(?:is|was|will|would|does|did|do|has|had|be)(?:n't)?\ it\ (?:be\ |been\ )?(?:not\ )?(?:so\ |too\ |very\ )?
      (?:raining|snowing|dark|cold|hot|warm|late|early|true|likely|possible|impossible|necessary|important|hard
      |difficult|easy|dangerous|safe|good|bad|better|best|wrong|right|time|struck|strike|take|seem|appear|mean|matter|happen|said
      |known|strange|called|day|night|winter|summer)\b
    | \b(?:far|long|time|day|year|late)\ (?:is|was|did|does|will|had)\ it\b
    | \bit\ (?:is|was|would\ be|will\ be|were)\ (?:not\ |so\ |too\ |very\ )?\w+\ (?:to|that|for|when|if)\b
    | \b(?:find|finds|found|think|thought|make|makes|made|consider)\ it\ (?:so\ |too\ |very\ )?\w+\ (?:to|that)\b
    | \bit\ struck\b
    | \bit\ (?:takes?|took|seems?|seemed|turns?\ out|turned\ out|is\ said|was\ said)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FOR = re.compile(r"\bit for\b\W*$", re.IGNORECASE)
_AROUND = frozenset("behind around near under over beside above below before after".split())
_CARRYING = frozenset("carry carried take took taken bring brought have had keep kept".split())
_BEFORE_ITS_NAME = lexicon.CONJUNCTIONS | lexicon.PREPOSITIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Anaphor:
    """A pronoun that stands for something outside of its question, `question[start:end]`."""

    pronoun: Pronoun
    case: Case
    start: int
    end: int


def anaphors(question: str, scene: Scene) -> list[Anaphor]:
    """The first pronoun of each kind for which nothing in the question itself can be meant."""
    words, named = words_of(question), mentions(question)
    found: dict[Pronoun, Anaphor] = {}
    inside: set[Pronoun] = set()
    for at, word in enumerate(words):
        if word.lower not in _FORMS:
            continue
        pronoun, case = _FORMS[word.lower]
        if word.lower == "her" and _owns(question, words, at):
            case = "possessive"
        if pronoun in found or pronoun in inside or (pronoun == "it" and _EMPTY_IT.search(question)):
            continue
        if _inside(words, at, case, named, [each for each in named if pronoun in scene.pronouns(each)]):
            inside.add(pronoun)
        else:
            found[pronoun] = Anaphor(pronoun=pronoun, case=case, start=word.start, end=word.end)
    return sorted(found.values(), key=lambda each: each.start)


def resolve(question: str, scene: Scene) -> str:
    """The question with the names that its pronouns stand for."""
    taken = {mention.key for mention in mentions(question) if not mention.owner}
    pieces, last = [], 0
    for anaphor in anaphors(question, scene):
        meant = (_FOR.search(question) and scene.event()) or scene.best(anaphor.pronoun, taken)
        if meant is None:
            continue
        taken.add(meant.key)
        pieces += [question[last : anaphor.start], called(meant, anaphor.case, first=anaphor.start == 0)]
        last = anaphor.end
    return "".join([*pieces, question[last:]])


def called(mention: Mention, case: Case = "object", *, first: bool = False) -> str:
    """The phrase as it stands in a question: what was a long red dress is the dress now."""
    described = re.match(r"an? ", mention.text) and not mention.name
    text = (
        f"the {mention.head}" if described else re.sub(r"^(?:some|many|this|that|these|those) ", "the ", mention.text)
    )
    text = re.sub(r"^(?=(?:two|three|four|five|six|seven|several)\b)", "the ", text)
    if case == "possessive":
        text += "'" if text.endswith("s") and "they" in mention.pronouns else "'s"
    return text[0].upper() + text[1:] if first else text


def _owns(question: str, words: Sequence[Word], at: int) -> bool:
    """Whether "her" has its noun after it."""
    if at + 1 == len(words) or not question[words[at].end : words[at + 1].start].isspace():
        return False
    following = words[at + 1].lower
    return following not in lexicon.FUNCTION_WORDS - {"own"} and not following.endswith("ly")


def _inside(words: Sequence[Word], at: int, case: Case, named: Sequence[Mention], fitting: Sequence[Mention]) -> bool:
    """Whether one of the question's own phrases can be meant by its word."""
    word = words[at]
    if any(m.end <= word.start and (case != "object" or _apart(words, named, m, word)) for m in fitting):
        return True
    # "When he saw the hen, what did the fox do?": the pronoun comes before its name.
    return (
        words[0].lower in _BEFORE_ITS_NAME - lexicon.INTERROGATIVES - {"and", "but", "so"} | {"when"}
        and any(m.start >= word.end and not m.owner for m in fitting)
        and _clauses(words)
    )


def _clauses(words: Sequence[Word]) -> bool:
    """Whether a question follows the clause that it begins with."""
    return any(word.lower in lexicon.INTERROGATIVES for word in words[1:])


def _apart(words: Sequence[Word], named: Sequence[Mention], mention: Mention, word: Word) -> bool:
    """Whether the object may be the one mentioned: in one clause subject and object are different people."""
    between = [each for each in words if mention.end <= each.start < word.start]
    lower = [each.lower for each in between]
    if mention.owner or any(each in lexicon.CONJUNCTIONS for each in lower):
        return True
    if lower and (lower[-1] in _AROUND or (lower[-1] == "with" and _CARRYING & set(lower))):
        return True  # he carries it with him
    # The king told the boy to give him the ring: another one gives.
    infinitives = [each.start for each in between[:-1] if each.lower == "to"]
    return any(mention.end < other.start and other.end <= at for other in named for at in infinitives)
