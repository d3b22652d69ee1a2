"""Light or dark: what a browser chose, kept in its cookie, so that the first paint is right already."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePosixPath
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.routing import Match

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
    path = "/" + parts.path.lstrip("/")
    if _is_shown(request, path):
        return parts._replace(scheme="", netloc="", fragment="", path=path).geturl()
    # A form that is refused is answered with a page at the form's own address, which shows none by itself.
    above = PurePosixPath(path).parents
    return next((str(each) for each in above if _is_shown(request, str(each))), "/")


def _is_shown(request: Request, path: str) -> bool:
    """Whether there is a page, or anything else to get, at the path."""
    asked = {**request.scope, "method": "GET", "path": path}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)
