"""When what was removed leaves the files: its sentences at once, the rest of it at once or in idle moments."""

import logging
from collections.abc import Callable
from pathlib import Path

from storybot.engines import wiping
from storybot.engines.connections import Connections
from storybot.engines.faiss_cache import FaissCache
from storybot.errors import CorpusBusy, DiskFull

_LOG = logging.getLogger(__name__)

_SMALL_BYTES = 20_000_000
"""A file of that size is written anew in a fifth of a second, so it is done with each removal."""


class Wiper:
    """Lets nothing that was removed linger. What others hinder is done at the next change, or when it's tidied."""

    def __init__(self, path: Path, connections: Connections, cache: FaissCache) -> None:
        """path: the corpus file."""
        self._path = path
        self._connections = connections
        self._cache = cache

    def wipe(self) -> None:
        """Let no sentence that was removed linger in any file."""
        with self._connections.reading() as connection:
            unwiped, untidy = wiping.marks(connection)
        if unwiped < 0 or (untidy and self._path.stat().st_size <= _SMALL_BYTES):
            self._without_hindrance(self._rewrite)
        elif unwiped:
            self._without_hindrance(self._wipe_sentences)

    def tidy(self) -> None:
        """Let nothing at all that was removed linger."""
        with self._connections.reading() as connection:
            _, untidy = wiping.marks(connection)
        if untidy:
            self._without_hindrance(self._rewrite)
        else:
            self.wipe()

    def _wipe_sentences(self) -> None:
        """Quick: what is left are single words of what was removed, in no order."""
        self._cache.forget_file()
        with self._connections.writing(guarded=False) as connection:
            unwiped, _ = wiping.marks(connection)
            wiping.rewrite_small_tables(connection)
        if self._connections.empty_log():
            with self._connections.writing() as connection:
                wiping.mark_wiped(connection, unwiped)

    def _rewrite(self) -> None:
        """Slow: nothing is left."""
        self._cache.forget_file()
        with self._connections.writing() as connection:
            marks = wiping.marks(connection)
            wiping.merge_words(connection)
        self._connections.rewrite()
        if self._connections.empty_log():
            with self._connections.writing() as connection:
                wiping.mark_tidied(connection, *marks)

    def _without_hindrance(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (CorpusBusy, DiskFull, OSError) as error:
            _LOG.warning("Traces of what was removed linger until the next change: %s", error)
