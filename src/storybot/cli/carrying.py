"""`storybot export` and `storybot import`: all that a user has in one archive, and back."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from storybot.cli.opening import opened_house
from storybot.cli.options import DataFolder
from storybot.cli.printing import say
from storybot.errors import CorpusNotEmpty
from storybot.settings import PREFIX, Settings, read_settings
from storybot.workplaces import workplace


def export(
    target: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The archive to write.")],
    *,
    rescue: Annotated[bool, typer.Option("--rescue", help="Only the files, as far as they can be read.")] = False,
    data: DataFolder = None,
) -> None:
    """Write all there is into one archive: documents, conversations, collections, and the settings that were turned.

    `storybot import` restores it exactly; the files in it can be read without storybot. No key is in it.
    """
    from storybot import assembly  # noqa: PLC0415 - `--help` must not wait for it

    settings = read_settings(data=data)
    if rescue:
        _rescue(target, settings)
        return
    packed = assembly.export(settings, target)
    say(f"{packed.documents} documents and {packed.conversations} conversations are in '{target}'.")


def _rescue(target: Path, settings: Settings) -> None:
    from storybot.packing import rescue  # noqa: PLC0415 - `--help` must not wait for it

    with opened_house(settings, empty=True) as house:
        saved, lost = rescue(target, house.bot.library)
    say(f"{saved} documents are in '{target}' as they were added; {lost} can't be read. `storybot add` takes them in.")


def import_(
    source: Annotated[Path, typer.Argument(metavar="FILE.zip", help="An archive that `storybot export` wrote.")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Lose all that the corpus holds now.")] = False,
    data: DataFolder = None,
) -> None:
    """Restore what `storybot export` wrote into an empty corpus: wholly, or not at all."""
    from storybot.assembly import opened_store  # noqa: PLC0415 - `--help` must not wait for it
    from storybot.packing import unpack  # noqa: PLC0415

    settings = read_settings(data=data)
    if not replace:
        _check_empty(settings)
    with (
        opened_store(settings) as store,
        workplace(settings.data) as place,
    ):
        packed = unpack(source, place, store)
    say(f"{packed.documents} documents and {packed.conversations} conversations are back, as of {packed.exported}.")
    now = settings.turned
    for name, value in packed.settings.items():
        if name.removeprefix(PREFIX).lower() in Settings.model_fields and now.get(name) != value:
            say(
                f"The export was made with {name}={value!r}. An import changes no settings: set it, or choose it "
                "on the page of settings, to have the same again."
            )


def _check_empty(settings: Settings) -> None:
    """Raises: CorpusNotEmpty, unless nothing but shipped stories would be lost. What waits in the queue counts too."""
    from storybot.assembly import shipped_sources  # noqa: PLC0415 - `--help` must not wait for it

    ours = {hashlib.sha256(source.data).hexdigest() for source in shipped_sources()}
    with opened_house(settings, empty=True) as house:
        documents = sum(entry.digest not in ours for entry in house.bot.library.entries())
        waiting = house.queue.round()
        documents += waiting.jobs - waiting.ended
        conversations = len(house.conversations.all())
    if documents or conversations:
        raise CorpusNotEmpty(str(settings.data), documents=documents, conversations=conversations)
