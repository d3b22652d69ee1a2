"""Conversations on the command line: list, show, rename, remove, export; and what users thought of the answers."""

from typing import TYPE_CHECKING, Annotated

import typer

from storybot.cli.opening import opened_house
from storybot.cli.options import AsJson, DataFolder
from storybot.cli.printing import say, show
from storybot.model import Turn
from storybot.settings import read_settings

if TYPE_CHECKING:
    from storybot.conversing import Conversations
    from storybot.conversing.exporting import Form

app = typer.Typer(help="List, show, rename, remove and export conversations.", no_args_is_help=True)

_Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a conversation, as the list shows it.")]


@app.command("list")
def list_(
    *,
    search: Annotated[str, typer.Option(help="Only those whose title, questions or answers hold these words.")] = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List the conversations, the last changed first."""
    from storybot.conversing.exporting import conversation_fields  # noqa: PLC0415 - `--help` must not wait for it
    from storybot.conversing.wording import UNTITLED  # noqa: PLC0415

    with opened_house(read_settings(data=data)) as house:
        found = house.conversations.all(search)
    if not found:
        say("No conversation holds these words." if search else "No conversations. `storybot chat` begins one.")
    for conversation in found:
        facts = f"{conversation.turns} turns, {conversation.collection}, changed {conversation.changed}"
        line = f"{conversation.id}  {conversation.title or UNTITLED}  ({facts})"
        show(conversation_fields(conversation), line, as_json=as_json)


@app.command("show")
def show_(conversation_id: _Id, *, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Print a conversation."""
    with opened_house(read_settings(data=data)) as house:
        for turn in house.conversations.all_turns(conversation_id):
            _show_turn(house.conversations, turn, "", as_json=as_json)


@app.command()
def rename(
    conversation_id: _Id,
    title: Annotated[str, typer.Argument(help="What it shall be called.")],
    *,
    data: DataFolder = None,
) -> None:
    """Call a conversation otherwise."""
    with opened_house(read_settings(data=data)) as house:
        house.conversations.rename(conversation_id, title)


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(help="Ids of conversations, as the list shows them.")],
    *,
    data: DataFolder = None,
) -> None:
    """Forget conversations, wholly."""
    with opened_house(read_settings(data=data)) as house:
        for conversation_id in ids:
            house.conversations.remove(conversation_id)


@app.command()
def export(
    conversation_id: _Id,
    *,
    form: Annotated[str, typer.Option(help="markdown or json.")] = "markdown",
    data: DataFolder = None,
) -> None:
    """Print a conversation to take away, its citations with their places."""
    chosen = _form(form)
    with opened_house(read_settings(data=data)) as house:
        typer.echo(house.conversations.export(conversation_id, chosen), nl=False)


def feedback(*, data: DataFolder = None, as_json: AsJson = False) -> None:
    """List the answers that were judged, the latest asked first."""
    with opened_house(read_settings(data=data)) as house:
        for turn in house.conversations.judged():
            _show_turn(
                house.conversations, turn, f"{turn.feedback}, {turn.asked}, {turn.conversation_id}\n", as_json=as_json
            )


def _show_turn(conversations: "Conversations", turn: Turn, head: str, *, as_json: bool) -> None:
    from storybot.cli.telling import turn_lines  # noqa: PLC0415 - `--help` must not wait for it
    from storybot.conversing.exporting import turn_fields  # noqa: PLC0415

    documents = conversations.documents([turn])
    lines = "\n".join(turn_lines(turn, documents))
    show(turn_fields(turn, documents), f"{head}{lines}\n", as_json=as_json)


def _form(form: str) -> "Form":
    from storybot.conversing.exporting import SUFFIXES  # noqa: PLC0415 - `--help` must not wait for it

    for known in SUFFIXES:
        if form == known:
            return known
    message = f"'{form}' is not one of {', '.join(SUFFIXES)}"
    raise typer.BadParameter(message, param_hint="--form")
