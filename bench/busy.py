"""How much slower questions are answered while documents are added.

    python bench/busy.py [--questions 60] [--data DIR]

The same server is asked one question after another, first with nothing else to do, then while it reads and embeds. The
ratio tells; both figures are as noisy as the machine. `--data` names a folder whose text files are added, else texts
are made of the shipped story's words.
"""

import argparse
import random
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path

import httpx
from house import QUESTIONS, ask, serving
from kills import made

TEXTS = 300
"""More than can be embedded while the questions are asked."""


def main() -> None:
    """Print p50 and p95 of both, and the ratio of the p50."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--questions", type=int, default=60)
    options.add_argument("--data", type=Path)
    chosen = options.parse_args()
    texts = list(islice(made(random.Random(0), chosen.data), TEXTS))  # noqa: S311 - to be had again
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (url, _):
        ask(url, QUESTIONS[0])
        idle = times(url, chosen.questions)
        files = [("files", (f"{number}.txt", text.encode())) for number, text in enumerate(texts)]
        httpx.post(f"{url}/api/documents", files=files, timeout=600).raise_for_status()
        while not (told := progress(url))["passages_done"]:
            time.sleep(0.1)
        began = time.perf_counter()
        busy = times(url, chosen.questions)
        now, seconds = progress(url), time.perf_counter() - began
        assert now["ended"] < now["jobs"], "all was added before the questions were answered: give it more"
        added = now["passages_done"] - told["passages_done"]
    for name, found in ("idle", idle), ("busy", busy):
        twentieths = statistics.quantiles(found, n=20)
        print(f"question, {name}: p50 {twentieths[9]:.0f} ms, p95 {twentieths[18]:.0f} ms")
    print(f"ratio of the p50: {statistics.median(busy) / statistics.median(idle):.2f}")
    print(f"meanwhile embedded: {added / seconds:.0f} passages a second")


def times(url: str, questions: int) -> list[float]:
    """Milliseconds of each question."""
    found = []
    for number in range(questions):
        began = time.perf_counter()
        ask(url, QUESTIONS[number % len(QUESTIONS)])
        found.append((time.perf_counter() - began) * 1000)
    return found


def progress(url: str) -> dict[str, int]:
    """How far the queue is."""
    told: dict[str, int] = httpx.get(f"{url}/api/jobs", timeout=600).json()["round"]
    return told


if __name__ == "__main__":
    main()
