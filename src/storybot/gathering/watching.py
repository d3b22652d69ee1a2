"""A folder's changes, as they come."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

from storybot.errors import FileNotReadable

_FIRST_MS = 100
"""The first comes so late."""


def changes(folder: Path, ended: Event) -> Iterator[None]:
    """Something as soon as the folder is watched, then whenever anything changes under it, until `ended` is set.

    A burst of changes comes at once, and what changes while the last is looked at comes next: none is missed.
    Raises: FileNotReadable.
    """
    import watchfiles  # noqa: PLC0415 - for those who watch alone

    try:
        watch = watchfiles.watch(
            folder,
            stop_event=ended,
            watch_filter=None,
            raise_interrupt=False,
            rust_timeout=_FIRST_MS,
            yield_on_timeout=True,
        )
        for number, found in enumerate(watch):
            if found or not number:
                yield
    except OSError as error:  # no such folder, or more folders than the system watches
        raise FileNotReadable(str(folder), error.strerror or str(error)) from error
