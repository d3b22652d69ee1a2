"""Files into the library, one after the other: the next is read while one is embedded."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event

from storybot.errors import InputError, NotFound, Stopped
from storybot.gathering.files import File, Opener
from storybot.library import Library, Prepared
from storybot.model import Entry, Source
from storybot.ports import Progress, Pulse

_PULSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a file: its document, or the error that says why there is none.

    `fresh`: whether it was read; a file that the collection holds already is passed over.
    """

    file: File
    entry: Entry | None = None
    error: InputError | NotFound | None = None
    fresh: bool = True


def take(  # noqa: PLR0913 - what it takes, where to, and how it is watched
    library: Library,
    files: Iterable[File],
    collection: str,
    *,
    max_bytes: int,
    progress: Progress | None = None,
    pulse: Pulse = lambda: None,
) -> Iterator[Taken]:
    """Take files into a collection. One that can't be read doesn't stop the others.

    At most two are in memory. progress: of the file at hand. What it or `pulse` raises ends it all; the passages that
    were embedded by then needn't be embedded again the next time. Raises: ModelNotFound, CorpusBusy, DiskFull.
    """
    known = {entry.name: entry for entry in library.entries(collection)}
    ended = Event()

    def go_on() -> None:
        if ended.is_set():
            raise Stopped

    def read(file: File) -> Taken | Prepared:
        try:
            data = opener.read(file)
            there = known.get(file.name)
            if there and there.digest == hashlib.sha256(data).hexdigest():
                return Taken(file=file, entry=there, fresh=False)
            return library.read(Source(name=file.name, data=data, collection=collection), go_on)
        except (InputError, NotFound) as error:
            return Taken(file=file, error=error)

    def finish(file: File, ahead: Future[Taken | Prepared]) -> Taken:
        while not wait([ahead], _PULSE_SECONDS).done:
            pulse()
        pulse()
        found = ahead.result()
        if isinstance(found, Taken):
            return found
        try:
            return Taken(file=file, entry=library.take(found, progress))
        except (InputError, NotFound) as error:
            return Taken(file=file, error=error)

    with Opener(max_bytes) as opener, ThreadPoolExecutor(1) as reader:
        try:
            waiting = deque[tuple[File, Future[Taken | Prepared]]]()
            for file in files:
                waiting.append((file, reader.submit(read, file)))
                if len(waiting) > 1:
                    yield finish(*waiting.popleft())
            for file, ahead in waiting:
                yield finish(file, ahead)
        finally:
            ended.set()
