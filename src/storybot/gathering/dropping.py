"""A folder whose files come into the corpus by themselves."""

import hashlib
import logging
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from storybot.errors import InputError, NotFound, StorybotError
from storybot.gathering.files import File, Opener
from storybot.gathering.finding import within
from storybot.gathering.watching import changes
from storybot.library import Library
from storybot.model import DEFAULT_COLLECTION, Source

_LOG = logging.getLogger(__name__)

TAKEN_FILE = "taken.sha256"

_DIGEST_LETTERS = 64


class DropFolder:
    """Queues each new or changed file of a folder once.

    What was queued is remembered by name and digest in a file beside the corpus, for as long as the file lies in the
    folder: so a document that its user deleted doesn't come back with the next start, nor does a file that can't be
    read fail anew each time. Taking a file out of the folder deletes no document; putting it in again adds it again.
    """

    def __init__(  # noqa: PLR0913 - where from, where to, and what not
        self,
        folder: Path,
        taken: Path,
        library: Library,
        submit: Callable[[Sequence[Source]], object],
        *,
        max_bytes: int,
        spared: Collection[str] = (),
    ) -> None:
        """taken: the file that remembers. submit: queues sources so that a crash doesn't lose them.

        spared: names of files that are never taken, since they come another way.
        """
        self._folder = folder
        self._store = taken
        self._library = library
        self._submit = submit
        self._max_bytes = max_bytes
        self._spared = frozenset(spared)
        self._told: set[str] = set()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look at the folder, which is made if it isn't there, and go on looking whenever it changes."""
        self._thread = threading.Thread(target=self._work, name="drop-folder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _work(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for _ in changes(self._folder, self._ended):
                self._look_safely()
        except (StorybotError, OSError) as error:
            _LOG.warning("The folder '%s' isn't watched: %s", self._folder, error)

    def _look_safely(self) -> None:
        try:
            self.look()
        except (StorybotError, OSError) as error:  # a full disk, say: the next change brings the next look
            self._tell(error)

    def look(self) -> None:
        """Queue what is new or changed. What can't be read is told in the log, once. Raises: DiskFull, CorpusBusy."""
        taken = self._taken()
        there = {entry.name: entry.digest for entry in self._library.entries(DEFAULT_COLLECTION)}
        seen: dict[str, str] = {}
        unseen: list[str] = []

        def failed(name: str, error: StorybotError) -> None:
            unseen.append(name)
            self._tell(error)

        with Opener(self._max_bytes) as opener:
            for file in within(self._folder, failed):
                if self._ended.is_set():
                    return
                if file.name in self._spared:
                    continue
                try:
                    seen[file.name] = self._queued(opener, file, {taken.get(file.name), there.get(file.name)})
                except (InputError, NotFound) as error:
                    failed(file.name, error)
        # What can't be seen now may be there all the same.
        self._remember(taken | seen if unseen else seen)

    def _queued(self, opener: Opener, file: File, known: set[str | None]) -> str:
        """The digest of a file, queued now unless it is known."""
        digest = opener.digest(file)
        if digest in known:
            return digest
        data = opener.read(file)
        self._submit([Source(name=file.name, data=data)])
        digest = hashlib.sha256(data).hexdigest()
        with self._store.open("a", encoding="utf-8") as store:
            store.write(_line(file.name, digest))
        return digest

    def _tell(self, error: Exception) -> None:
        if str(error) not in self._told:
            self._told.add(str(error))
            _LOG.warning("%s", error)

    def _taken(self) -> dict[str, str]:
        """What was queued, name -> digest; the last line of a name counts."""
        try:
            lines = self._store.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        return {line[_DIGEST_LETTERS + 2 :]: line[:_DIGEST_LETTERS] for line in lines}

    def _remember(self, taken: dict[str, str]) -> None:
        """Write down what was taken, and no more."""
        if taken == self._taken():
            return
        fresh = self._store.with_suffix(".new")
        fresh.write_text("".join(_line(name, digest) for name, digest in taken.items()), encoding="utf-8")
        fresh.replace(self._store)


def _line(name: str, digest: str) -> str:
    """A line as sha256sum writes it."""
    return f"{digest}  {name}\n"
