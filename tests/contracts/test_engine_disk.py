"""What the engine on disk says when the disk is full, cannot be written, or holds an older file."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from contracts.oracle import MANIFEST, Story, story
from contracts.stories import long_story
from storybot.engines import connections, wiper
from storybot.engines.sqlite import CORPUS_FILE, SqliteEngine
from storybot.errors import CorpusBusy, CorpusDamaged, DiskFull, FolderNotWritable
from storybot.model import Document, Scope

ALL = Scope()


@pytest.fixture
def tight(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, on a disk with room for a few pages more."""
    roomy = connections.connect

    def connect(path: Path, *, busy_seconds: float) -> sqlite3.Connection:
        connection = roomy(path, busy_seconds=busy_seconds)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {max(pages, 40) + 20}")
        return connection

    monkeypatch.setattr(connections, "connect", connect)
    return folder


def test_a_full_disk_is_reported_and_nothing_is_half_done(tight: Path) -> None:
    small = story("small", "There is room for a line.")
    with closing(SqliteEngine(tight)) as engine:
        with pytest.raises(DiskFull, match="nothing was changed"):
            story("crow", *(f"A very long line number {number}. " * 40 for number in range(500))).put_into(engine)
        large = np.random.default_rng(0).bytes(1_000_000)
        with pytest.raises(DiskFull, match="nothing was changed"):
            engine.put(small.document, small.passages, small.vectors, MANIFEST, original=large)
        with pytest.raises(DiskFull, match="nothing was changed"):
            engine.keep("crow", "model", [str(number) for number in range(9000)], np.zeros((9000, 384), np.float32))
        assert engine.kept("crow", "model", ["1"]) == {}
        assert [entry.id for entry in engine.entries()] == ["fox"]
        assert len(engine.matching(["line"], 999, ALL)) == 300
        with engine._connections.reading() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        small.put_into(engine)


def test_a_full_disk_does_not_keep_a_document_from_being_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(SqliteEngine(folder)) as engine:
        long_story("crow").put_into(engine)

        def rewrite() -> None:
            raise DiskFull(CORPUS_FILE)

        with monkeypatch.context() as patch:
            patch.setattr(engine._connections, "rewrite", rewrite)
            engine.drop("fox")
        assert [entry.id for entry in engine.entries()] == ["crow"]
        assert ["linger" in record.message for record in caplog.records] == [True]


def test_a_full_disk_keeps_no_sentence_of_what_was_removed_for_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(wiper, "_SMALL_BYTES", 0)
    with closing(SqliteEngine(folder)) as engine:
        long_story("crow").put_into(engine)
        with monkeypatch.context() as patch:
            patch.setattr(engine._connections, "empty_log", lambda: False)
            engine.drop("fox")
            assert b"of fox speaks" in (folder / f"{CORPUS_FILE}").read_bytes()
        story("small", "A line.").put_into(engine)
        assert all(b"of fox speaks" not in path.read_bytes() for path in folder.iterdir())
        assert caplog.records == []


def test_a_disk_that_cannot_be_written_is_reported_and_still_answers(folder: Path) -> None:
    with closing(SqliteEngine(folder)) as engine:
        with engine._connections.plain() as connection:
            connection.execute("PRAGMA query_only = ON")
        for change in (long_story("crow").put_into, lambda made: made.drop("fox"), lambda made: made.forget("fox")):
            with pytest.raises(FolderNotWritable, match="--data"):
                change(engine)
        assert len(engine.matching(["fox"], 999, ALL)) == 300
        assert len(engine.nearest(long_story("fox").vectors[0], 5, ALL)) == 5
        with engine._connections.plain() as connection:
            connection.execute("PRAGMA query_only = OFF")


def test_a_put_that_fails_midway_leaves_the_corpus_as_it_was(folder: Path) -> None:
    told = long_story("crow")
    with closing(SqliteEngine(folder)) as engine:
        with pytest.raises(UnicodeEncodeError):
            engine.put(_broken(told), told.passages, told.vectors, MANIFEST)
        assert [entry.id for entry in engine.entries()] == ["fox"]
        told.put_into(engine)
        assert len(engine.entries()) == 2


def _broken(told: Story) -> Document:
    return replace(told.document, text=f"{told.document.text}\ud800")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_IOERR_SHMSIZE, DiskFull),
        (sqlite3.SQLITE_READONLY, FolderNotWritable),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, CorpusBusy),
        (sqlite3.SQLITE_CORRUPT_VTAB, CorpusDamaged),
    ],
)
def test_each_failure_of_sqlite_has_its_remedy(code: int, expected: type[Exception]) -> None:
    error = sqlite3.OperationalError("it failed")
    error.sqlite_errorcode = code
    with pytest.raises(expected), connections.converted(Path("x/corpus.db")):
        raise error


def test_a_backup_put_back_is_not_answered_from_newer_vectors(folder: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shutil.copy(folder / CORPUS_FILE, backup)
    with closing(SqliteEngine(folder)) as engine:
        long_story("crow").put_into(engine)
        engine.nearest(long_story("fox").vectors[0], 5, ALL)
    shutil.copy(backup, folder / CORPUS_FILE)
    with closing(SqliteEngine(folder)) as engine:
        long_story("lion").put_into(engine)
        hits = engine.nearest(long_story("lion").vectors[0], 600, ALL)
        assert {hit.passage.document_id for hit in hits} == {"fox", "lion"}
