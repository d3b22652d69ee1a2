"""The queue of uploads: one worker takes them in order, and says at any time how far it is."""

import logging
import queue
import threading
import uuid
from dataclasses import replace

from storybot.bot import Storybot
from storybot.errors import Cancelled, JobNotFound, StorybotError
from storybot.model import FINAL_STATES, Job, JobState, Source
from storybot.parsing import label

_log = logging.getLogger(__name__)

_REMEMBERED_JOBS = 500


class Intake:
    """Takes sources in the background. Jobs live in memory; a document that is done lives in the corpus."""

    def __init__(self, bot: Storybot) -> None:
        self._bot = bot
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._cancelled: set[str] = set()
        self._queue: queue.SimpleQueue[tuple[str, Source] | None] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work: first load the model and bring the index up to date, then the jobs."""
        self._worker = threading.Thread(target=self._work, name="intake", daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """Cancel what is under way and wait for the worker to end."""
        with self._lock:
            self._cancelled.update(job.id for job in self._jobs.values() if job.state not in FINAL_STATES)
        self._queue.put(None)
        if self._worker:
            self._worker.join()

    def submit(self, source: Source) -> Job:
        """Queue a source and return at once."""
        job = Job(id=uuid.uuid4().hex[:12], name=label(source.name), collection=source.collection)
        with self._lock:
            self._jobs[job.id] = job
            final = [known.id for known in self._jobs.values() if known.state in FINAL_STATES]
            for forgotten in final[: max(0, len(self._jobs) - _REMEMBERED_JOBS)]:
                del self._jobs[forgotten]
        self._queue.put((job.id, source))
        return job

    def jobs(self) -> list[Job]:
        """All that are remembered, the latest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def job(self, job_id: str) -> Job:
        """One of them. Raises: JobNotFound."""
        with self._lock:
            if job_id not in self._jobs:
                raise JobNotFound(job_id)
            return self._jobs[job_id]

    def cancel(self, job_id: str) -> Job:
        """Stop a job as soon as its present batch ends; one that has ended stays as it is. Raises: JobNotFound."""
        job = self.job(job_id)
        with self._lock:
            self._cancelled.add(job_id)
        return self._change(job_id, state="cancelled") if job.state == "waiting" else job

    def _work(self) -> None:
        try:
            self._bot.prepare()
            self._bot.library.renew()
        except StorybotError as error:
            # Without a model the pages still show what is there, and each question says what is wrong.
            _log.error("%s", error)
        while (item := self._queue.get()) is not None:
            self._take(*item)

    def _take(self, job_id: str, source: Source) -> None:
        def go_on() -> None:
            if job_id in self._cancelled:
                raise Cancelled(source.name)

        def progress(done: int, total: int) -> None:
            go_on()
            self._change(job_id, state="embedding", done=done, total=total)

        try:
            go_on()
            self._change(job_id, state="reading")
            entry = self._bot.library.add(source, progress)
            self._change(job_id, state="done", done=entry.passages, total=entry.passages, document_id=entry.id)
        except Cancelled:
            self._change(job_id, state="cancelled")
        except StorybotError as error:
            self._change(job_id, state="failed", error=str(error))
        except Exception:  # noqa: BLE001 - the last door: one source must never stop the queue
            _log.exception("Adding '%s' failed", source.name)
            self._change(job_id, state="failed", error=f"'{source.name}' can't be read. The server's log says why.")
        self._cancelled.discard(job_id)

    def _change(self, job_id: str, *, state: JobState, **changes: object) -> Job:
        with self._lock:
            self._jobs[job_id] = replace(self._jobs[job_id], state=state, **changes)  # type: ignore[arg-type]
            return self._jobs[job_id]
