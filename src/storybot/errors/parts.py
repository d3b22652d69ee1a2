"""What can be wrong with the settings, and with the models and servers that they name."""

from storybot.errors.roots import StorybotError
from storybot.languages import gettext


class SettingError(StorybotError):
    """A setting with a value that it can't have."""

    def __init__(self, name: str, reason: str, *, file: str = "") -> None:
        """file: where it is saved, if it is."""
        saved = gettext(
            "The setting {name} in '{file}' is wrong: {reason}. Mend its line, or delete it to have the default."
        )
        given = gettext("The setting {name} is wrong: {reason}. The page docs/settings.md lists what it takes.")
        super().__init__((saved if file else given).format(name=name, reason=reason, file=file))


class SettingFixed(SettingError):
    """A setting that isn't what is saved: a flag or the environment gives it."""

    def __init__(self, name: str, *, by: str) -> None:
        """by: what gives it, in words."""
        said = gettext(
            "The setting {name} is fixed by {by}. Take it away there and start storybot again to change it here."
        )
        StorybotError.__init__(self, said.format(name=name, by=by))


class SavedSettingsUnreadable(SettingError):
    """A file of settings that can't be read."""

    def __init__(self, file: str, reason: str) -> None:
        said = gettext(
            "The settings in '{file}' can't be read: {reason}. Mend the file, or delete it to have the defaults."
        )
        StorybotError.__init__(self, said.format(file=file, reason=reason))


class ModelNotFound(StorybotError):
    """An embedding model that isn't on this machine."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            gettext(
                "The embedding model '{model}' can't be loaded: {reason}. Download it on a machine with a network "
                "(hf download {model} --local-dir FOLDER) and set STORYBOT_MODEL=FOLDER, or unset STORYBOT_MODEL."
            ).format(model=model, reason=reason)
        )


class ReaderNotFound(StorybotError):
    """A reader's or re-ranker's model that isn't on this machine."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            gettext(
                "The model '{model}' can't be loaded as a reader: {reason}. Download it on a machine with a network "
                "(hf download {model} --local-dir FOLDER) and name FOLDER in STORYBOT_READER or STORYBOT_RERANKER, or "
                "unset them."
            ).format(model=model, reason=reason)
        )


class ReaderDamaged(StorybotError):
    """Weights of the shipped reader that aren't what they were."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            gettext("The reader's file '{path}' is damaged ({reason}). Install storybot again.").format(
                path=path, reason=reason
            )
        )


class EnglishFailed(StorybotError):
    """The process that reads English, which can't start or broke down."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            gettext(
                "The names in English texts can't be found: {reason}. Free some memory, or install storybot again, and "
                "start it again."
            ).format(reason=reason)
        )


class AnswererFailed(StorybotError):
    """A language model that did not do what it was asked."""


class AnswererUnreachable(AnswererFailed):
    """A language model's server that doesn't answer, or not in time."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            gettext(
                "The language model at {url} doesn't answer: {reason}. Start its server, or set STORYBOT_LLM_URL to "
                "where it listens."
            ).format(url=url, reason=reason)
        )


class KeyRefused(AnswererFailed):
    """A language model's server that doesn't take the key."""

    def __init__(self, url: str) -> None:
        super().__init__(
            gettext(
                "The language model at {url} refuses the key: it is wrong, expired or missing. Set STORYBOT_LLM_KEY "
                "to one that it takes."
            ).format(url=url)
        )


class ModelRefused(AnswererFailed):
    """A language model's server that can't do what it is asked with this model."""

    def __init__(self, url: str, model: str, reason: str) -> None:
        """model: empty where the settings name none."""
        refused = gettext("the model '{model}'").format(model=model) if model else gettext("to answer")
        super().__init__(
            gettext(
                "The server at {url} refuses {refused}: {reason}. Set STORYBOT_LLM_MODEL to one that it has."
            ).format(url=url, refused=refused, reason=reason)
        )


class AnswerBroken(AnswererFailed):
    """A reply that isn't one, or breaks off."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            gettext("The language model at {url} broke off: {reason}. Ask again; if it stays so, see its log.").format(
                url=url, reason=reason
            )
        )


class PortInUse(StorybotError):
    """The address to serve on is taken."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            gettext("{host}:{port} is in use by another program. Choose another with --port.").format(
                host=host, port=port
            )
        )
