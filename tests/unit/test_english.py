"""spaCy does its work in a process of its own, and in nobody's way."""

import operator
import subprocess
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

from storybot import english as module
from storybot.english import English
from storybot.errors import EnglishFailed
from storybot.finders.labelling import spotted

PATIENCE_S = 30
TALE = "Once Sherlock Holmes came to Paris."

ALONE = """
from storybot.english import English
from storybot.finders.labelling import spotted
english = English()
print(list(english.run(spotted, ["Then Sherlock Holmes came."], lambda: None)))
print(english._child._process.pid, flush=True)
input()
"""


class Halted(Exception):
    """Enough."""


def quiet() -> None:
    """Nothing else is to be done."""


@pytest.fixture(scope="module")
def english() -> Iterator[English]:
    english = English()
    yield english
    english.close()


def process(english: English) -> psutil.Process:
    assert english._child
    return psutil.Process(english._child._process.pid)


def test_results_come_in_order(english: English) -> None:
    texts = [TALE, "Nobody came.", TALE * 200, ""]
    results = list(english.run(spotted, texts, quiet))
    assert results[0] == [(5, 20, "PERSON"), (29, 34, "GPE")]
    assert results[1] == results[3] == []
    assert len(results[2]) > 200
    assert list(english.run(spotted, [], quiet)) == []


def test_the_process_is_kept_and_gives_way_to_others(english: English) -> None:
    list(english.run(spotted, [TALE], quiet))
    first = process(english)
    assert list(english.run(spotted, [TALE], quiet))
    assert process(english) == first
    assert first.nice() > psutil.Process().nice() or first.nice() == 19


def test_a_pulse_stops_what_is_under_way_and_the_next_task_starts_anew(english: English) -> None:
    pulses = iter([quiet, quiet])

    def pulse() -> None:
        if next(pulses, None) is None:
            raise Halted

    list(english.run(spotted, [TALE], quiet))
    stopped = process(english)
    with pytest.raises(Halted):
        list(english.run(spotted, [TALE * 2000] * 9, pulse))
    assert not stopped.is_running()
    assert len(list(english.run(spotted, [TALE], quiet))) == 1


def test_closing_stops_work_under_way_from_another_thread(english: English) -> None:
    closed, begun = threading.Event(), threading.Event()
    raised: list[Exception] = []

    def pulse() -> None:
        begun.set()
        if closed.is_set():
            raise Halted

    def work() -> None:
        try:
            list(english.run(spotted, [TALE * 2000] * 9, pulse))
        except Halted as error:
            raised.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    assert begun.wait(PATIENCE_S)
    closed.set()
    english.close()
    worker.join(PATIENCE_S)
    assert len(raised) == 1


def test_a_process_ends_when_it_is_closed_and_one_that_breaks_down_is_told_of(english: English) -> None:
    list(english.run(spotted, [TALE], quiet))
    closed = process(english)
    english.close()
    english.close()
    assert not closed.is_running()
    with pytest.raises(EnglishFailed, match="its process ended"):
        list(english.run(spotted, [TALE], lambda: english._child and process(english).kill()))


def test_a_task_that_fails_is_told_of(english: English, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(EnglishFailed, match="TypeError"):
        list(english.run(operator.add, [TALE], quiet))
    assert "Traceback" in caplog.text


def test_a_model_or_a_program_that_is_not_there_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MODEL", "no_such_model")
    with pytest.raises(EnglishFailed, match="no_such_model"):
        list(English().run(spotted, [TALE], quiet))
    with pytest.raises(EnglishFailed, match="no_such_model"):
        print(English().revision)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(EnglishFailed, match="No such file"):
        list(English().run(spotted, [TALE], quiet))


def test_the_process_ends_with_the_one_that_started_it_however_that_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ALONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        assert "PERSON" in parent.stdout.readline()
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    psutil.wait_procs([child], PATIENCE_S)
    assert not child.is_running()


def test_spacy_stays_out_of_this_process() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sys, storybot.finders.names; print('spacy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "False"
