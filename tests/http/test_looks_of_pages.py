"""The theme that a browser chose, what is compressed, and what a browser may keep."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from storybot.http.rendering import _environment, web_folder
from storybot.http.statics import statics
from storybot.http.themes import showing

FONTS = sorted((web_folder() / "static" / "fonts").glob("*.woff2"))


@pytest.fixture
def browser(shared_client: TestClient) -> TestClient:
    shared_client.cookies.clear()
    return shared_client


def test_pages_follow_the_system_until_a_theme_is_chosen(browser: TestClient) -> None:
    assert "data-theme" not in browser.get("/library").text
    browser.post("/theme", data={"theme": "dark"})
    page = browser.get("/library").text
    assert 'data-theme="dark"' in page
    assert '<meta name="color-scheme" content="dark">' in page
    browser.post("/theme", data={"theme": "system"})
    assert "data-theme" not in browser.get("/library").text


def test_the_choice_leads_back_to_the_settings(browser: TestClient) -> None:
    reply = browser.post("/theme", data={"theme": "light"}, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, "/settings")
    assert "HttpOnly" in reply.headers["set-cookie"]


def test_a_theme_that_there_isn_t_is_refused_and_an_old_cookie_of_it_ignored(browser: TestClient) -> None:
    refused = browser.post("/theme", data={"theme": "plaid"})
    assert (refused.status_code, "That didn&#39;t work" in refused.text) == (422, True)
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


def test_a_static_file_is_kept_as_long_as_its_address_names_it(browser: TestClient) -> None:
    address = f"{statics()}/favicon.svg"
    assert f'href="{address}"' in browser.get("/library").text
    assert "immutable" in browser.get(address).headers["cache-control"]
    of_before = browser.get("/static/01234567/favicon.svg")
    assert (of_before.content, of_before.headers["cache-control"]) == (browser.get(address).content, "no-cache")


def test_a_page_s_sheets_come_as_one(browser: TestClient) -> None:
    (address,) = re.findall(r'rel="stylesheet" href="([^"]+)"', browser.get("/library").text)
    reply = browser.get(address)
    assert reply.headers["content-type"].startswith("text/css")
    assert reply.text.startswith(browser.get(f"{statics()}/base.css").text)
    assert reply.text.endswith(browser.get(f"{statics()}/library.css").text)


@pytest.mark.parametrize(
    "name", ["", "x/", "nothing.css", "base+nothing.css", "base+base.css", "main+dom.js", "../catalogues/de.po"]
)
def test_a_file_that_is_not_there_is_not_found(browser: TestClient, name: str) -> None:
    assert browser.get(f"{statics()}/{name}").status_code == 404


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.stem)
def test_the_sheet_names_each_font(browser: TestClient, font: Path) -> None:
    assert f"fonts/{font.name}" in browser.get(f"{statics()}/base.css").text
    assert browser.get(f"{statics()}/fonts/{font.name}").content == font.read_bytes()
