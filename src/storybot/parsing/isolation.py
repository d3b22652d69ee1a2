"""Files read in processes of their own, so that none can hang or kill the one that answers questions."""

import logging
import threading
import time
from pathlib import PurePosixPath
from typing import IO

from storybot.children import Child
from storybot.errors import SourceDamaged, SourceTooHard, SourceTooLarge
from storybot.model import Document, Source
from storybot.parsing import label, parse
from storybot.parsing.frames import Frame, document_of, error_of, read, write
from storybot.parsing.sniffing import written_kind
from storybot.ports import Pulse

_LOG = logging.getLogger(__name__)

_CHILDREN = 2
"""So many files are read at once: one for the queue, one for a command beside it."""

_PULSE_SECONDS = 0.1
_MEGABYTE = 1_000_000

_AT_HOME_BYTES = {"text": 100_000, "markdown": 10_000}
"""Files up to that size are read in this process, in milliseconds, where another would take longer to start.

What reads them is Python alone, which can't crash, and its time is bounded: under a second for the worst of that size
(lab book). Markdown has less room, as some of its marks cost the square of their number.
"""


class IsolatedParser:
    """Reads documents out of files within limits of size, time and memory. Safe to call from any thread.

    The processes start when the first file needs one, and are kept for the next.
    """

    def __init__(self, *, max_bytes: int, seconds: int, megabytes: int) -> None:
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._megabytes = megabytes
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._free = threading.Semaphore(_CHILDREN)

    def __call__(self, source: Source, pulse: Pulse = lambda: None) -> Document:
        """The document in a source. Raises: InputError, and what `pulse` raises; the reading is then given up."""
        if len(source.data) > self._max_bytes:
            raise SourceTooLarge(label(source.name), limit=self._max_bytes)
        if len(source.data) <= _AT_HOME_BYTES.get(written_kind(source.name, source.data) or "", -1):
            return parse(source, max_bytes=self._max_bytes)
        while not self._free.acquire(timeout=_PULSE_SECONDS):
            pulse()
        try:
            return self._read(source, pulse)
        finally:
            self._free.release()

    def close(self) -> None:
        """End the processes that wait for files. A later file starts another."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _read(self, source: Source, pulse: Pulse) -> Document:
        fields = {
            "name": source.name,
            "collection": source.collection,
            "max_bytes": self._max_bytes,
            "seconds": self._seconds,
        }
        request, until = Frame(fields=fields, body=source.data), time.monotonic() + self._seconds

        def check() -> None:
            pulse()
            if time.monotonic() > until:
                raise SourceTooHard(label(source.name), reason=f"it takes more than {self._seconds} seconds")

        def exchange(requests: IO[bytes], replies: IO[bytes]) -> Frame | None:
            write(requests, request)
            return read(replies, most=2 * self._megabytes * _MEGABYTE)

        child = self._child()
        try:
            reply = child.ask(exchange, check)
        except BaseException:  # whatever it is, the child still reads what nobody waits for
            child.end()
            raise
        if reply is None or reply.fields.get("full") is not False:
            child.end()
        else:
            with self._lock:
                self._idle.append(child)
        return self._document(label(source.name), reply)

    def _child(self) -> Child:
        """One that waits, else a new one."""
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    return child
                child.end()
        # One thread for linear algebra that it never does: each would take a share of its memory.
        return Child("storybot.parsing.child", str(self._megabytes), OPENBLAS_NUM_THREADS="1")

    def _document(self, name: str, reply: Frame | None) -> Document:
        """Raises: InputError."""
        if reply is None:
            raise SourceTooHard(name, reason=f"its reader broke down, or took more than {self._megabytes} MB of memory")
        if "refused" in reply.fields:
            raise error_of(reply)
        if "failed" in reply.fields:
            _LOG.error("Reading '%s' failed:\n%s", name, reply.fields["failed"])
            raise SourceDamaged(name, kind=_kind(name), reason="its reader doesn't know what to make of it")
        return document_of(reply)


def _kind(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").upper() or "text"
