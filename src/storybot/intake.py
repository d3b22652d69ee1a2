"""The way of sources into the corpus: one thread reads them, another embeds what was read, a third keeps the queue."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from storybot.bot import Storybot
from storybot.errors import Cancelled, InputError, StorybotError
from storybot.library import Prepared, called
from storybot.model import Job, JobState, Round, Source
from storybot.pacing import Pace
from storybot.parsing import label
from storybot.ports import Progress, Pulse, Queue

_log = logging.getLogger(__name__)

JOBS_SHOWN = 500
"""Jobs that are listed at once."""

_LOOK_SECONDS = 0.25
"""Between two looks at what other processes did to the jobs that are worked on here."""

_NOTE_SECONDS = 1.0
"""Between two times that progress is written down."""

_REST_SECONDS = 1.0
"""Between two looks for jobs that other processes queued, or left."""

_PAUSE_SECONDS = 10.0
"""Before another try after something failed that isn't the source's fault, like a full disk."""

_GIVE_WAY_SECONDS = 0.5
"""Longest rest after a batch, while a question is answered: both would have half a processor."""

_RESTS_TO_TIDY = 60
"""Looks for jobs in vain, before the corpus is tidied, and again after as many: documents may be removed meanwhile."""

_STOP_SECONDS = 1.0
"""Longest wait for the threads to end; what one does then is done again."""

_AHEAD_DOCUMENTS = 4
_AHEAD_LETTERS = 20_000_000
"""Bounds of what is read before it can be embedded. Reading ahead starts while there is less."""


class _Halted(Exception):
    """The intake stops: what is under way waits in the queue."""


class Intake:
    """Takes the sources of a queue into the corpus. Safe to call from any thread, and beside other processes' ones."""

    def __init__(self, bot: Storybot, queue: Queue) -> None:
        self._bot = bot
        self._queue = queue
        self._stopping = threading.Event()
        self._called = threading.Event()
        self._changed = threading.Condition()
        self._noting = threading.Lock()  # a look at what is under way isn't written down after a later one
        self._live: dict[str, Job] = {}  # what is worked on here, fresher than the queue has it
        self._lost: set[str] = set()
        self._ahead: deque[tuple[Job, Prepared]] = deque()
        self._pace = Pace()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work: first load the model and bring the index up to date, then the jobs."""
        self._threads = [
            threading.Thread(target=self._run, args=(work,), name=f"intake-{name}", daemon=True)
            for name, work in [("embeds", self._embed_on), ("reads", self._read_on), ("keeps", self._keep_on)]
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End within about a second; what is under way waits for the next start, with what was embedded of it."""
        self._stopping.set()
        self._called.set()
        with self._changed:
            self._changed.notify_all()
        deadline = time.monotonic() + _STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        try:
            self._queue.release()
        except StorybotError as error:
            _log.warning("What was under way goes on a little later: %s", error)

    @property
    def busy(self) -> bool:
        """Whether a source is worked on here."""
        return bool(self._under_way())

    # What a shell asks

    def submit(self, sources: Sequence[Source]) -> list[Job]:
        """Queue sources, all or none; what is given back survives a crash. Raises: EmptyName, DiskFull, CorpusBusy."""
        named = [replace(each, name=label(each.name), collection=called(each.collection)) for each in sources]
        jobs = self._queue.enqueue(named)
        self._called.set()
        return jobs

    def jobs(self, state: JobState | None = None) -> list[Job]:
        """Those that haven't ended, in the order of the queue, then those that have, the latest first; up to 500."""
        return [self._fresh(job) for job in self._queue.jobs(most=JOBS_SHOWN, state=state)]

    def job(self, job_id: str) -> Job:
        """One of them. Raises: JobNotFound."""
        return self._fresh(self._queue.job(job_id))

    def cancel(self, job_id: str) -> Job:
        """Cancel a job; one that has ended stays as it is, and so does one just coming in. Raises: JobNotFound."""
        job = self._queue.job(job_id)
        self._cancel([job_id] if not job.ended else [])
        return self.job(job_id)

    def cancel_all(self) -> None:
        """Cancel all jobs that haven't ended."""
        while jobs := [job.id for job in self._queue.jobs(most=JOBS_SHOWN) if not job.ended]:
            if not self._cancel(jobs):
                return

    def round(self) -> Round:
        """How far all the jobs are since the queue was last empty."""
        return self._queue.round()

    def watch(self) -> "Watch":
        """A look at the jobs that tells what changes from now on."""
        return Watch(self._queue, self._under_way)

    def _cancel(self, job_ids: Sequence[str]) -> int:
        """Cancel jobs; how many then are."""
        self._queue.cancel(job_ids)
        cancelled = [job_id for job_id in job_ids if self._queue.job(job_id).state == "cancelled"]
        self._lose(cancelled)
        return len(cancelled)

    def _under_way(self) -> dict[str, Job]:
        """What is worked on here, by id."""
        with self._changed:
            return dict(self._live)

    def _fresh(self, job: Job) -> Job:
        """The job as it is known here."""
        return job if job.ended else self._under_way().get(job.id, job)

    # The threads

    def _run(self, work: Callable[[], None]) -> None:
        """Work until the intake stops, whatever happens meanwhile."""
        while not self._stopping.is_set():
            try:
                work()
            except Exception:  # noqa: BLE001 - the last door: a thread that ends would leave the queue standing
                if self._stopping.is_set():
                    return  # the house was closed before the thread had ended
                _log.exception("The intake goes on after")
                self._stopping.wait(_PAUSE_SECONDS)

    def _keep_on(self) -> None:
        """Tell the queue that this process works on its jobs, and how far they are; hear of what was cancelled."""
        noted = 0
        while not self._stopping.wait(_LOOK_SECONDS):
            noted += 1
            try:
                with self._noting:
                    if live := self._under_way():
                        due = noted * _LOOK_SECONDS >= _NOTE_SECONDS
                        self._lose(self._queue.note([*live.values()]) if due else self._queue.lost(live))
                        noted = 0 if due else noted
            except StorybotError as error:
                _log.warning("The progress of uploads can't be written down: %s", error)

    def _read_on(self) -> None:
        """Read the queue's sources, a few ahead."""
        while not self._stopping.is_set():
            self._wait_for_room()
            claimed = self._claim()
            if claimed is None:
                self._called.wait(_REST_SECONDS)
                self._called.clear()
                continue
            job, source = claimed
            self._show(job)
            self._attempt(job, partial(self._read, job, source))

    def _embed_on(self) -> None:
        """Embed what was read and put it into the corpus; when there is nothing to do, tidy."""
        renewed = self._prepare()
        rests = 1
        while not self._stopping.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._ahead or self._stopping.is_set(), _REST_SECONDS)
                item = self._ahead.popleft() if self._ahead else None
                self._changed.notify_all()
            if item is None:
                rests = 0 if self._under_way() else rests + 1
                if rests and rests % _RESTS_TO_TIDY == 0:
                    renewed = renewed or self._prepare()
                    self._tidy()
                continue
            if rests:
                self._pace.begin()
            rests = 0
            job, prepared = item
            self._attempt(job, partial(self._take, job, prepared))

    def _prepare(self) -> bool:
        """Get ready and bring the index up to date; whether that's done."""
        try:
            self._bot.prepare()
            self._bot.library.renew(self._renewing)
        except _Halted:
            return False
        except StorybotError as error:
            # Without a model the pages still show what is there, and each question says what is wrong.
            _log.error("%s", error)
            return False
        return True

    def _renewing(self, _done: int, _total: int) -> None:
        self._bot.give_way(_GIVE_WAY_SECONDS)
        self._go_on()

    def _tidy(self) -> None:
        try:
            self._bot.library.tidy()
        except StorybotError as error:
            _log.warning("The corpus can't be tidied: %s", error)

    def _wait_for_room(self) -> None:
        """Wait while enough was read ahead."""

        def there_is() -> bool:
            letters = sum(len(prepared.document.text) for _, prepared in self._ahead)
            return len(self._ahead) < _AHEAD_DOCUMENTS and letters < _AHEAD_LETTERS

        with self._changed:
            self._changed.wait_for(lambda: self._stopping.is_set() or there_is())

    def _claim(self) -> tuple[Job, Source] | None:
        try:
            return None if self._stopping.is_set() else self._queue.claim()
        except StorybotError as error:
            _log.warning("No upload can be taken from the queue: %s", error)
            self._stopping.wait(_PAUSE_SECONDS)
            return None

    # A job's way

    def _attempt(self, job: Job, step: Callable[[], None]) -> None:
        """Go a step of a job's way; whatever happens to it, the queue goes on."""
        while True:
            try:
                self._go_on(job)
                step()
            except _Halted:
                return
            except Cancelled:
                self._leave(job)
                return
            except InputError as error:
                self._end(replace(self._fresh(job), state="failed", error=str(error)))
                return
            except StorybotError as error:
                self._hold_up(job, error)
            except Exception:  # noqa: BLE001 - the last door: one source must never stop the queue
                if self._stopping.is_set():
                    return  # the house was closed meanwhile
                _log.exception("Adding '%s' failed", job.name)
                reason = f"'{job.name}' can't be read. The server's log says why."
                self._end(replace(self._fresh(job), state="failed", error=reason))
                return
            else:
                return

    def _read(self, job: Job, source: Source) -> None:
        prepared = self._bot.library.read(source, self._pulse(job))
        read = replace(job, state="waiting", total=len(prepared.passages), document_id=prepared.document.id)
        self._show(read)
        with self._changed:
            self._ahead.append((read, prepared))
            self._changed.notify_all()

    def _take(self, job: Job, prepared: Prepared) -> None:
        entry = self._bot.library.take(prepared, self._progress(job))
        done = replace(job, state="done", done=entry.passages, total=entry.passages, document_id=entry.id)
        self._end(done)

    def _progress(self, job: Job) -> Progress:
        before = -1

        def progress(done: int, total: int) -> None:
            nonlocal before
            self._bot.give_way(_GIVE_WAY_SECONDS)
            self._go_on(job)
            begun = before < 0
            self._pace.count(0 if begun else done - before)
            before = done
            now = replace(job, state="embedding", done=done, total=total, rate=self._pace.rate, error=None)
            if begun:
                with self._noting:
                    self._show(now)
                    self._queue.note([now])
            self._show(now)
            if done == total and not self._queue.land(job.id):
                raise Cancelled(job.name)

        return progress

    def _pulse(self, job: Job) -> Pulse:
        return lambda: self._go_on(job)

    def _go_on(self, job: Job | None = None) -> None:
        if self._stopping.is_set():
            raise _Halted
        if job and job.id in self._lost:
            raise Cancelled(job.name)

    def _hold_up(self, job: Job, error: StorybotError) -> None:
        """Let a job wait for what isn't its fault, as nothing that was acknowledged may be lost for it."""
        _log.warning("Adding '%s' waits: %s", job.name, error)
        self._show(replace(self._fresh(job), state="waiting", rate=0.0, error=str(error)))
        with self._changed:
            self._changed.wait_for(lambda: self._stopping.is_set() or job.id in self._lost, _PAUSE_SECONDS)

    def _end(self, job: Job) -> None:
        """Note that a job has ended, for as long as that takes."""
        while not self._stopping.is_set():
            try:
                self._queue.note([job])
            except StorybotError as error:
                self._hold_up(job, error)
            else:
                break
        self._leave(job)

    def _show(self, job: Job) -> None:
        with self._changed:
            self._live[job.id] = job

    def _lose(self, job_ids: Sequence[str] | set[str]) -> None:
        with self._changed:
            self._lost.update(self._live.keys() & job_ids)
            self._changed.notify_all()

    def _leave(self, job: Job) -> None:
        """Know no more of a job than the queue does."""
        with self._changed:
            self._live.pop(job.id, None)
            self._lost.discard(job.id)


class Watch:
    """Tells which jobs changed since it last told. Not safe for threads."""

    def __init__(self, queue: Queue, under_way: Callable[[], dict[str, Job]]) -> None:
        self._queue = queue
        self._under_way = under_way
        self._mark: int | None = None
        self._told: dict[str, Job] = {}

    def news(self) -> list[Job]:
        """The jobs that changed, as they are now; at first all that are listed."""
        live = {  # read before the queue, which may say meanwhile that some of it has ended
            job.id: job for job in self._under_way().values() if not (job.id in self._told and self._told[job.id].ended)
        }
        if self._mark is None:
            self._mark, changed = self._queue.mark(), self._queue.jobs(most=JOBS_SHOWN)
        else:
            self._mark, changed = self._queue.changes(self._mark)
        told = {job.id: job for job in changed}
        seen = told | live | {job_id: job for job_id, job in told.items() if job.ended}
        news = [job for job in seen.values() if job != self._told.get(job.id)]
        self._told.update({job.id: job for job in news})
        self._told = {job_id: job for job_id, job in self._told.items() if not job.ended or job_id in live}
        return news
