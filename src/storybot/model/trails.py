"""How an answer was found: the trail that a question leaves, from its words to the reader's verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from storybot.model.findings import Hit, Reading
from storybot.model.texts import Entry, Scope

Stage = Literal["embedding", "words", "meaning", "fusing", "reading"]
"""What a search spends its time on: the question's vector, ranking by words and by meaning, making one ranking of both,
reading the best passages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """One way to ask the question, and what each ranking found for it, best first.

    words: those that were looked for, as they were typed; left_out: those too common to tell anything. A ranking that
    wasn't asked found nothing.
    """

    question: str
    words: tuple[str, ...]
    left_out: tuple[str, ...]
    by_words: tuple[Hit, ...] = ()
    by_meaning: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """All that a question went through until the reader's verdict; what was removed on the way is left out.

    standalone: the question as it was understood. lookups: the ways that it was asked, the best first. fused: both
    rankings of all of them as one, best first. hits: the same as the reader ranks them, with what it read beside;
    `why` names each step. readings: candidate answers, the most likely first. threshold: the confidence that the
    first of them must have. seconds: what each stage took. documents: lines of the catalogue by id.
    """

    question: str
    standalone: str
    scope: Scope
    lookups: tuple[Lookup, ...]
    fused: tuple[Hit, ...]
    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...]
    threshold: float
    seconds: Mapping[Stage, float]
    documents: Mapping[str, Entry]

    def first(self, k: int) -> "Trail":
        """The same with the first k hits of each ranking."""
        lookups = (replace(each, by_words=each.by_words[:k], by_meaning=each.by_meaning[:k]) for each in self.lookups)
        return replace(self, lookups=tuple(lookups), fused=self.fused[:k], hits=self.hits[:k])

    @property
    def confidence(self) -> float:
        """How surely the first reading answers, 0 to 1; 0 where there is none."""
        return self.readings[0].confidence if self.readings else 0.0

    @property
    def found(self) -> bool:
        """Whether the text answers: the verdict."""
        return bool(self.readings) and self.confidence >= self.threshold
