"""How soon an answer's first event reaches the client, and how soon a closed connection frees the worker.

    python bench/streaming.py

A real server in this process answers questions about the shipped story. The reader's verdict is timed where it falls,
the first event where a client reads it from its socket. The worker is timed with a language model that says nothing:
from the moment the client closes its connection until the model is let go.
"""

import http.client
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import House, build_library, build_reader, shipped_sources
from storybot.bot import Storybot
from storybot.cli.serving import listening
from storybot.conversing import Conversations
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.sqlite import SqliteEngine
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.model import Claim, Findings, Hit, Reading, Window
from storybot.ports import Pulse, Reader
from storybot.settings import Settings, read_settings

QUESTION = "What did Bakhyt's grandmother play?"
ROUNDS = 50
CLOSINGS = 10
PULSE_S = 0.05
PATIENCE_S = 30


class TimedReader:
    """The reader, and when its last verdict fell."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.prepare = reader.prepare
        self.threshold = reader.threshold
        self.verdict = 0.0

    def read(self, question: str, windows: Sequence[Window]) -> Findings:
        """What the reader finds."""
        findings = self._reader.read(question, windows)
        self.verdict = time.perf_counter()
        return findings


class SilentModel:
    """A language model that says nothing until it is stopped."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.free = threading.Event()

    def answer(
        self,
        question: str,  # noqa: ARG002 - it says nothing to everything
        hits: Sequence[Hit],  # noqa: ARG002
        readings: Sequence[Reading],  # noqa: ARG002
        pulse: Pulse,
    ) -> Iterator[Claim]:
        """Nothing."""
        self.asked.set()
        try:
            while not self.free.wait(PULSE_S):
                pulse()
        finally:
            self.free.set()
        yield from ()


def main() -> None:
    """Print each figure on a line of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(data=Path(folder))
        reader = TimedReader(build_reader(settings))
        with serving(settings, reader, None) as address:
            waits = sorted(first_event(address, reader) for _ in range(ROUNDS))
        print(f"verdict to first event: p50 {statistics.median(waits):.1f} ms, worst of {ROUNDS} {waits[-1]:.1f} ms")
        model = SilentModel()
        with serving(settings, reader, model) as address:
            closings = [closing(address, model) for _ in range(CLOSINGS)]
        print(f"closed connection to free worker: worst of {CLOSINGS} {max(closings):.0f} ms")


def first_event(address: tuple[str, int], reader: TimedReader) -> float:
    """Milliseconds from the verdict until the client has the first event."""
    connection, response = asked(address)
    response.readline()
    came = time.perf_counter()
    response.read()
    connection.close()
    return (came - reader.verdict) * 1000


def closing(address: tuple[str, int], model: SilentModel) -> float:
    """Milliseconds from the closed connection until the model is let go."""
    model.asked.clear()
    model.free.clear()
    connection, response = asked(address)
    model.asked.wait(PATIENCE_S)
    began = time.perf_counter()
    response.close()
    connection.close()
    if not model.free.wait(PATIENCE_S):
        message = "the worker was not freed"
        raise TimeoutError(message)
    return (time.perf_counter() - began) * 1000


def asked(address: tuple[str, int]) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    """A connection on which the question was asked, and the reply whose events are still to come."""
    connection = http.client.HTTPConnection(*address, timeout=PATIENCE_S)
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    connection.request("POST", "/api/ask", json.dumps({"question": QUESTION}), headers)
    return connection, connection.getresponse()


@contextmanager
def serving(settings: Settings, reader: Reader, wording: SilentModel | None) -> Iterator[tuple[str, int]]:
    """The address of a server on the shipped story."""
    engine = SqliteEngine(settings.data)
    embedder = SentenceTransformerEmbedder(settings.model)
    bot = Storybot(
        settings,
        engine,
        embedder,
        reader,
        ReadingAnswerer(),
        library=build_library(settings, engine, embedder),
        wording=wording,
        seeds=shipped_sources(),
    )
    bot.prepare()
    app = create_app(
        House(bot=bot, conversations=Conversations(bot, engine.archive), queue=engine.queue),
        Intake(bot, engine.queue),
        settings,
    )
    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        host, port = listener.getsockname()[:2]
        try:
            yield host, port
        finally:
            server.should_exit = True
            thread.join()


if __name__ == "__main__":
    main()
