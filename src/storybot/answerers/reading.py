"""The answerer that adds no word of its own: it says what the reader found, as the text has it."""

import re
from collections.abc import Iterator, Sequence

from storybot.model import Claim, Hit, Pointer, Reading, Span
from storybot.ports import Pulse

_SEVERAL = re.compile(
    r"(?i)^\W*(who|what|which)\b.{0,40}?\b(were|are)\b(?!.*\b(doing|going|trying)\b)|\bnames of\b|^\W*(list|name) "
    r"|^\W*what (things )?did they (do|see|bring|buy|find|get|take|carry|eat)\b"
)
"""Questions that ask for more than one thing."""

_SURE_ENOUGH = 0.6
"""Share of the first reading's confidence that a further item of a list must have."""

_MOST_ITEMS = 3
_MOST_SUPPORT = 2


class ReadingAnswerer:
    """Answers with the words of the best reading; a list with those of several."""

    def answer(
        self,
        question: str,
        hits: Sequence[Hit],  # noqa: ARG002 - others read the hits
        readings: Sequence[Reading],
        pulse: Pulse,  # noqa: ARG002 - it never waits
    ) -> Iterator[Claim]:
        """The answer, each piece with its sentence, then the sentences in which the same words answer too."""
        first = readings[0]
        items = [first]
        for reading in readings[1:] if _SEVERAL.search(question) else ():
            sure = reading.confidence >= _SURE_ENOUGH * first.confidence
            if sure and len(items) < _MOST_ITEMS and not _repeats(reading, items):
                items.append(reading)
        for number, item in enumerate(items):
            support = [other.sentence for other in readings if other is not item and _supports(other, item)]
            words = " ".join(item.passage.quote(item.answer).split())
            sentences = (*_proof(item), *dict.fromkeys(support))[: len(_proof(item)) + _MOST_SUPPORT]
            yield Claim(
                text=_quoted(words) if number == 0 else f"; {_quoted(words)}",
                pointers=tuple(Pointer(passage=item.passage, sentence=sentence) for sentence in sentences),
            )


def _proof(reading: Reading) -> tuple[Span, ...]:
    """The sentences that the answer's words stand in."""
    answer = reading.answer
    held = (each for each in reading.passage.sentences if each.start < answer.end and answer.start < each.end)
    return tuple(held) or (reading.sentence,)


def _supports(other: Reading, item: Reading) -> bool:
    """Whether another sentence of the same passage answers in the same words."""
    return other.passage == item.passage and other.sentence != item.sentence and _words(other) == _words(item)


def _repeats(reading: Reading, items: Sequence[Reading]) -> bool:
    """Whether all its words, or all of an item's, are there already."""
    own = _words(reading)
    return any(own <= _words(item) or _words(item) <= own for item in items)


def _words(reading: Reading) -> frozenset[str]:
    found = re.findall(r"\w+", reading.passage.quote(reading.answer).lower())
    return frozenset(word for word in found if word not in {"a", "an", "the"})


def _quoted(words: str) -> str:
    """The words without a mark of quotation whose partner was cut off."""
    for marks in ('"', "\u201c\u201d", "()"):
        if sum(words.count(mark) for mark in marks) == 1:
            words = words.translate(dict.fromkeys(map(ord, marks)))
    return words.strip()
