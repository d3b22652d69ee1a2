"""How long `storybot sync` takes over many small files of which none changed: the whole process, several times.

    python bench/syncing.py [--files 10000] [--times 5]

The corpus is filled by an embedder that makes vectors out of nothing: a run in which nothing changed looks at none.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from storybot.assembly import build_library
from storybot.engines.sqlite import SqliteEngine
from storybot.gathering import Sync
from storybot.model import Vectors
from storybot.settings import read_settings

_DIM = 384


class Blank:
    """An embedder without a model."""

    revision, runtime, dim, max_tokens = "blank", "nothing", _DIM, 254

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words for tokens."""
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """One vector for all."""
        yield range(len(texts)), np.full((len(texts), _DIM), _DIM**-0.5, dtype=np.float32)

    def embed_query(self, _text: str) -> Vectors:
        """The same."""
        return np.full(_DIM, _DIM**-0.5, dtype=np.float32)


def main() -> None:
    """Fill, sync, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=5)
    wanted = parser.parse_args()
    with TemporaryDirectory() as place:
        folder, data = Path(place) / "tales", Path(place) / "data"
        write(folder, wanted.files)
        began = time.perf_counter()
        fill(folder, data)
        print(f"{wanted.files} files taken in without a model: {time.perf_counter() - began:.1f} s")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = [sync(folder, data) for _ in range(wanted.times)]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / wanted.times
        print(
            f"sync, nothing changed: median {statistics.median(took):.2f} s, most {max(took):.2f} s, "
            f"of which a processor is busy {busy:.2f} s"
        )


def write(folder: Path, files: int) -> None:
    """Small files in folders of a hundred."""
    for number in range(files):
        path = folder / f"{number // 100:03}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"The fox of hill {number} met the crow of tree {number * 7}. " * 10)


def fill(folder: Path, data: Path) -> None:
    """A corpus that equals the folder."""
    settings = read_settings(data=data)
    engine = SqliteEngine(data)
    library = build_library(settings, engine, Blank())
    syncing = Sync(library, folder, folder.name, max_bytes=settings.max_source_bytes)
    for _ in syncing.apply(syncing.plan(print)):
        pass
    engine.close()


def sync(folder: Path, data: Path) -> float:
    """Seconds of a process."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "storybot", "sync", str(folder), "--data", str(data)],
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
