import http.client
import io
import threading
import time
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from storybot.assembly import House
from storybot.cli.serving import listening
from storybot.errors import CorpusBusy, DiskFull
from storybot.http import jobs
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.model import Job, Source
from storybot.settings import Settings
from streams import events

FOX = ("fox.txt", b"The fox lived under the old bridge.")
PATIENCE_S = 30
HEN = ("hen.txt", b"The hen lived in the new barn.")


@pytest.fixture
def intake(house: House) -> Intake:
    return Intake(house.bot, house.queue)


@pytest.fixture
def app(house: House, intake: Intake, settings: Settings) -> FastAPI:
    return create_app(house, intake, settings)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def idle(app: FastAPI) -> TestClient:
    """A client of a server whose intake doesn't work."""
    return TestClient(app, base_url="http://127.0.0.1")


def send(client: TestClient, *files: tuple[str, bytes]) -> list[dict[str, Any]]:
    reply = client.post("/api/documents", files=[("files", file) for file in files]).raise_for_status().json()
    jobs: list[dict[str, Any]] = reply["jobs"]
    return jobs


def test_a_job_tells_how_far_it_is_in_numbers_and_words(idle: TestClient) -> None:
    (job,) = send(idle, FOX)
    assert job == idle.get(f"/api/jobs/{job['id']}").json()
    assert job | {"id": "", "added": ""} == {
        "id": "",
        "name": "fox.txt",
        "collection": "stories",
        "state": "waiting",
        "done": 0,
        "total": 0,
        "document": None,
        "error": None,
        "added": "",
        "rate": 0,
        "left_seconds": None,
        "words": "Waiting its turn",
    }
    told = idle.get("/api/jobs").json()["round"]
    assert (told["jobs"], told["ended"], told["unread"], told["words"]) == (1, 0, 1, "0 of 1 document")


def test_jobs_are_listed_by_state(idle: TestClient) -> None:
    fox, hen = send(idle, FOX, HEN)
    assert idle.delete(f"/api/jobs/{fox['id']}").json()["state"] == "cancelled"
    assert [job["id"] for job in idle.get("/api/jobs").json()["jobs"]] == [hen["id"], fox["id"]]
    assert [job["id"] for job in idle.get("/api/jobs?state=cancelled").json()["jobs"]] == [fox["id"]]
    assert idle.get("/api/jobs?state=lost").status_code == 422


@pytest.mark.parametrize("path", ["/api/jobs/cancel", "/jobs/cancel"])
def test_all_uploads_are_cancelled_at_once(idle: TestClient, path: str) -> None:
    send(idle, FOX, HEN)
    assert idle.post(path).status_code == 200
    assert {job["state"] for job in idle.get("/api/jobs").json()["jobs"]} == {"cancelled"}


def test_uploads_are_told_as_they_go_on(client: TestClient, app: FastAPI, intake: Intake) -> None:
    fox, bad = send(client, FOX, ("bad.txt", b" "))
    calls = []

    def stopping() -> bool:
        over = intake.round().ended == 2
        calls.append(over)
        return calls.count(True) > 1  # one more look after the end

    app.state.stopping = stopping
    response = client.get("/api/jobs/events")
    assert response.headers["content-type"].startswith("text/event-stream")
    told = events(response.text)
    last = {body["id"]: body for name, body in told if name == "job"}
    assert last[fox["id"]]["state"] == "done"
    assert "no text" in last[bad["id"]]["error"]
    assert [body for name, body in told if name == "round"][-1]["failed"] == 1


def test_a_stream_ends_when_its_client_goes(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    tell = jobs._told

    async def told(request: Request, intake: Intake) -> AsyncIterator[str]:
        try:
            async for part in tell(request, intake):
                yield part
        finally:
            ended.set()

    monkeypatch.setattr(jobs, "_told", told)
    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            _, port = listener.getsockname()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
            connection.request("GET", "/api/jobs/events")
            assert connection.getresponse().readline() == b"event: round\n"
            assert not ended.is_set()
            connection.close()
            assert ended.wait(PATIENCE_S)
        finally:
            server.should_exit = True
            thread.join(PATIENCE_S)


def test_a_client_hears_of_the_server_while_nothing_changes(
    idle: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storybot.http.jobs._LOOK_SECONDS", 0)
    looks = iter([False] * 41 + [True])
    app.state.stopping = lambda: next(looks)
    assert idle.get("/api/jobs/events").text.count(": nothing new\n\n") == 1


def test_a_stream_that_cannot_go_on_says_why(idle: TestClient, intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise CorpusBusy("corpus.db")  # noqa: EM101 - a path

    monkeypatch.setattr(intake, "round", fail)
    ((name, body),) = events(idle.get("/api/jobs/events").text)
    assert (name, body["status"]) == ("error", 503)


def test_many_files_are_queued_in_batches_all_or_none(
    idle: TestClient, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storybot.http.receiving._BATCH_BYTES", 50)
    submit, batches = intake.submit, list[int]()

    def counting(sources: list[Source]) -> list[Job]:
        batches.append(len(sources))
        if len(batches) == 4:
            raise DiskFull("corpus.db")  # noqa: EM101 - a path
        return submit(sources)

    monkeypatch.setattr(intake, "submit", counting)
    assert len(send(idle, ("a.txt", b"a" * 20), ("b.txt", b"b" * 20), FOX)) == 3
    assert batches == [2, 1]
    files = [("files", FOX), ("files", HEN), ("files", FOX)]
    response = idle.post("/api/documents", files=files)
    assert "Free some space" in response.json()["detail"]
    assert [job["state"] for job in idle.get("/api/jobs").json()["jobs"]] == ["waiting"] * 3 + ["cancelled"]


def test_an_archive_is_queued_as_the_files_in_it_or_refused_with_a_reason(idle: TestClient) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("poems/fox.txt", FOX[1])
        archive.writestr("cat.jpg", b"no text")
        archive.writestr("hen.txt", HEN[1])
    names = [job["name"] for job in send(idle, ("tales.zip", stream.getvalue()), FOX)]
    assert names == ["tales.zip/poems/fox.txt", "tales.zip/hen.txt", "fox.txt"]
    refused = idle.post("/api/documents", files=[("files", HEN), ("files", ("bad.zip", b"no archive"))])
    assert refused.status_code == 422
    assert "'bad.zip' is a damaged ZIP file" in refused.json()["detail"]


def test_too_many_files_at_once_are_refused(idle: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storybot.http.receiving.MOST_FILES", 2)
    response = idle.post("/api/documents", files=[("files", FOX)] * 3)
    assert response.status_code == 400
    assert "Maximum number of files is 2" in response.json()["detail"]


def test_the_form_without_a_script_queues_files_too(client: TestClient, intake: Intake) -> None:
    page = client.post("/documents", files=[("files", FOX), ("files", HEN)])
    assert page.status_code == 200
    limit = time.monotonic() + 30
    while intake.round().ended < 2:
        assert time.monotonic() < limit
        threading.Event().wait(0.01)
    assert client.get("/").text.count("fox.txt") >= 1
