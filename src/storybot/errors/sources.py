"""What can be wrong with a file that someone adds."""

from storybot.errors.roots import InputError
from storybot.languages import gettext, marked, numeral


class EmptySource(InputError):
    """A source without a readable character."""

    def __init__(self, name: str) -> None:
        super().__init__(gettext("'{name}' has no text in it. Add a file that holds some.").format(name=name))


class BinarySource(InputError):
    """A source that isn't text."""

    def __init__(self, name: str) -> None:
        super().__init__(
            gettext("'{name}' is not a text file. Save it as plain text, EPUB, DOCX or PDF and add that.").format(
                name=name
            )
        )


class SourceTooLarge(InputError):
    """A source past the limit, in bytes."""

    def __init__(self, name: str, *, limit: int) -> None:
        super().__init__(
            gettext(
                "'{name}' is larger than the limit of {megabytes} MB. Split it, or raise STORYBOT_MAX_SOURCE_BYTES."
            ).format(name=name, megabytes=numeral(limit / 1e6, decimals=1))
        )


class UnknownFormat(InputError):
    """A file type that no parser reads."""

    def __init__(self, name: str, *, known: str) -> None:
        super().__init__(
            gettext("'{name}' has a format that storybot doesn't read yet. It reads {known}.").format(
                name=name, known=known
            )
        )


class SourceDamaged(InputError):
    """A file that its format's reader can't make sense of."""

    def __init__(self, name: str, *, kind: str, reason: str) -> None:
        super().__init__(
            gettext(
                "'{name}' is a damaged {kind} file: {reason}. Open it in another program, save it anew, add that."
            ).format(name=name, kind=kind, reason=reason)
        )


class SourceLocked(InputError):
    """A file that opens only with a password, or with the program of a shop."""

    def __init__(self, name: str, *, by: str = marked("a password")) -> None:
        super().__init__(
            gettext("'{name}' is locked by {by}. Add a copy that isn't.").format(name=name, by=gettext(by))
        )


class ScannedSource(InputError):
    """A document of pictures: there are letters to see, but none to read."""

    def __init__(self, name: str, *, pages: int) -> None:
        super().__init__(
            gettext(
                "'{name}' has {pages} scanned pages and no text. Have its text recognised (for instance: ocrmypdf IN "
                "OUT) and add the result."
            ).format(name=name, pages=pages)
        )


class SourceTooHard(InputError):
    """A file whose reading passes the limits of time or memory."""

    def __init__(self, name: str, *, reason: str) -> None:
        super().__init__(
            gettext(
                "'{name}' can't be read within the limits: {reason}. Split it, or save it in a simpler format."
            ).format(name=name, reason=reason)
        )


class ArchiveRefused(InputError):
    """An archive that won't be unpacked."""

    def __init__(self, name: str, *, reason: str) -> None:
        super().__init__(
            gettext("The archive '{name}' isn't unpacked: {reason}. Unpack it yourself and add what you need.").format(
                name=name, reason=reason
            )
        )
