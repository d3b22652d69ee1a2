"""Questions that a clause answers."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from storybot.generators.clauses import Clause
from storybot.generators.grammar import Word
from storybot.generators.lexicon import (
    ADJOINING,
    EMPTY_ANSWERS,
    GOING,
    INTENDING,
    NAMED_PLACE_PREPOSITIONS,
    NEVER_ASKED,
    OURS,
    PEOPLE,
    PERSONAL_ENDINGS,
    PLACE_PREPOSITIONS,
    PLACES,
    PLACING,
    PUTTING,
    SPELLS,
    STAYING,
    STRANDED,
    TIME_PREPOSITIONS,
    TIMES,
    WEAK,
)
from storybot.generators.phrases import Phrase, phrase, wording

_FEWEST, _MOST = 4, 16
_SAYING = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})
_DID = {"VBD": "did", "VBZ": "does", "VBP": "do"}
_NO_LEMMA = re.compile(r"(?:[lr]d|nd|[^s]t|ss|sh|ck|ll|mp|pt|w)e$")
"""What no verb ends in, but many a guess at one that the parser doesn't know: refolde."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A question, and the words that answer it."""

    question: str
    answer: tuple[Word, ...]


class Asker:
    """Words questions."""

    def __init__(self, people: frozenset[str]) -> None:
        """people: words of the names of persons, in small letters."""
        self._people = people

    def questions(self, clause: Clause) -> Iterator[Worded]:
        """All that can be asked of the clause, the kinds that tell more first."""
        kinds: tuple[Callable[[Clause], Iterator[Worded]], ...] = (
            _why, _how, self._who_is, _intention, _how_many, _when, self._where,
            self._object, self._subject, self._after_preposition,
        )  # fmt: skip
        return filter(_is_fit, chain.from_iterable(kind(clause) for kind in kinds))

    def _who_is(self, clause: Clause) -> Iterator[Worded]:
        """Who a person is, or what a thing, that is told to be something: Mary was a girl of ten."""
        subject = clause.subject
        if subject.head.pos_ != "PROPN" or clause.auxiliaries or any(word.dep_ == "conj" for word in subject.words):
            return
        told = [each.whole for each in clause.parts if each.role == "attr" and clause.verb.lemma_ == "be"]
        told += [tuple(child.subtree) for child in subject.head.children if child.dep_ == "appos"]
        for answer in told:
            if _tells_who({word.lower_ for word in answer}):
                yield Worded(question=f"{self._who(subject.head)} is {wording(subject.words)}?", answer=answer)

    def _where(self, clause: Clause) -> Iterator[Worded]:
        """Where it was, by the first place that is told: a second one only tells more of that."""
        found = next((each for each in clause.parts if _is_somewhere(each)), None)
        if found and self._is_place(found) and _takes_place(clause):
            left_out = ADJOINING if clause.verb.lemma_ in GOING else frozenset()
            parts = [each for each in _before(clause, found) if each.head.lower_ not in left_out]
            yield from _inverted("Where", clause, parts, found)

    def _is_place(self, found: Phrase) -> bool:
        noun = found.noun
        if noun is None or not _is_somewhere(found) or self._is_person(noun):
            return False
        named = noun.pos_ == "PROPN" and found.head.lower_ in NAMED_PLACE_PREPOSITIONS
        return named or noun.lemma_.casefold() in PLACES

    def _subject(self, clause: Clause) -> Iterator[Worded]:
        answer, finite = clause.subject, clause.finite
        asked = self._who(answer.head)
        if answer.owned or not self._is_worth(answer) or (clause.verb.lemma_ in NEVER_ASKED and not _defines(clause)):
            return
        if finite.tag_ == "VBP" or (asked == "What" and finite.lower_ == "were"):
            return
        parts = _needed(clause, clause.parts)
        owners = [word for each in parts or () for word in each.words if word.tag_ == "PRP$"]
        if not parts or not all(_is_owner(word, asked) for word in owners):
            return
        if clause.occasion and not any(each.names for each in parts):
            parts.append(clause.occasion)
        if _weight(parts) > (clause.verb.lemma_ in WEAK | GOING | STAYING):
            verbs = " ".join(word.text for word in (*clause.auxiliaries, clause.verb))
            yield Worded(question=f"{asked} {verbs} {_said(parts)}?", answer=answer.whole)

    def _object(self, clause: Clause) -> Iterator[Worded]:
        for found in clause.parts:
            if found.role == "dobj" and clause.verb.lemma_ not in NEVER_ASKED and self._is_worth(found):
                asked = "Whom" if self._is_person(found.head) else "What"
                yield from _inverted(asked, clause, _without(clause, found), found)

    def _after_preposition(self, clause: Clause) -> Iterator[Worded]:
        """What or who it was with, of, about, by the first preposition."""
        found = next((each for each in clause.parts if each.role in {"prep", "agent"}), None)
        noun = found.noun if found else None
        if found is None or noun is None or found.head.lower_ not in STRANDED or clause.verb.lemma_ in NEVER_ASKED:
            return
        place = noun.lemma_.casefold() in PLACES or (self._is_place(found) and _takes_place(clause))
        other = place or noun.lower_ in TIMES or (found.head.lower_ == "with" and _is_bare(noun))
        if self._is_worth(found) and not other:
            yield from _inverted(self._who(noun), clause, _before(clause, found), found, end=found.head.lower_)

    def _is_worth(self, answer: Phrase) -> bool:
        """Whether somebody who hasn't read the sentence learns something by the answer."""
        noun = answer.noun
        if noun is None or answer.leans or answer.vague or noun.lower_ in EMPTY_ANSWERS:
            return False
        return not (answer.owned and self._is_person(noun))

    def _who(self, noun: Word) -> str:
        return "Who" if self._is_person(noun) else "What"

    def _is_person(self, noun: Word) -> bool:
        if any(self._is_person(child) for child in noun.children if child.dep_ == "conj"):
            return True
        names = {noun.lower_, *(child.lower_ for child in noun.children if child.dep_ == "compound")}
        common = noun.pos_ == "NOUN" and (noun.lemma_ in PEOPLE or noun.lower_.endswith(PERSONAL_ENDINGS))
        return common or not names.isdisjoint(self._people)


def _why(clause: Clause) -> Iterator[Worded]:
    for reason in clause.added:
        purpose = reason.head.tag_ == "VB" and reason.opening == "to" and clause.verb.lemma_ not in WEAK | {"be"}
        if reason.opening == "because" or purpose:
            yield from _inverted("Why", clause, clause.parts, reason)


def _how(clause: Clause) -> Iterator[Worded]:
    for found in clause.parts:
        if found.head.lower_ == "by" and any(child.dep_ == "pcomp" for child in found.head.children):
            yield from _inverted("How", clause, _without(clause, found), found)


def _intention(clause: Clause) -> Iterator[Worded]:
    for found in clause.parts:
        if found.role == "xcomp" and found.opening == "to" and clause.verb.lemma_ in INTENDING:
            yield from _inverted("What", clause, _before(clause, found), found, end="to do")


def _how_many(clause: Clause) -> Iterator[Worded]:
    for found in clause.parts:
        number, *others = found.words
        if found.role == "dobj" and found.head.tag_ == "NNS" and number.dep_ == "nummod" and not found.leans:
            counted = wording([word for word in others if word.i <= found.head.i])
            yield from _inverted(f"How many {counted}", clause, _without(clause, found), phrase(number))


def _when(clause: Clause) -> Iterator[Worded]:
    timed = [each for each in clause.parts if any(word.lower_ in TIMES or _is_year(word) for word in each.whole)]
    if len(timed) == 1 and timed[0].opening in TIME_PREPOSITIONS:
        yield from _inverted("When", clause, _without(clause, timed[0]), timed[0])


def _inverted(asked: str, clause: Clause, parts: Sequence[Phrase], answer: Phrase, end: str = "") -> Iterator[Worded]:
    """A question with the finite verb before the subject."""
    verbs = _verbs(clause)
    kept = _needed(clause, parts)
    if kept is None or verbs is None or not _can_be_asked_about(clause.subject):
        return
    if _weight(kept) >= (clause.verb.lemma_ in WEAK):
        pieces = (asked, verbs[0], wording(clause.subject.words), verbs[1], _said(kept), end)
        yield Worded(question=" ".join(filter(None, pieces)) + "?", answer=answer.whole)


def _verbs(clause: Clause) -> tuple[str, str] | None:
    """What of the verb goes before the subject in a question, and what after it."""
    if clause.auxiliaries:
        first, *others = clause.auxiliaries
        return first.lower_, " ".join(word.text for word in (*others, clause.verb))
    if clause.verb.lemma_ == "be":
        return clause.verb.lower_, ""
    known = not _NO_LEMMA.search(clause.verb.lemma_)
    return (_DID[clause.verb.tag_], clause.verb.lemma_) if known else None


def _can_be_asked_about(subject: Phrase) -> bool:
    """Whether one knows who or what it is without having read the text."""
    noun = subject.noun
    if noun is None or noun.lemma_ in SPELLS or subject.leans or subject.owned:
        return False
    return all(word.text != "," for word in subject.words)


def _is_owner(possessive: Word, asked: str) -> bool:
    """Whether "his" can be meant of whom the question asks for."""
    return asked == "Who" and possessive.lower_ in {"his", "her"}


def _needed(clause: Clause, parts: Sequence[Phrase]) -> list[Phrase] | None:
    """The parts that a question may have; None where one that leans can't be left out."""
    for place, each in enumerate(parts):
        if each.leans and (place == 0 or each.role != "prep" or clause.verb.lemma_ in PUTTING):
            return None
    return [each for each in parts if not each.leans]


def _without(clause: Clause, left_out: Phrase) -> list[Phrase]:
    return [each for each in clause.parts if each is not left_out]


def _before(clause: Clause, left_out: Phrase) -> list[Phrase]:
    return [each for each in clause.parts if each.head.i < left_out.head.i]


def _weight(parts: Sequence[Phrase]) -> int:
    """How many words say something; a name counts once."""
    words = (word for each in parts for word in each.words)
    return sum(word.pos_ in _SAYING and word.dep_ != "compound" for word in words)


def _is_somewhere(found: Phrase) -> bool:
    """Whether it may be said of a place, and not of a time."""
    noun = found.noun
    placed = found.role in {"prep", "dative"} and found.head.lower_ in PLACE_PREPOSITIONS
    return placed and noun is not None and noun.lower_ not in TIMES | SPELLS


def _takes_place(clause: Clause) -> bool:
    """Whether the verb asks for a place."""
    placed = clause.subject.role == "nsubjpass" or any(each.role == "dobj" for each in clause.parts)
    return clause.verb.lemma_ in GOING | STAYING or (placed and clause.verb.lemma_ in PLACING)


def _defines(clause: Clause) -> bool:
    """Whether it says who somebody is in words that are true of nobody else."""
    told = (each for each in clause.parts if each.role == "attr" and clause.verb.lemma_ == "be")
    return any(each.opening == "the" and len(each.words) > len("the King of".split()) for each in told)


def _tells_who(words: set[str]) -> bool:
    """Whether it is of the kind "a girl of ten" or "leader of the group"."""
    enough = len(words) > len("the girl".split())
    return enough and not words.isdisjoint({"a", "an", "the", "of"}) and words.isdisjoint(EMPTY_ANSWERS)


def _is_bare(noun: Word) -> bool:
    """Whether it rather says how something was done: with animation."""
    return noun.tag_ == "NN" and not any(child.dep_ in {"det", "poss", "nummod"} for child in noun.children)


def _is_year(word: Word) -> bool:
    return len(word.text) == len("1889") and word.text.isdigit()


def _is_fit(worded: Worded) -> bool:
    """Whether the question says enough, and nothing of its own answer."""
    words = worded.question.rstrip("?").split()
    fewest = _FEWEST if words[1] != "is" else _FEWEST - 1
    asked = {word.casefold().strip(",'") for word in words}
    answer = {word.lower_ for word in worded.answer if word.pos_ in _SAYING}
    idle = asked & (OURS | {"way"})
    return fewest <= len(words) <= _MOST and bool(answer) and not answer & asked and not idle


def _said(parts: Sequence[Phrase]) -> str:
    return " ".join(wording(each.words) for each in parts)
