import pytest

from storybot.model import Job, Round
from storybot.pacing import WINDOW_SECONDS, Pace, in_words, job_in_words, round_in_words


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    pace = Pace(clock)
    pace.begin()
    return pace


def test_the_pace_is_unknown_until_it_is_measured(pace: Pace, clock: Clock) -> None:
    assert pace.rate == 0
    clock.now = 0.9
    pace.count(50)
    assert pace.rate == 0
    clock.now = 2.0
    pace.count(50)
    assert pace.rate == 50


def test_only_the_last_seconds_count(pace: Pace, clock: Clock) -> None:
    for _ in range(20):
        clock.now += 1
        pace.count(100)
    for _ in range(int(WINDOW_SECONDS) + 1):
        clock.now += 1
        pace.count(7)
    assert pace.rate == 7


def test_a_rest_slows_nothing_down(pace: Pace, clock: Clock) -> None:
    clock.now = 5
    pace.count(10)
    clock.now = 5000
    pace.begin()
    assert pace.rate == 0
    clock.now += 2
    pace.count(10)
    assert pace.rate == 5


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "a few seconds left"),
        (52, "about 50 s left"),
        (200, "about 3 min left"),
        (7000, "about 1.9 h left"),
    ],
)
def test_a_time_is_told_no_more_exactly_than_it_is_known(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def job(**changes: object) -> Job:
    return Job(id="j", name="fox.txt", collection="stories", **changes)  # type: ignore[arg-type]


def test_a_job_says_how_far_it_is_and_only_what_is_known() -> None:
    assert job_in_words(job()) == "Waiting its turn"
    assert job_in_words(job(error="The disk is full.")) == "Waiting"
    assert job_in_words(job(state="embedding", total=1200)) == "0 of 1,200 passages"
    going = job(state="embedding", done=200, total=1200, rate=10.0)
    assert job_in_words(going) == "200 of 1,200 passages · 10 a second · about 2 min left"
    assert job_in_words(job(state="embedding", total=5, rate=0.2)).endswith("less than one a second · about 20 s left")
    assert job_in_words(job(state="done", done=9, total=9, rate=3.0)) == "Added"


def test_a_round_says_how_far_all_are_and_only_what_is_known() -> None:
    assert round_in_words(Round()) == round_in_words(Round(jobs=3, ended=3)) == ""
    assert round_in_words(Round(jobs=1)) == "0 of 1 document"
    told = Round(jobs=117, ended=3, failed=1, passages_done=500, passages=2000, unread=100, rate=80.0)
    assert round_in_words(told) == "3 of 117 documents, 1 not added · 80 a second"
    known = Round(jobs=2, ended=1, passages_done=500, passages=2000, rate=80.0)
    assert round_in_words(known) == "1 of 2 documents · 80 a second · a few seconds left".replace(
        "a few seconds", "about 20 s"
    )
