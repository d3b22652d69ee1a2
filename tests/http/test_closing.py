"""A client that closes its connection, on a real server: the answer stops, what came is kept, the worker is free."""

import http.client
import json
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import anyio.to_thread
import pytest
import uvicorn
from fastapi.testclient import TestClient

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import House, build_library, shipped_sources
from storybot.bot import Storybot
from storybot.cli.serving import listening
from storybot.conversing import Conversations
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.archive import SqliteArchive
from storybot.engines.sqlite import SqliteEngine
from storybot.errors import CorpusBusy, Stopped
from storybot.http.app import create_app
from storybot.http.streaming import told
from storybot.intake import Intake
from storybot.model import Answer, Claim, Hit, Pointer, Reading, Turn, Understood
from storybot.ports import Pulse, Reader
from storybot.settings import Settings
from streams import events

QUESTION = "What did Bakhyt's grandmother play?"
PATIENCE_S = 30


class SilentModel:
    """A language model that says one sentence of the story, then nothing more, or fails."""

    def __init__(self) -> None:
        self.failing = False
        self.silent = threading.Event()
        self.stopped = threading.Event()
        self.freed = threading.Event()

    def answer(
        self,
        question: str,  # noqa: ARG002 - it says the same to everything
        hits: Sequence[Hit],  # noqa: ARG002
        readings: Sequence[Reading],
        pulse: Pulse,
    ) -> Iterator[Claim]:
        """The sentence that answers, then silence until the pulse ends it, or the test."""
        passage, sentence = readings[0].passage, readings[0].sentence
        yield Claim(text=passage.quote(sentence), pointers=(Pointer(passage=passage, sentence=sentence),))
        if self.failing:
            raise CorpusBusy("corpus.db")  # noqa: EM101 - a path
        self.silent.set()
        try:
            while not self.freed.wait(0.02):
                pulse()
        except Stopped:
            self.stopped.set()
            raise


@pytest.fixture
def model() -> Iterator[SilentModel]:
    model = SilentModel()
    yield model
    model.freed.set()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once the archive has kept a turn."""
    event, keep = threading.Event(), SqliteArchive.keep

    def keeping(archive: SqliteArchive, conversation_id: str, answer: Answer, history: Sequence[Turn] = ()) -> Turn:
        turn = keep(archive, conversation_id, answer, history)
        event.set()
        return turn

    monkeypatch.setattr(SqliteArchive, "keep", keeping)
    return event


@pytest.fixture
def house(
    settings: Settings, embedder: SentenceTransformerEmbedder, reader: Reader, model: SilentModel
) -> Iterator[House]:
    engine = SqliteEngine(settings.data)
    bot = Storybot(
        settings,
        engine,
        embedder,
        reader,
        ReadingAnswerer(),
        library=build_library(settings, engine, embedder),
        wording=model,
        seeds=shipped_sources(),
    )
    bot.prepare()
    yield House(bot=bot, conversations=Conversations(bot, engine.archive), queue=engine.queue)
    bot.close()


@pytest.fixture
def address(house: House, settings: Settings) -> Iterator[tuple[str, int]]:
    """A real server that has but one worker beside those of the answers."""
    app = create_app(house, Intake(house.bot, house.queue), settings)

    @app.get("/one-worker")
    async def one_worker() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1

    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        host, port = listener.getsockname()[:2]
        assert fetch((host, port), "GET", "/one-worker") is None
        yield host, port
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def sent(
    address: tuple[str, int], method: str, path: str, body: object = None, accept: str = "*/*"
) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(*address, timeout=PATIENCE_S)
    headers = {"Content-Type": "application/json", "Accept": accept}
    connection.request(method, path, json.dumps(body), headers)
    return connection


def fetch(address: tuple[str, int], method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
    connection = sent(address, method, path, body)
    response = json.loads(connection.getresponse().read())
    connection.close()
    return response


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_who_closes_the_connection_stops_a_silent_model_and_finds_what_came(
    address: tuple[str, int], model: SilentModel, kept: threading.Event, accept: str
) -> None:
    conversation = fetch(address, "POST", "/api/conversations", {})["id"]
    path = f"/api/conversations/{conversation}/turns"
    connection = sent(address, "POST", path, {"question": QUESTION}, accept)
    if accept == "text/event-stream":
        response = connection.getresponse()
        while response.readline() != b"event: piece\n":
            pass
        response.close()
    assert model.silent.wait(PATIENCE_S)
    assert fetch(address, "GET", "/api/documents")["documents"]  # pages don't wait for a silent model
    connection.close()
    assert model.stopped.wait(PATIENCE_S)
    assert kept.wait(PATIENCE_S)
    (turn,) = fetch(address, "GET", f"/api/conversations/{conversation}")["turns"]
    assert (turn["state"], turn["question"]) == ("stopped", QUESTION)
    assert "balalaika" in turn["answer"]
    assert turn["citations"][0]["quote"] == turn["answer"]


def test_an_answer_outside_of_conversations_stops_too(address: tuple[str, int], model: SilentModel) -> None:
    connection = sent(address, "POST", "/api/ask", {"question": QUESTION}, "text/event-stream")
    response = connection.getresponse()
    assert response.readline() == b"event: found\n"
    assert model.silent.wait(PATIENCE_S)
    response.close()
    connection.close()
    assert model.stopped.wait(PATIENCE_S)
    assert fetch(address, "GET", "/api/conversations") == {"conversations": []}


def test_an_error_in_mid_stream_is_an_event_with_the_problem(
    house: House, settings: Settings, model: SilentModel
) -> None:
    model.failing = True
    with TestClient(create_app(house, Intake(house.bot, house.queue), settings), base_url="http://127.0.0.1") as client:
        conversation = client.post("/api/conversations", json={}).json()["id"]
        url = f"/api/conversations/{conversation}/turns"
        response = client.post(url, json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
        seen = events(response.text)
        assert [name for name, _ in seen] == ["found", "piece", "error"]
        assert seen[-1][1]["status"] == 503
        assert "another process" in seen[-1][1]["detail"]
        assert client.post(url, json={"question": QUESTION}).status_code == 503
        assert client.get(f"/api/conversations/{conversation}").json()["turns"] == []


def test_how_a_question_was_understood_is_an_event_too() -> None:
    assert told(Understood(question="Who sings?")) == ("understood", {"question": "Who sings?"})
