"""The library on the command line: add, list, move, remove, and the collections."""

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from storybot import errors
from storybot.cli.exits import INTERRUPTED, exit_code
from storybot.cli.opening import opened
from storybot.cli.options import AsJson, Collection, DataFolder, Empty, Model, Yes
from storybot.cli.printing import say, show
from storybot.model import DEFAULT_COLLECTION, Entry
from storybot.settings import read_settings

if TYPE_CHECKING:
    from storybot.cli.taking import Tally

collections_app = typer.Typer(help="List, begin, rename and remove collections.", no_args_is_help=True)

_Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of documents, as `storybot list` shows them.")]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a collection.")]


class Sorting(StrEnum):
    """What documents are listed by."""

    TITLE = "title"
    NAME = "name"
    ADDED = "added"
    LENGTH = "length"


def add(  # noqa: PLR0913 - a command takes as many flags as it has
    paths: Annotated[list[str], typer.Argument(help="Files, folders, ZIP archives, or patterns with * ? [.")],
    *,
    collection: Collection = DEFAULT_COLLECTION,
    data: DataFolder = None,
    model: Model = None,
    empty: Empty = False,
    as_json: AsJson = False,
) -> None:
    """Add documents; one that can't be read doesn't stop the others, one that is there is passed over.

    Ctrl+C ends it; the same command goes on from there.
    """
    from storybot.cli.taking import Tally, take_in  # noqa: PLC0415 - `--help` must not wait for it
    from storybot.gathering import find, take  # noqa: PLC0415

    settings, tally = read_settings(data=data, model=model), Tally()
    files = list(find(paths, tally.fail))
    with opened(settings, empty=empty) as bot:
        if files and not bot.library.entries():
            bot.prepare()
        take_in(
            files,
            lambda progress, pulse: take(
                bot.library, files, collection, max_bytes=settings.max_source_bytes, progress=progress, pulse=pulse
            ),
            tally,
            as_json=as_json,
        )
    if len(files) != 1 or tally.stopped:
        say(tally.summary(len(files)))
    end(tally)


def end(tally: "Tally") -> None:
    """End with the code that tells of what went wrong, if anything did."""
    if tally.stopped:
        raise typer.Exit(INTERRUPTED)
    if tally.failures:
        raise typer.Exit(exit_code(type(tally.failures[0])))


def list_(
    *,
    collection: Annotated[Optional[str], typer.Option(help="One collection only.")] = None,  # noqa: UP045
    sort: Annotated[Sorting, typer.Option(help="What to list by.")] = Sorting.TITLE,
    long: Annotated[bool, typer.Option("--long", "-l", help="With format, words and date.")] = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List the documents."""
    with opened(read_settings(data=data)) as bot:
        entries = bot.library.entries(bot.library.collection(collection).name if collection else None)
    if not entries:
        say("No documents. The shipped story comes with the first question; `storybot add FILE` adds your own.")
    for entry in _sorted(entries, sort):
        facts = [entry.name, entry.collection, f"{entry.passages} passages"]
        facts += [entry.format, f"{entry.words} words", entry.added] if long else []
        show(asdict(entry), f"{entry.id}  {entry.title}  ({', '.join(facts)})", as_json=as_json)


def _sorted(entries: list[Entry], sort: Sorting) -> list[Entry]:
    """By title or name from A on; the latest or the longest first."""
    match sort:
        case Sorting.TITLE:
            return sorted(entries, key=lambda entry: entry.title.casefold())
        case Sorting.NAME:
            return sorted(entries, key=lambda entry: entry.name.casefold())
        case Sorting.ADDED:
            return sorted(entries, key=lambda entry: entry.added, reverse=True)
        case Sorting.LENGTH:
            return sorted(entries, key=lambda entry: entry.length, reverse=True)


def remove(ids: _Ids, *, data: DataFolder = None) -> None:
    """Forget documents, wholly; one that isn't there doesn't stop the others."""
    failures: list[errors.NotFound] = []
    with opened(read_settings(data=data)) as bot:
        for document_id in ids:
            try:
                bot.library.drop(document_id)
            except errors.NotFound as error:
                failures.append(error)
                say(f"storybot: {error}")
    if failures:
        raise typer.Exit(exit_code(type(failures[0])))


def move(
    ids: _Ids,
    *,
    to: Annotated[str, typer.Option("--to", metavar="COLLECTION", help="Where they go; it may be a new one.")],
    data: DataFolder = None,
) -> None:
    """Put documents into another collection, all or none. They keep their ids and what was asked about them."""
    with opened(read_settings(data=data)) as bot:
        bot.library.move(ids, to)


@collections_app.command("list")
def list_collections(*, data: DataFolder = None, as_json: AsJson = False) -> None:
    """List the collections."""
    with opened(read_settings(data=data)) as bot:
        for collection in bot.library.collections():
            show(asdict(collection), f"{collection.name}  ({collection.documents} documents)", as_json=as_json)


@collections_app.command("begin")
def begin_collection(name: _Name, *, data: DataFolder = None) -> None:
    """Make an empty collection."""
    with opened(read_settings(data=data)) as bot:
        bot.library.begin_collection(name)


@collections_app.command("rename")
def rename_collection(
    name: _Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="What it shall be called.")],
    *,
    data: DataFolder = None,
) -> None:
    """Call a collection otherwise, also in the conversations about it."""
    with opened(read_settings(data=data)) as bot:
        bot.library.rename_collection(name, new)


@collections_app.command("remove")
def remove_collection(name: _Name, *, yes: Yes = False, data: DataFolder = None) -> None:
    """Forget a collection and all of its documents, wholly."""
    with opened(read_settings(data=data)) as bot:
        documents = len(bot.library.entries(name))
        if documents and not yes:
            typer.confirm(f"Forget '{name}' and its {documents} documents?", abort=True, err=True)
        bot.library.drop_collection(name)
