"""The settings, over HTTP and on their page without scripts."""

import errno
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from fastapi.testclient import TestClient

from scripted_server import ScriptedServer, answer, refusal, serving
from storybot.assembly import House
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.settings import read_settings

KEY = "sk-very-secret"
FORM = {"caution": "bold", "answerer": "reading", "unsupported": "withhold", "backend": "auto"}

Open = Callable[..., TestClient]


@pytest.fixture
def open_client(shared_house: House, tmp_path: Path) -> Iterator[Open]:
    """Clients of a shared house, each app with settings of its own; the intake isn't started."""

    def opened(**flags: object) -> TestClient:
        settings = read_settings(**{"data": tmp_path, "backend": "onnx", **flags})
        return TestClient(
            create_app(shared_house, Intake(shared_house.bot, shared_house.queue), settings),
            base_url="http://127.0.0.1",
        )

    before = shared_house.bot._conduct
    yield opened
    shared_house.bot.behave(before)


@pytest.fixture
def model() -> Iterator[ScriptedServer]:
    with serving() as server:
        yield server


def by_name(client: TestClient) -> dict[str, dict[str, object]]:
    return {each["name"]: each for each in client.get("/api/settings").json()["settings"]}


def test_each_setting_tells_where_its_value_comes_from(open_client: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYBOT_CAUTION", "bold")
    client = open_client(model="mine")
    client.put("/api/settings", json={"unsupported": "mark"})
    found = by_name(client)
    assert {name: found[name]["origin"] for name in ("caution", "model", "unsupported", "answerer")} == {
        "caution": "environment",
        "model": "flag",
        "unsupported": "saved",
        "answerer": "default",
    }
    assert (found["model"]["fixed"], found["model"]["holds"]) == (True, "next start")
    assert (found["unsupported"]["fixed"], found["unsupported"]["holds"]) == (False, "at once")


def test_what_can_be_followed_at_once_is(open_client: Open, shared_house: House, tmp_path: Path) -> None:
    client = open_client()
    client.put("/api/settings", json={"caution": "bold", "answerer": "openai", "unsupported": "mark", "model": "other"})
    conduct = shared_house.bot._conduct
    assert (conduct.caution, conduct.unsupported, conduct.wording is None) == ("bold", "mark", False)
    assert read_settings(data=tmp_path).model == "other"
    assert "Until storybot is started again: all-MiniLM-L6-v2" in client.get("/settings").text
    client.put("/api/settings", json={"caution": None, "answerer": None, "unsupported": None, "model": None})
    assert (tmp_path / "settings.toml").read_text() == ""
    assert shared_house.bot._conduct.wording is None


def test_what_is_saved_outlasts_a_start_that_gives_the_same(
    open_client: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_client().put("/api/settings", json={"caution": "bold"})
    with monkeypatch.context() as started:
        started.setenv("STORYBOT_CAUTION", "bold")
        open_client().put("/api/settings", json={"unsupported": "mark"})
    assert read_settings(data=tmp_path).caution == "bold"


def test_the_page_tells_all_that_the_data_folder_holds_while_files_come_and_go(
    open_client: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models" / "one").mkdir(parents=True)
    (tmp_path / "models" / "one" / "weights").write_bytes(bytes(2_500_000))
    walk = os.walk

    def walk_over_one_that_goes(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
        for place, folders, names in walk(folder):
            yield place, folders, [*names, "settings.toml.gone"]

    monkeypatch.setattr(os, "walk", walk_over_one_that_goes)
    assert "2.5 MB" in open_client().get("/settings").text


def test_the_key_goes_in_and_never_comes_out(open_client: Open, tmp_path: Path) -> None:
    client = open_client()
    assert client.put("/api/settings", json={"llm_key": KEY}).status_code == 200
    assert (by_name(client)["llm_key"]["value"], by_name(client)["llm_key"]["given"]) == (None, True)
    page = client.get("/settings").text
    assert KEY not in page + client.get("/api/settings").text
    assert "There is a key" in page
    client.post("/settings", data=FORM)
    assert read_settings(data=tmp_path).llm_key.get_secret_value() == KEY
    client.post("/settings", data={**FORM, "forget_key": "1"})
    assert not by_name(client)["llm_key"]["given"]


def test_a_key_is_not_kept_for_another_server(open_client: Open) -> None:
    client = open_client()
    client.put("/api/settings", json={"llm_key": KEY, "llm_url": "http://127.0.0.1:9/v1"})
    client.put("/api/settings", json={"llm_url": "http://127.0.0.1:9/v2"})
    assert by_name(client)["llm_key"]["given"]
    client.put("/api/settings", json={"llm_url": "http://elsewhere.example/v1"})
    assert not by_name(client)["llm_key"]["given"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"caution": "brave"}, "caution"),
        ({"port": "80"}, "port"),
        ({"llm_url": "nowhere"}, "STORYBOT_LLM_URL"),
        ({"model": ""}, "STORYBOT_MODEL"),
    ],
)
def test_a_bad_value_is_refused_and_changes_nothing(
    open_client: Open, tmp_path: Path, wrong: dict[str, str], words: str
) -> None:
    client = open_client()
    response = client.put("/api/settings", json={"unsupported": "mark", **wrong})
    assert response.status_code == 422
    assert words in response.json()["detail"]
    assert not (tmp_path / "settings.toml").exists()


def test_what_is_fixed_elsewhere_is_not_changed(open_client: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYBOT_CAUTION", "cautious")
    client = open_client(model="mine")
    refused = client.put("/api/settings", json={"caution": "bold"})
    assert refused.status_code == 409
    assert "STORYBOT_CAUTION in the environment" in refused.json()["detail"]
    assert "--model" in client.put("/api/settings", json={"model": "other"}).json()["detail"]
    assert client.put("/api/settings", json={"caution": "cautious"}).status_code == 200
    page = client.get("/settings").text
    assert "Set by STORYBOT_CAUTION in the environment; it can&#39;t be changed here." in page
    client.post("/settings", data=FORM)
    assert by_name(client)["caution"]["value"] == "cautious"


def test_the_form_saves_and_says_so_or_comes_back_with_what_is_wrong(open_client: Open) -> None:
    client = open_client()
    saved = client.post("/settings", data=FORM)
    assert saved.url.path == "/settings"
    assert "Saved." in saved.text
    assert by_name(client)["caution"]["origin"] == "saved"
    refused = client.post("/settings", data={**FORM, "caution": "cautious", "llm_url": "nowhere"})
    assert refused.status_code == 422
    assert "it takes an address like" in refused.text
    assert 'value="nowhere"' in refused.text
    assert by_name(client)["caution"]["value"] == "bold"


def test_a_language_model_is_tried_and_what_came_is_told(open_client: Open, model: ScriptedServer) -> None:
    client = open_client()
    asked = {"llm_url": model.url, "llm_model": "m", "llm_key": KEY}
    model.replies = [answer("Under the old bridge [1].")]
    assert client.post("/api/settings/test", json=asked).json() == {
        "answered": True,
        "words": "It works. It answered: “Under the old bridge.”",
    }
    assert model.seen_headers[-1]["Authorization"] == f"Bearer {KEY}"
    model.replies = [answer("Under the old bridge.")]
    assert "without the number" in client.post("/settings/test", data={**FORM, **asked}).text
    model.replies = [answer("The story does not say.")]
    assert "gave no answer" in client.post("/api/settings/test", json=asked).json()["words"]
    model.replies = [refusal(401, f"{KEY} is expired")]
    refused = client.post("/settings/test", data={**FORM, **asked}).text
    assert "refuses the key" in refused
    assert KEY not in refused
    assert by_name(client)["llm_url"]["origin"] == "default"


def test_a_saved_key_is_shown_to_no_other_server(open_client: Open, model: ScriptedServer) -> None:
    client = open_client()
    client.put("/api/settings", json={"llm_key": KEY})
    model.replies = [answer("Under the old bridge [1].")]
    client.post("/api/settings/test", json={"llm_url": model.url, "llm_model": "m"})
    assert model.seen_headers[-1]["Authorization"] == "Bearer none"
    assert "it takes an address like" in client.post("/settings/test", data={**FORM, "llm_url": "no"}).text
    client.put("/api/settings", json={"llm_url": model.url, "llm_key": KEY})
    client.post("/api/settings/test", json={"llm_model": "m"})
    assert model.seen_headers[-1]["Authorization"] == f"Bearer {KEY}"


def test_a_key_of_the_environment_is_shown_to_no_other_server(
    open_client: Open, model: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYBOT_LLM_KEY", KEY)
    client = open_client()
    asked = {"llm_url": model.url, "llm_model": "m"}
    for refused in (client.post("/api/settings/test", json=asked), client.put("/api/settings", json=asked)):
        assert refused.status_code == 409
        assert "STORYBOT_LLM_KEY in the environment" in refused.json()["detail"]
    assert "STORYBOT_LLM_KEY in the environment" in client.post("/settings/test", data={**FORM, **asked}).text
    assert model.seen_headers == []


def test_a_broken_file_of_settings_is_told_on_the_page(open_client: Open, tmp_path: Path) -> None:
    client = open_client()
    (tmp_path / "settings.toml").write_text("caution = ")
    refused = client.post("/settings", data=FORM)
    assert refused.status_code == 422
    assert "settings.toml" in refused.text


def test_another_sites_page_changes_no_settings(open_client: Open) -> None:
    client = open_client()
    headers = {"Origin": "http://elsewhere.example"}
    assert client.put("/api/settings", json={"caution": "bold"}, headers=headers).status_code == 403
    for path in ("/settings", "/settings/test", "/settings/export", "/settings/language"):
        assert client.post(path, data=FORM, headers=headers).status_code == 403
    assert by_name(client)["caution"]["origin"] == "default"


def test_a_language_that_was_chosen_goes_before_the_browsers(open_client: Open) -> None:
    client = open_client()
    page = client.post("/settings/language", data={"language": "en"})
    assert client.cookies["language"] == "en"
    assert '<option value="en" lang="en" selected>English' in page.text
    client.post("/settings/language", data={"language": "nosuch"})
    assert "language" not in client.cookies


def test_everything_comes_in_one_archive(house: House, tmp_path: Path) -> None:
    settings = read_settings(data=tmp_path / "data", caution="bold", llm_key=KEY)
    with TestClient(create_app(house, Intake(house.bot, house.queue), settings), base_url="http://127.0.0.1") as client:
        response = client.post("/settings/export")
        assert response.headers["Content-Disposition"].startswith('attachment; filename="storybot-')
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            assert len(json.loads(archive.read("documents.json"))) == len(house.bot.library.entries())
            assert json.loads(archive.read("settings.json"))["STORYBOT_CAUTION"] == "bold"
            assert not any(KEY.encode() in archive.read(name) for name in archive.namelist())
        assert not list((tmp_path / "data").glob("working-*"))


def test_an_archive_that_the_disk_has_no_room_for_leaves_nothing_open(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[IO[bytes]] = []

    def no_room(_packed: IO[bytes], file: IO[bytes]) -> None:
        made.append(file)
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(shutil, "copyfileobj", no_room)
    settings = read_settings(data=tmp_path / "data")
    with TestClient(create_app(house, Intake(house.bot, house.queue), settings), base_url="http://127.0.0.1") as client:
        assert client.post("/settings/export").status_code == 507
    assert [file.closed for file in made] == [True]


def test_an_empty_corpus_invites_and_takes_the_shipped_story(open_client: Open, shared_house: House) -> None:
    client = open_client()
    page = client.get("/", params={"collection": "begun"}).text
    assert "Bring a book." in page
    added = client.post("/documents/shipped", data={"collection": "begun"})
    assert added.url.path == "/"
    jobs = [job for job in shared_house.queue.jobs(most=10) if job.collection == "begun"]
    assert jobs
    shared_house.queue.cancel([job.id for job in jobs])


def test_asking_in_a_collection_that_is_not_there_is_an_error(open_client: Open) -> None:
    client = open_client()
    refused = client.post("/api/ask", json={"question": "Where did the fox live?", "collection": "nosuch"})
    assert refused.status_code == 404
    assert "There is no collection 'nosuch'. The library" in refused.json()["detail"]
    page = client.post("/ask", data={"q": "Where did the fox live?", "collection": "nosuch"})
    assert page.status_code == 404
    assert "There is no collection" in page.text


def test_a_wrong_address_is_told_on_a_page_to_a_person(open_client: Open) -> None:
    client = open_client()
    page = client.get("/nosuch", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "There is no page at this address." in page.text
    assert client.get("/api/nosuch", headers={"Accept": "text/html"}).json()["status"] == 404
    assert client.get("/nosuch").json()["status"] == 404
    assert client.put("/library", headers={"Accept": "text/html"}).status_code == 405
