"""The theme that a browser chose, what is compressed, and what a browser may keep."""

import hashlib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from storybot.http.rendering import _environment, web_folder
from storybot.http.statics import LASTING
from storybot.http.themes import showing

FONTS = sorted((web_folder() / "static" / "fonts").glob("*.woff2"))


@pytest.fixture
def browser(shared_client: TestClient) -> TestClient:
    shared_client.cookies.clear()
    return shared_client


def test_pages_follow_the_system_until_a_theme_is_chosen(browser: TestClient) -> None:
    assert "data-theme" not in browser.get("/library").text
    browser.post("/theme", data={"theme": "dark"}, headers={"referer": "http://testserver/library?sort=added"})
    page = browser.get("/library").text
    assert 'data-theme="dark"' in page
    assert '<meta name="color-scheme" content="dark">' in page
    browser.post("/theme", data={"theme": "system"})
    assert "data-theme" not in browser.get("/library").text


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/library?sort=added", "/library?sort=added"),
        ("http://elsewhere.example//elsewhere.example/x", "/elsewhere.example/x"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_the_choice_leads_back_to_its_page_and_never_elsewhere(browser: TestClient, referer: str, back: str) -> None:
    reply = browser.post("/theme", data={"theme": "light"}, headers={"referer": referer}, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, back)
    assert "HttpOnly" in reply.headers["set-cookie"]


def test_a_theme_that_there_isn_t_is_refused_and_an_old_cookie_of_it_ignored(browser: TestClient) -> None:
    assert browser.post("/theme", data={"theme": "plaid"}).status_code == 422
    browser.cookies.set("theme", 'dark" onload="')
    assert "data-theme" not in browser.get("/library").text


def test_the_control_says_which_theme_is_chosen() -> None:
    control = _environment().from_string('{% import "theme.html" as theme %}{{ theme.choice() }}')
    with showing("light"):
        assert 'value="light" aria-pressed="true"' in control.render()
    assert 'value="system" aria-pressed="true"' in control.render()


def test_pages_are_compressed_and_events_are_not(browser: TestClient) -> None:
    page = browser.get("/library")
    assert page.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["vary"]
    assert "Accept-Language" in page.headers["vary"]
    assert "content-encoding" not in browser.get("/library", headers={"accept-encoding": "identity"}).headers
    events = browser.post("/api/ask", json={"question": "Who sang?"}, headers={"accept": "text/event-stream"})
    assert events.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in events.headers


def test_a_static_file_is_asked_for_anew_and_not_sent_twice(browser: TestClient) -> None:
    first = browser.get("/static/base.css")
    assert first.headers["cache-control"] == "no-cache"
    again = browser.get("/static/base.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.name.partition(".")[0])
def test_a_font_s_name_holds_the_digest_of_what_is_in_it(browser: TestClient, font: Path) -> None:
    assert LASTING.search(font.name)
    assert hashlib.sha256(font.read_bytes()).hexdigest()[:8] == font.name.split(".")[1]
    reply = browser.get(f"/static/fonts/{font.name}")
    assert "immutable" in reply.headers["cache-control"]
    assert font.name in (web_folder() / "static" / "base.css").read_text("utf8")
