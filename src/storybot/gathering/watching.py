"""A folder's changes, as they come."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event


def changes(folder: Path, ended: Event) -> Iterator[None]:
    """Something whenever anything changes under the folder, a burst of changes at once, until `ended` is set."""
    import watchfiles  # noqa: PLC0415 - for those who watch alone

    for _ in watchfiles.watch(folder, stop_event=ended, watch_filter=None, raise_interrupt=False):
        yield
