"""Files read in processes of their own, so that none can hang or kill the one that answers questions."""

import logging
import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from contextlib import suppress
from pathlib import Path, PurePosixPath

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
_LEAVE_SECONDS = 2.0
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
        self._idle: list[_Child] = []
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
        child = self._child()
        try:
            reply = child.ask(Frame(fields=fields, body=source.data), self._seconds, pulse)
        except BaseException:  # whatever it is, the child still reads what nobody waits for
            child.end()
            raise
        if reply is None or reply.fields.get("full") is not False:
            child.end()
        else:
            with self._lock:
                self._idle.append(child)
        return self._document(label(source.name), reply)

    def _child(self) -> "_Child":
        """One that waits, else a new one."""
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    return child
                child.end()
        return _Child(self._megabytes)

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


class _Child:
    """A process that reads files, one at a time."""

    def __init__(self, megabytes: int) -> None:
        package = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
        # One thread for linear algebra that it never does: each would take a share of its memory.
        environment = {**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"}
        # Not multiprocessing, whose children begin by running the program that started them.
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "storybot.parsing.child", str(megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._most = 2 * megabytes * _MEGABYTE
        # Where nobody closes the parser the process ends with it, or with this one.
        self._reading = threading.Event()
        self._ending = weakref.finalize(self, _end, self._process, self._reading)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def ask(self, request: Frame, seconds: float, pulse: Pulse) -> Frame | None:
        """The reply; None if the process broke down. Raises: SourceTooHard, and what `pulse` raises."""
        replies: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        # A pipe can't be waited for with a limit on every system; a thread of its own can.
        exchange = threading.Thread(target=_exchange, args=(self._process, request, self._most, replies), daemon=True)
        self._reading.set()
        exchange.start()
        until = time.monotonic() + seconds
        while True:
            with suppress(queue.Empty):
                reply = replies.get(timeout=_PULSE_SECONDS)
                if reply is not None:
                    self._reading.clear()
                return reply
            pulse()
            if time.monotonic() > until:
                name = label(request.fields["name"])
                raise SourceTooHard(name, reason=f"it takes more than {seconds} seconds")

    def end(self) -> None:
        """End the process: at once if it reads."""
        self._ending()


def _exchange(
    process: subprocess.Popen[bytes], request: Frame, most: int, replies: "queue.SimpleQueue[Frame | None]"
) -> None:
    stdin, stdout = process.stdin, process.stdout
    reply = None
    with suppress(OSError, ValueError):  # it broke down, or was ended
        if stdin and stdout:
            write(stdin, request)
            reply = read(stdout, most=most)
    replies.put(reply)


def _end(process: subprocess.Popen[bytes], reading: threading.Event) -> None:
    stdin, stdout = process.stdin, process.stdout
    if reading.is_set():
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
        stdout.close()


def _kind(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").upper() or "text"
