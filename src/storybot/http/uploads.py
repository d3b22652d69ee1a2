"""The uploads that a page shows beside its form."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from storybot.http.contexts import UploadsView, job_view
from storybot.intake import Intake
from storybot.model import DEFAULT_COLLECTION, Job
from storybot.pacing import round_in_words

FAILED_SHOWN = 3
"""Failures on the page, of files that this visitor hasn't just added."""

FAILED_HOURS = 24
"""So long a failure is news."""

JOBS_SHOWN = 20
"""Uploads on the page; the others are counted."""


def uploads_view(  # noqa: PLR0913 - where the form stands
    intake: Intake,
    mine: Sequence[str] = (),
    *,
    collection: str = "",
    conversation: str = "",
    back: str = "",
    problems: tuple[str, ...] = (),
) -> UploadsView:
    """The uploads to be seen: the visitor's own and the latest failures, then those under way."""
    jobs, told = intake.jobs(), intake.round()
    seen = {*mine, *_failures(jobs)}
    under_way = [job for job in jobs if not job.ended]
    shown = [job for job in jobs if job.ended and job.id in seen] + under_way
    listed = shown[:JOBS_SHOWN]
    return UploadsView(
        collection=collection or DEFAULT_COLLECTION,
        conversation=conversation,
        back=back,
        problems=problems,
        jobs=tuple(map(job_view, listed)),
        round=round_in_words(told),
        more=max(0, told.jobs - told.ended - sum(not job.ended for job in listed)),
        under_way=frozenset((job.collection, job.name) for job in under_way),
    )


def _failures(jobs: Sequence[Job]) -> list[str]:
    """Ids of the latest failures that nobody has mended by adding the file anew."""
    since = datetime.now(UTC) - timedelta(hours=FAILED_HOURS)
    mended = {(job.collection, job.name): job.added for job in reversed(jobs) if job.state == "done"}
    return [
        job.id
        for job in jobs
        if job.state == "failed"
        and datetime.fromisoformat(job.added) > since
        and mended.get((job.collection, job.name), "") < job.added
    ][:FAILED_SHOWN]
