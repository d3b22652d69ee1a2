import threading
import time
from collections.abc import Iterator

import pytest

from storybot.bot import Storybot
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.memory import MemoryEngine
from storybot.errors import JobNotFound
from storybot.intake import Intake
from storybot.model import FINAL_STATES, Job, Source, Vectors
from storybot.ports import Progress

LONG = "".join(
    f"The fox number {n} went to the town of number {n} and sang there all day long.\n\n" for n in range(400)
)


class SteppingEmbedder(SentenceTransformerEmbedder):
    """Stops before each batch until it is let go on: time is what a test may replace."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def embed_passages(self, texts: list[str], progress: Progress | None = None) -> Vectors:  # type: ignore[override]
        def step(done: int, total: int) -> None:
            self.reached.set()
            self.go_on.wait(30)
            if progress:
                progress(done, total)

        return super().embed_passages(texts, step)


@pytest.fixture
def intake(bot: Storybot) -> Iterator[Intake]:
    intake = Intake(bot)
    intake.start()
    yield intake
    intake.stop()


def ended(intake: Intake, job: Job) -> Job:
    limit = time.monotonic() + 60
    while intake.job(job.id).state not in FINAL_STATES:
        assert time.monotonic() < limit
        threading.Event().wait(0.01)
    return intake.job(job.id)


def test_a_source_is_done_when_its_document_is_in_the_corpus(intake: Intake, bot: Storybot) -> None:
    job = ended(intake, intake.submit(Source(name="fox.txt", data=b"The fox lived under the old bridge.")))
    assert (job.state, job.done, job.total, job.error) == ("done", 1, 1, None)
    assert job.document_id == bot.library.entries()[0].id


def test_a_bad_source_fails_with_its_reason_and_stops_nothing(intake: Intake) -> None:
    bad = intake.submit(Source(name="empty.txt", data=b"  "))
    good = intake.submit(Source(name="fox.txt", data=b"The fox lived under the old bridge."))
    assert "empty.txt" in (ended(intake, bad).error or "")
    assert ended(intake, bad).state == "failed"
    assert ended(intake, good).state == "done"
    assert [job.id for job in intake.jobs()] == [good.id, bad.id]


def test_an_unforeseen_fault_fails_its_job_alone(
    intake: Intake, bot: Storybot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bot.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(bot, "add", lambda *_: 1 / 0)
        bad = ended(intake, intake.submit(Source(name="a.txt", data=b"A fox.")))
    assert bad.state == "failed"
    assert "ZeroDivisionError" in caplog.text
    assert ended(intake, intake.submit(Source(name="a.txt", data=b"A fox."))).state == "done"


def test_a_job_is_cancelled_while_it_waits_and_while_it_embeds(
    make_bot: object, embedder: SentenceTransformerEmbedder
) -> None:
    slow = SteppingEmbedder("all-MiniLM-L6-v2")
    slow.__dict__["_model"] = embedder._model
    bot = make_bot(MemoryEngine(), embedder=slow)  # type: ignore[operator]
    intake = Intake(bot)
    intake.start()
    first = intake.submit(Source(name="long.txt", data=LONG.encode()))
    second = intake.submit(Source(name="fox.txt", data=b"A fox ran."))
    assert slow.reached.wait(60)
    embedding = intake.job(first.id)
    assert embedding.state == "embedding"
    assert embedding.total > 16
    assert intake.cancel(second.id).state == "cancelled"
    intake.cancel(first.id)
    slow.go_on.set()
    assert ended(intake, first).state == "cancelled"
    intake.stop()
    assert ended(intake, second).state == "cancelled"
    assert bot.library.entries() == []


def test_an_ended_job_stays_as_it_is_when_it_is_cancelled(intake: Intake) -> None:
    job = ended(intake, intake.submit(Source(name="fox.txt", data=b"A fox ran.")))
    assert intake.cancel(job.id) == job


def test_an_unknown_job_is_named(intake: Intake) -> None:
    with pytest.raises(JobNotFound, match="nosuch"):
        intake.job("nosuch")


def test_the_oldest_ended_jobs_are_forgotten(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storybot.intake._REMEMBERED_JOBS", 2)
    jobs = [ended(intake, intake.submit(Source(name=f"{n}.txt", data=b" "))) for n in range(4)]
    assert [job.id for job in intake.jobs()] == [jobs[3].id, jobs[2].id]
