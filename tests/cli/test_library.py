"""The library's commands, in this process: starting one for each would take longer than all they do."""

import errno
import json
import os
import signal
import sqlite3
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from cli.conftest import Run
from conftest import BACKEND
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.sqlite import SqliteEngine
from storybot.model import Source, Vectors


@pytest.fixture
def tales(tmp_path: Path) -> Path:
    folder = tmp_path / "tales"
    (folder / "poems").mkdir(parents=True)
    (folder / "fox.txt").write_text("The fox lived under the old bridge.")
    (folder / "poems" / "crow.md").write_text("# The Crow\n\nThe crow sat on the mill.")
    return folder


def names(run: Run, *args: str) -> list[str]:
    return [line["name"] for line in run("list", "--sort", "name", "--json", *args).lines]


@pytest.mark.usefixtures("tales")
def test_a_folder_and_an_archive_are_added_and_what_is_there_is_passed_over(run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("hen.txt", "The hen laid an egg of gold.")
        archive.writestr("../bad.txt", bytes(range(32)) * 8)
    first = run("add", "tales", "more.zip", "no*.txt", "--empty")
    assert first.code == 3  # that of the first failure
    assert [line.split("  ")[1] for line in first.out.splitlines()] == [
        "Fox (1 passages)",
        "The Crow (1 passages)",
        "Hen (1 passages)",
    ]
    assert "'no*.txt' can't be read" in first.err
    assert "'more.zip/bad.txt' is not a text file" in first.err
    assert first.err.endswith("4 files: 3 added, 2 failed.\n")
    again = run("add", "tales", "--json")
    assert [(line["name"], line["state"]) for line in again.lines] == [("fox.txt", "there"), ("poems/crow.md", "there")]
    assert again.err == "2 files: 0 added, 2 there already.\n"
    assert names(run) == ["fox.txt", "more.zip/hen.txt", "poems/crow.md"]


def test_documents_are_listed_moved_and_removed(run: Run, tales: Path) -> None:
    assert run("add", str(tales), "--empty").code == 0
    fox, crow = (line["id"] for line in run("list", "--sort", "name", "--json").lines)
    (long,) = [line for line in run("list", "--long").out.splitlines() if fox in line]
    assert long.startswith(f"{fox}  Fox  (fox.txt, stories, 1 passages, text, 7 words, 20")
    for sort in ("title", "added", "length"):
        assert run("list", "--sort", sort).out.count("\n") == 2
    assert run("move", crow, "--to", "poems").code == 0
    assert names(run, "--collection", "poems") == ["poems/crow.md"]
    assert run("collections", "list").out == "poems  (1 documents)\nstories  (1 documents)\n"
    gone = run("remove", "nosuch", fox)
    assert (gone.code, gone.err.count("\n")) == (3, 1)
    assert names(run) == ["poems/crow.md"]


def test_collections_begin_are_renamed_and_removed_when_that_is_meant(run: Run, tales: Path) -> None:
    assert run("collections", "begin", "fables").code == 0
    assert run("collections", "begin", "fables").code == 2
    assert run("collections", "remove", "fables").code == 0
    assert run("add", str(tales / "fox.txt"), "--collection", "tales", "--empty").code == 0
    assert run("collections", "rename", "tales", "old tales").code == 0
    assert run("collections", "remove", "old tales", typed="n\n").code == 1
    assert names(run) == ["fox.txt"]
    assert run("collections", "remove", "old tales", "--yes").code == 0
    assert names(run) == []
    assert run("collections", "remove", "old tales").code == 3
    assert run("list", "--collection", "old tales").code == 3
    asked = run("ask", "Where did the fox live?", "--collection", "old tales")
    assert (asked.code, asked.out) == (3, "")
    assert "There is no collection 'old tales'" in asked.err


def test_a_collection_is_made_equal_to_a_folder(run: Run, tales: Path) -> None:
    planned = run("sync", "tales", "--dry-run", "--json")
    assert planned.lines == [{"change": "add", "name": "fox.txt"}, {"change": "add", "name": "poems/crow.md"}]
    assert names(run) == []
    assert run("sync", "tales").code == 0
    kept = {line["name"]: line["id"] for line in run("list", "--collection", "tales", "--json").lines}
    (tales / "fox.txt").rename(tales / "reynard.txt")
    (tales / "poems" / "crow.md").write_text("# The Crow\n\nThe crow sat in the oak.")
    (tales / "hen.txt").write_text("The hen laid an egg of gold.")
    (tales / "copy.txt").write_text("The hen laid an egg of gold.")
    (tales / "bad.txt").write_bytes(bytes(range(32)) * 8)
    changed = run("sync", "tales")
    assert changed.code == 2
    assert changed.out.splitlines()[0] == "rename  fox.txt -> reynard.txt"
    assert changed.err.splitlines()[0] == "1 to rename, 1 to replace, 2 to add, 1 copies of others"
    after = {line["name"]: line["id"] for line in run("list", "--collection", "tales", "--json").lines}
    assert after.keys() == {"reynard.txt", "poems/crow.md", "copy.txt"}
    assert after["reynard.txt"] == kept["fox.txt"]
    assert "Reynard" in run("list", "--collection", "tales").out
    (tales / "copy.txt").unlink()
    (tales / "bad.txt").unlink()
    (tales / "hen.txt").unlink()
    assert run("sync", "tales").out.startswith("remove  copy.txt\n")
    assert run("sync", "tales").err == "2 as they are\n"


@pytest.mark.usefixtures("tales")
def test_a_folder_that_is_missing_or_another_empties_no_collection(run: Run, tmp_path: Path) -> None:
    assert run("sync", "tales").code == 0
    (tmp_path / "empty").mkdir()
    assert run("sync", "nosuch", "--collection", "tales", "--yes").code == 3
    refused = run("sync", "empty", "--collection", "tales")
    assert refused.code == 2
    assert "--yes" in refused.err
    assert len(names(run, "--collection", "tales")) == 2
    assert run("sync", "empty", "--collection", "tales", "--yes").code == 0
    assert names(run, "--collection", "tales") == []


def test_a_file_of_the_same_words_in_other_bytes_is_there_after_one_sync(run: Run, tales: Path) -> None:
    assert run("sync", "tales").code == 0
    (tales / "fox.txt").write_bytes(b"\xef\xbb\xbfThe fox lived under the old bridge.")
    assert run("sync", "tales").err.startswith("1 to replace, 1 as they are\n")
    assert run("sync", "tales").err == "2 as they are\n"


class InterruptedEmbedder(SentenceTransformerEmbedder):
    """Its user presses Ctrl+C while the second document is embedded."""

    calls = 0

    def embed_passages(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        self.calls += 1
        if self.calls == 2:
            os.kill(os.getpid(), signal.SIGINT)
        yield from super().embed_passages(texts)


def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(
    run: Run, tales: Path, monkeypatch: pytest.MonkeyPatch, models: Path
) -> None:
    interrupted = InterruptedEmbedder("all-MiniLM-L6-v2", cache=models, backend=BACKEND)
    with monkeypatch.context() as patched:
        patched.setattr(
            "storybot.embedders.sentence_transformer.SentenceTransformerEmbedder",
            lambda *_args, **_options: interrupted,
        )
        stopped = run("add", str(tales), "--empty", "--collection", "tales")
    assert stopped.code == 130
    assert stopped.err.startswith("Stopped. 2 files: ")
    assert "goes on from here" in stopped.err
    assert "Traceback" not in stopped.err
    assert run("add", str(tales), "--collection", "tales").code == 0
    assert len(names(run, "--collection", "tales")) == 2


def test_a_watched_folder_is_synced_until_ctrl_c(run: Run, tales: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def changes(_folder: Path, ended: object) -> Iterator[None]:
        (tales / "hen.txt").write_text("The hen laid an egg of gold.")
        yield
        for path in tales.rglob("*.*"):
            path.unlink()
        yield
        os.kill(os.getpid(), signal.SIGINT)
        assert ended.is_set()  # type: ignore[attr-defined]

    monkeypatch.setattr("storybot.gathering.changes", changes)
    assert run("sync", "tales", "--watch", "--dry-run").code == 2
    done = run("sync", "tales", "--watch")
    assert done.code == 0
    assert "holds none of the 3 documents" in done.err
    assert names(run, "--collection", "tales") == ["fox.txt", "hen.txt", "poems/crow.md"]


def test_a_bar_shows_documents_passages_and_the_time_left(
    run: Run, tales: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    shown = run("add", str(tales), "--empty").err
    assert "document 1 of 2" in shown
    assert "document 2 of 2" in shown
    assert "passages/s" in shown
    assert " left" in shown
    run("add", str(tales))


def test_an_export_is_imported_into_an_empty_corpus_alone(run: Run, tales: Path, tmp_path: Path) -> None:
    assert run("add", str(tales), "--empty").code == 0
    before = run("list", "--json").out
    exported = run("export", "all.zip")
    assert exported.err == "2 documents and 0 conversations are in 'all.zip'.\n"
    refused = run("import", "all.zip")
    assert refused.code == 2
    assert "holds 2 documents" in refused.err
    assert run("import", "all.zip", "--data", "elsewhere").code == 0
    assert run("list", "--json", "--data", "elsewhere").out == before
    assert run("import", "all.zip", "--replace").code == 0
    assert run("list", "--json").out == before
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == ["corpus.db"]


def test_an_export_tells_the_settings_that_were_turned_but_no_key(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STORYBOT_CAUTION", "bold")
    monkeypatch.setenv("STORYBOT_LLM_KEY", "sk-secret")
    assert run("export", "all.zip").code == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        turned = json.loads(archive.read("settings.json"))
        assert turned["STORYBOT_CAUTION"] == "bold"
        assert not {"STORYBOT_LLM_KEY", "STORYBOT_DATA"} & turned.keys()
        assert not any(b"sk-secret" in archive.read(name) for name in archive.namelist())
    monkeypatch.delenv("STORYBOT_CAUTION")
    assert "STORYBOT_CAUTION='bold'" in run("import", "all.zip", "--data", "elsewhere").err
    assert run("export", "nosuch/all.zip").code == 2
    assert run("export", "all.zip/more.zip").code == 2


def test_an_import_replaces_no_file_that_still_waits(run: Run, tmp_path: Path) -> None:
    assert run("export", "all.zip").code == 0
    with closing(SqliteEngine(tmp_path / "data")) as engine:
        engine.queue.enqueue([Source(name="fox.txt", data=b"The fox lived under the old bridge.")])
    assert "holds 1 documents" in run("import", "all.zip").err


def test_a_full_disk_is_told_by_an_export(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_paths: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    done = run("export", "all.zip")
    assert (done.code, done.err[:27]) == (4, "storybot: The disk is full:")


def torn(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_the_doctor_tells_what_is_there_and_mends_a_torn_word_index(
    run: Run, tales: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storybot.cli.checkup._SAMPLES", 2)
    assert run("add", str(tales), "--empty").code == 0
    told = run("doctor").out
    for words in (
        "formats: files that end in .txt",
        "is sound; 2 documents, 2 passages, 1 collections, 0 conversations",
        "GB free",
        "queue: empty",
        " on ",
        "model: all-MiniLM-L6-v2@",
        "index: of this model, up to date; each vector is looked at",
        " passages of 108 words a second",
        "search: ",
    ):
        assert words in told
    assert run("doctor", "--repair").out.startswith("Nothing had to be mended.\n")
    torn(tmp_path / "data" / "corpus.db", "DELETE FROM words_1_content WHERE rowid = 1")
    sick = run("doctor")
    assert sick.code == 4
    assert "doctor --repair" in sick.err
    mended = run("doctor", "--repair")
    assert (mended.code, mended.out.splitlines()[0]) == (0, "made the word index anew out of the texts")
    torn(tmp_path / "data" / "corpus.db", "UPDATE editions SET embedder = 'another'")
    assert "index: of another; the next question" in run("doctor").out


def test_what_can_be_read_of_a_corpus_beyond_repair_is_rescued(run: Run, tales: Path, tmp_path: Path) -> None:
    assert run("add", str(tales), "--empty").code == 0
    torn(tmp_path / "data" / "corpus.db", "UPDATE originals SET packed = x'00' WHERE document = 1")
    torn(tmp_path / "data" / "corpus.db", "UPDATE texts SET letters = 'The fox lied.' WHERE document = 1")
    hopeless = run("doctor", "--repair")
    assert hopeless.code == 4
    assert "export --rescue" in hopeless.err
    assert run("export", "rescued.zip", "--rescue").err.startswith("1 documents are in 'rescued.zip'")
    with zipfile.ZipFile(tmp_path / "rescued.zip") as archive:
        assert archive.namelist() == ["documents/stories/poems/crow.md", "documents.json"]
    (tmp_path / "data" / "corpus.db").unlink()
    assert run("add", "rescued.zip", "--empty").code == 0
