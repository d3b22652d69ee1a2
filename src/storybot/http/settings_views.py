"""What the templates see of the settings: each value, where it comes from, and from when on a change holds."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from storybot.http.preferences import AT_NEXT_START, Preferences, fixed_by, plain
from storybot.http.speaking import languages
from storybot.http.trying import Trial
from storybot.languages import gettext as _
from storybot.languages import numeral
from storybot.settings import Settings, variable
from storybot.settings.saving import SAVEABLE

_MEGABYTE = 1e6
_GIGABYTE = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """A setting. origin: where its value comes from, in words. pending: that the value isn't followed yet."""

    name: str
    value: str
    variable: str
    fixed: bool
    origin: str
    pending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """One of the values that a setting may have, and what that means."""

    value: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a form brought that wasn't saved, and what is said of it. trial: what came of asking a language model."""

    values: Mapping[str, str]
    problem: str = ""
    trial: Trial | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """The settings, by name. trouble: what keeps the bot from answering. language: empty for the browser's."""

    settings: Mapping[str, SettingView]
    has_key: bool
    cautions: tuple[OptionView, ...]
    answerers: tuple[OptionView, ...]
    sentences: tuple[OptionView, ...]
    backends: tuple[OptionView, ...]
    data: SettingView
    size: str
    free: str
    languages: tuple[OptionView, ...]
    language: str
    news: str
    problem: str
    trouble: str
    trial: Trial | None


def settings_page(
    preferences: Preferences, filled: Filled, *, language: str, news: str = "", trouble: str = ""
) -> SettingsPage:
    """The page of the settings, with what a form brought in its fields."""
    now = preferences.now
    return SettingsPage(
        settings={name: _setting(preferences, name, filled.values) for name in SAVEABLE},
        has_key=bool(now.llm_key.get_secret_value()),
        cautions=_cautions(),
        answerers=_answerers(),
        sentences=_sentences(),
        backends=_backends(),
        data=_setting(preferences, "data", {}),
        size=_size(_bytes_in(now.data)),
        free=_size(shutil.disk_usage(now.data).free) if now.data.is_dir() else "",
        languages=_languages(),
        language=language,
        news=news,
        problem=filled.problem,
        trouble=trouble,
        trial=filled.trial,
    )


def _setting(preferences: Preferences, name: str, typed: Mapping[str, str]) -> SettingView:
    now, started = preferences.now, preferences.started
    fixed = now.fixed(name)
    waits = name in AT_NEXT_START and plain(now, name) != plain(started, name)
    value = "" if name == "llm_key" else plain(now, name) if fixed else typed.get(name, plain(now, name))
    return SettingView(
        name=name,
        value=value,
        variable=variable(name),
        fixed=fixed,
        origin=_origin(now, name),
        pending=_("Until storybot is started again: {value}").format(value=plain(started, name)) if waits else "",
    )


def _origin(settings: Settings, name: str) -> str:
    if settings.fixed(name):
        return _("Set by {what}; it can't be changed here.").format(what=fixed_by(settings, name))
    return _("Saved here.") if settings.origin(name) == "saved" else _("As it comes.")


def _cautions() -> tuple[OptionView, ...]:
    return (
        OptionView(
            value="cautious",
            words=_("Cautious"),
            hint=_(
                "Answers only what it is very sure of. It says “the story does not say” more often than it needs to."
            ),
        ),
        OptionView(
            value="balanced", words=_("Balanced"), hint=_("Answers what is likely right, and declines the rest.")
        ),
        OptionView(
            value="bold",
            words=_("Bold"),
            hint=_("Answers also what it is unsure of. Look at the sentence before you believe it."),
        ),
    )


def _answerers() -> tuple[OptionView, ...]:
    return (
        OptionView(
            value="reading",
            words=_("The story's own words"),
            hint=_("The answer is cut out of the text. Nothing leaves this machine, and nothing else is needed."),
        ),
        OptionView(
            value="openai",
            words=_("A language model"),
            hint=_(
                "It words the answer, and each of its sentences is checked against the story. It is sent your question "
                "and the sentences found for it."
            ),
        ),
    )


def _sentences() -> tuple[OptionView, ...]:
    return (
        OptionView(value="withhold", words=_("Leave them out")),
        OptionView(value="mark", words=_("Show them, marked as not from the story")),
    )


def _backends() -> tuple[OptionView, ...]:
    return (
        OptionView(value="auto", words=_("The fastest that suits this machine")),
        OptionView(value="onnx", words="ONNX Runtime"),
        OptionView(value="openvino", words="OpenVINO"),
        OptionView(value="torch", words="PyTorch"),
    )


def _languages() -> tuple[OptionView, ...]:
    """The languages, each by its own name."""
    named = [(tag, Locale.parse(tag, sep="-").get_display_name() or tag) for tag in languages()]
    return (
        OptionView(value="", words=_("As the browser asks")),
        *(OptionView(value=tag, words=name[:1].upper() + name[1:]) for tag, name in named),
    )


def _bytes_in(folder: Path) -> int:
    """How much the files in a folder hold, and in those below it. Some may go meanwhile: they count nothing."""
    total = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 - a path for each is slow
    return total


def _size(size: float) -> str:
    if size < _GIGABYTE:
        return _("{size} MB").format(size=numeral(size / _MEGABYTE, decimals=1))
    return _("{size} GB").format(size=numeral(size / _GIGABYTE, decimals=1))
