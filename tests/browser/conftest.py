"""A real server and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS_TO_START = 120
PATIENCE_MS = 30_000
"""What a busy machine may take: an answer that takes longer than playwright's five seconds isn't wrong."""
SOURCES = Path(__file__).parents[2] / "src"

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        # Where the browser is promised, its absence must not pass for success.
        tell = pytest.fail if os.environ.get("STORYBOT_REQUIRE_BROWSER") else pytest.skip
        tell("no chromium on this machine: `apt-get install chromium` brings it")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(browser: Browser, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001 - skips first
    """The address of a server on a corpus of its own, ready to answer."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "models").symlink_to(models)
    with serving(folder) as address:
        yield address


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """The address of a server process on the corpus in a folder, ready to answer."""
    port = port or _free_port()
    command = [sys.executable, "-m", "storybot", "serve", "--port", str(port), "--data", str(folder)]
    search = os.pathsep.join(filter(None, [str(SOURCES), os.environ.get("PYTHONPATH")]))
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": search}
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)
    assert "Traceback" not in log.read_text("utf8")


@pytest.fixture
def new_page(browser: Browser, server: str) -> Iterator[NewPage]:
    """Makes pages in contexts of their own, which may neither complain nor call anywhere but home."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> Page:  # noqa: ANN401 - whatever a playwright context takes
        home = options.setdefault("base_url", server)
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: None if _at_home(request.url, home) else complaints.append(request.url))
        page.goto("/")
        if options.get("java_script_enabled", True):
            page.locator("html.scripted").wait_for()
        return page

    yield make
    for context in contexts:
        context.close()
    # A page with an error's status is told on the console, and a module that was on its way when the page was left.
    harmless = ("Failed to load resource", "Failed to fetch dynamically imported module")
    assert [text for text in complaints if not any(each in text for each in harmless)] == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The chat in a wide window."""
    return new_page(viewport={"width": 1280, "height": 800})


def _at_home(url: str, server: str) -> bool:
    return url.startswith((f"{server}/", "data:"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(SECONDS_TO_START * 4):
        if process.poll() is not None:
            pytest.fail(f"the server ended:\n{log.read_text('utf8')}")
        try:
            with urlopen(f"{address}/readyz", timeout=5):  # noqa: S310 - our own address
                return
        except OSError:  # not there yet, or too busy to say so
            time.sleep(0.25)
    pytest.fail(f"the server did not get ready:\n{log.read_text('utf8')}")
