"""Several processes on one corpus, and processes that die."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from contracts.oracle import story
from storybot.engines.sqlite import CORPUS_FILE, SqliteEngine
from storybot.model import Scope

LINES = 30
TESTS = Path(__file__).resolve().parents[1]

WRITER = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(TESTS)!r})
from contracts.oracle import story
from storybot.engines.sqlite import SqliteEngine
engine, name, most = SqliteEngine(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
for number in range(most):
    told = story(f"{{name}}-{{number}}", *(f"Fox {{line}} of {{name}} {{number}}." for line in range({LINES})))
    told.put_into(engine)
    print(told.document.id, flush=True)
engine.close()
"""


TALKER = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(TESTS)!r})
from contracts.answers import quoting
from contracts.oracle import story
from storybot.engines.sqlite import SqliteEngine
engine, conversation, most = SqliteEngine(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
fox = story("fox", *(f"Fox {{line}}." for line in range({LINES})))
for number in range(most):
    turn = engine.archive.keep(conversation, quoting(*[fox] * 5, line=number % {LINES}))
    print(turn.number, flush=True)
engine.close()
"""


def talker(folder: Path, conversation: str, most: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", TALKER, str(folder), conversation, str(most)], stdout=subprocess.PIPE, text=True
    )


def writer(folder: Path, name: str, most: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name, str(most)], stdout=subprocess.PIPE, text=True
    )


def test_what_was_acknowledged_survives_a_kill_and_nothing_is_half_there(tmp_path: Path) -> None:
    acknowledged = []
    for attempt in range(3):
        with writer(tmp_path, f"w{attempt}", 100_000) as process:
            assert process.stdout
            acknowledged += [process.stdout.readline().strip() for _ in range(3 + 4 * attempt)]
            process.kill()
            acknowledged += [line.strip() for line in process.stdout]
    with closing(SqliteEngine(tmp_path)) as engine:
        there = {entry.id: entry.passages for entry in engine.entries()}
        assert set(acknowledged) <= set(there)
        assert len(there) <= len(acknowledged) + 3
        assert set(there.values()) == {LINES}
        assert len(engine.matching(["fox"], 99_999, Scope())) == LINES * len(there)
        assert len(engine.nearest(story("x", "x").vectors[0], 99_999, Scope())) == LINES * len(there)
        assert all(engine.document(document_id).text.count("\n") == LINES - 1 for document_id in there)
    with closing(sqlite3.connect(tmp_path / CORPUS_FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_turns_that_were_acknowledged_survive_a_kill_and_are_whole(tmp_path: Path) -> None:
    fox = story("fox", *(f"Fox {line}." for line in range(LINES)))
    with closing(SqliteEngine(tmp_path)) as engine:
        fox.put_into(engine)
        conversation = engine.archive.begin("", "stories").id
    acknowledged = 0
    for attempt in range(3):
        with talker(tmp_path, conversation, 100_000) as process:
            assert process.stdout
            told = [process.stdout.readline() for _ in range(3 + 4 * attempt)]
            process.kill()
            acknowledged = int([*told, *process.stdout.readlines()][-1])
    with closing(SqliteEngine(tmp_path)) as engine:
        turns = engine.archive.turns(conversation, most=99_999)
        assert acknowledged <= len(turns) <= acknowledged + 1
        assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))
        assert all(turn.text == f"{turn.citations[0].quote} " * 5 for turn in turns)
        engine.check()


def test_two_processes_write_one_conversation_together(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path)) as engine:
        story("fox", *(f"Fox {line}." for line in range(LINES))).put_into(engine)
        conversation = engine.archive.begin("", "stories").id
        talkers = [talker(tmp_path, conversation, 20) for _ in range(2)]
        numbers = [int(line) for process in talkers for line in process.communicate()[0].split()]
        assert sorted(numbers) == list(range(1, 41))
        assert engine.archive.conversation(conversation).turns == 40


def test_two_processes_begin_and_fill_one_corpus_together(tmp_path: Path) -> None:
    writers = [writer(tmp_path, name, 5) for name in ("one", "two", "three")]
    for process in writers:
        process.communicate()
        assert process.returncode == 0
    with closing(SqliteEngine(tmp_path)) as engine:
        assert len(engine.entries()) == 15
        assert len(engine.matching(["fox"], 999, Scope())) == 15 * LINES


def test_many_engines_open_a_new_folder_at_once(tmp_path: Path) -> None:
    def count(_: int) -> int:
        with closing(SqliteEngine(tmp_path / "new")) as engine:
            return len(engine.entries())

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(count, range(16))) == [0] * 16
