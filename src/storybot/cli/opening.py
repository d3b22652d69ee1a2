"""The house on the user's corpus, for as long as a command needs it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storybot.settings import Settings

if TYPE_CHECKING:
    from storybot.assembly import House
    from storybot.bot import Storybot


@contextmanager
def opened_house(settings: Settings, *, empty: bool = False) -> Iterator["House"]:
    """The house, closed at the end."""
    from storybot.assembly import build_house  # noqa: PLC0415 - `--help` must not wait for it

    house = build_house(settings, empty=empty)
    try:
        yield house
    finally:
        house.close()


@contextmanager
def asking_house(settings: Settings) -> Iterator["House"]:
    """The same, its index up to date."""
    with opened_house(settings) as house:
        with progress_bar("index") as progress:
            house.bot.prepare()
            house.bot.library.renew(progress)
        yield house


@contextmanager
def opened(settings: Settings, *, empty: bool = False) -> Iterator["Storybot"]:
    """The bot of the house, closed at the end."""
    with opened_house(settings, empty=empty) as house:
        yield house.bot


@contextmanager
def asking(settings: Settings) -> Iterator["Storybot"]:
    """The same, its index up to date."""
    with asking_house(settings) as house:
        yield house.bot


@contextmanager
def progress_bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from tqdm import tqdm  # noqa: PLC0415 - comes with the model's library

    with tqdm(desc=name, unit="", leave=False, file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance
