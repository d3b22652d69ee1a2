"""How fast work goes on, measured over its last seconds, how long it takes yet, and how both are told."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping

from storybot.languages import gettext as _
from storybot.languages import marked, ngettext, numeral
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
        return _("a few seconds left")
    if seconds < 1.5 * _MINUTE:
        return _("about {n} s left").format(n=numeral(round(seconds, -1)))
    if seconds < 1.5 * _HOUR:
        return _("about {n} min left").format(n=numeral(round(seconds / _MINUTE)))
    return _("about {n} h left").format(n=numeral(seconds / _HOUR, decimals=1))


JOB_WORDS: Mapping[JobState, str] = {
    "waiting": marked("Waiting its turn"),
    "reading": marked("Being read"),
    "done": marked("Added"),
    "failed": marked("Not added"),
    "cancelled": marked("Cancelled"),
}
"""What the state of a job is called; looked up where it is said."""


def job_in_words(job: Job) -> str:
    """How far a job is, how fast it goes on, and how long it takes yet, where that is known."""
    return " · ".join([_state_in_words(job), *_pace_in_words(job.rate if not job.ended else 0.0, job.left_s)])


def round_in_words(told: Round) -> str:
    """How far all jobs are: "3 of 117 documents"; empty where none is under way."""
    if told.ended == told.jobs:
        return ""
    said = _of(ngettext("{done} of {total} document", "{done} of {total} documents", told.jobs), told.ended, told.jobs)
    if told.failed:
        said = _("{said}, {n} not added").format(said=said, n=numeral(told.failed))
    return " · ".join([said, *_pace_in_words(told.rate, told.left_s)])


def _state_in_words(job: Job) -> str:
    if job.state == "embedding":
        return _of(ngettext("{done} of {total} passage", "{done} of {total} passages", job.total), job.done, job.total)
    return _("Waiting") if job.state == "waiting" and job.error else _(JOB_WORDS[job.state])


def _of(message: str, done: int, total: int) -> str:
    return message.format(done=numeral(done), total=numeral(total))


def _pace_in_words(rate: float, left_s: float | None) -> Iterator[str]:
    if rate:
        yield _("{n} a second").format(n=numeral(round(rate))) if rate >= 1 else _("less than one a second")
    if left_s is not None:
        yield in_words(left_s)
