"""What a question asks for: its kind, the words it must find, and the parts of its grammar that point at the answer."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from storybot.readers.inflection import is_bent, lemma
from storybot.readers.lexicon import AUXILIARIES, DETERMINERS, GENERIC_WORDS, PREPOSITIONS, VERBS, listed
from storybot.words import STOP_WORDS, tokens

Kind = Literal[
    "who", "whose", "where", "when", "why", "count", "measure", "feel", "say", "do", "happen", "how", "name", "be",
    "object", "subject", "other",
]  # fmt: skip
"""
who, whose: a person. where, when, why: a place, a time, a reason. count: how many or much. measure: how old, tall,
long ... feel: how did X feel. say: what did X say. do, happen: what did X do, what happened. how: a manner or
state. name: what X is called. be: what X is. object: what X did something to ("What did X eat?"). subject: what did
it ("What fell?"). other: the rest.
"""

KINDS: tuple[Kind, ...] = get_args(Kind)
"""All kinds."""

GENERIC = frozenset(map(lemma, GENERIC_WORDS))
"""Words that a question may well add of its own: the text need not hold them."""

_AUXILIARIES = AUXILIARIES - {"not"}
_PREPOSITIONS = PREPOSITIONS | {"after", "before", "until"}
_SAYING = frozenset(
    map(
        lemma,
        listed("say tell reply answer ask shout cry exclaim call promise sing whisper"),
    )
)
_MEASURES = listed("old tall long far high deep big large wide heavy often fast")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_WH = ("who", "whom", "whose", "where", "when", "why", "how", "what", "which")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question taken apart. `terms` are its content lemmas in order; `names` and `focus` are among them.

    focus: lemmas of the noun asked for ("instrument" in "What instrument ...?"). verb: lemma of the main verb, "" where
    unknown. preposition: one left hanging ("... perform for?"), or "". subject: lemmas between auxiliary and verb.
    words, order: lemmas of all words, function words too.
    """

    kind: Kind
    terms: tuple[str, ...]
    names: frozenset[str]
    focus: frozenset[str]
    verb: str
    preposition: str
    subject: frozenset[str]
    words: frozenset[str]
    order: tuple[str, ...]


def ask(text: str) -> Question:
    """The question taken apart. It must hold a word."""
    words = _WORD.findall(text)
    plain = [next(iter(tokens(word)), word.casefold()) for word in words]
    start = next((i for i, word in enumerate(plain) if word in _WH), 0)
    head, tail = plain[start], plain[start + 1 :]
    focus = _focus(head, tail)
    subject, verb = _grammar(tail[len(focus) :])
    content = [lemma(word) for word in plain if word not in STOP_WORDS]
    last = plain[-1]
    return Question(
        kind=_kind(head, tail, subject=subject, verb=verb),
        terms=tuple(dict.fromkeys(content)),
        names=frozenset(lemma(plain[i]) for i, word in enumerate(words) if i and _is_name(word, plain[i])),
        focus=frozenset(lemma(word) for word in focus if word not in STOP_WORDS),
        verb=lemma(verb) if verb else "",
        preposition=last if last in _PREPOSITIONS and len(tail) > 2 else "",  # noqa: PLR2004 - "Who for?"
        subject=frozenset(lemma(word) for word in subject if word not in STOP_WORDS),
        words=frozenset(map(lemma, plain)),
        order=tuple(map(lemma, plain)),
    )


def _is_name(word: str, plain: str) -> bool:
    return (word[0].isupper() or word[0].isdigit()) and plain not in STOP_WORDS and plain not in _WH


def _focus(head: str, tail: list[str]) -> list[str]:
    """The nouns between "what", "which", "how many" and the verb."""
    if head == "how" and tail[:1] and tail[0] in {"many", "much"}:
        rest = tail[1:]
        skipped = tail[:1]
    elif head in {"what", "which", "whose"}:
        rest, skipped = tail, []
    else:
        return []
    nouns: list[str] = []
    for word in rest:
        if word in _AUXILIARIES or word in _PREPOSITIONS or len(nouns) == 2:  # noqa: PLR2004
            break
        nouns.append(word)
        if not rest[len(nouns) :] or _looks_past(rest[len(nouns)]):
            break
    else:
        return skipped
    if nouns and _looks_past(nouns[0]) and head != "how":
        return []
    return skipped + nouns


def _looks_past(word: str) -> bool:
    return (word.endswith("ed") and len(word) > 4) or is_bent(word)  # noqa: PLR2004 - "red", "bed"


def _grammar(words: list[str]) -> tuple[list[str], str]:
    """Subject and main verb of what follows the question word: "did (the old king) (say) ...", "(leads) ..."."""
    if not words:
        return [], ""
    if words[0] not in _AUXILIARIES:
        return [], words[0]
    rest = words[1:]
    if words[0] in {"did", "does", "do", "will", "would", "can", "could", "should", "may", "might", "must"}:
        for i, word in enumerate(rest):
            if i and _may_be_verb(word, rest[i - 1]):
                return rest[:i], word
        return rest[:1], rest[1] if len(rest) > 1 else ""
    for i, word in enumerate(rest):
        if i and (word.endswith(("ed", "ing")) or is_bent(word)) and word not in STOP_WORDS:
            return rest[:i], word
    return rest, ""


_DETERMINERS = DETERMINERS | {"all", "both", "no"}


def _may_be_verb(word: str, before: str) -> bool:
    """After an auxiliary the subject ends where a bare verb stands; adjectives and nouns are told by position alone."""
    if (
        word in _DETERMINERS
        or word in _PREPOSITIONS
        or word in {"and", "or"}
        or word in _AUXILIARIES - {"have", "do", "be"}
    ):
        return False
    return before not in _DETERMINERS and before not in {"of", "and", "or", "in"} and word in VERBS


def _kind(head: str, tail: list[str], *, subject: list[str], verb: str) -> Kind:  # noqa: PLR0911 - one line a kind
    first = tail[0] if tail else ""
    base = lemma(verb) if verb else ""
    if head in {"who", "whom"}:
        return "who"
    if head in {"whose", "where", "when", "why"}:
        return head  # type: ignore[return-value]
    if head == "how":
        return _kind_of_how(first, tail, base)
    if head not in {"what", "which"}:
        return "other"
    if "name" in tail[:4] or base == lemma("call"):
        return "name"
    if base == "happen" or "happen" in tail or "happened" in tail[:1]:
        return "happen"
    if first in {"did", "does", "do", "will", "would", "can", "could", "should"}:
        return _kind_of_action(base, tail, subject)
    if first in {"is", "are", "was", "were"}:
        return "do" if "doing" in tail else "object" if verb else "be"
    if any(word in {"did", "does", "do"} for word in tail[1:4]):
        return "object"
    return "subject"


def _kind_of_how(first: str, tail: list[str], base: str) -> Kind:
    if first in {"many", "much"}:
        return "count"
    if first in _MEASURES:
        return "measure"
    if base == lemma("feel") or "feel" in tail:
        return "feel"
    return "how"


def _kind_of_action(base: str, tail: list[str], subject: list[str]) -> Kind:
    if base == lemma("do") or (not base and tail[-1] == "do") or (subject and "do" in tail[1:8] and base not in tail):
        return "do"
    return "say" if base in _SAYING else "object"
