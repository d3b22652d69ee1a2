"""Clauses of a parsed sentence that tell something by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from storybot.generators.grammar import Parsed, Word
from storybot.generators.lexicon import ADJOINING, NEVER, OCCASIONS
from storybot.generators.phrases import Phrase, phrase

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
"""Forms of verbs that say that something is or was so; what somebody could or would do perhaps never was."""

_PARTS = frozenset({"prt", "dative", "dobj", "prep", "agent", "xcomp", "acomp", "attr", "oprd"})
_BREAKING = frozenset({"neg", "ccomp", "csubj", "csubjpass", "expl", "parataxis", "preconj", "predet", "dep"})
"""What a clause can't do without, and a question can't do with."""

_QUOTES = frozenset('"\u201c\u201d\u2018\u00ab\u00bb_[]()*')
_ENDS = frozenset({".", ";"})
_SHORT = 8
"""Words of an occasion that a question has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A verb with its subject.

    `parts` follow the verb, in order; what a comma parts from it is left out. `added`: clauses that hang on it, and
    "because of" something; `occasion`: one of those clauses that tells when, short.
    """

    subject: Phrase
    auxiliaries: tuple[Word, ...]
    verb: Word
    parts: tuple[Phrase, ...]
    added: tuple[Phrase, ...]
    occasion: Phrase | None

    @property
    def finite(self) -> Word:
        """The word that has the tense."""
        return (*self.auxiliaries, self.verb)[0]


def clauses(sentence: Parsed) -> Iterator[Clause]:
    """The main clauses of a sentence that states something, without quotations."""
    roots = [word for word in sentence if word.dep_ == "ROOT"]
    quoting = any(word.text[0] in _QUOTES for word in sentence)
    if len(roots) != 1 or quoting or sentence[len(sentence) - 1].text not in _ENDS:
        return
    subject = None
    for verb in (roots[0], *roots[0].conjuncts):
        subject = _subject(verb) or subject
        if subject is not None and verb.pos_ in {"VERB", "AUX"}:
            yield from _clause(verb, subject)


def _clause(verb: Word, subject: Word) -> Iterator[Clause]:
    """The clause, if it is fit for questions."""
    children = [child for child in verb.children if not child.is_space]
    auxiliaries = tuple(child for child in children if child.dep_ in {"aux", "auxpass"})
    after = [child for child in children if child.i > verb.i]
    close = [child for child in after if child.dep_ in _PARTS or child.lower_ in ADJOINING]
    clause = Clause(
        subject=phrase(subject),
        auxiliaries=auxiliaries,
        verb=verb,
        parts=tuple(phrase(child) for child in close if not _is_parted(verb, child)),
        added=tuple(phrase(child) for child in after if _is_added(child)),
        occasion=_occasion(children),
    )
    if _is_statement(clause) and not any(map(_breaks, children)):
        yield clause


def _is_statement(clause: Clause) -> bool:
    finite = clause.finite
    told = finite.tag_ in _FINITE and not finite.text.startswith(("'", "\u2019"))
    return told and not _is_misread(clause.subject, finite)


def _is_misread(subject: Phrase, finite: Word) -> bool:
    """Whether a parser that takes this for the subject has erred."""
    first = subject.words[0]
    behind = first.i > 0 and first.doc[first.i - 1].pos_ in {"ADP", "SCONJ"}  # before the house flowed a brook
    one = subject.head.tag_ not in {"NNS", "NNPS"} and all(word.dep_ != "conj" for word in subject.words)
    named = subject.head.pos_ == "PROPN" and first.lower_ in {"a", "an"}  # in an instant Holmes
    return behind or named or finite.i < first.i or (one and finite.tag_ == "VBP")


def _subject(verb: Word) -> Word | None:
    subjects = (child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass"})
    return next((child for child in subjects if child.i < verb.i and not child.is_punct), None)


def _breaks(child: Word) -> bool:
    """Whether a clause with this hanging on its verb says that something wasn't so, or was misread."""
    adverb = child.dep_ == "advmod"
    denies = child.lower_ in NEVER or (adverb and any(word.lower_ in NEVER for word in child.subtree))
    misread = adverb and child.text[0].isupper() and not child.is_sent_start
    mark = child.dep_ in _PARTS and child.is_punct
    return child.dep_ in _BREAKING or denies or misread or mark


def _is_parted(verb: Word, child: Word) -> bool:
    """Whether a comma of the verb's own stands between them."""
    return child.is_punct or any(mark.is_punct and verb.i < mark.i < child.i for mark in verb.children)


def _is_added(child: Word) -> bool:
    return (child.dep_ == "advcl" and not child.is_punct) or child.lower_ == "because"


def _occasion(children: list[Word]) -> Phrase | None:
    found = (phrase(child) for child in children if child.dep_ == "advcl" and not child.is_punct)
    return next((each for each in found if each.opening in OCCASIONS and _is_handy(each)), None)


def _is_handy(occasion: Phrase) -> bool:
    return not occasion.leans and len(occasion.words) <= _SHORT
