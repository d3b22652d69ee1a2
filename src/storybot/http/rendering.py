"""Pages out of templates: a page's context goes in, and every page keeps the same rules."""

from collections.abc import Callable, Coroutine
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from storybot.assembly import shipped
from storybot.conversing import wording
from storybot.errors import NotFound, StorybotError
from storybot.http.contexts import ProblemPage
from storybot.http.problems import problem, status_of, what_is_wrong
from storybot.http.statics import statics
from storybot.http.telling import day, moment
from storybot.http.themes import shown
from storybot.languages import counted, gettext, ngettext, numeral, spoken
from storybot.languages import gettext as _


def web_folder() -> Path:
    """The folder of templates and static files: packed with the package, or at the root of a checkout."""
    return shipped("web")


def render(template: str, page: object, *, status: int = 200) -> HTMLResponse:
    """The template, filled."""
    # A browser keeps no copy: going back must not show a list, or a document, of before.
    headers = {"Cache-Control": "no-store", "Content-Language": spoken().tag, "Vary": "Accept-Language, Cookie"}
    return HTMLResponse(_environment().get_template(template).render(page=page), status, headers)


class PageRoute(APIRoute):
    """A route to a page: what goes wrong on the way is said on a page too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, which raises nothing that a visitor could mend."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except StorybotError as error:
                title = _("It isn't here") if isinstance(error, NotFound) else _("That didn't work")
                return _problem(title, str(error), status_of(type(error)))
            except RequestValidationError as error:
                detail = f"{what_is_wrong(error)}."
                return _problem(_("That didn't work"), detail, HTTPStatus.UNPROCESSABLE_ENTITY)
            except HTTPException as error:
                return _problem(_("That didn't work"), error.detail, error.status_code)

        return handled


def install(app: FastAPI) -> None:
    """Tell a person who asks for a page that there is none, on a page; a program gets the problem as ever."""

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        asks_for_a_page = "text/html" in request.headers.get("accept", "")
        if not asks_for_a_page or request.url.path.startswith("/api/"):
            return problem(error.status_code, str(error.detail))
        if error.status_code == HTTPStatus.NOT_FOUND:
            detail = _("There is no page at this address. Check it for a slip, or begin from the conversation.")
            return _problem(_("It isn't here"), detail, error.status_code)
        return _problem(_("That didn't work"), str(error.detail), error.status_code)


def _problem(title: str, detail: str, status: int) -> HTMLResponse:
    return render("problem.html", ProblemPage(title=title, detail=detail), status=status)


@cache
def _environment() -> Environment:
    """Templates see `page` and the words for it; what they print is escaped, unknown names are errors."""
    environment = Environment(
        extensions=["jinja2.ext.i18n"],
        loader=FileSystemLoader(web_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(counted=counted, shown=shown, spoken=spoken, statics=statics, wording=wording)
    environment.filters.update(day=day, moment=moment, number=numeral)
    environment.policies["ext.i18n.trimmed"] = True  # as the catalogues have it: babel.cfg
    install: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined]  # the extension's
    install(gettext, ngettext, newstyle=True)
    return environment
