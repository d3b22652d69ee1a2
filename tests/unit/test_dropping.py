import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from storybot.assembly import House, build_drop_folder, build_library, shipped_sources
from storybot.engines.memory import MemoryEngine
from storybot.errors import DiskFull, FileNotReadable
from storybot.gathering import DropFolder, changes, dropping
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.library import Library
from storybot.model import Source
from storybot.ports import Embedder
from storybot.settings import Settings


class Taker:
    """Takes what a drop folder queues, as an intake would; a full disk where it is told so."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.names: list[str] = []
        self.full = False
        self.took = threading.Event()

    def submit(self, sources: Sequence[Source]) -> None:
        if self.full:
            raise DiskFull(__file__)
        self.names += [source.name for source in sources]
        for source in sources:
            self.library.add(source)
        self.took.set()

    def taken(self) -> list[str]:
        names, self.names = self.names, []
        return names


@pytest.fixture
def taker(settings: Settings, embedder: Embedder) -> Taker:
    settings.data.mkdir(exist_ok=True)
    return Taker(build_library(settings, MemoryEngine(), embedder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus" / "poems").mkdir(parents=True)
    (tmp_path / "corpus" / "fox.txt").write_text("The fox lived under the old bridge.")
    (tmp_path / "corpus" / "poems" / "crow.txt").write_text("The crow sat on the mill.")
    return tmp_path / "corpus"


def opened(folder: Path, taker: Taker, settings: Settings) -> DropFolder:
    """As after a start: what it knows is what it wrote down."""
    return build_drop_folder(settings.model_copy(update={"corpus": folder}), taker.library, taker.submit)


def test_each_file_is_queued_once_and_again_when_it_changes(folder: Path, taker: Taker, settings: Settings) -> None:
    opened(folder, taker, settings).look()
    assert taker.taken() == ["fox.txt", "poems/crow.txt"]
    opened(folder, taker, settings).look()
    assert taker.taken() == []
    (folder / "fox.txt").write_text("The fox moved to the hill.")
    opened(folder, taker, settings).look()
    assert taker.taken() == ["fox.txt"]
    assert {entry.title for entry in taker.library.entries()} == {"Fox", "Crow"}


def test_a_document_that_was_deleted_stays_so_until_its_file_is_put_in_again(
    folder: Path, taker: Taker, settings: Settings
) -> None:
    opened(folder, taker, settings).look()
    for entry in taker.library.entries():
        taker.library.drop(entry.id)
    taker.taken()
    opened(folder, taker, settings).look()
    assert taker.taken() == []
    aside = folder.parent / "fox.txt"
    (folder / "fox.txt").rename(aside)
    opened(folder, taker, settings).look()
    aside.rename(folder / "fox.txt")
    opened(folder, taker, settings).look()
    assert taker.taken() == ["fox.txt"]
    assert len((settings.data / dropping.TAKEN_FILE).read_text().splitlines()) == 2


def test_what_came_another_way_is_not_queued(folder: Path, taker: Taker, settings: Settings) -> None:
    (folder / "fox.questions").write_text("Where did the fox live?")
    (story,) = shipped_sources()
    (folder / story.name).write_bytes(story.data)
    taker.library.add(Source(name="fox.txt", data=(folder / "fox.txt").read_bytes()))
    opened(folder, taker, settings).look()
    assert taker.taken() == ["poems/crow.txt"]


def test_what_cannot_be_seen_now_is_told_once_and_not_forgotten(
    folder: Path, taker: Taker, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    opened(folder, taker, settings).look()
    taker.taken()
    crow = folder / "poems" / "crow.txt"
    kept = crow.read_bytes()
    crow.unlink()
    crow.symlink_to("nowhere")
    drop_folder = opened(folder, taker, settings)
    with caplog.at_level(logging.WARNING):
        drop_folder.look()
        drop_folder.look()
    assert len(caplog.records) == 1
    crow.unlink()
    crow.write_bytes(kept)
    drop_folder.look()
    assert taker.taken() == []


def test_what_could_not_be_queued_is_queued_later(folder: Path, taker: Taker, settings: Settings) -> None:
    taker.full = True
    with pytest.raises(DiskFull):
        opened(folder, taker, settings).look()
    taker.full = False
    opened(folder, taker, settings).look()
    assert taker.taken() == ["fox.txt", "poems/crow.txt"]


def test_the_folder_is_made_and_watched_until_the_end(
    tmp_path: Path, taker: Taker, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "made"
    drop_folder = opened(folder, taker, settings)
    drop_folder.start()
    try:
        # The watch begins a moment after the first look, so what comes is written until it is seen.
        for _ in range(100):
            if not folder.is_dir():
                taker.took.wait(0.05)
                continue
            (folder / "hen.txt").write_text("The hen laid an egg of gold.")
            if taker.took.wait(0.3):
                break
    finally:
        drop_folder.stop()
    assert taker.taken() == ["hen.txt"]
    assert not caplog.records


def test_the_server_watches_its_folder_while_it_runs(
    house: House, folder: Path, taker: Taker, settings: Settings
) -> None:
    app = create_app(house, Intake(house.bot, house.queue), settings, opened(folder, taker, settings))
    with TestClient(app):
        assert taker.took.wait(60)
    assert taker.taken()[0] == "fox.txt"


def test_a_failing_look_ends_no_watch(
    folder: Path, taker: Taker, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def changes(_folder: Path, _ended: threading.Event) -> Iterator[None]:
        yield
        taker.full = False
        yield

    monkeypatch.setattr(dropping, "changes", changes)
    taker.full = True
    drop_folder = opened(folder, taker, settings)
    with caplog.at_level(logging.WARNING):
        drop_folder.start()
        drop_folder._thread.join()  # type: ignore[union-attr]
    assert taker.taken() == ["fox.txt", "poems/crow.txt"]
    assert [record.message[:17] for record in caplog.records] == ["The disk is full:"]


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, taker: Taker, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    drop_folder = opened(tmp_path / "file" / "corpus", taker, settings)
    with caplog.at_level(logging.WARNING):
        drop_folder.start()
        drop_folder.stop()
    assert "isn't watched" in caplog.text


def test_without_a_folder_in_the_settings_it_is_that_of_the_checkout(taker: Taker, settings: Settings) -> None:
    drop_folder = build_drop_folder(settings, taker.library, taker.submit)
    assert drop_folder._folder == Path(__file__).parents[2] / "corpus"


def test_what_changes_while_a_change_is_looked_at_comes_next(tmp_path: Path) -> None:
    ended = threading.Event()
    watched = changes(tmp_path, ended)
    next(watched)
    (tmp_path / "fox.txt").write_text("The fox lived under the old bridge.")
    next(watched)
    ended.set()
    assert list(watched) == []
    with pytest.raises(FileNotReadable):
        next(changes(tmp_path / "nosuch", ended))
