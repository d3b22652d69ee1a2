"""What was removed, for as long as it can be put back: in memory alone."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from storybot.model import Document, Manifest, Passage, Vectors

UNDO_SECONDS = 10
"""How long what was removed can be put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """All of a document: its passages with their vectors (n, dim), the index of these, and its file if it was kept."""

    document: Document
    passages: tuple[Passage, ...]
    vectors: Vectors
    manifest: Manifest
    original: bytes | None


class Undo:
    """Holds removed documents for `UNDO_SECONDS`. Safe to call from any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """clock: seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[float, Removed]] = {}  # with the time until which it is held

    def hold(self, removed: Removed) -> None:
        """Hold a document from now on."""
        with self._lock:
            self._sweep()
            first = not self._held
            self._held[removed.document.id] = (self._clock() + UNDO_SECONDS, removed)
            if first:
                self._lapse_later()

    def get(self, document_id: str) -> Removed | None:
        """The document, if it is still held."""
        with self._lock:
            self._sweep()
            return self._held[document_id][1] if document_id in self._held else None

    def release(self, document_id: str) -> None:
        """Hold the document no more."""
        with self._lock:
            self._held.pop(document_id, None)

    def _lapse_later(self) -> None:
        """See to it that what can't be put back any more doesn't linger in memory."""
        timer = threading.Timer(UNDO_SECONDS, self._lapse)
        timer.daemon = True
        timer.start()

    def _lapse(self) -> None:
        with self._lock:
            self._sweep()
            if self._held:
                self._lapse_later()

    def _sweep(self) -> None:
        now = self._clock()
        self._held = {key: held for key, held in self._held.items() if held[0] > now}
