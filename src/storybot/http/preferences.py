"""The settings as they are now: changed by whoever asks, saved, and followed from the next question on."""

import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from storybot.assembly import build_conduct, build_wording
from storybot.bot import Storybot
from storybot.errors import SettingFixed
from storybot.languages import gettext as _
from storybot.ports import Answerer
from storybot.settings import Settings, variable
from storybot.settings.saving import SAVEABLE, save, saved

AT_NEXT_START = frozenset({"model", "backend", "data"})
"""What holds from the next start on; all else that can be saved holds from the next question on."""


class Preferences:
    """The settings that the bot follows. Safe to call from any thread: one whole value takes the place of another."""

    def __init__(self, bot: Storybot, settings: Settings) -> None:
        """settings: those that the house was built with."""
        self._bot = bot
        self._started = self._now = settings
        self._changing = threading.Lock()

    @property
    def now(self) -> Settings:
        """As they are saved now."""
        return self._now

    @property
    def started(self) -> Settings:
        """As they were when storybot was started."""
        return self._started

    def change(self, values: Mapping[str, str | None]) -> Settings:
        """Save other values of some settings, None: that which it comes with; those that can are followed at once.

        Raises: SettingFixed, SettingError, SavedSettingsUnreadable, DiskFull, FolderNotWritable.
        """
        with self._changing:
            folder = self._now.data
            changed = {name: value for name, value in values.items() if not self._is_fixed(name, value)}
            wished = {**saved(folder, Settings), **changed}
            if self._moves(changed) and "llm_key" not in changed:
                wished.pop("llm_key", None)
            # What is as it comes needn't be kept: so it follows a later storybot's defaults.
            kept = {name: value for name, value in wished.items() if value not in {None, default(name)}}
            now = self._now.with_saved(kept)
            save(folder, kept)
            self._bot.behave(build_conduct(now, self._bot.embedder))
            self._now = now
            return now

    def model(self, values: Mapping[str, str]) -> Answerer:
        """The language model of these values, and else as it is set; nothing is changed.

        Raises: SettingFixed, SettingError.
        """
        now = self._now
        supposed = {name: value for name, value in values.items() if not now.fixed(name)}
        if self._moves(supposed):
            supposed.setdefault("llm_key", "")
        wished = now.with_saved({**{name: plain(now, name) for name in SAVEABLE}, **supposed})
        return build_wording(wished, self._bot.embedder)

    def _moves(self, values: Mapping[str, str | None]) -> bool:
        """Whether the language model is another's: a key isn't shown to a server that it wasn't given for.

        Raises: SettingFixed, where the key can't be left out.
        """
        url = values.get("llm_url", self._now.llm_url) or str(Settings.model_fields["llm_url"].default)
        moves = _host(url) != _host(self._now.llm_url)
        if moves and self._now.fixed("llm_key"):
            raise SettingFixed(variable("llm_url"), by=fixed_by(self._now, "llm_key"))
        return moves

    def _is_fixed(self, name: str, value: str | None) -> bool:
        """Raises: SettingFixed, if it can't have this value."""
        if self._now.fixed(name) and value != plain(self._now, name):
            raise SettingFixed(variable(name), by=fixed_by(self._now, name))
        return self._now.fixed(name)


def plain(settings: Settings, name: str) -> str:
    """The value of a setting that can be saved, as it is saved."""
    return settings.llm_key.get_secret_value() if name == "llm_key" else str(getattr(settings, name))


def default(name: str) -> str:
    """The value that a setting which can be saved comes with, as it would be saved."""
    return plain(Settings.model_construct(), name)


def fixed_by(settings: Settings, name: str) -> str:
    """What gives a setting that can't be changed by saving, in words."""
    if settings.origin(name) == "flag":
        return _("the flag --{name} that storybot was started with").format(name=name)
    return _("{variable} in the environment").format(variable=variable(name))


def _host(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc
