"""Light or dark: what a browser chose, kept in its cookie, so that the first paint is right already."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

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
    """The form of `theme.html` sends here; it leads back to the page that it stands on."""

    @routes.post("/theme")
    def choose(request: Request, theme: Annotated[Theme, Form()]) -> RedirectResponse:
        response = RedirectResponse(_came_from(request), 303)
        if theme == "system":
            response.delete_cookie(COOKIE)
        else:
            response.set_cookie(COOKIE, theme, max_age=_YEAR_S, httponly=True, samesite="lax")
        return response


def _came_from(request: Request) -> str:
    """The page of ours that the form stood on, without its host: never another site's."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    path = parts._replace(scheme="", netloc="", fragment="", path="/" + parts.path.lstrip("/"))
    return path.geturl()
