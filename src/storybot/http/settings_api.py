"""The settings over HTTP: routes translate. The key for the language model goes in, and never comes out."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from storybot.http.preferences import AT_NEXT_START, Preferences, plain
from storybot.http.trying import tried
from storybot.model import Caution, Unsupported
from storybot.settings import AnswererName, BackendName, Origin, Settings
from storybot.settings.saving import SAVEABLE

_Text = Annotated[str | None, Field(max_length=2_000)]


class SettingReply(BaseModel):
    """A setting that can be saved. `value`: null of the key, which `given` says whether there is one."""

    name: str
    value: str | None
    given: bool
    origin: Origin
    fixed: bool = Field(description="Whether a flag or the environment gives it, so that it can't be changed here.")
    holds: str = Field(description="From when on a change holds: `at once`, or `next start`.")


class SettingsReply(BaseModel):
    """The settings that can be saved, and where."""

    data: str
    settings: list[SettingReply]


class ModelRequest(BaseModel):
    """A language model: what is left out is as it is set."""

    model_config = ConfigDict(extra="forbid")

    llm_url: _Text = None
    llm_model: _Text = None
    llm_key: _Text = Field(default=None, description="Empty for none. Another address forgets the key of the old one.")


class SettingsRequest(ModelRequest):
    """Settings to save. One that is left out stays as it is; null gives back what it comes with."""

    model: _Text = None
    backend: BackendName | None = None
    caution: Caution | None = None
    answerer: AnswererName | None = None
    unsupported: Unsupported | None = None


class TrialReply(BaseModel):
    """What came of a question to a language model."""

    answered: bool
    words: str


def add_routes(routes: APIRouter, preferences: Preferences) -> None:
    """Add the routes of the settings."""

    @routes.get("/settings")
    def settings() -> SettingsReply:
        """The settings that can be saved, and where each value comes from."""
        return _reply(preferences.now)

    @routes.put("/settings")
    def change(request: SettingsRequest) -> SettingsReply:
        """Save settings; 409 where a flag or the environment fixes one of them."""
        return _reply(preferences.change(request.model_dump(exclude_unset=True)))

    @routes.post("/settings/test")
    def test(request: ModelRequest) -> TrialReply:
        """Ask a language model for one sentence. Nothing is saved."""
        trial = tried(preferences.model(request.model_dump(exclude_none=True)))
        return TrialReply(answered=trial.answered, words=trial.words)


def _reply(settings: Settings) -> SettingsReply:
    return SettingsReply(data=str(settings.data), settings=[_setting(settings, name) for name in SAVEABLE])


def _setting(settings: Settings, name: str) -> SettingReply:
    value = plain(settings, name)
    return SettingReply(
        name=name,
        value=None if name == "llm_key" else value,
        given=bool(value),
        origin=settings.origin(name),
        fixed=settings.fixed(name),
        holds="next start" if name in AT_NEXT_START else "at once",
    )
