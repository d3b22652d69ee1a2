"""How fast work goes on, measured over its last seconds, how long it takes yet, and how both are told."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping

from storybot.model import Job, JobState, Round

WINDOW_SECONDS = 10.0
"""What was done before tells nothing of how fast it goes now."""

_LEAST_SECONDS = 1.0
"""Less is no measurement."""

_MINUTE = 60
_HOUR = 60 * _MINUTE


class Pace:
    """Counts what is done. Not safe for threads: one counts and reads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counted: deque[tuple[float, int]] = deque()
        self._total = 0

    def begin(self) -> None:
        """Work begins, or goes on after a rest: what was counted before is of no account."""
        self._counted = deque([(self._clock(), self._total)])

    def count(self, done: int) -> None:
        """So many more are done, since `begin` was called."""
        now = self._clock()
        self._total += done
        self._counted.append((now, self._total))
        while len(self._counted) > 2 and self._counted[1][0] < now - WINDOW_SECONDS:  # noqa: PLR2004 - both ends
            self._counted.popleft()

    @property
    def rate(self) -> float:
        """How many a second; 0 while that isn't known."""
        (began, before), (last, total) = self._counted[0], self._counted[-1]
        return (total - before) / (last - began) if last - began >= _LEAST_SECONDS else 0.0


def in_words(seconds: float) -> str:
    """A time left in words, no more exact than it can be known.

    >>> in_words(3), in_words(50), in_words(200), in_words(7000)
    ('a few seconds left', 'about 50 s left', 'about 3 min left', 'about 1.9 h left')
    """
    if seconds < 10:  # noqa: PLR2004
        return "a few seconds left"
    if seconds < 1.5 * _MINUTE:
        return f"about {round(seconds, -1):.0f} s left"
    if seconds < 1.5 * _HOUR:
        return f"about {seconds / _MINUTE:.0f} min left"
    return f"about {seconds / _HOUR:.1f} h left"


JOB_WORDS: Mapping[JobState, str] = {
    "waiting": "Waiting its turn",
    "reading": "Being read",
    "embedding": "{done:,} of {total:,} passages",
    "done": "Added",
    "failed": "Not added",
    "cancelled": "Cancelled",
}
"""What the state of a job is called."""


def job_in_words(job: Job) -> str:
    """How far a job is, how fast it goes on, and how long it takes yet, where that is known."""
    words = "Waiting" if job.state == "waiting" and job.error else JOB_WORDS[job.state]
    said = words.format(done=job.done, total=job.total)
    return " · ".join([said, *_pace_in_words(job.rate if not job.ended else 0.0, job.left_s)])


def round_in_words(told: Round) -> str:
    """How far all jobs are: "3 of 117 documents"; empty where none is under way."""
    if told.ended == told.jobs:
        return ""
    failed = f", {told.failed:,} not added" if told.failed else ""
    said = f"{told.ended:,} of {told.jobs:,} {'document' if told.jobs == 1 else 'documents'}{failed}"
    return " · ".join([said, *_pace_in_words(told.rate, told.left_s)])


def _pace_in_words(rate: float, left_s: float | None) -> Iterator[str]:
    if rate:
        yield f"{rate:,.0f} a second" if rate >= 1 else "less than one a second"
    if left_s is not None:
        yield in_words(left_s)
