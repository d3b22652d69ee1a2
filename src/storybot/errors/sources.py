"""What can be wrong with a file that someone adds."""

from storybot.errors.roots import InputError


class EmptySource(InputError):
    """A source without a readable character."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' has no text in it. Add a file that holds some.")


class BinarySource(InputError):
    """A source that isn't text."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' is not a text file. Save it as plain text, EPUB, DOCX or PDF and add that.")


class SourceTooLarge(InputError):
    """A source past the limit, in bytes."""

    def __init__(self, name: str, *, limit: int) -> None:
        super().__init__(
            f"'{name}' is larger than the limit of {limit / 1e6:.1f} MB. Split it, or raise STORYBOT_MAX_SOURCE_BYTES."
        )


class UnknownFormat(InputError):
    """A file type that no parser reads."""

    def __init__(self, name: str, *, known: str) -> None:
        super().__init__(f"'{name}' has a format that storybot doesn't read yet. It reads {known}.")


class SourceDamaged(InputError):
    """A file that its format's reader can't make sense of."""

    def __init__(self, name: str, *, kind: str, reason: str) -> None:
        super().__init__(
            f"'{name}' is a damaged {kind} file: {reason}. Open it in another program, save it anew, add that."
        )


class SourceLocked(InputError):
    """A file that opens only with a password, or with the program of a shop."""

    def __init__(self, name: str, *, by: str = "a password") -> None:
        super().__init__(f"'{name}' is locked by {by}. Add a copy that isn't.")


class ScannedSource(InputError):
    """A document of pictures: there are letters to see, but none to read."""

    def __init__(self, name: str, *, pages: int) -> None:
        super().__init__(
            f"'{name}' has {pages} scanned pages and no text. Have its text recognised (for instance: ocrmypdf IN OUT) "
            "and add the result."
        )


class SourceTooHard(InputError):
    """A file whose reading passes the limits of time or memory."""

    def __init__(self, name: str, *, reason: str) -> None:
        super().__init__(
            f"'{name}' can't be read within the limits: {reason}. Split it, or save it in a simpler format."
        )


class ArchiveRefused(InputError):
    """An archive that won't be unpacked."""

    def __init__(self, name: str, *, reason: str) -> None:
        super().__init__(f"The archive '{name}' isn't unpacked: {reason}. Unpack it yourself and add what you need.")
