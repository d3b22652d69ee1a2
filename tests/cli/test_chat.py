"""Conversations on the command line: processes, their output, their exit codes."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run
from storybot.engines.sqlite import SqliteEngine

STORYBOT = [sys.executable, "-m", "storybot"]
GRANDMOTHER = "What did Bakhyt's grandmother play?"
CHILDREN = "How many children does Bakhyt Camara have?"
PATIENCE_S = 120

SILENT = '''
import sys, threading
from storybot import assembly, cli
from storybot.answering import Conduct
from storybot.errors import Stopped
from storybot.model import Claim, Pointer

freed = threading.Event()  # by nobody: the process is ended from outside

class Silent:
    """Says a sentence, then nothing; where it's asked to go on for ever, it doesn't even heed the first Ctrl+C."""

    def answer(self, question, hits, readings, pulse):
        passage, sentence = readings[0].passage, readings[0].sentence
        yield Claim(text=passage.quote(sentence), pointers=(Pointer(passage=passage, sentence=sentence),))
        print("silent", file=sys.stderr, flush=True)
        while not freed.wait(0.02):
            try:
                pulse()
            except Stopped:
                if "for ever" not in question:
                    raise
                print("deaf", file=sys.stderr, flush=True)
                pulse = lambda: None

def build_house(settings, *, empty=False, build=assembly.build_house):
    house = build(settings, empty=empty)
    house.bot.behave(Conduct(wording=Silent()))
    return house

assembly.build_house = build_house
cli.main()
'''


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "STORYBOT_DATA": str(tmp_path / "data"), "TERM": "xterm"}


def started(environment: dict[str, str], *args: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*STORYBOT, *args],
        input=typed,
        capture_output=True,
        text=True,
        env=environment,
        timeout=PATIENCE_S,
        check=False,
    )


def test_a_chat_is_kept_and_can_be_listed_shown_renamed_exported_and_removed(
    environment: dict[str, str], run: Run, tmp_path: Path
) -> None:
    chat = started(environment, "chat", typed=f"{GRANDMOTHER}\n\n  ?\n{CHILDREN}\n:q\nNot asked.\n")
    assert (chat.returncode, chat.stderr) == (2, "storybot: The question is empty. Ask something in words.\n")
    lines = chat.stdout.splitlines()
    assert lines[0] == "the balalaika"
    assert lines[1].startswith("[1] ")
    assert "The story does not say." in lines
    assert ">" not in chat.stdout

    listed = run("conversations", "list", "--search", "BALALAIKA", "--json")
    conversation = json.loads(listed.out)
    assert (conversation["title"], conversation["turns"]) == (GRANDMOTHER, 2)
    assert run("conversations", "list", "--search", "tuba").out == ""
    shown = run("conversations", "show", conversation["id"]).out
    assert f"1. {GRANDMOTHER}\nthe balalaika\n[1] " in shown
    assert f"2. {CHILDREN}\nThe story does not say.\nThe nearest passage (Bakhyt Camara " in shown

    with closing(SqliteEngine(tmp_path / "data")) as engine:
        (turn, _) = engine.archive.turns(conversation["id"], most=2)
        engine.archive.judge(turn.id, "down")
    assert json.loads(run("feedback", "--json").out)["id"] == turn.id
    assert run("feedback").out.startswith(f"down, {turn.asked}, {conversation['id']}\n1. ")

    assert run("conversations", "rename", conversation["id"], "Music").code == 0
    assert "  Music  (2 turns, stories, " in run("conversations", "list").out
    exported = run("conversations", "export", conversation["id"], "--form", "json")
    assert [turn["question"] for turn in json.loads(exported.out)["turns"]] == [GRANDMOTHER, CHILDREN]
    assert run("conversations", "export", conversation["id"], "--form", "pdf").code == 2
    assert run("conversations", "remove", conversation["id"]).code == 0
    for command in ("show", "export", "remove"):
        gone = run("conversations", command, conversation["id"])
        assert (gone.code, gone.out) == (3, "")
    assert run("chat", "--last", "--conversation", "x").code == 2


def test_on_a_terminal_the_last_chat_goes_on_with_its_history(environment: dict[str, str]) -> None:
    begun = started(environment, "chat", "--last", typed=f"{CHILDREN}\n{GRANDMOTHER}\n")
    assert (begun.returncode, begun.stderr) == (0, "No conversation yet: this is the first.\n")
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*STORYBOT, "chat", "--last"], stdin=theirs, stdout=theirs, env=environment)
    with ended(process):
        os.close(theirs)
        until(ours, "> ")
        os.write(ours, b"\x1b[A\n")  # arrow up: the question that was asked last
        seen = until(ours, "\n> ")
        assert GRANDMOTHER in seen
        assert "the balalaika" in seen
        os.write(ours, b"\x04")
        assert process.wait(PATIENCE_S) == 0
    os.close(ours)
    (line,) = started(environment, "conversations", "list").stdout.splitlines()
    assert "(3 turns, " in line


@contextmanager
def ended(process: "subprocess.Popen[Any]") -> Iterator[None]:
    """The process, which doesn't outlive the block."""
    with process:
        try:
            yield
        finally:
            process.kill()


def until(terminal: int, words: str) -> str:
    """What the terminal shows until the words come."""
    seen = ""
    while words not in seen.replace("\r", ""):
        ready, _, _ = select.select([terminal], [], [], PATIENCE_S)
        assert ready, seen
        seen += os.read(terminal, 4096).decode()
    return seen


def test_an_interrupt_stops_the_answer_which_is_kept_and_a_second_one_the_chat(
    environment: dict[str, str], tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SILENT, "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with ended(process):
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(f"{GRANDMOTHER}\n")
        process.stdin.flush()
        assert process.stderr.readline() == "silent\n"
        process.send_signal(signal.SIGINT)
        assert "balalaika" in process.stdout.readline()
        assert process.stdout.readline() == "Stopped here.\n"
        process.stdin.write(f"{GRANDMOTHER} Tell it for ever.\n")
        process.stdin.flush()
        assert process.stderr.readline() == "silent\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline() == "deaf\n"
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, error) == (0, "")
    with closing(SqliteEngine(tmp_path / "data")) as engine:
        (conversation,) = engine.archive.conversations()
        (turn,) = engine.archive.turns(conversation.id, most=9)
        assert (turn.state, turn.text) == ("stopped", turn.citations[0].quote)
