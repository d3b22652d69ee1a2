"""Light or dark: what a browser chose, kept in its cookie, so that the first paint is right already."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from storybot.http.looks import SETTINGS

Theme = Literal["system", "light", "dark"]

COOKIE = "theme"

_YEAR_S = 365 * 24 * 3600
_shown: ContextVar[Theme] = ContextVar("shown", default="system")


def shown() -> Theme:
    """The theme that pages are shown in now, in this thread or task; `system` follows the system's."""
    return _shown.get()


@contextmanager
def showing(chosen: Theme) -> Iterator[None]:
    """Show pages in this theme meanwhile."""
    token = _shown.set(chosen)
    try:
        yield
    finally:
        _shown.reset(token)


def theme_of(request: Request) -> Theme:
    """The theme that the browser chose; the system's, if it chose none that there is."""
    kept = request.cookies.get(COOKIE)
    return next((name for name in get_args(Theme) if name == kept), "system")


def add_routes(routes: APIRouter) -> None:
    """The form of `theme.html` sends here; it leads back to the settings, where it stands."""

    @routes.post("/theme")
    def choose(theme: Annotated[Theme, Form()]) -> RedirectResponse:
        response = RedirectResponse(SETTINGS, 303)
        if theme == "system":
            response.delete_cookie(COOKIE)
        else:
            response.set_cookie(COOKIE, theme, max_age=_YEAR_S, httponly=True, samesite="lax")
        return response
