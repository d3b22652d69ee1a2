from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from storybot.bot import Storybot
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.settings import Settings


@pytest.fixture
def client(stored_bot: Storybot, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(stored_bot, Intake(stored_bot), settings)) as client:
        yield client
