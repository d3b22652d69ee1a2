"""Whose turn it is to use the model."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """One user of the model at a time; a question goes before the next batch of passages."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = False
        self._urgent = 0

    @contextmanager
    def take(self, *, urgent: bool) -> Iterator[None]:
        """Wait for the turn, and have it until the block ends."""
        with self._changed:
            self._urgent += urgent
            try:
                self._changed.wait_for(lambda: not self._busy and (urgent or not self._urgent))
            finally:  # else a question that was called off would keep all passages waiting
                self._urgent -= urgent
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
