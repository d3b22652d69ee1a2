"""What can be wrong with the corpus on disk."""

from storybot.errors.roots import StorybotError
from storybot.languages import gettext


class FolderNotWritable(StorybotError):
    """The data folder can't be written."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(
            gettext("The data folder '{folder}' can't be written: {reason}. Choose another with --data.").format(
                folder=folder, reason=reason
            )
        )


class CorpusBusy(StorybotError):
    """Another process kept the database locked."""

    def __init__(self, path: str) -> None:
        super().__init__(
            gettext("'{path}' is being written by another process. Try again when it has finished.").format(path=path)
        )


class CorpusDamaged(StorybotError):
    """The database file isn't one, or is broken."""

    def __init__(self, path: str, reason: str) -> None:
        self.reason = reason
        super().__init__(
            gettext(
                "The corpus '{path}' is damaged ({reason}). It was left as it is: put a backup in its place, or "
                "choose another folder with --data."
            ).format(path=path, reason=reason)
        )


class NewerCorpus(StorybotError):
    """A database of a schema that only a later version knows."""

    def __init__(self, path: str, *, found: int, known: int) -> None:
        super().__init__(
            gettext(
                "The corpus '{path}' was written by a newer storybot (schema {found}; this one knows {known}). "
                "Upgrade storybot, or choose another folder with --data."
            ).format(path=path, found=found, known=known)
        )


class DiskFull(StorybotError):
    """No room left for what was to be written. Nothing of it was kept."""

    def __init__(self, path: str) -> None:
        super().__init__(
            gettext(
                "The disk is full: '{path}' can't grow, and nothing was changed. Free some space, then try again."
            ).format(path=path)
        )
