"""What the tests of the command line share."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from storybot.cli import main
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.ports import Reader


@pytest.fixture(autouse=True)
def _exported_model(data_folder: object) -> None:
    """The data folder of each test holds the exported model: a process that must export it first takes seconds more."""


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Done]


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    embedder: SentenceTransformerEmbedder,
    reader: Reader,
) -> Run:
    """Runs the command line in this process: starting one for each command would take longer than all it does."""
    monkeypatch.setattr("storybot.assembly.build_reader", lambda _settings: reader)
    monkeypatch.setattr(
        "storybot.embedders.sentence_transformer.SentenceTransformerEmbedder", lambda *_args, **_options: embedder
    )
    monkeypatch.setenv("STORYBOT_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def go(*args: str, typed: str = "") -> Done:
        monkeypatch.setattr("sys.argv", ["storybot", *args])
        read, write = os.pipe()
        os.write(write, typed.encode())
        os.close(write)
        with os.fdopen(read) as keys:
            monkeypatch.setattr("sys.stdin", keys)
            with pytest.raises(SystemExit) as end:
                main()
        out, err = capsys.readouterr()
        return Done(code=int(end.value.code or 0), out=out, err=err)

    return go
