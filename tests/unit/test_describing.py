"""What documents are about is found out in the background, and never in the way."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from asking import GENERATOR
from conftest import MakeBot
from storybot.bot import Storybot
from storybot.describing import Describer
from storybot.engines.memory import MemoryEngine
from storybot.engines.sqlite import CORPUS_FILE, SqliteEngine
from storybot.errors import CorpusBusy, DiskFull, EnglishFailed
from storybot.finders.names import entities_in
from storybot.finders.reading import words_in
from storybot.model import Entity, Overview, Scope, Source
from storybot.ports import Embedder, Pulse

FOX = Source(
    name="fox.txt",
    data=b"Once Reynard was a fox. Then Reynard lived under the old bridge. There Reynard ate the cheese of the crow.",
)
HEN = Source(
    name="hen.txt",
    data=b"A hen was called Pertelote. Then Pertelote lived in the new barn. There Pertelote laid an egg.",
)
PATIENCE_S = 20


class Finder:
    """Notes whose text it reads, and lets a test do something meanwhile."""

    revision = "rules"

    def __init__(self, meanwhile: Callable[[Pulse], None] = lambda _: None) -> None:
        self.read: list[str] = []
        self.meanwhile = meanwhile
        self.looked = threading.Event()

    def find(self, text: str, pulse: Pulse) -> list[Entity]:
        """What is named in the text."""
        self.read.append(text.split(maxsplit=1)[0])
        self.meanwhile(pulse)
        self.looked.set()
        return entities_in(text, list(words_in(text, pulse)), [], pulse)


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture
def told(engine: MemoryEngine, make_bot: MakeBot) -> Storybot:
    """A bot that has two tales, and is ready."""
    bot = make_bot(engine)
    bot.library.add(FOX)
    bot.library.add(HEN)
    bot.prepare()
    return bot


@contextmanager
def running(describer: Describer, busy: Callable[[], bool] = lambda: False) -> Iterator[None]:
    describer.start(busy)
    try:
        yield
    finally:
        describer.stop()
    assert not describer._thread.is_alive()


def until(fulfilled: Callable[[], bool]) -> None:
    """Wait for it: the work is another thread's."""
    waiting = threading.Event()
    for _ in range(PATIENCE_S * 50):
        if fulfilled():
            return
        waiting.wait(0.02)
    pytest.fail("it never came")


def test_what_is_there_is_described_the_last_added_first(
    engine: MemoryEngine, told: Storybot, embedder: Embedder
) -> None:
    finder = Finder()
    describer = Describer(told, engine, embedder, finder, GENERATOR)
    with running(describer):
        until(lambda: not engine.undescribed(describer.recipe))
    assert finder.read == ["A", "Once"]
    fox = engine.entries()[0].id
    overview = engine.overview(fox)
    assert overview
    text = engine.document(fox).text
    assert [(one.name, len(one.mentions)) for one in overview.entities][:1] == [("Reynard", 3)]
    assert all(span.cut(text) == "Reynard" for span in overview.entities[0].mentions)
    assert overview.summary
    for prompt in overview.prompts:
        found = told.answered(prompt.question, engine.document(fox))
        assert found
        assert (found.sentence, found.confidence) == (prompt.sentence, prompt.confidence)


def test_only_what_is_sure_counts_as_answered(engine: MemoryEngine, told: Storybot) -> None:
    document = engine.document(engine.entries()[0].id)
    found = told.answered("Where did Reynard live?", document)
    assert found
    assert found.sentence.cut(document.text) == "Then Reynard lived under the old bridge."
    assert told.answered("Who wrote the constitution of France?", document) is None


def test_questions_to_begin_with_are_those_that_the_overview_knows(
    engine: MemoryEngine, told: Storybot, embedder: Embedder
) -> None:
    scope = Scope(document_ids=(engine.entries()[0].id,))
    told.suggestions(scope)
    Describer(told, engine, embedder, Finder(), GENERATOR).describe(scope.document_ids[0])
    overview = engine.overview(scope.document_ids[0])
    assert overview
    assert overview.prompts
    assert told.suggestions(scope)[0] == overview.prompts[0].question


def test_nothing_is_begun_before_the_bot_is_ready_nor_while_uploads_are_worked_on(
    engine: MemoryEngine, make_bot: MakeBot, embedder: Embedder
) -> None:
    bot = make_bot(engine)
    bot.library.add(FOX)
    describer = Describer(bot, engine, embedder, Finder(), GENERATOR)
    assert describer._waiting() == []
    bot.prepare()
    assert len(describer._waiting()) == 1
    describer._busy = lambda: True
    assert describer._waiting() == []


def test_work_that_is_under_way_waits_for_an_upload(engine: MemoryEngine, told: Storybot, embedder: Embedder) -> None:
    uploading = threading.Event()
    asked = threading.Semaphore(0)

    def busy() -> bool:
        asked.release()
        return uploading.is_set()

    def upload(_: Pulse) -> None:
        if not finder.looked.is_set():
            uploading.set()

    finder = Finder(upload)
    describer = Describer(told, engine, embedder, finder, GENERATOR)
    with running(describer, busy):
        assert finder.looked.wait(PATIENCE_S)
        for _ in range(3):
            assert asked.acquire(timeout=PATIENCE_S)
        assert len(engine.undescribed(describer.recipe)) == 2
        uploading.clear()
        until(lambda: not engine.undescribed(describer.recipe))


def test_work_that_is_under_way_ends_at_once_and_is_done_at_the_next_start(
    tmp_path: Path, make_bot: MakeBot, embedder: Embedder
) -> None:
    def dally(pulse: Pulse) -> None:
        finder.looked.set()
        while True:
            pulse()

    with closing(SqliteEngine(tmp_path)) as engine:
        bot = make_bot(engine)
        bot.library.add(FOX)
        bot.prepare()
        finder = Finder(dally)
        with running(Describer(bot, engine, embedder, finder, GENERATOR)):
            assert finder.looked.wait(PATIENCE_S)
        describer = Describer(bot, engine, embedder, Finder(), GENERATOR)
        assert len(engine.undescribed(describer.recipe)) == 1
        with running(describer):
            until(lambda: not engine.undescribed(describer.recipe))


def test_what_fails_is_told_and_left_alone_and_the_others_go_on(
    engine: MemoryEngine, told: Storybot, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Pulse) -> None:
        if finder.read == ["A"]:
            raise EnglishFailed(reason="it was killed")

    finder = Finder(fail)
    describer = Describer(told, engine, embedder, finder, GENERATOR)
    fox, hen = (entry.id for entry in engine.entries())
    with caplog.at_level(logging.WARNING), running(describer):
        until(lambda: len(engine.undescribed(describer.recipe)) == 1 and not describer._waiting())
    assert finder.read == ["A", "Once"]
    assert "stays untold until the next start" in caplog.text
    assert (describer.failure(fox), "it was killed" in describer.failure(hen)) == ("", True)


def test_what_cannot_be_stored_for_a_while_is_tried_again(
    engine: MemoryEngine, told: Storybot, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storybot.describing._PAUSE_SECONDS", 0.01)
    full = [DiskFull(CORPUS_FILE)]
    describe = engine.describe

    def store(overview: Overview) -> None:
        if full:
            raise full.pop()
        describe(overview)

    monkeypatch.setattr(engine, "describe", store)
    describer = Describer(told, engine, embedder, Finder(), GENERATOR)
    with running(describer):
        until(lambda: not engine.undescribed(describer.recipe))
    assert not full


def test_a_document_that_is_removed_meanwhile_is_not_described(
    engine: MemoryEngine, told: Storybot, embedder: Embedder
) -> None:
    fox, hen = (entry.id for entry in engine.entries())
    finder = Finder(lambda _: engine.drop(hen) if finder.read == ["A"] else None)
    describer = Describer(told, engine, embedder, finder, GENERATOR)
    with running(describer):
        until(lambda: not engine.undescribed(describer.recipe))
    assert [entry.id for entry in engine.entries()] == [fox]
    assert engine.overview(fox)


def test_an_index_of_another_model_is_left_alone(engine: MemoryEngine, told: Storybot, embedder: Embedder) -> None:
    class Other:
        revision = "another"

    describer = Describer(told, engine, embedder, Finder(), GENERATOR)
    describer._embedder = Other()  # type: ignore[assignment]
    assert describer._waiting() == []


def test_a_corpus_that_cannot_be_read_for_a_while_is_read_later(
    engine: MemoryEngine,
    told: Storybot,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    describer = Describer(told, engine, embedder, Finder(), GENERATOR)
    asked: list[str] = []
    undescribed = engine.undescribed

    def busy_at_first(recipe: str) -> list[str]:
        asked.append(recipe)
        if len(asked) == 1:
            raise CorpusBusy(CORPUS_FILE)
        return undescribed(recipe)

    monkeypatch.setattr(engine, "undescribed", busy_at_first)
    with running(describer):
        until(lambda: not undescribed(describer.recipe))


def test_a_describer_that_never_began_ends_too(engine: MemoryEngine, told: Storybot, embedder: Embedder) -> None:
    Describer(told, engine, embedder, Finder(), GENERATOR).stop()
    assert len(engine.entries()) == 2


def test_the_shipped_story_begins_with_its_own_questions_and_its_overview_s_by_turns(
    engine: MemoryEngine, make_bot: MakeBot, embedder: Embedder
) -> None:
    bot = make_bot(engine, shipped=True)
    bot.prepare()
    story = engine.entries()[0].id
    own = bot.suggestions()
    Describer(bot, engine, embedder, Finder(), GENERATOR).describe(story)
    overview = engine.overview(story)
    assert overview
    assert len(overview.prompts) >= 3
    assert bot.suggestions() == (own[0], overview.prompts[0].question, own[1])


def test_questions_that_ship_are_not_asked_of_other_stories(engine: MemoryEngine, make_bot: MakeBot) -> None:
    bot = make_bot(engine, shipped=True)
    bot.prepare()
    bot.library.add(FOX)
    fox = Scope(document_ids=tuple(one.id for one in engine.entries() if one.name == FOX.name))
    assert bot.suggestions(fox) == ()
