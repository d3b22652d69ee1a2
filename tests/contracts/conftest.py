"""What the tests of the contracts share: engines, and a corpus on disk."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contracts.stories import long_story
from storybot.engines.memory import MemoryEngine
from storybot.engines.sqlite import SqliteEngine
from storybot.ports import Engine


def memory(_: Path) -> Engine:
    return MemoryEngine()


def sqlite(folder: Path) -> Engine:
    return SqliteEngine(folder)


@pytest.fixture(params=[memory, sqlite])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with closing(request.param(tmp_path)) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a corpus that nobody has open."""
    with closing(SqliteEngine(tmp_path)) as engine:
        long_story("fox").put_into(engine)
    return tmp_path
