"""What `storybot doctor` looks at, and what it mends."""

import platform
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from storybot import __version__
from storybot.assembly import House
from storybot.cli.opening import opened_house
from storybot.library import Library
from storybot.model import Scope
from storybot.parsing import SUFFIXES
from storybot.settings import Settings

_PARTS = (
    "torch",
    "sentence-transformers",
    "transformers",
    "onnxruntime",
    "openvino",
    "faiss-cpu",
    "fastapi",
    "jinja2",
    "sentencex",
    "pypdfium2",
    "lxml",
    "watchfiles",
)
_SAMPLE = "The fox lived under the old bridge, and every evening it came out to look at the moon. " * 6
_SAMPLES = 32
_JOBS_COUNTED = 10_000


def examine(settings: Settings) -> Iterator[str]:
    """Lines of a report. Raises: whatever is wrong, as the error that tells the remedy."""
    yield f"storybot {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield ", ".join(_versions())
    yield f"formats: files that end in {' '.join(SUFFIXES)}, and ZIP archives of them"
    with opened_house(settings, empty=True) as house:
        house.bot.library.check()
        yield from _corpus(house, settings)
        yield from _model(house.bot.library)
        entries = house.bot.library.entries()
        if entries:
            house.bot.prepare()
            began = time.perf_counter()
            house.bot.search("Who came out in the evening?", Scope(collection=entries[0].collection))
            yield f"search: {(time.perf_counter() - began) * 1000:.0f} ms"


def _corpus(house: House, settings: Settings) -> Iterator[str]:
    library = house.bot.library
    entries, collections = library.entries(), library.collections()
    size = sum(path.stat().st_size for path in settings.data.glob("*") if path.is_file())
    yield (
        f"corpus: {settings.data} is sound; {len(entries)} documents, "
        f"{sum(entry.passages for entry in entries)} passages, {len(collections)} collections, "
        f"{len(house.conversations.all())} conversations, {size / 1e6:.1f} MB on disk"
    )
    yield f"disk: {shutil.disk_usage(settings.data).free / 1e9:.1f} GB free"
    states = Counter(job.state for job in house.queue.jobs(most=_JOBS_COUNTED))
    yield f"queue: {', '.join(f'{count} {state}' for state, count in sorted(states.items())) or 'empty'}"


def _model(library: Library) -> Iterator[str]:
    began = time.perf_counter()
    yield f"model: {library.model} on {library.runtime}, loaded in {time.perf_counter() - began:.1f} s"
    live = library.live
    if live is None:
        yield "index: none yet"
    elif live == library.manifest():
        yield f"index: of this model, up to date; {library.manner}"
    else:
        yield f"index: of {live.embedder}; the next question or start of the server renews it"
    began = time.perf_counter()
    library.embed([_SAMPLE] * _SAMPLES)
    yield f"speed: {_SAMPLES / (time.perf_counter() - began):.0f} passages of {len(_SAMPLE.split())} words a second"


def mend(settings: Settings) -> Iterator[str]:
    """Repair the corpus; lines of what was done. Raises: CorpusDamaged where it can't be."""
    with opened_house(settings, empty=True) as house:
        yield from house.bot.library.repair() or ["Nothing had to be mended."]


def _versions() -> Iterator[str]:
    """The parts that are installed; some needn't be."""
    for name in _PARTS:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"no {name}"
