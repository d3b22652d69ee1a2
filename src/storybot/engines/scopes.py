"""What a scope takes in of the live index, worked out once for each state of the corpus."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from storybot.engines import rows
from storybot.engines.rows import Live, Shelf
from storybot.model import Scope

_KEPT = 32

Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The passages in scope and in the whole live index: how many, and how many terms they have.

    `bits` has a bit for each key, the lowest first, set for those in scope; None where all are.
    """

    first: int
    last: int
    passages: int
    terms: int
    of: int
    bits: Bits | None

    @property
    def share(self) -> float:
        """The share of all passages that is in scope."""
        return self.passages / max(self.of, 1)

    def __contains__(self, key: int) -> bool:
        return self.bits is None or bool(self.bits[key >> 3] >> (key & 7) & 1)


class Scopes:
    """Remembers the last scopes. Safe to call from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: Live | None = None
        self._chosen: dict[Scope, Chosen] = {}

    def chosen(self, connection: sqlite3.Connection, live: Live, scope: Scope) -> Chosen:
        """What the scope takes in of the live index, which must be that of the connection's snapshot."""
        with self._lock:
            if self._of != live or len(self._chosen) >= _KEPT:
                self._chosen.clear()
                self._of = live
            if scope not in self._chosen:
                self._chosen[scope] = _chosen(connection, live, scope)
            return self._chosen[scope]


def _chosen(connection: sqlite3.Connection, live: Live, scope: Scope) -> Chosen:
    shelves = rows.shelves(connection, live.edition, scope)
    passages, of = sum(shelf.passages for shelf in shelves), rows.count_passages(connection, live.edition)
    return Chosen(
        first=shelves[0].first if shelves else 0,
        last=shelves[-1].first + shelves[-1].passages - 1 if shelves else -1,
        passages=passages,
        terms=sum(shelf.terms for shelf in shelves),
        of=of,
        bits=None if passages == of else bits(shelves),
    )


def bits(shelves: Sequence[Shelf]) -> Bits:
    """A bit for each key up to the last on the shelves, the lowest first, set for those that stand there."""
    chosen = np.zeros(max((shelf.first + shelf.passages for shelf in shelves), default=0), dtype=bool)
    for shelf in shelves:
        chosen[shelf.first : shelf.first + shelf.passages] = True
    return np.packbits(chosen, bitorder="little")
