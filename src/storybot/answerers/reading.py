"""The answerer that adds no word of its own: it says what the reader found, as the text has it."""

from collections.abc import Iterator, Sequence

from storybot.model import Claim, Hit
from storybot.ports import Reader


class ReadingAnswerer:
    """Answers with the words of the best reading."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def answer(self, question: str, hits: Sequence[Hit]) -> Iterator[Claim]:
        """One claim, worded as the text has it; nothing where the reader finds no candidate."""
        for reading in self._reader.read(question, hits)[:1]:
            text = " ".join(reading.passage.quote(reading.answer).split())
            yield Claim(
                text=text, passage=reading.passage, sentences=(reading.sentence,), confidence=reading.confidence
            )
