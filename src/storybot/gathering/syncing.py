"""A collection kept equal to a folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

from storybot.errors import FileNotReadable, NotFound, StorybotError, SyncRefused
from storybot.gathering.files import File, Opener
from storybot.gathering.finding import within
from storybot.gathering.planning import Plan, plan
from storybot.gathering.taking import Taken, take
from storybot.library import Library
from storybot.model import Entry
from storybot.ports import Progress, Pulse


class Sync:
    """A collection that is to equal a folder."""

    def __init__(self, library: Library, folder: Path, collection: str, *, max_bytes: int) -> None:
        self._library = library
        self._folder = folder
        self._collection = collection
        self._max_bytes = max_bytes
        self._files: dict[str, File] = {}
        self._entries: list[Entry] = []

    def plan(self, report: Callable[[StorybotError], None]) -> Plan:
        """What is to be done. report: told why something can't be read. Raises: FileNotReadable."""
        if not self._folder.is_dir():
            raise FileNotReadable(str(self._folder), "there is no such folder")
        unreadable: list[str] = []

        def failed(name: str, error: StorybotError) -> None:
            unreadable.append(name)
            report(error)

        digests: dict[str, str] = {}
        self._files = {}
        with Opener(self._max_bytes) as opener:
            for file in within(self._folder, failed):
                try:
                    digests[file.name] = opener.digest(file)
                    self._files[file.name] = file
                except StorybotError as error:
                    failed(file.name, error)
        self._entries = self._library.entries(self._collection)
        return plan(digests, self._entries, unreadable)

    def check(self, wanted: Plan) -> None:
        """Refuse a plan of ours by which every document goes: for an empty folder, or another. Raises: SyncRefused."""
        if wanted.empties(self._entries):
            raise SyncRefused(str(self._folder), collection=self._collection, documents=len(self._entries))

    def files(self, wanted: Plan) -> list[File]:
        """The files that a plan of ours takes in, in order."""
        return [self._files[name] for name in (*wanted.replaced, *wanted.added)]

    def apply(self, wanted: Plan, progress: Progress | None = None, pulse: Pulse = lambda: None) -> Iterator[Taken]:
        """Carry out a plan of ours; gives the files that were taken in. Raises: as `take`, NameTaken."""
        for entry in wanted.removed:
            try:
                self._library.drop(entry.id)
            except NotFound:  # another hand was faster
                continue
        self._library.rename({entry.id: name for entry, name in wanted.renamed})
        yield from take(
            self._library,
            self.files(wanted),
            self._collection,
            max_bytes=self._max_bytes,
            progress=progress,
            pulse=pulse,
        )
