"""Results on standard output, all else on standard error."""

import json
from collections.abc import Mapping
from typing import Any

import typer

from storybot.model import Citation


def show(value: Mapping[str, Any], line: str, *, as_json: bool) -> None:
    """Print a result, for people or as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False) if as_json else line)


def say(line: str) -> None:
    """Tell what is no result."""
    typer.echo(line, err=True)


def citation_line(citation: Citation) -> str:
    """The quote with its place."""
    where = f"{citation.title}, {citation.place};" if citation.place else citation.title
    return f'[{citation.number}] "{citation.quote}" ({where} {citation.span.start}-{citation.span.end})'
