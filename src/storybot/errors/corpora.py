"""What can be wrong with the corpus on disk."""

from storybot.errors.roots import StorybotError


class FolderNotWritable(StorybotError):
    """The data folder can't be written."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(f"The data folder '{folder}' can't be written: {reason}. Choose another with --data.")


class CorpusBusy(StorybotError):
    """Another process kept the database locked."""

    def __init__(self, path: str) -> None:
        super().__init__(f"'{path}' is being written by another process. Try again when it has finished.")


class CorpusDamaged(StorybotError):
    """The database file isn't one, or is broken."""

    def __init__(self, path: str, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The corpus '{path}' is damaged ({reason}). It was left as it is: put a backup in its place, or choose "
            "another folder with --data."
        )


class NewerCorpus(StorybotError):
    """A database of a schema that only a later version knows."""

    def __init__(self, path: str, *, found: int, known: int) -> None:
        super().__init__(
            f"The corpus '{path}' was written by a newer storybot (schema {found}; this one knows {known}). "
            "Upgrade storybot, or choose another folder with --data."
        )


class DiskFull(StorybotError):
    """No room left for what was to be written. Nothing of it was kept."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The disk is full: '{path}' can't grow, and nothing was changed. Free some space, then try again."
        )
