"""`storybot sync`: a collection kept equal to a folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from storybot import errors
from storybot.cli.braking import Brake
from storybot.cli.library import end
from storybot.cli.opening import opened
from storybot.cli.options import AsJson, DataFolder, Model, Yes
from storybot.cli.printing import say, show
from storybot.settings import read_settings

if TYPE_CHECKING:
    from storybot.bot import Storybot
    from storybot.cli.taking import Tally
    from storybot.gathering import Plan, Sync


def sync(  # noqa: PLR0913 - a command takes as many flags as it has
    folder: Annotated[
        Path, typer.Argument(help="A folder; what it and its folders hold is what the collection holds.")
    ],
    *,
    collection: Annotated[Optional[str], typer.Option(help="The collection; else the folder's name.")] = None,  # noqa: UP045
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be done, and do nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep it so until Ctrl+C.")] = False,
    yes: Yes = False,
    data: DataFolder = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Make a collection equal to a folder: new files are added, changed ones replaced, missing ones removed.

    Files are told apart by their content: one that only moved keeps its document. One that can't be read keeps it too.
    """
    from storybot.cli.taking import Tally  # noqa: PLC0415 - `--help` must not wait for it
    from storybot.gathering import Sync  # noqa: PLC0415

    if dry_run and watch:
        message = "a folder is watched, or the plan for it printed"
        raise typer.BadParameter(message, param_hint="--dry-run and --watch")
    settings = read_settings(data=data, model=model)
    with opened(settings) as bot:
        name = collection or folder.resolve().name
        syncing = _Syncing(bot, Sync(bot.library, folder, name, max_bytes=settings.max_source_bytes), yes, as_json)
        tally = Tally()
        if watch:
            syncing.on_and_on(folder, tally)
        else:
            syncing.once(tally, dry_run=dry_run)
    if tally.stopped or not watch:
        end(tally)


class _Syncing:
    """Syncs at the terminal."""

    def __init__(self, bot: "Storybot", syncing: "Sync", yes: bool, as_json: bool) -> None:  # noqa: FBT001 - the flags
        self._bot = bot
        self._sync = syncing
        self._yes = yes
        self._as_json = as_json

    def once(self, tally: "Tally", *, dry_run: bool = False) -> None:
        """Look at the folder, and do what is to be done. Raises: FileNotReadable, SyncRefused."""
        wanted = self._sync.plan(lambda error: tally.fail("", error))
        if not (self._yes or dry_run):
            self._sync.check(wanted)
        for change in _changes(wanted) if dry_run else _losses(wanted):
            show(change, _line(change), as_json=self._as_json)
        say(_summary(wanted))
        if wanted.changes and not dry_run:
            self._apply(wanted, tally)

    def _apply(self, wanted: "Plan", tally: "Tally") -> None:
        from storybot.cli.taking import take_in  # noqa: PLC0415 - `--help` must not wait for it

        files = self._sync.files(wanted)
        if files and not self._bot.library.entries():
            self._bot.prepare()
        take_in(files, lambda *watching: self._sync.apply(wanted, *watching), tally, as_json=self._as_json)
        if files:
            say(tally.summary(len(files)))

    def on_and_on(self, folder: Path, tally: "Tally") -> None:
        """Sync now, and whenever something changes in the folder, until Ctrl+C.

        tally: of the first time, which raises as `once`. What goes wrong later is told, and tried again.
        """
        from storybot.cli.taking import Tally  # noqa: PLC0415 - `--help` must not wait for it
        from storybot.gathering import changes  # noqa: PLC0415

        brake = Brake()
        say(f"Watching '{folder}' (Ctrl+C ends it).")
        with brake.at_hand():
            for number, _ in enumerate(changes(folder, brake.pulled)):
                now = Tally() if number else tally
                try:
                    self.once(now)
                except (errors.InputError, errors.NotFound) as error:
                    if not number:
                        raise
                    say(f"storybot: {error}")
                if now.stopped:
                    return


def _changes(wanted: "Plan") -> Iterator[dict[str, str]]:
    yield from _losses(wanted)
    yield from ({"change": "replace", "name": name} for name in wanted.replaced)
    yield from ({"change": "add", "name": name} for name in wanted.added)


def _losses(wanted: "Plan") -> Iterator[dict[str, str]]:
    """What happens to documents rather than files."""
    for entry in wanted.removed:
        yield {"change": "remove", "name": entry.name, "id": entry.id}
    for entry, name in wanted.renamed:
        yield {"change": "rename", "name": entry.name, "id": entry.id, "to": name}


def _line(change: dict[str, str]) -> str:
    to = f" -> {change['to']}" if "to" in change else ""
    return f"{change['change']}  {change['name']}{to}"


def _summary(wanted: "Plan") -> str:
    counts = {
        "to remove": wanted.removed,
        "to rename": wanted.renamed,
        "to replace": wanted.replaced,
        "to add": wanted.added,
        "as they are": wanted.unchanged,
        "copies of others": wanted.copies,
        "not readable": wanted.unreadable,
    }
    return ", ".join(f"{len(found)} {what}" for what, found in counts.items() if found) or "The folder is empty."
