"""What all tests share: the real model, loaded once, and bots on an empty or the shipped corpus."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"  # read when the libraries are imported, which some tests do before the bot could
os.environ["XDG_DATA_HOME"] = os.devnull  # what whoever runs the tests has saved is none of their business

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import House, build_library, build_reader, shipped_questions, shipped_sources
from storybot.bot import Storybot
from storybot.conversing import Conversations
from storybot.embedders.runtimes import Runtime
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines import connections
from storybot.engines.memory import MemoryEngine
from storybot.engines.sqlite import SqliteEngine
from storybot.ports import Embedder, Engine, Reader
from storybot.settings import Settings, read_settings

MakeBot = Callable[..., Storybot]

BACKEND: Final = "onnx"
"""What processes embed with: in eight bits where the processor has instructions for them."""


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("STORYBOT_") and name != "STORYBOT_REQUIRE_BROWSER"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STORYBOT_BACKEND", BACKEND)


@pytest.fixture(autouse=True)
def _no_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_SYNCHRONOUS", {True: "OFF", False: "OFF"})


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the exported model: one for all tests, whichever process they run in."""
    own = tmp_path_factory.getbasetemp()
    made = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "models"
    SentenceTransformerEmbedder("all-MiniLM-L6-v2", cache=made, backend=BACKEND).dim  # noqa: B018 - exports
    return made


@pytest.fixture
def data_folder(tmp_path: Path, models: Path) -> Path:
    """A data folder in which nothing stands but the exported model."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "models").symlink_to(models)
    return folder


@pytest.fixture(scope="session")
def embedder(models: Path) -> SentenceTransformerEmbedder:
    """In full numbers on every processor: answers and confidences are compared with fixed ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storybot.embedders.sentence_transformer.choose", lambda _: [Runtime(library="onnx")])
        made = SentenceTransformerEmbedder("all-MiniLM-L6-v2", cache=models, backend=BACKEND)
        made.dim  # noqa: B018 - loads
    return made


@pytest.fixture
def settings(data_folder: Path) -> Settings:
    return read_settings(data=data_folder, max_source_bytes=1_000_000)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return build_reader(read_settings(reading_budget_ms=60_000))


@pytest.fixture
def make_bot(settings: Settings, embedder: Embedder, reader: Reader) -> MakeBot:
    def make(engine: Engine | None = None, *, shipped: bool = False, embedder: Embedder = embedder) -> Storybot:
        engine = engine or MemoryEngine()
        return Storybot(
            settings,
            engine,
            embedder,
            reader,
            ReadingAnswerer(),
            library=build_library(settings, engine, embedder),
            seeds=shipped_sources() if shipped else (),
            questions=shipped_questions(),
        )

    return make


@pytest.fixture
def bot(make_bot: MakeBot) -> Storybot:
    return make_bot()


@pytest.fixture
def house(make_bot: MakeBot, settings: Settings) -> Iterator[House]:
    engine = SqliteEngine(settings.data)
    bot = make_bot(engine, shipped=True)
    bot.prepare()
    yield House(bot=bot, conversations=Conversations(bot, engine.archive), queue=engine.queue)
    bot.close()


@pytest.fixture
def stored_bot(house: House) -> Storybot:
    return house.bot
