"""The uploads that a page shows beside its form."""

from collections.abc import Sequence

from storybot.http.contexts import UploadsView, job_view
from storybot.intake import Intake
from storybot.model import DEFAULT_COLLECTION, FINAL_STATES
from storybot.pacing import round_in_words

FAILED_SHOWN = 3
"""Failures older than these are no longer on the page."""

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
    """The uploads to be seen: those under way, the latest failures, and the visitor's own."""
    jobs = intake.jobs()
    failed = [job.id for job in jobs if job.state == "failed"][:FAILED_SHOWN]
    seen = {*mine, *failed}
    under_way = [job for job in jobs if job.state not in FINAL_STATES]
    shown = [job for job in jobs if job.id in seen or job.state not in FINAL_STATES]
    return UploadsView(
        collection=collection or DEFAULT_COLLECTION,
        conversation=conversation,
        back=back,
        problems=problems,
        jobs=tuple(map(job_view, shown[:JOBS_SHOWN])),
        round=round_in_words(intake.round()),
        more=max(0, len(shown) - JOBS_SHOWN),
        under_way=frozenset((job.collection, job.name) for job in under_way),
    )
