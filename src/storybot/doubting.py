"""Doubts readings that name somebody beside what was asked for.

Who is the president? A reader takes any person of a sentence with the president in it. Where a sentence says who is
what, both stand together: the president, So-and-so; So-and-so was the president.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from storybot.model import Reading

_ASKED = re.compile(
    r"who(?:'s|\u2019s|\s+(?:is|are|was|were))\s+(?:the|a|an)\s+(?P<role>\w[\w'\u2019-]*)\s*\??", re.IGNORECASE
)
_WORD = re.compile(r"\w[\w'\u2019-]*")
_NEAR_WORDS = 3
_DOUBT = 0.35
"""What is left of confidences. Of 14 such questions of FairytaleQA the same 12 are answered as before: lab book, 18."""


def doubted(question: str, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings in their order, all less sure where the first one parts what was asked for from its answer."""
    asked = _ASKED.fullmatch(question.strip())
    if asked is None or not readings or not _parts(asked["role"].casefold(), readings[0]):
        return tuple(readings)
    return tuple(replace(reading, confidence=reading.confidence * _DOUBT) for reading in readings)


def _parts(role: str, reading: Reading) -> bool:
    """Whether words stand between the answer and every mention of what was asked for, in a sentence that has some."""
    quote, start = reading.passage.quote(reading.sentence), reading.sentence.start
    first, last = reading.answer.start - start, reading.answer.end - start
    mentions = [found.span() for found in _WORD.finditer(quote) if found[0].casefold() == role]
    gaps = [quote[last:begin] if begin >= last else quote[end:first] for begin, end in mentions]
    return bool(gaps) and all(len(_WORD.findall(gap)) > _NEAR_WORDS for gap in gaps)
