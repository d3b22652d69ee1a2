"""Whether the story bears out what a language model says."""

import re
from collections.abc import Iterator, Sequence

from storybot.model import Claim, Pointer, Reading, Span
from storybot.scripts import main_script
from storybot.supporting.sentences import (
    Sentence,
    analyse,
    denies,
    genders_clash,
    joins_names,
    mixes_pairs,
    reversed_roles,
)
from storybot.words import tokens

_SURE_ENOUGH = 0.5
"""Share of the first reading's confidence that another must have to be evidence."""

_CARRIES = 0.5
"""Share of an answer's words that a sentence must hold to carry it."""

_PREFACE = re.compile(r"^\W*(?:according to|in) the (?:story|text|passage),?\s*", re.IGNORECASE)
_WHO = re.compile(
    r"^\W*(?:who|what|which \w+)\s+(?!(?:did|does|do|was|were|is|are|had|has|have|will|would|can|could|should)\b)",
    re.IGNORECASE,
)
_WHOM = re.compile(r"^\W*(?:who|whom|what|which \w+)\s+(?:did|does|do|will|would|can|could|should)\s+", re.IGNORECASE)


class Support:
    """Looks at the claims of one answer: finds for each the sentences that bear it out."""

    def __init__(self, question: str, readings: Sequence[Reading]) -> None:
        """readings: what the reader found for the question, the most likely first; not empty."""
        self._question = analyse(question)
        least = _SURE_ENOUGH * readings[0].confidence
        self._sure = [reading for reading in readings if reading.confidence >= least]
        self._stated = [analyse(stated) for reading in self._sure for stated in _statements(question, reading)]

    def of(self, claim: Claim) -> tuple[Pointer, ...]:
        """The first sentence that bears the claim out, of those that it points at if one does; none where none does.

        Of a claim in another script than Latin, only a sentence that it repeats word for word does.
        """
        words = _PREFACE.sub("", claim.text)
        said = analyse(words)
        literal = main_script(words) != "latin"
        borne = (
            pointer
            for pointer in self._evidence(claim.pointers)
            if (_quotes(words, pointer) if literal else self._bears(pointer, said))
        )
        first = next(borne, None)
        return (first,) if first else ()

    def _evidence(self, pointers: Sequence[Pointer]) -> Iterator[Pointer]:
        """Sentences that may bear a claim out: those it points at, then those of the readings."""
        yield from pointers
        yield from (Pointer(passage=reading.passage, sentence=reading.sentence) for reading in self._sure)

    def _bears(self, pointer: Pointer, said: Sentence) -> bool:
        """Whether the sentence says what is said, and that is what a reader found in it."""
        own = analyse(pointer.passage.quote(pointer.sentence))
        for reading in self._sure:
            if _overlaps(pointer, reading) and self._carries(said, reading):
                # Sentences aren't read together but where the best answer reaches over their ends.
                whole = reading is not self._sure[0] or reading.answer.within(pointer.sentence)
                sources = (own,) if whole else (own, analyse(reading.passage.quote(reading.answer)))
                if any(self._holds(source, said) and self._agrees(source, said) for source in sources):
                    return True
        return False

    def _carries(self, said: Sentence, reading: Reading) -> bool:
        """Whether it holds the words that the reader found, as far as the question doesn't have them already."""
        answer = analyse(reading.passage.quote(reading.answer)).forms
        asked = answer - self._question.forms or answer
        return bool(asked) and len(asked & said.forms) >= _CARRIES * len(asked)

    def _is_answer(self, said: Sentence) -> bool:
        """Whether it holds nothing but what the reader found."""
        return any(said.forms <= analyse(reading.passage.quote(reading.answer)).forms for reading in self._sure)

    def _holds(self, source: Sentence, said: Sentence) -> bool:
        """Whether each word is the source's, or the question's and stands as it stands there."""
        beyond = [word for word in said.words if word.form not in source.forms]
        if source.pronouns and all(word.name for word in beyond):
            return all(self._named_as_asked(said, word.form) for word in beyond)
        return all(self._stands_as_asked(said, word.form) for word in beyond)

    def _named_as_asked(self, said: Sentence, form: str) -> bool:
        """Whether the question names it, so that it may stand for a pronoun, and by no other first name."""
        pairs = {(first, second) for first, second in said.pairs() if second == form}
        asked = self._question.of(form)
        # Where a question has no capitals at all, its writer left them out.
        named = any(word.name for word in asked) or not any(word.name for word in self._question.words)
        return bool(asked) and named and pairs <= set(self._question.pairs())

    def _stands_as_asked(self, said: Sentence, form: str) -> bool:
        """Whether a word of the question stands beside one that it stands beside there."""
        there = self._question.beside(form).union(*(stated.beside(form) for stated in self._stated))
        return form in self._question.forms and (not there or bool(there & said.beside(form)))

    def _agrees(self, source: Sentence, said: Sentence) -> bool:
        """Whether nothing is turned round in it: yes and no, may be and is, who and whom, which of which."""
        sources = (source, self._question)
        return (
            all(self._is_as_sure(source, said, form) for form in said.forms)
            and not denies(said, *sources)
            and not genders_clash(said, *sources)
            and not mixes_pairs(said, source)
            and not joins_names(said, *sources)
            and not reversed_roles(said, source)
            and not any(reversed_roles(said, stated) for stated in self._stated)
        )

    def _is_as_sure(self, source: Sentence, said: Sentence, form: str) -> bool:
        """Whether a word is denied, wished or possible in what is said just as in what it is taken from."""
        own, there, asked = said.of(form), source.of(form), self._question.of(form)
        if self._is_answer(said) and not any(word.negated for word in own):
            return True
        if not {word.negated for word in own} <= {word.negated for word in (*there, *asked)}:
            return False
        if asked or not there or any(word.modal or word.governor for word in own):
            return True
        governed = all(word.governor and word.governor not in said.forms for word in there)
        return not governed and not all(word.modal for word in there)


def _quotes(words: str, pointer: Pointer) -> bool:
    """Whether the words are those of the whole sentence: the other rules know English alone, and no other "not"."""
    said = tokens(words)
    return bool(said) and said == tokens(pointer.passage.quote(pointer.sentence))


def _overlaps(pointer: Pointer, reading: Reading) -> bool:
    """Whether the answer, or the sentence that was read for it, stands in the sentence pointed at."""
    same = pointer.passage.document_id == reading.passage.document_id
    return same and any(_meet(pointer.sentence, span) for span in (reading.sentence, reading.answer))


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _statements(question: str, reading: Reading) -> Iterator[str]:
    """The question as a statement, with the answer in the place that it asks for; none where that isn't plain."""
    answer = reading.passage.quote(reading.answer)
    if _WHO.match(question):
        yield f"{answer} {_WHO.sub('', question)}"
    elif _WHOM.match(question):
        asked = _WHOM.sub("", question).rstrip("?! .")
        subject, does, rest = asked.partition(" do")
        yield f"{subject} {answer} {rest}" if does and not rest[:1].isalpha() else f"{asked} {answer}"
