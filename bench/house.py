"""How fast the house is: start, indexing, questions through HTTP, memory.

    python bench/house.py [--data EVAL_DATA] [--setup]

`--data` names the folder that holds fairytaleqa/; without it the indexing is measured on the shipped story many times
over. `--setup` times a fresh clone to its first answer too, which takes minutes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from storybot.assembly import build, build_library, shipped_sources
from storybot.chunking import chunk
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.sqlite import SqliteEngine
from storybot.evaluation.fairytaleqa import load
from storybot.model import Source
from storybot.parsing import parse
from storybot.settings import BackendName, read_settings

QUESTIONS = [
    "What did Bakhyt's grandmother play?",
    "How many children does Bakhyt Camara have?",
    "Who leads The Steppe Serenaders?",
    "What did Bakhyt Camara wear?",
    "What is the name of the president?",
]
ROUNDS = 5
REQUESTS = 200
STORIES = 16


def main() -> None:
    """Print each figure on a line of its own."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path)
    options.add_argument("--setup", action="store_true")
    chosen = options.parse_args()
    if chosen.setup:
        setup()
    with tempfile.TemporaryDirectory() as folder:
        starting(Path(folder))
        asking(Path(folder), chosen.data)
    indexing(sources(chosen.data))


def sources(data: Path | None) -> list[Source]:
    """Texts to index."""
    if data:
        stories = load(data / "fairytaleqa", "train")[:STORIES]
        return [Source(name=f"{story.name}.txt", data=story.text.encode()) for story in stories]
    (story,) = shipped_sources()
    return [Source(name=f"{n}.txt", data=story.data.replace(b"Camara", b"Camara %d" % n)) for n in range(STORIES)]


def setup() -> None:
    """A fresh clone to its first answer."""
    root = Path(__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        subprocess.run(["git", "clone", "-q", str(root), f"{folder}/clone"], check=True)  # noqa: S607
        command = ["make", "-s", "run", "PORT=8765", f"DATA={folder}/data"]
        server = subprocess.Popen(command, cwd=f"{folder}/clone", start_new_session=True)
        try:
            ask("http://127.0.0.1:8765", QUESTIONS[0])
            print(f"fresh clone to first answer: {time.perf_counter() - began:.1f} s")
        finally:
            os.killpg(server.pid, 15)
            server.wait()


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A server on the corpus in the folder."""
    command = [sys.executable, "-m", "storybot", "serve", "--port", "0", "--data", str(folder)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        yield server.stderr.readline().split()[3], psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


def starting(folder: Path) -> None:
    """Process start to served page, and to first answer, the second time."""
    with serving(folder) as (url, _):
        ask(url, QUESTIONS[0])
    pages, answers = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with serving(folder) as (url, _process):
            urllib.request.urlopen(f"{url}/").read()  # noqa: S310 - our own server
            pages.append(time.perf_counter() - began)
            ask(url, QUESTIONS[0])
            answers.append(time.perf_counter() - began)
    print(f"second start to served page: {statistics.median(pages):.2f} s")
    print(f"second start to first answer: {statistics.median(answers):.2f} s")


def long_story(folder: Path, data: Path) -> list[str]:
    """Put the val story with the most questions alone into the folder's corpus; its questions."""
    story = max(load(data / "fairytaleqa", "val"), key=lambda each: len(each.questions))
    bot = build(read_settings(data=folder), empty=True)
    for entry in bot.library.entries():
        bot.library.drop(entry.id)
    bot.library.add(Source(name=f"{story.name}.txt", data=story.text.encode()))
    bot.close()
    print(f"{story.name}: {len(story.text.split())} words, {len(story.questions)} questions")
    return [question.text for question in story.questions]


def asking(folder: Path, data: Path | None) -> None:
    """Latency of questions through HTTP about one story, by one client and by eight; peak memory of the server."""
    questions = long_story(folder, data) if data else QUESTIONS
    with serving(folder) as (url, process):
        for question in questions[:5]:
            ask(url, question)
        for clients in (1, 8):
            times: list[float] = []

            def go(times: list[float] = times, share: int = REQUESTS // clients) -> None:
                for number in range(share):
                    began = time.perf_counter()
                    ask(url, questions[number % len(questions)])
                    times.append((time.perf_counter() - began) * 1000)

            threads = [threading.Thread(target=go) for _ in range(clients)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            p50, p95 = statistics.quantiles(times, n=20)[9], statistics.quantiles(times, n=20)[18]
            print(f"question through HTTP, {clients} client(s): p50 {p50:.1f} ms, p95 {p95:.1f} ms")
        print(
            f"memory of the server: {process.memory_info().rss / 1e6:.0f} MB, at its peak {peak_mb(process.pid):.0f} MB"
        )


def peak_mb(pid: int) -> float:
    """The most memory that a process ever held, on Linux."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf8").splitlines()
    (peak,) = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(peak) * 1024 / 1e6


def indexing(texts: list[Source], backend: BackendName = "auto", rounds: int = ROUNDS) -> float:
    """Passages a second from source to corpus, and the time as a multiple of the bare encode of the same passages."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as cache:
        embedder = SentenceTransformerEmbedder(read_settings().model, cache=Path(cache), backend=backend)
        documents = [parse(text, max_bytes=10**9) for text in texts]
        passages = [p.text for d in documents for p in chunk(d, embedder.count_tokens, embedder.max_tokens)]
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                engine = SqliteEngine(Path(folder))
                library = build_library(read_settings(), engine, embedder)
                began = time.perf_counter()
                for text in texts:
                    library.add(text)
                ours.append(time.perf_counter() - began)
                engine.close()
            began = time.perf_counter()
            for _batch in embedder.embed_passages(passages):
                pass
            theirs.append(time.perf_counter() - began)
    # The quickest of each: other programs can only slow a round down.
    print(f"indexing on {embedder.runtime}: {len(passages)} passages, {len(passages) / min(ours):.1f} a second")
    print(f"indexing / bare encode: {min(ours) / min(theirs):.2f}")
    return min(ours) / min(theirs)


def ask(url: str, question: str, wait_s: float = 600) -> None:
    """Ask, and again until a server is there."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{url}/api/ask", json.dumps({"question": question}).encode(), {"Content-Type": "application/json"}
    )
    limit = time.perf_counter() + wait_s
    while True:
        try:
            with urllib.request.urlopen(request) as reply:  # noqa: S310 - our own server
                reply.read()
                return
        except urllib.error.URLError:
            if time.perf_counter() > limit:
                raise
            time.sleep(0.05)


if __name__ == "__main__":
    main()
