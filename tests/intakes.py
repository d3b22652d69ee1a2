"""An intake at work, and an embedder that embeds step by step."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.intake import Intake
from storybot.model import Job, Source, Vectors

FOX = Source(name="fox.txt", data=b"The fox lived under the old bridge.")
HEN = Source(name="hen.txt", data=b"The hen lived in the new barn.")
LONG = Source(
    name="long.txt",
    data="".join(
        f"The fox number {n} went to the town of number {n} and sang there all day long.\n\n" for n in range(200)
    ).encode(),
)
PATIENCE_S = 120


class SteppingEmbedder(SentenceTransformerEmbedder):
    """Stops after each batch until it is let go on, and notes what it embeds: time is what a test may replace."""

    def __init__(self, ready: SentenceTransformerEmbedder) -> None:
        super().__init__("all-MiniLM-L6-v2")
        ready.dim  # noqa: B018 - loads the model
        self.__dict__.update({**ready.__dict__, "steps": threading.Semaphore(0), "embedded": []})
        self.steps: threading.Semaphore
        self.embedded: list[str]

    def embed_passages(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """The batches, each when it is let go."""
        for places, vectors in super().embed_passages(texts):
            self.embedded += [texts[place] for place in places]
            yield places, vectors
            assert self.steps.acquire(timeout=PATIENCE_S)


@contextmanager
def working(intake: Intake) -> Iterator[Intake]:
    intake.start()
    try:
        yield intake
    finally:
        intake.stop()


def until(met: Callable[[], object]) -> None:
    limit = time.monotonic() + PATIENCE_S
    while not met():
        assert time.monotonic() < limit
        threading.Event().wait(0.01)


def ended(intake: Intake, job: Job) -> Job:
    until(lambda: intake.job(job.id).ended)
    return intake.job(job.id)
