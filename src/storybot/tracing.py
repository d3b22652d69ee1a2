"""What is noted of a question's way while it goes: references to what is there anyway, and a few looks at the clock."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import get_args

from storybot.model import Entry, Hit, Lookup, Reading, Scope, Stage, Trail
from storybot.words import terms, tokens


@dataclass(kw_only=True)
class Trace:
    """Notes of one question's way; each step fills in its own.

    rankings: by the question, words' and meaning's. common: the terms that were left out, as passages are full of them.
    """

    rankings: dict[str, tuple[Sequence[Hit], Sequence[Hit]]] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    fused: Sequence[Hit] = ()
    hits: Sequence[Hit] = ()
    readings: Sequence[Reading] = ()
    documents: Mapping[str, Entry] = field(default_factory=dict)
    seconds: dict[Stage, float] = field(default_factory=lambda: dict.fromkeys(get_args(Stage), 0.0))

    @contextmanager
    def timing(self, stage: Stage) -> Iterator[None]:
        """Add the time that passes meanwhile to the stage's."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - began

    def trail(self, question: str, standalone: str, scope: Scope, threshold: float) -> Trail:
        """What was noted, without the documents that are gone."""
        return Trail(
            question=question,
            standalone=standalone,
            scope=scope,
            lookups=tuple(
                self._lookup(query, by_words, by_meaning) for query, (by_words, by_meaning) in self.rankings.items()
            ),
            fused=self._standing(self.fused),
            hits=tuple(self.hits),
            readings=tuple(self.readings),
            threshold=threshold,
            seconds=self.seconds,
            documents=self.documents,
        )

    def _standing(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        return tuple(hit for hit in hits if hit.passage.document_id in self.documents)

    def _lookup(self, question: str, by_words: Iterable[Hit], by_meaning: Iterable[Hit]) -> Lookup:
        typed = list(dict.fromkeys(tokens(question)))
        words = tuple(word for word in typed if any(term.lower() not in self.common for term in terms(word)))
        return Lookup(
            question=question,
            words=words,
            left_out=tuple(word for word in typed if word not in words),
            by_words=self._standing(by_words),
            by_meaning=self._standing(by_meaning),
        )
