"""The command line: verbs first, results on standard output, all else on standard error."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Optional

import typer

import storybot
from storybot import errors
from storybot.cli import carrying, conversing, library, syncing
from storybot.cli.exits import exit_code
from storybot.cli.opening import asking, opened
from storybot.cli.options import AsJson, Collection, DataFolder, Documents, Empty, Model
from storybot.cli.printing import say, show
from storybot.model import DEFAULT_COLLECTION, Mode, Scope
from storybot.settings import read_settings

app = typer.Typer(
    help="Ask a story; get the sentence that answers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line; an error becomes one line and an exit code."""
    try:
        app(standalone_mode=True)
    except errors.StorybotError as error:
        typer.echo(f"storybot: {error}", err=True)
        sys.exit(exit_code(type(error)))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


@app.callback(invoke_without_command=True)
def _root(*, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"storybot {storybot.__version__}")
        raise typer.Exit


@app.command()
def serve(
    *,
    host: Annotated[Optional[str], typer.Option(help="Address to listen on.")] = None,  # noqa: UP045
    port: Annotated[Optional[int], typer.Option(help="Port to listen on; 0 takes a free one.")] = None,  # noqa: UP045
    data: DataFolder = None,
    model: Model = None,
    empty: Empty = False,
) -> None:
    """Serve the chat and the API."""
    from storybot.cli.serving import run_server  # noqa: PLC0415 - the web framework is for this command alone

    run_server(read_settings(host=host, port=port, data=data, model=model), empty=empty)


app.command()(library.add)
app.command()(syncing.sync)
app.command("list")(library.list_)
app.command()(library.move)
app.command()(library.remove)
app.command()(carrying.export)
app.command("import")(carrying.import_)
app.add_typer(library.collections_app, name="collections")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    *,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 5,
    mode: Annotated[str, typer.Option(help="hybrid, dense or words.")] = "hybrid",
    collection: Collection = DEFAULT_COLLECTION,
    document: Documents = [],  # noqa: B006 - typer copies it
    data: DataFolder = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages that fit a query."""
    chosen = _mode(mode)
    with asking(read_settings(data=data, model=model)) as bot:
        for hit in bot.search(query, _scope(collection, document), k=k, mode=chosen):
            entry = bot.library.entry(hit.passage.document_id)
            place = f"{entry.title} {hit.passage.span.start}-{hit.passage.span.end}"
            show(asdict(hit), f"{hit.score:.3f}  {place}\n{hit.passage.text}\n", as_json=as_json)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question.")],
    *,
    collection: Collection = DEFAULT_COLLECTION,
    document: Documents = [],  # noqa: B006 - typer copies it
    why: Annotated[bool, typer.Option("--why", help="Tell how it was found, too.")] = False,
    data: DataFolder = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question. Exit code 1 tells that the story does not say."""
    from storybot.cli.telling import answer_lines  # noqa: PLC0415 - `--help` must not wait for it
    from storybot.cli.trailing import trail_fields, trail_lines  # noqa: PLC0415
    from storybot.conversing.exporting import side_fields  # noqa: PLC0415

    scope = _scope(collection, document)
    with asking(read_settings(data=data, model=model)) as bot:
        answer = bot.ask(question, scope)
        lines = [*answer_lines(answer, {entry.id: entry for entry in bot.library.entries()})]
        trail = bot.trail(question, scope) if why else None
    fields = {**asdict(answer), "found": answer.found, "text": answer.text, "sides": [*map(side_fields, answer.sides)]}
    if trail:
        fields["trail"] = trail_fields(trail)
        lines += ["", *trail_lines(trail)]
    show(fields, "\n".join(lines), as_json=as_json)
    if not answer.found:
        raise typer.Exit(1)


@app.command()
def chat(
    *,
    conversation: Annotated[Optional[str], typer.Option(help="Id of a conversation to go on with.")] = None,  # noqa: UP045
    last: Annotated[bool, typer.Option("--last", help="Go on with the conversation that changed last.")] = False,
    collection: Collection = DEFAULT_COLLECTION,
    document: Documents = [],  # noqa: B006 - typer copies it
    data: DataFolder = None,
    model: Model = None,
) -> None:
    """Talk about the stories, in a conversation that is kept.

    Ctrl+C stops an answer; Ctrl+D or `:q` ends the chat. Questions may be piped in, a line each.
    """
    from storybot.cli.chatting import run_chat  # noqa: PLC0415 - `--help` must not wait for it

    if conversation and last:
        message = "name a conversation, or take the last"
        raise typer.BadParameter(message, param_hint="--conversation and --last")
    settings = read_settings(data=data, model=model)
    failures = run_chat(settings, _scope(collection, document), conversation, last=last)
    if failures:
        raise typer.Exit(exit_code(type(failures[0])))


app.add_typer(conversing.app, name="conversations")
app.command()(conversing.feedback)


@app.command()
def evaluate(
    *,
    data: Annotated[Path, typer.Option("--data", help="Folder that holds fairytaleqa/, the public data set.")],
    split: Annotated[str, typer.Option(help="val or train.")] = "val",
    scope: Annotated[str, typer.Option(help="story: ask within the story; corpus: over all stories.")] = "story",
    out: Annotated[Optional[Path], typer.Option(help="Write the run here, a JSON line a question.")] = None,  # noqa: UP045
    limit: Annotated[int, typer.Option(min=0, help="Ask only so many questions; 0 for all.")] = 0,
    model: Model = None,
) -> None:
    """Ask the questions of FairytaleQA and print how well they were answered."""
    from storybot.evaluation import run_evaluation  # noqa: PLC0415 - for this command alone

    with TemporaryDirectory() as corpus:
        # What other programs do meanwhile must not change what is read.
        settings = read_settings(data=Path(corpus), model=model, reading_budget_ms=60_000)
        with opened(settings, empty=True) as bot:
            figures = run_evaluation(bot, data, split=split, scope=scope, out=out, limit=limit, report=say)
    typer.echo(json.dumps(figures, indent=2))


@app.command()
def doctor(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended without loss, first.")] = False,
    data: DataFolder = None,
    model: Model = None,
) -> None:
    """Tell what is installed, which model answers, and whether the corpus is sound."""
    from storybot.cli.checkup import examine, mend  # noqa: PLC0415 - for this command alone

    settings = read_settings(data=data, model=model)
    try:
        for line in mend(settings) if repair else ():
            typer.echo(line)
        for line in examine(settings):
            typer.echo(line)
    except errors.CorpusDamaged:
        if repair:
            say(
                "What can still be read comes out by `storybot export --rescue FILE.zip`. To restore a backup, move "
                "corpus.db away, then `storybot import FILE.zip`."
            )
        else:
            say("`storybot doctor --repair` mends what can be mended without loss.")
        raise


def _scope(collection: str, document_ids: list[str]) -> Scope:
    return Scope(collection=collection, document_ids=tuple(document_ids))


def _mode(mode: str) -> Mode:
    modes: dict[str, Mode] = {"hybrid": "hybrid", "dense": "dense", "words": "words"}
    if mode not in modes:
        message = f"'{mode}' is not one of {', '.join(modes)}"
        raise typer.BadParameter(message, param_hint="--mode")
    return modes[mode]
