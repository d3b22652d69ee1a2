"""The roots of the tree, and what its user stops."""

from storybot.languages import gettext


class StorybotError(Exception):
    """Anything that storybot tells its user: what is wrong, and what to do."""


class InputError(StorybotError):
    """The request can't be carried out as it is."""


class NotFound(StorybotError):
    """The thing named isn't there."""


class Cancelled(StorybotError):
    """The work was stopped because its user asked for it."""

    def __init__(self, name: str) -> None:
        super().__init__(gettext("'{name}' was cancelled. Add it again if that was a mistake.").format(name=name))


class Stopped(StorybotError):
    """The answer was ended because its user asked for it."""

    def __init__(self) -> None:
        super().__init__(gettext("The answer was stopped. Ask again to have it all."))
