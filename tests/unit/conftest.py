"""An intake on an engine on disk, for the tests of the queue."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conftest import MakeBot
from intakes import SteppingEmbedder, working
from storybot.bot import Storybot
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.sqlite import SqliteEngine
from storybot.intake import Intake


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SqliteEngine]:
    with closing(SqliteEngine(tmp_path)) as engine:
        yield engine


@pytest.fixture
def stored(engine: SqliteEngine, make_bot: MakeBot) -> Storybot:
    return make_bot(engine)


@pytest.fixture
def stepping(embedder: SentenceTransformerEmbedder) -> SteppingEmbedder:
    return SteppingEmbedder(embedder)


@pytest.fixture
def intake(stored: Storybot, engine: SqliteEngine) -> Iterator[Intake]:
    with working(Intake(stored, engine.queue)) as intake:
        yield intake
