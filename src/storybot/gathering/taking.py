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
    with Opener(max_bytes) as opener, ThreadPoolExecutor(1) as reader:
        way = _Way(library, collection, opener)
        ahead = deque[tuple[File, Future[Taken | Prepared]]]()
        try:
            for file in files:
                ahead.append((file, reader.submit(way.read, file)))
                if len(ahead) > 1:
                    yield way.finish(*ahead.popleft(), progress, pulse)
            while ahead:
                yield way.finish(*ahead.popleft(), progress, pulse)
        finally:
            way.ended.set()


class _Way:
    """The way of files into a collection."""

    def __init__(self, library: Library, collection: str, opener: Opener) -> None:
        self.ended = Event()
        self._library = library
        self._collection = collection
        self._opener = opener
        self._known = {entry.name: entry for entry in library.entries(collection)}

    def read(self, file: File) -> Taken | Prepared:
        """The file, read and cut; or what became of it already."""
        try:
            data = self._opener.read(file)
            there = self._known.get(file.name)
            if there and there.digest == hashlib.sha256(data).hexdigest():
                return Taken(file=file, entry=there, fresh=False)
            return self._library.read(Source(name=file.name, data=data, collection=self._collection), self._go_on)
        except (InputError, NotFound) as error:
            return Taken(file=file, error=error)

    def finish(self, file: File, ahead: "Future[Taken | Prepared]", progress: Progress | None, pulse: Pulse) -> Taken:
        """Wait until the file is read, and put it into the library."""
        while not wait([ahead], _PULSE_SECONDS).done:
            pulse()
        pulse()
        found = ahead.result()
        if isinstance(found, Taken):
            return found
        try:
            return Taken(file=file, entry=self._library.take(found, progress))
        except (InputError, NotFound) as error:
            return Taken(file=file, error=error)

    def _go_on(self) -> None:
        if self.ended.is_set():
            raise Stopped
