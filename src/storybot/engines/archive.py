"""Conversations in the corpus file."""

from collections.abc import Callable

from storybot.engines.connections import Connections


class SqliteArchive:
    """An `Archive` in the corpus file."""

    def __init__(self, connections: Connections, wipe: Callable[[], None]) -> None:
        """wipe: lets nothing that was removed linger in any file."""
        self._connections = connections
        self._wipe = wipe
