"""Processes of our own modules, asked one thing after another over their standard input.

Not multiprocessing, whose children begin by running the program that started them, and may outlive it.
"""

import os
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeAlias, TypeVar

from storybot.ports import Pulse

T = TypeVar("T")
Exchange: TypeAlias = Callable[[IO[bytes], IO[bytes]], T]
"""Writes a request into the first pipe, and gives the reply that comes out of the second."""

_PULSE_SECONDS = 0.1
_LEAVE_SECONDS = 2.0


class Child:
    """A process, which ends when this object goes, and with this process, however that ends. Not for two threads."""

    def __init__(self, module: str, *arguments: str, **environment: str) -> None:
        """module: its name. environment: beside this process's own. Raises: OSError."""
        package = str(Path(__file__).resolve().parents[1])
        paths = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths, **environment},
        )
        self._working = threading.Event()
        self._ending = weakref.finalize(self, _end, self._process, self._working)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def ask(self, exchange: Exchange[T], pulse: Pulse) -> T | None:
        """What the exchange gives; None if the process broke down, or was ended. Raises: what `pulse` raises."""
        replies: queue.SimpleQueue[T | None] = queue.SimpleQueue()
        # A pipe can't be waited for with a limit on every system; a thread of its own can.
        exchanging = threading.Thread(target=_exchange, args=(self._process, exchange, replies), daemon=True)
        self._working.set()
        exchanging.start()
        while True:
            with suppress(queue.Empty):
                reply = replies.get(timeout=_PULSE_SECONDS)
                if reply is not None:
                    self._working.clear()
                return reply
            pulse()

    def end(self) -> int:
        """End the process: at once if it works. Returns: how it ended."""
        self._ending()
        return self._process.wait()


def _exchange(process: subprocess.Popen[bytes], exchange: Exchange[T], replies: "queue.SimpleQueue[T | None]") -> None:
    reply = None
    with suppress(OSError, ValueError, EOFError):  # it broke down, or was ended
        if process.stdin and process.stdout:
            reply = exchange(process.stdin, process.stdout)
    replies.put(reply)


def _end(process: subprocess.Popen[bytes], working: threading.Event) -> None:
    if working.is_set():
        process.kill()
        process.wait()
    if process.stdin and process.stdout:
        with suppress(OSError):  # what a broken process left unread
            process.stdin.close()
        try:
            process.wait(_LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(OSError, ValueError):  # a thread may still read there
            process.stdout.close()
