"""Kills a server during intake, again and again, and looks each time what is left.

    python bench/kills.py [--kills 200] [--seed 0] [--data DIR]

Each time a real `storybot serve` is started on the same folder, is sent texts, and is killed (SIGKILL) at a random
moment: while it starts, reads, embeds, or writes. Then the corpus is looked over. All that was acknowledged must be a
document or a job that goes on, each document must be whole, and `doctor`'s check must pass. At the end a server is left
alone until the queue is empty: all must be there. What was embedded twice is counted, and how long before a kill it was
embedded first. The texts are made of the shipped story's words; `--data` names a folder whose text files join them.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from storybot.assembly import shipped_sources
from storybot.engines.sqlite import SqliteEngine
from storybot.model import Document, Passage, Source
from storybot.parsing import parse

SERVER = Path(__file__).with_name("counted_server.py")
START_SHARE = 0.2
"""Share of the kills that come while the server starts."""

START_S = 4.0
WORK_S = 4.0
"""Longest time from a server's first words, or from its first embedding, to its end."""

PATIENCE_S = 3600
BACKLOG = 12
MOST_LETTERS = 60_000


@dataclass
class Sent:
    """What the servers were sent, by name; `acknowledged` by job."""

    texts: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)


def main() -> None:
    """Print a line for every tenth kill, then what was found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--data", type=Path)
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)  # noqa: S311 - to be had again, not to be secret
    texts = made(chance, chosen.data)
    with tempfile.TemporaryDirectory() as name:
        folder, log, sent = Path(name) / "data", Path(name) / "embedded", Sent()
        log.touch()
        killed: dict[int, float] = {}
        began = time.monotonic()
        for kill in range(1, chosen.kills + 1):
            pid, at = run_and_kill(folder, log, sent, texts, chance)
            killed[pid] = at
            done, waiting = look(folder, sent)
            if kill % 10 == 0 or kill == chosen.kills:
                print(
                    f"{kill} kills: {len(sent.acknowledged)} acknowledged, {done} documents whole, {waiting} jobs "
                    f"go on ({time.monotonic() - began:.0f} s)",
                    flush=True,
                )
        finish(folder, log, sent)
        done, waiting = look(folder, sent)
        assert waiting == 0
        assert done >= len(sent.acknowledged)
        print(f"at the end: {done} documents for {len(sent.acknowledged)} acknowledged texts, none half there")
        twice(log, killed)


def made(chance: random.Random, data: Path | None) -> Iterator[str]:
    """Texts without end: of words in no order, and of the files in the folder, if there is one."""
    words = sorted({word for source in shipped_sources() for word in source.data.decode().split()})
    files = sorted(data.rglob("*.txt")) if data else []
    while True:
        if files and chance.random() < 1 / 3:
            text = chance.choice(files).read_text(encoding="utf-8", errors="replace")
            start = chance.randrange(max(1, len(text) - MOST_LETTERS))
            yield text[start : start + MOST_LETTERS]
        else:
            sentences = (
                " ".join(chance.choices(words, k=chance.randint(6, 16))) for _ in range(chance.randint(2, 150))
            )
            yield "\n\n".join(f"{sentence.capitalize()}." for sentence in sentences)


@contextmanager
def serving(folder: Path, log: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server's address, and its process."""
    command = [sys.executable, str(SERVER), str(log), "serve", "--port", "0", "--data", str(folder)]
    with (folder.parent / "errors").open("a") as errors:
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, stdout=errors)
        assert process.stderr
        try:
            for line in process.stderr:
                if line.startswith("storybot is at "):
                    yield line.split()[3], process
                    return
            message = "the server didn't start"
            raise AssertionError(message)
        finally:
            process.kill()
            process.communicate()


def run_and_kill(folder: Path, log: Path, sent: Sent, texts: Iterator[str], chance: random.Random) -> tuple[int, float]:
    """Start a server, send it texts, and kill it; its process' id, and when it was killed."""
    early = chance.random() < START_SHARE
    with serving(folder, log) as (url, process):
        sender = threading.Thread(target=send, args=(url, sent, texts, chance.randint(1, 4)), daemon=True)
        sender.start()
        if not early:
            until_embedding(log, process)
        time.sleep(chance.uniform(0, START_S if early else WORK_S))
        at = time.time()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        sender.join()
        return process.pid, at


def until_embedding(log: Path, process: "subprocess.Popen[str]") -> None:
    """Wait until the server embeds something."""
    before, limit = log.stat().st_size, time.monotonic() + PATIENCE_S
    while log.stat().st_size == before:
        assert process.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.02)


def send(url: str, sent: Sent, texts: Iterator[str], requests: int) -> None:
    """Send texts while the server lives, some of them together, so that a kill may come between."""
    try:
        if len(httpx.get(f"{url}/api/jobs?state=waiting", timeout=PATIENCE_S).json()["jobs"]) > BACKLOG:
            return
        for _ in range(requests):
            new = {f"{len(sent.texts) + number}.txt": next(texts) for number in range(1, 4)}
            sent.texts |= new
            files = [("files", (name, text.encode())) for name, text in new.items()]
            reply = httpx.post(f"{url}/api/documents", files=files, timeout=PATIENCE_S).raise_for_status().json()
            sent.acknowledged |= {job["id"]: job["name"] for job in reply["jobs"]}
    except httpx.TransportError:
        return  # it was killed


def look(folder: Path, sent: Sent) -> tuple[int, int]:
    """Look the corpus over; how many documents there are, and how many jobs go on."""
    with closing(SqliteEngine(folder)) as engine:
        engine.check()
        documents = {entry.name: entry.id for entry in engine.entries() if entry.name in sent.texts}
        for document_id in documents.values():
            whole(engine.document(document_id), engine.passages(document_id), sent)
        jobs = {job.id: job for job in engine.queue.jobs(most=10**6)}
        for job_id, name in sent.acknowledged.items():
            job = jobs.get(job_id)
            assert name in documents or (job is not None and not job.ended), f"{name} is lost"
            assert job is None or job.state not in {"failed", "cancelled"}, f"{name}: {job and job.error}"
        with engine._connections.reading() as connection:  # noqa: SLF001 - no public name tells of sources
            sources = {job for (job,) in connection.execute("SELECT j.id FROM sources s JOIN jobs j ON j.key = s.job")}
        going = {job.id for job in jobs.values() if not job.ended}
        assert sources == going
        return len(documents), len(going)


def whole(document: Document, passages: list[Passage], sent: Sent) -> None:
    """Whether all of the text is there, and its passages cover it."""
    source = Source(name=document.name, data=sent.texts[document.name].encode())
    assert document.text == parse(source, max_bytes=10**9).text, document.name
    end = 0
    for passage in passages:
        assert not document.text[end : passage.span.start].strip(), document.name
        end = passage.span.end
    assert not document.text[end:].strip(), document.name


def finish(folder: Path, log: Path, sent: Sent) -> None:
    """Let a server do what is left."""
    began = time.monotonic()
    with serving(folder, log) as (url, process):
        limit = time.monotonic() + PATIENCE_S
        while (told := httpx.get(f"{url}/api/jobs", timeout=PATIENCE_S).json()["round"])["ended"] < told["jobs"]:
            assert time.monotonic() < limit
            time.sleep(0.5)
        print(f"the last server did what was left in {time.monotonic() - began:.0f} s")
        began = time.monotonic()
        process.terminate()
        process.wait()
        print(f"and ended {time.monotonic() - began:.1f} s after SIGTERM; {len(sent.texts)} texts were sent in all")


def twice(log: Path, killed: dict[int, float]) -> None:
    """Tell how many passages were embedded more than once, and how long before a kill they were embedded first."""
    times: dict[str, dict[int, float]] = defaultdict(dict)
    for line in log.read_text().splitlines():
        pid, at, passage = line.split()
        times[passage].setdefault(int(pid), float(at))
    again = sum(len(runs) - 1 for runs in times.values())
    ages = sorted(
        killed[pid] - at
        for runs in times.values()
        for pid, at in sorted(runs.items(), key=lambda run: run[1])[:-1]
        if pid in killed
    )
    print(f"{len(times)} passages were embedded, {again} of them again: {again / max(1, len(killed)):.1f} a kill")
    if ages:
        print(
            f"those were embedded first {ages[-1]:.1f} s before a kill at most, {ages[len(ages) // 2]:.1f} s by median"
        )


if __name__ == "__main__":
    main()
