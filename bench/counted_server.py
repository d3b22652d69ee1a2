"""`storybot` with a line in a log for each passage that it embeds: python bench/counted_server.py LOG serve ..."""

import hashlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from storybot.cli import main
from storybot.library import Library
from storybot.model import Vectors


def count(log: Path) -> None:
    """Note each passage that is embedded from now on: process, time, and what tells it from all others."""
    embed = Library._embedding  # noqa: SLF001 - where every embedding passes, whatever makes it
    line = log.open("ab", buffering=0)  # each batch is in the file before the next begins, whatever happens then

    def counted(
        self: Library, document: str, texts: Sequence[str], lacking: Sequence[int], vectors: Vectors
    ) -> Iterator[list[int]]:
        for places in embed(self, document, texts, lacking, vectors):
            told = [f"{os.getpid()} {time.time():.3f} {_digest(document, texts[place])}\n" for place in places]
            line.write("".join(told).encode())
            yield places

    Library._embedding = counted  # type: ignore[method-assign]  # noqa: SLF001


def _digest(document: str, text: str) -> str:
    return hashlib.sha256(f"{document} {text}".encode()).hexdigest()[:24]


if __name__ == "__main__":
    count(Path(sys.argv.pop(1)))
    main()
