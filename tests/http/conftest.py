from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import House, build_library
from storybot.bot import Storybot
from storybot.conversing import Conversations
from storybot.engines.sqlite import SqliteEngine
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.library import Library
from storybot.model import Source
from storybot.ports import Embedder, Reader
from storybot.settings import Settings, read_settings
from tales import TALES, AddTales


@pytest.fixture
def client(house: House, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(house, Intake(house.bot, house.queue), settings), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="session")
def shared_house(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, reader: Reader) -> Iterator[House]:
    """A house that tests share, each with collections of its own: to make one takes a while."""
    settings = read_settings(data=tmp_path_factory.mktemp("shared"))
    engine = SqliteEngine(settings.data)
    library = build_library(settings, engine, embedder)
    bot = Storybot(settings, engine, embedder, reader, ReadingAnswerer(), library=library)
    bot.prepare()
    yield House(bot=bot, conversations=Conversations(bot, engine.archive), queue=engine.queue)
    bot.close()


@pytest.fixture
def library(shared_house: House) -> Library:
    return shared_house.bot.library


@pytest.fixture(scope="session")
def shared_client(shared_house: House) -> Iterator[TestClient]:
    intake = Intake(shared_house.bot, shared_house.queue)
    with TestClient(create_app(shared_house, intake, read_settings()), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def add_tales(library: Library) -> AddTales:
    def add(collection: str) -> dict[str, str]:
        return {
            name: library.add(Source(name=name, data=text.encode(), collection=collection)).id
            for name, text in TALES.items()
        }

    return add
