"""The sources on their way in, in the corpus file."""

import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from storybot.engines import laws, letters, rows, wiping
from storybot.engines.connections import Connections
from storybot.errors import CorpusBusy, DiskFull, JobNotFound, SourceTooHard
from storybot.model import Job, JobState, Round, Source

_LOG = logging.getLogger(__name__)

LEASE_SECONDS = 5.0
"""A job is another's to take when its process hasn't said for so long that it works on it."""

ENDED_KEPT = 500
"""Jobs that ended in rounds before, the latest, that are remembered."""

TRIES = 20
"""A job that was begun so often and never got on fails: the process ended each time, maybe because of it."""

_ID_BYTES = 9

_COLUMNS = "id, name, collection, state, done, total, document, error, added, rate"
_TO_DO = "state NOT IN ('done', 'failed', 'cancelled')"
_COUNTED = "state NOT IN ('failed', 'cancelled')"
_IN_STATE = "(:state IS NULL OR state = :state)"
_NEXT = "(SELECT coalesce(max(changed), 0) + 1 FROM jobs)"
# A time past the lease is one of a clock that was set back meanwhile.
_FREE = f"{_TO_DO} AND (owner IS NULL OR until < :now OR until > :now + {2 * LEASE_SECONDS})"


class SqliteQueue:
    """A `Queue` in the corpus file. Each object is a process to itself: it alone works on what it claimed."""

    def __init__(
        self, connections: Connections, wipe: Callable[[], None], *, clock: Callable[[], float] = time.time
    ) -> None:
        """wipe: lets nothing that was removed linger in any file. clock: seconds, the same for all processes."""
        self._connections = connections
        self._wipe = wipe
        self._clock = clock
        self._owner = secrets.token_hex(8)

    def enqueue(self, sources: Sequence[Source]) -> list[Job]:
        """Queue sources, all or none."""
        ids = [secrets.token_urlsafe(_ID_BYTES) for _ in sources]
        now = laws.now()
        with self._connections.writing() as connection:
            number = _round_to_join(connection)
            for job_id, source in zip(ids, sources, strict=True):
                (key,) = connection.execute(
                    "INSERT INTO jobs (id, round, changed, name, collection, state, added) "  # noqa: S608 - no value of a user
                    f"VALUES (?, ?, {_NEXT}, ?, ?, 'waiting', ?) RETURNING key",
                    (job_id, number, source.name, source.collection, now),
                ).fetchone()
                connection.execute(
                    f"INSERT INTO sources (job, padding, data) VALUES (?, {letters.PADDING}, ?)",  # noqa: S608 - no value of a user
                    (key, source.data),
                )
            _forget_old(connection, number)
            return [_job(connection, job_id) for job_id in ids]

    def claim(self) -> tuple[Job, Source] | None:
        """The earliest job that nobody works on; those that never get on fail."""
        while (key := self._free()) is not None:
            with self._connections.writing(durable=False) as connection:
                values = {"key": key, "owner": self._owner, "now": self._clock(), "until": self._until()}
                took = connection.execute(
                    f"UPDATE jobs SET changed = {_NEXT}, state = 'reading', error = NULL, rate = 0, "  # noqa: S608 - no value of a user
                    f"owner = :owner, until = :until, landing = 0 WHERE key = :key AND {_FREE} RETURNING tries",
                    values,
                ).fetchone()
                row = connection.execute(
                    f"SELECT {_COLUMNS}, data FROM jobs JOIN sources ON job = key WHERE key = ?",  # noqa: S608 - no value of a user
                    (key,),
                ).fetchone()
            if took is None:
                continue  # another process was faster
            job = _of(row[:-1])
            if took[0] < TRIES:
                return job, Source(name=job.name, data=row[-1], collection=job.collection)
            self.note([replace(job, state="failed", error=_no_end(job))])
        return None

    def note(self, jobs: Sequence[Job]) -> set[str]:
        """Store how far this process's jobs are."""
        left = [job for job in jobs if job.ended and job.state != "done"]
        with self._connections.writing(durable=False) as connection:
            mine = self._mine(connection)
            for job in jobs:
                if job.id in mine:
                    self._note(connection, job)
            trace = _mark_trace(connection) if left else None
        self._wipe_trace(trace)
        return {job.id for job in jobs} - mine

    def _note(self, connection: sqlite3.Connection, job: Job) -> None:
        connection.execute(
            f"""
            UPDATE jobs SET changed = {_NEXT}, until = :until, rate = :rate, error = :error,
                tries = CASE WHEN :done > done THEN 0 ELSE tries + (:state = 'embedding' AND state != 'embedding') END,
                landing = landing AND :state = 'embedding', state = :state, done = :done, total = :total,
                document = :document
            WHERE id = :id
            """,  # noqa: S608 - no value of a user
            {
                "id": job.id,
                "until": self._until(),
                "rate": job.rate,
                "error": job.error,
                "state": job.state,
                "done": job.done,
                "total": job.total,
                "document": job.document_id,
            },
        )
        if job.ended:
            _end(connection, job.id)

    def lost(self, job_ids: Iterable[str]) -> set[str]:
        """Those of the jobs that aren't this process's any more."""
        with self._connections.reading() as connection:
            return set(job_ids) - self._mine(connection)

    def land(self, job_id: str) -> bool:
        """Let a job be cancelled no more."""
        with self._connections.writing(durable=False) as connection:
            landed = connection.execute(
                f"UPDATE jobs SET landing = 1, until = ? WHERE id = ? AND owner = ? AND {_TO_DO}",  # noqa: S608 - no value of a user
                (self._until(), job_id, self._owner),
            )
            return landed.rowcount > 0

    def release(self) -> None:
        """Give back all that this process works on."""
        with self._connections.writing() as connection:
            for job_id in self._mine(connection):
                connection.execute(
                    f"UPDATE jobs SET changed = {_NEXT}, state = 'waiting', owner = NULL, rate = 0, landing = 0, "  # noqa: S608 - no value of a user
                    "tries = 0 WHERE id = ?",
                    (job_id,),
                )

    def cancel(self, job_ids: Iterable[str]) -> None:
        """Cancel those of the jobs that haven't ended and whose documents aren't just coming in."""
        with self._connections.writing() as connection:
            cancelled = [
                job_id
                for job_id in job_ids
                if connection.execute(
                    f"UPDATE jobs SET changed = {_NEXT}, state = 'cancelled', rate = 0, error = NULL "  # noqa: S608 - no value of a user
                    f"WHERE id = :id AND {_TO_DO} AND NOT (landing AND until >= :now) RETURNING id",
                    {"id": job_id, "now": self._clock()},
                ).fetchone()
            ]
            for job_id in cancelled:
                _end(connection, job_id)
            trace = _mark_trace(connection) if cancelled else None
        self._wipe_trace(trace)

    def job(self, job_id: str) -> Job:
        """One job."""
        with self._connections.reading() as connection:
            return _job(connection, job_id)

    def jobs(self, *, most: int, state: JobState | None = None) -> list[Job]:
        """Those that haven't ended, in the order of the queue, then those that have, the last changed first."""
        with self._connections.reading() as connection:
            found = _read(connection, f"{_TO_DO} AND {_IN_STATE} ORDER BY key LIMIT :most", most=most, state=state)
            ended = f"NOT ({_TO_DO}) AND {_IN_STATE} ORDER BY changed DESC LIMIT :most"
            return found + _read(connection, ended, most=most - len(found), state=state)

    def mark(self) -> int:
        """Grows with every change."""
        with self._connections.reading() as connection:
            return _mark(connection)

    def changes(self, since: int) -> tuple[int, list[Job]]:
        """Jobs that changed after the mark, and the next mark."""
        with self._connections.reading() as connection:
            return _mark(connection), _read(connection, "changed > :since ORDER BY changed", since=since)

    def round(self) -> Round:
        """All jobs since the queue was last empty."""
        with self._connections.reading() as connection:
            counts = connection.execute(
                f"""
                SELECT count(*), count(*) FILTER (WHERE NOT ({_TO_DO})), count(*) FILTER (WHERE state = 'failed'),
                    total(done) FILTER (WHERE {_COUNTED}), total(total) FILTER (WHERE {_COUNTED}),
                    count(*) FILTER (WHERE {_TO_DO} AND NOT total), total(rate) FILTER (WHERE until >= :now)
                FROM jobs WHERE round = (SELECT max(round) FROM jobs)
                """,  # noqa: S608 - no value of a user
                {"now": self._clock()},
            ).fetchone()
        *whole, rate = counts
        jobs, ended, failed, passages_done, passages, unread = map(int, whole)
        return Round(
            jobs=jobs,
            ended=ended,
            failed=failed,
            passages_done=passages_done,
            passages=passages,
            unread=unread,
            rate=rate,
        )

    def _wipe_trace(self, trace: tuple[int, bool] | None) -> None:
        """Let nothing of sources linger: what lay on pages of its own is left in the log alone."""
        if trace is None:
            return
        mark, alone = trace
        try:
            if alone and self._connections.empty_log():
                with self._connections.writing() as connection:
                    wiping.mark_wiped(connection, mark)
                return
        except (CorpusBusy, DiskFull) as error:
            _LOG.warning("Traces of an upload linger until the next change: %s", error)
        self._wipe()

    def _free(self) -> int | None:
        """Key of the earliest job that nobody works on: read alone, so that looking keeps nobody from writing."""
        with self._connections.reading() as connection:
            row = connection.execute(
                f"SELECT key FROM jobs WHERE {_FREE} ORDER BY key LIMIT 1",  # noqa: S608 - no value of a user
                {"now": self._clock()},
            ).fetchone()
        return None if row is None else int(row[0])

    def _mine(self, connection: sqlite3.Connection) -> set[str]:
        found = connection.execute(f"SELECT id FROM jobs WHERE {_TO_DO} AND owner = ?", (self._owner,))  # noqa: S608 - no value of a user
        return {job_id for (job_id,) in found}

    def _until(self) -> float:
        return self._clock() + LEASE_SECONDS


def _round_to_join(connection: sqlite3.Connection) -> int:
    """The round that is under way, or a new one."""
    last, under_way = connection.execute(
        f"SELECT coalesce(max(round), 0), EXISTS (SELECT 1 FROM jobs WHERE {_TO_DO}) FROM jobs"  # noqa: S608 - no value of a user
    ).fetchone()
    return int(last) + (not under_way)


def _forget_old(connection: sqlite3.Connection, number: int) -> None:
    """Forget jobs of rounds before this one, past the latest that are remembered."""
    connection.execute(
        "DELETE FROM jobs WHERE key IN (SELECT key FROM jobs WHERE round < ? ORDER BY changed DESC LIMIT -1 OFFSET ?)",
        (number, ENDED_KEPT),
    )


def _mark_trace(connection: sqlite3.Connection) -> tuple[int, bool]:
    """Note that traces of sources linger; gives the mark, and whether no other traces do."""
    unwiped, _ = wiping.marks(connection)
    return wiping.mark_unread(connection), not unwiped


def _end(connection: sqlite3.Connection, job_id: str) -> None:
    """Let go of the source of a job that ended, and of what was embedded of it."""
    key, document = connection.execute(
        "UPDATE jobs SET owner = NULL, rate = 0 WHERE id = ? RETURNING key, document", (job_id,)
    ).fetchone()
    connection.execute("DELETE FROM sources WHERE job = ?", (key,))
    rows.forget(connection, document)


def _mark(connection: sqlite3.Connection) -> int:
    (mark,) = connection.execute("SELECT coalesce(max(changed), 0) FROM jobs").fetchone()
    return int(mark)


def _job(connection: sqlite3.Connection, job_id: str) -> Job:
    found = _read(connection, "id = :id", id=job_id)
    if not found:
        raise JobNotFound(job_id)
    return found[0]


def _read(connection: sqlite3.Connection, condition: str, **values: Any) -> list[Job]:  # noqa: ANN401 - what SQLite binds
    """Jobs that fulfil an SQL condition, which may go on with their order."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM jobs WHERE {condition}", values)  # noqa: S608 - no value of a user
    return [_of(row) for row in found]


def _of(row: tuple[Any, ...]) -> Job:
    job_id, name, collection, state, done, total, document, error, added, rate = row
    return Job(
        id=job_id,
        name=name,
        collection=collection,
        state=state,
        done=done,
        total=total,
        document_id=document,
        error=error,
        added=added,
        rate=rate,
    )


def _no_end(job: Job) -> str:
    return str(SourceTooHard(job.name, reason=f"storybot ended {TRIES} times while it was added, and never got on"))
