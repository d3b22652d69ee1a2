"""Pages out of templates: a page's context goes in, and every page keeps the same rules."""

from functools import cache
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from storybot.assembly import shipped
from storybot.conversing import wording
from storybot.errors import NotFound
from storybot.http.contexts import ProblemPage


def web_folder() -> Path:
    """The folder of templates and static files: packed with the package, or at the root of a checkout."""
    return shipped("web")


def render(template: str, page: object, *, status: int = 200) -> HTMLResponse:
    """The template, filled."""
    # A browser keeps no copy: going back must not show a list, or a document, of before.
    headers = {"Cache-Control": "no-store"}
    return HTMLResponse(_environment().get_template(template).render(page=page), status, headers)


def problem(title: str, detail: str, *, status: int) -> HTMLResponse:
    """A page that says what went wrong."""
    return render("problem.html", ProblemPage(title=title, detail=detail), status=status)


def missing(error: NotFound) -> HTMLResponse:
    """A page that says what isn't there."""
    return problem("It isn't here", str(error), status=404)


@cache
def _environment() -> Environment:
    """Templates see `page` and the `wording` of all shells; what they print is escaped, unknown names are errors."""
    environment = Environment(
        loader=FileSystemLoader(web_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["wording"] = wording
    return environment
