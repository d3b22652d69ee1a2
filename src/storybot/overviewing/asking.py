"""Questions worth asking: made of the sentences of the text, kept where the text is found to answer them."""

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from storybot.model import Asking, Entity, Passage, Prompt, Reading, Span
from storybot.overviewing.sourcing import Material, material
from storybot.ports import Pulse

Answered: TypeAlias = Callable[[str], Reading | None]
"""What answers a question about the document; None where nothing does."""

Generate: TypeAlias = Callable[[Sequence[str], frozenset[str], Pulse], list[tuple[Asking, ...]]]
"""Makes questions as the port `QuestionGenerator` says."""

MOST = 8
LEAST = 0.6
"""Confidence of an answer that a question is worth asking for: pages say "probably" from here on."""

_TRIES = 32
_CAST = 20
_SHORT = 20_000
"""Letters of a text in which a question needn't name anybody, and may be about the hero again and again."""

_OF_KIND, _OF_ONE, _OF_ONE_IN_SHORT = 4, 2, 4
"""Questions that begin with the same word, and that are about the same person."""

_WORTH = {"Why": 1.0, "How": 0.8, "Where": 0.6, "When": 0.6, "What": 0.5, "Who": 0.4, "Whom": 0.3}
_NAMES, _TWO, _CENTRAL, _TELLS, _OWNED, _LENGTH = 0.8, 0.3, 0.7, 0.3, 0.3, 0.1
"""What it is worth that a question names somebody, and asks who else; that its sentence is central; that it has a rare
word. What "his" costs, and a word more or less than is best.
"""

_LATER = 0.1
"""What it costs to come after others of the same sentence."""

_FITTING_WORDS = 9
_TELLING_WORDS = 3
_SEEN, _SEEN_SENTENCE = 0.25, 0.5
"""What a candidate loses by one of its kind, or of its sentence, that was tried."""

_SURE = 2.0
"""What confidence is worth against all else."""

_RARE = 3
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_LETTERS = 4
_POSSESSIVE = re.compile(r"\b(?:his|her|their|its)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A question made of a sentence, where in the text that and the answer stand, and whom it is about."""

    question: str
    sentence: Span
    answer: Span
    about: frozenset[str]
    worth: float

    @property
    def marks(self) -> tuple[str, ...]:
        """What no two questions should share too often."""
        return (self.question.split(maxsplit=1)[0], *self.about)


def prompts(  # noqa: PLR0913 - what it works on, and what it works with
    text: str,
    passages: Sequence[Passage],
    entities: Sequence[Entity],
    central: Sequence[Span],
    *,
    generate: Generate,
    answered: Answered,
    pulse: Pulse,
) -> tuple[Prompt, ...]:
    """Up to 8 questions that the document answers with the words they were made to ask for, the best first.

    Many more are made, ranked, and kept if their own answer leads back to those words. central: sentences that tell
    what the text is about. Source: Heilman & Smith 2010, Good Question!; Alberti et al. 2019, Synthetic QA corpora
    generation with roundtrip consistency. Raises: what `pulse` raises.
    """
    cast = entities[:_CAST]
    sources = material(text, passages, cast, central)
    people = frozenset(word for one in entities if one.kind == "person" for word in _words_of(one))
    made = generate([source.words for source in sources], people, pulse)
    judge = _Judge(text, cast, central)
    candidates = [each for source, askings in zip(sources, made, strict=True) for each in judge(source, askings)]
    kept = []
    for candidate in _tried(candidates):
        pulse()
        found = answered(candidate.question)
        if found and found.confidence >= LEAST and _agree(found, candidate):
            prompt = Prompt(question=candidate.question, sentence=found.sentence, confidence=found.confidence)
            kept.append((candidate, prompt))
    return tuple(_best(kept, _OF_ONE if len(text) > _SHORT else _OF_ONE_IN_SHORT))


class _Judge:
    """Tells what questions are worth."""

    def __init__(self, text: str, cast: Sequence[Entity], central: Sequence[Span]) -> None:
        self._text, self._central = text, frozenset(central)
        self._mentions = sorted((mention, one.name) for one in cast for mention in one.mentions)
        self._counts = Counter(word.casefold() for word in _WORD.findall(text))
        self._rarest = math.log(max(self._counts.total() / _RARE, math.e))

    def __call__(self, source: Material, askings: Sequence[Asking]) -> Iterator[_Candidate]:
        """The questions of a sentence that are about somebody, or something; in a short text, all."""
        worth = _CENTRAL * (source.sentence in self._central)
        for place, asking in enumerate(askings):
            answer = source.place(asking.answer)
            named, answers = self._names(source, asking.question, answer)
            who = asking.question.startswith("Who")
            if named or len(self._text) < _SHORT or (answers and who):
                both = _NAMES * bool(named) + _TWO * bool(who and named and answers - named)
                yield _Candidate(
                    question=asking.question,
                    sentence=source.sentence,
                    answer=answer,
                    about=named or answers,
                    worth=worth + both + self._worth(asking.question) - _LATER * place,
                )

    def _names(self, source: Material, question: str, answer: Span) -> tuple[frozenset[str], frozenset[str]]:
        """Whom of the cast the question names, and whom the answer."""
        sentence, said = source.sentence, question.casefold()
        first = bisect_left(self._mentions, (Span(sentence.start, 0), ""))
        last = bisect_left(self._mentions, (Span(sentence.end, 0), ""))
        inside = self._mentions[first:last]
        named = {name for mention, name in inside if mention.cut(self._text).casefold() in said}
        if source.standing and source.standing.casefold() in said:
            named.add(source.standing)
        return frozenset(named), frozenset(name for mention, name in inside if _overlap(mention, answer))

    def _worth(self, question: str) -> float:
        words = question.split()
        telling = {word for word in _WORD.findall(question) if word.islower() and len(word) >= _LEAST_LETTERS}
        rarity = sum(self._rarity(word) for word in telling)
        return (
            _WORTH.get(words[0], 0.0)
            + _TELLS * min(rarity, _TELLING_WORDS)
            - _LENGTH * abs(len(words) - _FITTING_WORDS)
            - _OWNED * bool(_POSSESSIVE.search(question))
        )

    def _rarity(self, word: str) -> float:
        """How seldom a word is in the text, 0 to 1."""
        count = max(self._counts[word], _RARE)
        return min(1.0, math.log(self._counts.total() / count) / self._rarest)


def _words_of(entity: Entity) -> Iterator[str]:
    for name in (entity.name, *entity.aliases):
        yield from (word.casefold() for word in _WORD.findall(name))


def _tried(candidates: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """The candidates that are worth most, each time less of what was had."""
    left = list(candidates)
    had: Counter[str] = Counter()
    sentences: Counter[Span] = Counter()

    def worth(each: _Candidate) -> float:
        return each.worth - _SEEN * sum(had[mark] for mark in each.marks) - _SEEN_SENTENCE * sentences[each.sentence]

    for _ in range(_TRIES):
        if not left:
            return
        best = max(left, key=worth)
        left = [each for each in left if each.question != best.question]
        had.update(best.marks)
        sentences[best.sentence] += 1
        yield best


def _best(kept: Sequence[tuple[_Candidate, Prompt]], of_one: int) -> Iterator[Prompt]:
    """The best of those that were answered: one a sentence, not all of a kind or about one."""
    had: Counter[str] = Counter()
    sentences: set[Span] = set()
    for candidate, prompt in sorted(kept, key=lambda pair: -pair[0].worth - _SURE * pair[1].confidence):
        kind, *about = candidate.marks
        spent = had[kind] >= _OF_KIND or any(had[name] >= of_one for name in about)
        if len(sentences) < MOST and candidate.sentence not in sentences and not spent:
            had.update(candidate.marks)
            sentences.add(candidate.sentence)
            yield prompt


def _agree(found: Reading, candidate: _Candidate) -> bool:
    """Whether the answer is the one that the question was made for."""
    return _overlap(found.sentence, candidate.sentence) and _overlap(found.answer, candidate.answer)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
