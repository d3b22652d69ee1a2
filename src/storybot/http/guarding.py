"""What holds for every response: no other site's page may send anything, and browsers are told what they may load."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storybot.http.problems import problem
from storybot.http.speaking import LANGUAGE_COOKIE, language_for
from storybot.http.themes import showing, theme_of
from storybot.languages import speaking

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_READING = {"GET", "HEAD", "OPTIONS"}


class Guard:
    """Middleware: refuses, sets headers, and lets the rest speak the browser's language in its theme.

    Not Starlette's `BaseHTTPMiddleware`, which tells of an error whenever a browser leaves before its answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        if _is_foreign(request) and request.method not in _READING:
            refused = problem(403, "Requests from other sites' pages are refused.")
            await refused(scope, receive, send_guarded)
            return
        language = language_for(request.headers.get("accept-language", ""), request.cookies.get(LANGUAGE_COOKIE, ""))
        with speaking(language), showing(theme_of(request)):
            await self._app(scope, receive, send_guarded)


def _is_foreign(request: Request) -> bool:
    """Whether another site's page sent it; so does who names its origin in a way that can't be read."""
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        return True
    origin = request.headers.get("origin")
    try:
        return origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    except ValueError:
        return True
