from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from storybot.assembly import House
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.settings import Settings


@pytest.fixture
def client(house: House, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(house, Intake(house.bot, house.queue), settings)) as client:
        yield client
