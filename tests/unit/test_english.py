"""spaCy does its work in a process of its own, and in nobody's way."""

import operator
import subprocess
import sys
import threading

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
english = English()
print(english._running().pid, flush=True)
input()
"""


class Halted(Exception):
    """Enough."""


def quiet() -> None:
    """Nothing else is to be done."""


def process(english: English) -> psutil.Process:
    assert english._child
    return psutil.Process(english._child.pid)


def test_results_come_in_order_from_a_process_that_gives_way_until_a_task_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    english = English()
    results = list(english.run(spotted, [TALE, "Nobody came.", TALE * 200, ""], quiet))
    assert results[0][-1] == (29, 34, "GPE")
    assert results[1] == results[3] == []
    assert len(results[2]) > 200
    first = process(english)
    assert first.nice() > psutil.Process().nice() or first.nice() == 19
    assert list(english.run(spotted, [], quiet)) == []
    assert process(english) == first
    with pytest.raises(EnglishFailed, match="TypeError"):
        list(english.run(operator.add, [TALE], quiet))
    assert "Traceback" in caplog.text
    assert not first.is_running()


def test_a_pulse_stops_what_is_under_way() -> None:
    english, children = English(), []

    def pulse() -> None:
        if english._child:
            children.append(process(english))
            raise Halted

    with pytest.raises(Halted):
        list(english.run(spotted, [TALE], pulse))
    assert not children[0].is_running()


def test_closing_stops_work_under_way_from_another_thread() -> None:
    english, closed, begun = English(), threading.Event(), threading.Event()
    raised: list[Exception] = []

    def pulse() -> None:
        if english._child:
            begun.set()
        if closed.is_set():
            raise Halted

    def work() -> None:
        try:
            list(english.run(spotted, [TALE], pulse))
        except Halted as error:
            raised.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    assert begun.wait(PATIENCE_S)
    closed.set()
    english.close()
    english.close()
    worker.join(PATIENCE_S)
    assert len(raised) == 1


def test_a_process_that_breaks_down_is_told_of() -> None:
    english = English()
    with pytest.raises(EnglishFailed, match="its process ended"):
        list(english.run(spotted, [TALE], lambda: process(english).kill() if english._child else None))


def test_a_model_or_a_program_that_is_not_there_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    english = English()
    monkeypatch.setattr(module, "MODEL", "no_such_model")
    with pytest.raises(EnglishFailed, match="no_such_model"):
        list(english.run(spotted, [TALE], quiet))
    with pytest.raises(EnglishFailed, match="no_such_model"):
        assert english.revision
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(EnglishFailed, match="/no/such/python"):
        list(english.run(spotted, [TALE], quiet))


def test_the_process_ends_with_the_one_that_started_it_however_that_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ALONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
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
