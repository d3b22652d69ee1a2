"""Many files into the library at the terminal: a bar, a line a document, failures at once, and a sum at the end."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Never, TypeAlias

from storybot import errors
from storybot.cli.braking import Brake
from storybot.cli.printing import say, show
from storybot.gathering import File, Taken
from storybot.ports import Progress, Pulse

if TYPE_CHECKING:
    from tqdm import tqdm

Way: TypeAlias = Callable[[Progress, Pulse], Iterator[Taken]]
"""Takes the files, as `gathering.take` does."""

_FORM = "{desc} |{bar}| {percentage:3.0f}%{postfix}, {remaining} left"


@dataclass(kw_only=True)
class Tally:
    """What became of files so far."""

    added: int = 0
    there: int = 0
    failures: list[errors.StorybotError] = field(default_factory=list)
    stopped: bool = False

    def fail(self, _name: str, error: errors.StorybotError) -> None:
        """Tell at once what is wrong, and go on."""
        self.failures.append(error)
        say(f"storybot: {error}")

    def summary(self, files: int) -> str:
        """The sum, of so many files."""
        parts = [f"{self.added} added"]
        parts += [f"{self.there} there already"] if self.there else []
        parts += [f"{len(self.failures)} failed"] if self.failures else []
        told = f"{files} files: {', '.join(parts)}."
        return f"Stopped. {told} The same command goes on from here." if self.stopped else told


def take_in(files: Sequence[File], way: Way, tally: Tally, *, as_json: bool) -> None:
    """Go the way of the files and print what becomes of each; Ctrl+C ends it cleanly."""
    brake = Brake()
    with brake.at_hand(), _bar(files) as bar:

        def progress(done: int, total: int) -> None:
            brake.pulse()
            bar.progress(done, total)

        try:
            for taken in way(progress, brake.pulse):
                with bar.aside(taken):
                    _print(taken, tally, as_json=as_json)
                brake.pulse()
        except errors.Stopped:
            tally.stopped = True


def _print(taken: Taken, tally: Tally, *, as_json: bool) -> None:
    if taken.error:
        tally.fail(taken.file.name, taken.error)
    if taken.entry is None:
        return
    entry, state = taken.entry, "added" if taken.fresh else "there"
    tally.added += taken.fresh
    tally.there += not taken.fresh
    facts = f"{entry.passages} passages" if taken.fresh else "there already"
    show({**asdict(entry), "state": state}, f"{entry.id}  {entry.title} ({facts})", as_json=as_json)


class _NoBar:
    """Where nobody looks."""

    def progress(self, done: int, total: int) -> None:
        """Nothing to show."""

    @contextmanager
    def aside(self, _taken: Taken) -> Iterator[None]:
        """Nothing to move aside."""
        yield


class _Bar:
    """Documents n of m, passages a second, and the time left by the bytes."""

    def __init__(self, bar: "tqdm[Never]", files: Sequence[File]) -> None:
        self._bar = bar
        self._files = files
        self._total = sum(file.size for file in files)
        self._done = 0  # files
        self._bytes = 0  # of these
        self._passages = 0  # embedded, of files before this one
        self._kept: int | None = None  # of this one, that weren't embedded now
        self._last = 0
        self._began: float | None = None  # to embed

    def progress(self, done: int, total: int) -> None:
        """Show how far the file at hand is."""
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        self._kept = done if self._kept is None else self._kept
        self._last = done - self._kept
        rate = (self._passages + self._last) / max(now - self._began, 1e-3)
        self._bar.set_postfix_str(f"{rate:.0f} passages/s", refresh=False)
        self._to(self._bytes + self._files[self._done].size * done // max(total, 1))

    @contextmanager
    def aside(self, taken: Taken) -> Iterator[None]:
        """Clear the line while the file's own is printed."""
        self._bar.clear()
        yield
        self._passages, self._kept, self._last = self._passages + self._last, None, 0
        self._done += 1
        if taken.fresh:
            self._bytes += taken.file.size
        else:  # it tells nothing about the time that the others take
            self._total -= taken.file.size
            self._bar.total = self._total
        self._to(self._bytes)

    def _to(self, place: int) -> None:
        self._bar.set_description_str(f"document {min(self._done + 1, len(self._files))} of {len(self._files)}")
        self._bar.update(place - self._bar.n)


@contextmanager
def _bar(files: Sequence[File]) -> Iterator[_Bar | _NoBar]:
    if not sys.stderr.isatty():
        yield _NoBar()
        return
    from tqdm import tqdm  # noqa: PLC0415 - comes with the model's library

    with tqdm(
        total=sum(file.size for file in files), bar_format=_FORM, leave=False, file=sys.stderr, dynamic_ncols=True
    ) as bar:
        yield _Bar(bar, files)
