import itertools
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import MakeBot
from intakes import FOX, HEN, LONG, PATIENCE_S, SteppingEmbedder, ended, until, working
from storybot.bot import Storybot
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.queue import SqliteQueue
from storybot.engines.sqlite import SqliteEngine
from storybot.errors import DiskFull, EmptyName, JobNotFound
from storybot.intake import Intake
from storybot.model import Document, Source
from storybot.ports import Pulse


def test_a_source_is_done_when_its_document_is_in_the_corpus(intake: Intake, stored: Storybot) -> None:
    job = ended(intake, *intake.submit([FOX]))
    assert (job.state, job.done, job.total, job.error) == ("done", 1, 1, None)
    assert job.document_id == stored.library.entries()[0].id
    assert intake.round().ended == 1


def test_a_bad_source_fails_with_its_reason_and_stops_nothing(intake: Intake) -> None:
    bad, good = intake.submit([Source(name="empty.txt", data=b"  "), FOX])
    assert "empty.txt" in (ended(intake, bad).error or "")
    assert ended(intake, bad).state == "failed"
    assert ended(intake, good).state == "done"
    assert [job.id for job in intake.jobs()] == [good.id, bad.id]
    assert [job.id for job in intake.jobs("failed")] == [bad.id]


def test_a_collection_without_a_name_takes_nothing(intake: Intake, stored: Storybot) -> None:
    nameless = replace(FOX, collection=" \n")
    for take in (lambda: intake.submit([FOX, nameless]), lambda: stored.library.add(nameless)):
        with pytest.raises(EmptyName):
            take()
    assert intake.jobs() == []
    assert stored.library.entries() == []


def test_the_next_source_is_read_while_one_is_embedded(
    make_bot: MakeBot, engine: SqliteEngine, stepping: SteppingEmbedder
) -> None:
    with working(Intake(make_bot(engine, embedder=stepping), engine.queue)) as intake:
        long, fox, *_, sixth = intake.submit([LONG, FOX, HEN, FOX, HEN, FOX])
        until(lambda: intake.job(fox.id).total == 1 and intake.job(long.id).state == "embedding")
        assert intake.job(fox.id).state == "waiting"
        assert intake.job(sixth.id).total == 0  # only a few are read ahead
        stepping.steps.release(100)
        assert ended(intake, sixth).state == "done"


def test_jobs_are_cancelled_while_they_wait_and_while_they_are_embedded(
    make_bot: MakeBot, engine: SqliteEngine, stepping: SteppingEmbedder
) -> None:
    bot = make_bot(engine, embedder=stepping)
    with working(Intake(bot, engine.queue)) as intake:
        long, fox = intake.submit([LONG, FOX])
        until(lambda: intake.job(long.id).done)
        assert 0 < intake.job(long.id).done < intake.job(long.id).total
        assert intake.cancel(fox.id).state == "cancelled"
        assert intake.cancel(long.id).state == "cancelled"
        hen = intake.submit([HEN])[0]
        stepping.steps.release(2)
        assert ended(intake, hen).state == "done"
        assert len(stepping.embedded) < 100
    assert [entry.name for entry in bot.library.entries()] == ["hen.txt"]


def test_another_process_cancels_what_is_embedded_here(
    make_bot: MakeBot, engine: SqliteEngine, stepping: SteppingEmbedder
) -> None:
    with working(Intake(make_bot(engine, embedder=stepping), engine.queue)) as intake:
        long, fox = intake.submit([LONG, FOX])
        until(lambda: intake.job(long.id).done)
        Intake(make_bot(engine), SqliteQueue(engine._connections, engine._wiper.wipe)).cancel(long.id)
        until(lambda: long.id in intake._lost)
        stepping.steps.release(2)
        assert ended(intake, fox).state == "done"
    assert engine.queue.job(long.id).state == "cancelled"


def test_a_job_is_cancelled_while_it_is_read(intake: Intake, stored: Storybot, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = threading.Event()
    read = stored.library._parse

    def slow(source: Source, pulse: Pulse) -> Document:
        while source == LONG:
            reading.set()
            pulse()
        return read(source, pulse)

    monkeypatch.setattr(stored.library, "_parse", slow)
    long, fox = intake.submit([LONG, FOX])
    assert reading.wait(PATIENCE_S)
    assert intake.job(long.id).state == "reading"
    assert intake.cancel(long.id).state == "cancelled"
    assert ended(intake, fox).state == "done"


def test_all_jobs_are_cancelled_at_once(
    make_bot: MakeBot, engine: SqliteEngine, stepping: SteppingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storybot.intake.JOBS_SHOWN", 2)
    with working(Intake(make_bot(engine, embedder=stepping), engine.queue)) as intake:
        jobs = intake.submit([LONG, FOX, HEN, FOX, HEN])
        until(lambda: intake.job(jobs[0].id).done)
        intake.cancel_all()
        assert {intake.job(job.id).state for job in jobs} == {"cancelled"}
        stepping.steps.release(100)


def test_what_was_under_way_at_the_end_goes_on_without_embedding_anything_twice(
    make_bot: MakeBot, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    embedded = []
    with closing(SqliteEngine(tmp_path)) as engine:
        stepping = SteppingEmbedder(embedder)
        bot = make_bot(engine, embedder=stepping)
        bot.library._clock = itertools.count(step=2).__next__  # what was embedded is kept after every batch
        intake = Intake(bot, engine.queue)
        intake.start()
        job, _ = intake.submit([LONG, FOX])
        stepping.steps.release(2)
        until(lambda: len(stepping.embedded) > 2 * 16)
        intake._stopping.set()
        stepping.steps.release(9)
        intake.stop()
        assert engine.queue.job(job.id).state == "waiting"
        embedded += stepping.embedded
    with closing(SqliteEngine(tmp_path)) as engine:
        stepping = SteppingEmbedder(embedder)
        stepping.steps.release(99)
        bot = make_bot(engine, embedder=stepping)
        with working(Intake(bot, engine.queue)) as intake:
            assert ended(intake, job).state == "done"
            until(lambda: intake.round().ended == 2)
        embedded += stepping.embedded
        assert len(embedded) == len(set(embedded))
        assert {entry.name for entry in bot.library.entries()} == {"long.txt", "fox.txt"}
        engine.check()


def test_what_is_just_coming_in_comes_in_though_all_is_cancelled(
    make_bot: MakeBot, engine: SqliteEngine, stepping: SteppingEmbedder
) -> None:
    with working(Intake(make_bot(engine, embedder=stepping), engine.queue)) as intake:
        long, fox = intake.submit([LONG, FOX])
        until(lambda: intake.job(long.id).done)
        assert engine.queue.land(long.id)
        intake.cancel_all()
        assert intake.job(fox.id).state == "cancelled"
        stepping.steps.release(99)
        assert ended(intake, long).state == "done"


def test_embedding_gives_way_to_a_question(stored: Storybot) -> None:
    gave_way = threading.Event()

    def wait() -> None:
        stored.give_way(PATIENCE_S)
        gave_way.set()

    with stored._urgent():
        stored.give_way(0.001)  # no longer than it may
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not gave_way.wait(0.05)
    assert gave_way.wait(PATIENCE_S)
    waiting.join()


def test_the_corpus_is_tidied_when_there_is_nothing_to_do(
    stored: Storybot, engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tidied = threading.Semaphore(0)

    def tidy() -> None:
        tidied.release()
        raise DiskFull("corpus.db")  # noqa: EM101 - a path

    monkeypatch.setattr("storybot.intake._REST_SECONDS", 0.01)
    monkeypatch.setattr(stored.library, "tidy", tidy)
    monkeypatch.setattr("storybot.intake._RESTS_TO_TIDY", 2)
    with working(Intake(stored, engine.queue)) as intake:
        assert tidied.acquire(timeout=PATIENCE_S)
        assert tidied.acquire(timeout=PATIENCE_S)  # something may have been removed in between
        assert ended(intake, *intake.submit([FOX])).state == "done"
        assert tidied.acquire(timeout=PATIENCE_S)
    assert "can't be tidied" in caplog.text


def test_a_watch_tells_what_is_there_and_then_what_changes(
    make_bot: MakeBot, engine: SqliteEngine, stepping: SteppingEmbedder
) -> None:
    with working(Intake(make_bot(engine, embedder=stepping), engine.queue)) as intake:
        (long,) = intake.submit([LONG])
        watch = intake.watch()
        until(lambda: intake.job(long.id).done)
        assert [job.id for job in watch.news()] == [long.id]
        until(lambda: not watch.news())
        stepping.steps.release(1)
        until(watch.news)
        intake.cancel(long.id)
        assert [job.state for job in watch.news()] == ["cancelled"]
        assert watch.news() == []
        stepping.steps.release(99)
        (fox,) = intake.submit([FOX])
        ended(intake, fox)
        assert [(job.id, job.state) for job in watch.news()] == [(fox.id, "done")]


def test_an_ended_job_stays_as_it_is_when_it_is_cancelled(intake: Intake) -> None:
    job = ended(intake, *intake.submit([FOX]))
    assert intake.cancel(job.id) == job


def test_an_unknown_job_is_named(intake: Intake) -> None:
    with pytest.raises(JobNotFound, match="nosuch"):
        intake.job("nosuch")
