import threading
from collections.abc import Sequence

import pytest

from conftest import MakeBot
from intakes import FOX, HEN, LONG, PATIENCE_S, SteppingEmbedder, ended, until, working
from storybot.bot import Storybot
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.sqlite import SqliteEngine
from storybot.errors import DiskFull, ModelNotFound
from storybot.intake import Intake
from storybot.model import Entry, Job, Source
from storybot.ports import Progress


def test_an_unforeseen_fault_fails_its_job_alone(
    intake: Intake, stored: Storybot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(stored.library, "read", lambda *_: 1 / 0)
        bad = ended(intake, *intake.submit([FOX]))
    assert bad.state == "failed"
    assert "log" in (bad.error or "")
    assert "ZeroDivisionError" in caplog.text
    assert ended(intake, *intake.submit([FOX])).state == "done"


def test_a_job_waits_for_room_on_the_disk_and_says_so(
    intake: Intake, stored: Storybot, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = threading.Event()
    full.set()
    take = stored.library.take

    def tight(prepared: object, progress: Progress | None = None) -> Entry:
        if full.is_set():
            raise DiskFull("corpus.db")  # noqa: EM101 - a path
        return take(prepared, progress)  # type: ignore[arg-type]

    monkeypatch.setattr(stored.library, "take", tight)
    monkeypatch.setattr("storybot.intake._PAUSE_SECONDS", 0.01)
    fox, hen = intake.submit([FOX, HEN])
    until(lambda: intake.job(fox.id).error)
    assert intake.job(fox.id).state == "waiting"
    assert "Free some space" in (intake.job(fox.id).error or "")
    assert intake.cancel(hen.id).state == "cancelled"
    full.clear()
    assert ended(intake, fox).state == "done"
    assert intake.job(fox.id).error is None


def test_without_its_model_nothing_is_lost(make_bot: MakeBot, engine: SqliteEngine) -> None:
    with working(Intake(make_bot(engine, embedder=SentenceTransformerEmbedder("no-such")), engine.queue)) as intake:
        (job,) = intake.submit([FOX])
        until(lambda: intake.job(job.id).error)
        assert "hf download no-such" in (intake.job(job.id).error or "")
    with working(Intake(make_bot(engine), engine.queue)) as intake:
        assert ended(intake, job).state == "done"


def test_an_end_that_cannot_be_noted_is_noted_later(
    intake: Intake, engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storybot.intake._PAUSE_SECONDS", 0.01)
    note, refused = engine.queue.note, list[Sequence[Job]]()

    def refusing(jobs: Sequence[Job]) -> set[str]:
        if len(refused) < 2 and jobs[0].ended:
            refused.append(jobs)
            raise DiskFull("corpus.db")  # noqa: EM101 - a path
        return note(jobs)

    monkeypatch.setattr(engine.queue, "note", refusing)
    assert ended(intake, *intake.submit([FOX])).state == "done"
    assert len(refused) == 2


def test_a_queue_that_cannot_be_read_is_asked_again(
    stored: Storybot, engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("storybot.intake._PAUSE_SECONDS", 0.01)
    claim, refused = engine.queue.claim, list[int]()

    def refusing() -> tuple[Job, Source] | None:
        if not refused:
            refused.append(1)
            raise DiskFull("corpus.db")  # noqa: EM101 - a path
        return claim()

    monkeypatch.setattr(engine.queue, "claim", refusing)
    with working(Intake(stored, engine.queue)) as intake:
        assert ended(intake, *intake.submit([FOX])).state == "done"
    assert "can't be taken" in caplog.text or "No upload can be taken" in caplog.text


def test_a_fault_in_a_thread_leaves_the_queue_going(
    stored: Storybot, engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("storybot.intake._PAUSE_SECONDS", 0.01)
    claim, faults = engine.queue.claim, [ZeroDivisionError("once")]

    def faulty() -> tuple[Job, Source] | None:
        if faults:
            raise faults.pop()
        return claim()

    monkeypatch.setattr(engine.queue, "claim", faulty)
    with working(Intake(stored, engine.queue)) as intake:
        assert ended(intake, *intake.submit([FOX])).state == "done"
    assert "ZeroDivisionError: once" in caplog.text


def test_progress_that_cannot_be_written_down_stops_nothing(
    make_bot: MakeBot, engine: SqliteEngine, stepping: SteppingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = threading.Event()

    def refuse(*_: object) -> set[str]:
        refused.set()
        raise DiskFull("corpus.db")  # noqa: EM101 - a path

    monkeypatch.setattr(engine.queue, "lost", refuse)
    monkeypatch.setattr(engine.queue, "release", refuse)
    with working(Intake(make_bot(engine, embedder=stepping), engine.queue)) as intake:
        (long,) = intake.submit([LONG])
        assert refused.wait(PATIENCE_S)
        stepping.steps.release(99)
        assert ended(intake, long).state == "done"


def test_a_model_that_cannot_be_loaded_is_told_in_the_log(
    make_bot: MakeBot, engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bot = make_bot(engine)

    def fail() -> None:
        raise ModelNotFound("no-such", "it isn't here")  # noqa: EM101 - a name

    monkeypatch.setattr(bot, "prepare", fail)
    with working(Intake(bot, engine.queue)) as intake:
        assert ended(intake, *intake.submit([FOX])).state == "done"
    assert "no-such" in caplog.text
