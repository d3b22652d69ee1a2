"""What `storybot doctor` looks at."""

import platform
import sqlite3
import time
from collections.abc import Iterator
from importlib.metadata import version

from storybot import __version__
from storybot.assembly import build
from storybot.model import Scope
from storybot.settings import Settings

_PARTS = (
    "torch",
    "sentence-transformers",
    "transformers",
    "onnxruntime",
    "faiss-cpu",
    "fastapi",
    "jinja2",
    "sentencex",
)
_SAMPLE = "The fox lived under the old bridge, and every evening it came out to look at the moon. " * 6
_SAMPLES = 32


def examine(settings: Settings) -> Iterator[str]:
    """Lines of a report. Raises: whatever is wrong, as the error that tells the remedy."""
    yield f"storybot {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield ", ".join(f"{name} {version(name)}" for name in _PARTS)
    bot = build(settings, empty=True)
    try:
        bot.library.check()
        entries = bot.library.entries()
        size = sum(path.stat().st_size for path in settings.data.glob("*") if path.is_file())
        yield (
            f"corpus: {settings.data} is sound; {len(entries)} documents, "
            f"{sum(entry.passages for entry in entries)} passages, {size / 1e6:.1f} MB on disk"
        )
        began = time.perf_counter()
        bot.prepare()
        yield f"model: {bot.library.model}, loaded in {time.perf_counter() - began:.1f} s"
        began = time.perf_counter()
        bot.library.embed([_SAMPLE] * _SAMPLES)
        yield f"speed: {_SAMPLES / (time.perf_counter() - began):.0f} passages of {len(_SAMPLE.split())} words a second"
        if entries:
            began = time.perf_counter()
            bot.search("Who came out in the evening?", Scope(collection=entries[0].collection))
            yield f"search: {(time.perf_counter() - began) * 1000:.0f} ms"
    finally:
        bot.close()
