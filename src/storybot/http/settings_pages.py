"""The page of the settings, and the forms on it: routes translate."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import BaseModel

from storybot.assembly import export
from storybot.bot import Storybot
from storybot.errors import StorybotError
from storybot.http.looks import SETTINGS
from storybot.http.originals import disposition
from storybot.http.preferences import Preferences
from storybot.http.problems import status_of
from storybot.http.rendering import render
from storybot.http.settings_views import Filled, settings_page
from storybot.http.speaking import LANGUAGE_COOKIE, languages
from storybot.http.trying import Trial, tried
from storybot.languages import gettext as _
from storybot.settings import Settings
from storybot.settings.saving import SAVEABLE
from storybot.workplaces import workplace

_MODEL = ("llm_url", "llm_model", "llm_key")
_YEAR_S = 365 * 24 * 3600
_BLOCK_BYTES = 1 << 20


class Fields(BaseModel):
    """What the form of the settings brings. A field that is fixed is disabled, and so isn't among it."""

    model: str = ""
    backend: str = ""
    caution: str = ""
    answerer: str = ""
    llm_url: str = ""
    llm_model: str = ""
    llm_key: str = ""
    unsupported: str = ""
    forget_key: str = ""

    def values(self, now: Settings) -> dict[str, str]:
        """What the visitor could change. An empty key is one that wasn't typed anew."""
        given = {name: getattr(self, name).strip() for name in SAVEABLE if not now.fixed(name)}
        if not (self.llm_key or self.forget_key):
            given.pop("llm_key", None)
        return given


def add_routes(routes: APIRouter, bot: Storybot, preferences: Preferences) -> None:
    """Add the routes of the page of settings."""
    _form(routes, bot, preferences)
    _language(routes)
    _export(routes, preferences)


def _form(routes: APIRouter, bot: Storybot, preferences: Preferences) -> None:
    def page(request: Request, filled: Filled, *, news: str = "", status: int = 200) -> HTMLResponse:
        trouble = str(bot.trouble) if bot.trouble else ""
        language = _wished(request.cookies)
        told = settings_page(preferences, filled, language=language, news=news, trouble=trouble)
        return render("settings.html", told, status=status)

    @routes.get(SETTINGS)
    def settings(request: Request, saved: str = "") -> HTMLResponse:
        return page(request, Filled(values={}), news=_("Saved.") if saved else "")

    @routes.post(SETTINGS)
    def change(request: Request, fields: Annotated[Fields, Form()]) -> Response:
        values = fields.values(preferences.now)
        try:
            preferences.change({name: value or None for name, value in values.items()})
        except StorybotError as error:
            filled = Filled(values=values, problem=str(error))
            return page(request, filled, status=status_of(type(error)))
        return RedirectResponse(f"{SETTINGS}?saved=1", 303)

    @routes.post(f"{SETTINGS}/test")
    def test(request: Request, fields: Annotated[Fields, Form()]) -> HTMLResponse:
        """Ask the language model that the form names, and leave the form as it was filled; nothing is saved."""
        values = fields.values(preferences.now)
        try:
            trial = tried(preferences.model({name: values[name] for name in _MODEL if name in values}))
        except StorybotError as error:
            trial = Trial(answered=False, words=str(error))
        return page(request, Filled(values=values, trial=trial))


def _language(routes: APIRouter) -> None:
    @routes.post(f"{SETTINGS}/language")
    def choose(language: Annotated[str, Form()] = "") -> Response:
        """Speak this language to this browser from now on; empty: the one that it asks for."""
        response = RedirectResponse(f"{SETTINGS}?saved=1", 303)
        if language in languages():
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_S, httponly=True, samesite="lax")
        else:
            response.delete_cookie(LANGUAGE_COOKIE)
        return response


def _export(routes: APIRouter, preferences: Preferences) -> None:
    @routes.post(f"{SETTINGS}/export")
    def download() -> Response:
        """All there is as one archive; asked for by POST, as it is work that no other site's page may order."""
        now = preferences.now
        with ExitStack() as held, workplace(now.data) as place:
            export(now, place / "all.zip")
            file = held.enter_context(TemporaryFile(dir=now.data))
            with (place / "all.zip").open("rb") as packed:
                shutil.copyfileobj(packed, file)
            held.pop_all()  # it is closed when it has been sent
        size = file.tell()
        file.seek(0)
        name = f"storybot-{datetime.now(UTC):%Y-%m-%d}.zip"
        headers = {
            "Content-Disposition": disposition(name),
            "Content-Length": str(size),
            "Cache-Control": "no-store",
        }
        return StreamingResponse(_blocks(file), media_type="application/zip", headers=headers)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK_BYTES):
            yield block


def _wished(cookies: Mapping[str, str]) -> str:
    """The language that this browser was told to be spoken to in; empty if it wasn't, or there isn't such a one."""
    tag = cookies.get(LANGUAGE_COOKIE, "")
    return tag if tag in languages() else ""
