"""The queue: what it was given survives, a job is one process's at a time, what doesn't come in leaves no trace."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from storybot.engines.queue import ENDED_KEPT, LEASE_SECONDS, TRIES, SqliteQueue
from storybot.engines.sqlite import SqliteEngine
from storybot.errors import DiskFull, JobNotFound
from storybot.model import Job, JobState, Round, Source

SECRET = b"The quince of Quarr is hidden under the quoin."


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SqliteEngine]:
    with closing(SqliteEngine(tmp_path)) as engine:
        yield engine


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(engine: SqliteEngine, clock: Clock) -> SqliteQueue:
    return process(engine, clock)


def process(engine: SqliteEngine, clock: Clock) -> SqliteQueue:
    """A queue as another process sees it."""
    return SqliteQueue(engine._connections, engine._wiper.wipe, clock=clock)


def source(name: str, data: bytes = SECRET) -> Source:
    return Source(name=name, data=data, collection="fables")


def claimed(queue: SqliteQueue) -> Job:
    found = queue.claim()
    assert found
    return found[0]


def found_in(folder: Path, letters: bytes) -> list[str]:
    return [path.name for path in folder.iterdir() if letters in path.read_bytes()]


def test_sources_come_out_as_they_went_in_in_order(queue: SqliteQueue) -> None:
    sources = [source("fox.txt"), source("empty.txt", b""), source("hen.bin", bytes(range(256)) * 400)]
    jobs = queue.enqueue(sources)
    assert [(job.name, job.collection, job.state) for job in jobs] == [(s.name, "fables", "waiting") for s in sources]
    found = [queue.claim() for _ in range(3)]
    assert [item and item[1] for item in found] == sources
    assert [item and item[0].id for item in found] == [job.id for job in jobs]
    assert queue.claim() is None


def test_what_waits_comes_into_its_collection_under_the_new_name(engine: SqliteEngine, queue: SqliteQueue) -> None:
    engine.begin_collection("fables")
    (job,) = queue.enqueue([source("fox.txt")])
    engine.rename_collection("fables", "tales")
    assert queue.job(job.id).collection == "tales"
    found = queue.claim()
    assert found
    assert found[1].collection == "tales"


def test_what_was_queued_survives_a_kill(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from storybot.engines.sqlite import SqliteEngine; "
        "from storybot.model import Source; queue = SqliteEngine(Path(sys.argv[1])).queue; "
        "print(*(job.id for job in queue.enqueue([Source(name='a', data=b'A'), Source(name='b', data=b'B')]))); "
        "queue.claim(); sys.stdout.flush(); os.kill(os.getpid(), 9)"
    )
    told = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)
    first, second = told.stdout.split()
    clock = Clock()
    with closing(SqliteEngine(tmp_path)) as engine:
        queue = process(engine, clock)
        clock.now = 0.0  # far from the dead process's time: its lease doesn't hold
        assert [claimed(queue).id, claimed(queue).id] == [first, second]


def test_all_sources_are_queued_or_none(queue: SqliteQueue, engine: SqliteEngine) -> None:
    with engine._connections.plain() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(DiskFull):
        queue.enqueue([source("fox.txt"), source("hen.txt", SECRET * 10_000)])
    assert queue.jobs(most=9) == []
    assert queue.claim() is None


def test_a_job_is_one_process_s_until_that_one_is_silent(
    queue: SqliteQueue, engine: SqliteEngine, clock: Clock
) -> None:
    queue.enqueue([source("fox.txt")])
    job = claimed(queue)
    other = process(engine, clock)
    clock.now += LEASE_SECONDS - 1
    assert other.claim() is None
    assert queue.note([job]) == set()
    clock.now += LEASE_SECONDS - 1
    assert other.claim() is None
    clock.now += 2
    assert claimed(other).id == job.id
    assert queue.lost([job.id]) == queue.note([replace(job, state="done")]) == {job.id}
    assert not queue.land(job.id)
    assert other.lost([job.id]) == set()
    assert queue.job(job.id).state == "reading"


def test_what_is_given_back_waits_for_whoever_comes(queue: SqliteQueue, engine: SqliteEngine, clock: Clock) -> None:
    first, second = queue.enqueue([source("fox.txt"), source("hen.txt")])
    claimed(queue)
    queue.release()
    assert queue.job(first.id).state == "waiting"
    other = process(engine, clock)
    assert [claimed(other).id, claimed(other).id] == [first.id, second.id]


def test_what_is_noted_is_told_to_every_process(queue: SqliteQueue, engine: SqliteEngine, clock: Clock) -> None:
    queue.enqueue([source("fox.txt")])
    now = replace(claimed(queue), state="embedding", done=3, total=9, rate=2.0, document_id="f0", error="slow")
    queue.note([now])
    assert process(engine, clock).job(now.id) == now


@pytest.mark.parametrize("state", ["waiting", "reading", "embedding"])
def test_a_job_is_cancelled_in_every_state_by_any_process(
    queue: SqliteQueue, engine: SqliteEngine, clock: Clock, tmp_path: Path, state: JobState
) -> None:
    (job,) = queue.enqueue([source("fox.txt", SECRET * 1000)])
    assert found_in(tmp_path, SECRET)
    if state != "waiting":
        queue.note([replace(claimed(queue), state=state)])
    process(engine, clock).cancel([job.id])
    assert queue.job(job.id).state == "cancelled"
    assert queue.lost([job.id]) == {job.id}
    assert queue.note([replace(job, state="done")]) == {job.id}
    assert queue.job(job.id).state == "cancelled"
    assert queue.claim() is None
    assert found_in(tmp_path, SECRET[:12]) == []


def test_a_short_source_leaves_no_trace_either(queue: SqliteQueue, tmp_path: Path) -> None:
    jobs = queue.enqueue([source(f"{number}.txt", SECRET + bytes([number])) for number in range(40)])
    queue.cancel(job.id for job in jobs[::2])
    queue.cancel(job.id for job in jobs[1::2])
    assert found_in(tmp_path, SECRET[:12]) == []


def test_what_failed_leaves_no_trace_but_its_reason(queue: SqliteQueue, tmp_path: Path) -> None:
    queue.enqueue([source("fox.txt")])
    failed = replace(claimed(queue), state="failed", error="It can't be read.")
    queue.note([failed])
    assert queue.job(failed.id) == failed
    assert found_in(tmp_path, SECRET[:12]) == []


def test_the_source_of_a_document_that_came_in_goes(queue: SqliteQueue, engine: SqliteEngine) -> None:
    queue.enqueue([source("fox.txt")])
    queue.note([replace(claimed(queue), state="done", document_id="f0")])
    with engine._connections.reading() as connection:
        assert connection.execute("SELECT count(*) FROM sources").fetchone() == (0,)


def test_what_is_just_coming_in_is_cancelled_no_more(queue: SqliteQueue, clock: Clock) -> None:
    queue.enqueue([source("fox.txt")])
    job = claimed(queue)
    queue.note([replace(job, state="embedding")])
    assert queue.land(job.id)
    queue.note([replace(job, state="embedding")])
    queue.cancel([job.id])
    assert queue.job(job.id).state == "embedding"
    queue.note([replace(job, state="waiting", error="The disk is full.")])
    queue.cancel([job.id])
    assert queue.job(job.id).state == "cancelled"
    clock.now += 1


def test_what_was_coming_in_when_its_process_died_can_be_cancelled(queue: SqliteQueue, clock: Clock) -> None:
    queue.enqueue([source("fox.txt")])
    job = claimed(queue)
    assert queue.land(job.id)
    clock.now += LEASE_SECONDS + 1
    queue.cancel([job.id])
    assert queue.job(job.id).state == "cancelled"


def test_a_job_that_never_gets_on_fails_at_last(queue: SqliteQueue, engine: SqliteEngine, clock: Clock) -> None:
    (job,) = queue.enqueue([source("fox.txt")])
    for _ in range(TRIES):
        dying = process(engine, clock)
        dying.note([replace(claimed(dying), state="embedding")])
        clock.now += LEASE_SECONDS + 1
    assert queue.claim() is None
    assert queue.job(job.id).state == "failed"
    assert "Split it" in (queue.job(job.id).error or "")


def test_a_job_that_gets_on_is_taken_up_however_often(queue: SqliteQueue, engine: SqliteEngine, clock: Clock) -> None:
    queue.enqueue([source("fox.txt")])
    for number in range(TRIES + 2):
        dying = process(engine, clock)
        job = claimed(dying)
        dying.note([replace(job, state="embedding", done=number)])
        dying.note([replace(job, state="embedding", done=number + 1)])
        clock.now += LEASE_SECONDS + 1
    assert queue.claim()


def test_jobs_are_listed_in_the_order_of_the_queue_and_the_ended_last(queue: SqliteQueue) -> None:
    a, b, c, d = queue.enqueue([source(name) for name in "abcd"])
    queue.cancel([b.id])
    queue.cancel([a.id])
    assert [job.id for job in queue.jobs(most=9)] == [c.id, d.id, a.id, b.id]
    assert [job.id for job in queue.jobs(most=3)] == [c.id, d.id, a.id]
    assert [job.id for job in queue.jobs(most=9, state="cancelled")] == [a.id, b.id]


def test_changes_are_told_once(queue: SqliteQueue) -> None:
    mark = queue.mark()
    (job,) = queue.enqueue([source("fox.txt")])
    mark, changed = queue.changes(mark)
    assert changed == [job]
    queue.claim()
    mark, changed = queue.changes(mark)
    assert [found.state for found in changed] == ["reading"]
    assert queue.changes(mark) == (mark, [])


def test_a_round_is_all_that_came_since_the_queue_was_empty(queue: SqliteQueue) -> None:
    assert queue.round() == Round()
    queue.enqueue([source("old.txt")])
    queue.note([replace(claimed(queue), state="done", done=5, total=5)])
    jobs = queue.enqueue([source(name) for name in "abcd"])
    queue.note([replace(claimed(queue), state="done", done=4, total=4)])
    queue.note([replace(claimed(queue), state="failed", done=1, total=3, error="No.")])
    queue.note([replace(claimed(queue), state="embedding", done=2, total=10, rate=4.0)])
    told = queue.round()
    assert told == Round(jobs=4, ended=2, failed=1, passages_done=6, passages=14, unread=1, rate=4.0)
    assert told.left_s is None
    queue.cancel([jobs[3].id])
    assert queue.round().left_s == 2.0


def test_jobs_of_earlier_rounds_are_forgotten_but_the_latest(queue: SqliteQueue) -> None:
    old = queue.enqueue([source("fox.txt", b"") for _ in range(ENDED_KEPT + 3)])
    queue.cancel(job.id for job in old)
    queue.enqueue([source("hen.txt")])
    assert len(queue.jobs(most=9999)) == ENDED_KEPT + 1
    with pytest.raises(JobNotFound, match=old[0].id):
        queue.job(old[0].id)


def test_two_processes_share_the_work_and_do_nothing_twice(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from dataclasses import replace; "
        "from storybot.engines.sqlite import SqliteEngine; queue = SqliteEngine(Path(sys.argv[1])).queue\n"
        "while found := queue.claim():\n"
        "    print(found[0].name)\n"
        "    queue.note([replace(found[0], state='done')])\n"
    )
    with closing(SqliteEngine(tmp_path)) as engine:
        engine.queue.enqueue([source(f"{number}.txt") for number in range(60)])
        workers = [
            subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        told = [line for worker in workers for line in worker.communicate()[0].split()]
        assert sorted(told) == sorted(f"{number}.txt" for number in range(60))
        assert engine.queue.round().ended == 60
