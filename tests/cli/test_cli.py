"""The command line as its user meets it: a process, its output, its exit code."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from scripted_server import answer, serving
from storybot.answering import LEFT_OUT
from storybot.conversing.wording import UNTITLED
from storybot.engines.sqlite import SqliteEngine

STORYBOT = [sys.executable, "-m", "storybot"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def go(
        *args: str, data: Path | None = None, typed: str = "", **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        env = {**os.environ, "STORYBOT_DATA": str(data or tmp_path / "data"), **settings}
        return subprocess.run(
            [*STORYBOT, *args],
            input=typed,
            capture_output=True,
            text=True,
            env=env,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )

    return go


def test_help_is_told_without_loading_a_model() -> None:
    code = (
        "import sys\nfrom storybot.cli import main\nsys.argv = ['storybot', '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "assert not {'torch', 'faiss', 'sentence_transformers', 'fastapi'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "serve" in done.stdout


def test_a_question_is_answered_without_a_server(run: Run) -> None:
    done = run("ask", "What did Bakhyt's grandmother play?")
    assert done.returncode == 0, done.stderr
    told, citation = done.stdout.splitlines()
    assert told == "the balalaika"
    assert citation.startswith("[1]")
    assert "listening to her grandmother play the balalaika" in citation
    assert done.stderr == ""


def test_a_story_that_does_not_say_exits_with_one(run: Run) -> None:
    done = run("ask", "How many children does Bakhyt Camara have?", "--json", "--why")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["found"] is False
    assert told["evidence"]
    assert told["trail"]["readings"][0]["confidence"] < told["trail"]["threshold"]


def test_what_a_language_model_invents_is_marked_and_why_its_words_are_missing_is_told(run: Run) -> None:
    question = "What did Bakhyt's grandmother play?"
    with serving() as model:
        model.replies = [answer("Her grandmother played the balalaika [1]. The drum was made of silver [1].")]
        settings = {"STORYBOT_ANSWERER": "openai", "STORYBOT_LLM_URL": model.url}
        marked = run("ask", question, STORYBOT_UNSUPPORTED="mark", **settings).stdout.splitlines()
        assert marked[0].endswith("The drum was made of silver. [not in the story]")
        withheld = run("ask", question, **settings).stdout.splitlines()
    assert withheld[1] == LEFT_OUT
    assert withheld[2].startswith("[1] ")


def test_a_refused_question_begins_no_conversation(run: Run) -> None:
    assert run("chat", typed="?\n").returncode == 2
    assert run("conversations", "list").stdout == ""


def test_a_conversation_without_a_question_is_called_as_on_the_page(run: Run, tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path / "data")) as engine:
        engine.archive.begin("", "stories")
    assert f"  {UNTITLED}  (0 turns, " in run("conversations", "list").stdout


def test_documents_are_added_listed_searched_and_removed(run: Run, tmp_path: Path) -> None:
    fox = tmp_path / "fox.txt"
    fox.write_text("The fox lived under the old bridge.")
    added = run("add", "fox.txt", "nosuch.txt", "--empty", "--json")
    assert added.returncode == 3
    assert (
        added.stderr
        == "storybot: 'nosuch.txt' can't be read: No such file or directory. Check its name and permissions.\n"
    )
    document_id = json.loads(added.stdout)["id"]
    assert run("list").stdout == f"{document_id}  Fox  (fox.txt, stories, 1 passages)\n"
    assert "under the old bridge" in run("search", "fox").stdout
    assert run("remove", document_id).returncode == 0
    assert run("list", "--json").stdout == ""


def test_an_error_is_one_line_with_its_remedy(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for args, code in [
        (("ask", "?"), 2),
        (("ask", "Who?", "--data", "file/data"), 4),
        (("serve", "--port", "99999"), 4),
    ]:
        done = run(*args)
        assert done.returncode == code
        assert done.stderr.startswith("storybot: ")
        assert done.stderr.count("\n") == 1
        assert "Traceback" not in done.stderr


def test_a_wrong_word_on_the_line_is_a_usage_error(run: Run) -> None:
    assert run("search", "fox", "--mode", "magic").returncode == 2
    assert run("nosuch").returncode == 2


def test_the_doctor_tells_of_a_damaged_corpus(run: Run, tmp_path: Path) -> None:
    run("list")
    (tmp_path / "data" / "corpus.db").write_bytes(b"not a database" * 1000)
    done = run("doctor")
    assert done.returncode == 4
    assert "damaged" in done.stderr


def test_a_port_in_use_is_told(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 4
    assert "in use" in done.stderr


def test_the_server_serves_its_page_first_answers_when_loaded_and_ends_on_a_signal(tmp_path: Path) -> None:
    server = subprocess.Popen(
        [*STORYBOT, "serve", "--port", "0", "--data", str(tmp_path / "data")], stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        line = server.stderr.readline()
        url = line.split()[3]
        with urllib.request.urlopen(f"{url}/", timeout=30) as page:  # noqa: S310 - our own server
            assert b"storybot" in page.read()
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{url}/api/ask",
            data=json.dumps({"question": "What did Bakhyt's grandmother play?"}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 - our own server
            assert json.load(reply)["answer"] == "the balalaika"
    finally:
        server.send_signal(signal.SIGINT)
        _, rest = server.communicate(timeout=30)
    assert server.returncode in {0, -signal.SIGINT, 130}
    assert "Traceback" not in rest


def test_two_processes_share_one_corpus(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fox.txt").write_text("The fox lived under the old bridge.")
    server = subprocess.Popen(
        [*STORYBOT, "serve", "--port", "0", "--data", str(tmp_path / "data")], stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        url = server.stderr.readline().split()[3]
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/readyz", timeout=30).close()  # noqa: S310 - our own server
                break
            except OSError:
                time.sleep(0.1)
        assert run("add", "fox.txt").returncode == 0
        body = json.dumps({"query": "fox", "mode": "dense"}).encode()
        request = urllib.request.Request(f"{url}/api/search", body, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 - our own server
            assert "under the old bridge" in json.load(reply)["hits"][0]["text"]
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
