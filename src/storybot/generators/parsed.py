"""Makes questions by what the words of a sentence are to each other."""

import re
from collections.abc import Sequence
from functools import partial

from storybot.english import English
from storybot.following.lexicon import FUNCTION_WORDS
from storybot.generators.clauses import clauses
from storybot.generators.grammar import Parser
from storybot.generators.wording import Asker
from storybot.model import Asking, Span
from storybot.ports import Pulse

_WORD = re.compile(r"[^\W\d_]+")
_LEAST_ENGLISH = 0.15
"""Share of function words: one of the six of "Bruin watched Chanticleer and Pertelote sleeping"."""


class ParsedQuestions:
    """Reads English sentences; makes no questions of others."""

    def __init__(self, english: English) -> None:
        self._english = english

    @property
    def revision(self) -> str:
        """Names the rules and the parser. Raises: EnglishFailed."""
        return f"parsed-1, {self._english.revision}"

    def generate(self, sentences: Sequence[str], people: frozenset[str], pulse: Pulse) -> list[tuple[Asking, ...]]:
        """Questions that each of the sentences answers, as the port has it. Raises: EnglishFailed."""
        return list(self._english.run(partial(questions, people=people), sentences, pulse))


def questions(parse: Parser, sentence: str, people: frozenset[str]) -> tuple[Asking, ...]:
    """The questions that a sentence answers, those that tell most first.

    people: words of the names of persons, in small letters. Source: Heilman & Smith 2010, Good Question!
    """
    if not _is_english(sentence):
        return ()
    # The parser never saw lines that end within a sentence.
    parsed = parse(re.sub(r"\s", " ", sentence), disable=["ner"])
    asker = Asker(people)
    made = [worded for clause in clauses(parsed) for worded in asker.questions(clause)]
    return tuple(
        Asking(question=each.question, answer=Span(each.answer[0].idx, each.answer[-1].idx + len(each.answer[-1].text)))
        for each in made
    )


def _is_english(sentence: str) -> bool:
    words = _WORD.findall(sentence.casefold())
    return sum(word in FUNCTION_WORDS for word in words) >= max(1, _LEAST_ENGLISH * len(words))
