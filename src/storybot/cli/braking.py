"""Ctrl+C while something is under way: the first time it stops the work, the second time the program."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from storybot import errors


class Brake:
    """What Ctrl+C pulls. `pulled` may be waited for."""

    def __init__(self) -> None:
        self.pulled = Event()

    def pulse(self) -> None:
        """Raises: Stopped, once it was pulled."""
        if self.pulled.is_set():
            raise errors.Stopped

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """While this lasts, Ctrl+C pulls the brake."""
        before = signal.signal(signal.SIGINT, self._pull)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _pull(self, *_: object) -> None:
        if self.pulled.is_set():
            raise KeyboardInterrupt
        self.pulled.set()
