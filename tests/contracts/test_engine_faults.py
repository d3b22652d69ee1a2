"""What the engine on disk says when its files fail it."""

import errno
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.answers import quoting
from contracts.older_files import older_file
from contracts.oracle import story
from contracts.stories import long_story
from storybot.engines import indexes, schema
from storybot.engines.memory import MemoryEngine
from storybot.engines.sqlite import CORPUS_FILE, VECTORS_FILE, SqliteEngine
from storybot.errors import CorpusBusy, CorpusDamaged, FolderNotWritable, NewerCorpus, OriginalNotKept
from storybot.model import Scope

ALL = Scope()


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def overwritten(content: bytes) -> bytes:
    return b"This is a letter to my aunt. " * (len(content) // 29)


def holed(content: bytes) -> bytes:
    return content[:4096] + b"\xff" * (len(content) - 4096)


@pytest.mark.parametrize("damage", [truncated, overwritten, holed])
def test_a_damaged_corpus_is_reported_and_left_as_it_is(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    file = folder / CORPUS_FILE
    file.write_bytes(damage(file.read_bytes()))
    before = file.read_bytes()

    def work() -> None:
        with closing(SqliteEngine(folder)) as engine:
            long_story("crow").put_into(engine)

    with pytest.raises(CorpusDamaged, match=re.escape(str(file))) as caught:
        work()
    assert isinstance(caught.value.__cause__, sqlite3.Error)
    assert file.read_bytes() == before


def test_a_sound_corpus_passes_its_check(folder: Path) -> None:
    with closing(SqliteEngine(folder)) as engine:
        engine.check()
        long_story("crow").put_into(engine)
        engine.check()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("UPDATE passages SET vector = x'00ff00' WHERE key = 7", "vector of passage 7"),
        ("UPDATE passages SET edition = 99 WHERE key = 7", "hangs loose"),
        ("UPDATE texts SET letters = 'Other words.' WHERE start = 0", "text of document fox"),
        ("DELETE FROM passages WHERE key = 7", "not all of its passages"),
        ("UPDATE words_1_content SET c0 = 'other' WHERE id = 7", "malformed"),
    ],
)
def test_a_check_finds_what_no_question_has_met(folder: Path, change: str, complaint: str) -> None:
    with closing(sqlite3.connect(folder / CORPUS_FILE)) as connection, connection:
        connection.execute(change)
    with closing(SqliteEngine(folder)) as engine, pytest.raises(CorpusDamaged, match=complaint):
        engine.check()


@pytest.mark.parametrize(
    ("damage", "done"),
    [
        ("UPDATE words_1_data SET block = x'00ff00ff' WHERE id > 10", "made the word index anew"),
        ("DELETE FROM words_1 WHERE rowid BETWEEN 5 AND 9", "made the word index anew"),
        ("INSERT INTO texts (document, start, padding, letters) VALUES (99, 0, x'', 'Lost.')", "1 of texts"),
        ("INSERT INTO originals (document, padding, packed) VALUES (99, x'', x'')", "1 of originals"),
    ],
)
def test_what_follows_from_the_texts_is_mended(folder: Path, damage: str, done: str) -> None:
    with closing(SqliteEngine(folder)) as engine:
        found = engine.matching(["fox"], 999, ALL)
    with closing(sqlite3.connect(folder / CORPUS_FILE)) as connection, connection:
        connection.execute(damage)
    with closing(SqliteEngine(folder)) as engine:
        assert any(done in line for line in engine.repair())
        engine.check()
        assert engine.matching(["fox"], 999, ALL) == found
        assert engine.repair() == []


def test_torn_cached_vectors_are_removed_and_whole_ones_stay(folder: Path) -> None:
    with closing(SqliteEngine(folder)) as engine:
        engine.nearest(long_story("fox").vectors[0], 5, ALL)
    file = folder / VECTORS_FILE
    with closing(SqliteEngine(folder)) as engine:
        assert engine.repair() == []
        assert file.exists()
        file.write_bytes(truncated(file.read_bytes()))
        assert engine.repair() == ["removed the cached vectors, which weren't whole, to be made anew"]
        assert not file.exists()


def test_what_is_lost_is_not_mended_in_secret(folder: Path) -> None:
    with closing(sqlite3.connect(folder / CORPUS_FILE)) as connection, connection:
        connection.execute("UPDATE texts SET letters = 'Other words.' WHERE start = 0")
    with closing(SqliteEngine(folder)) as engine, pytest.raises(CorpusDamaged, match="text of document fox"):
        engine.repair()


def test_damage_inside_of_the_word_index_is_reported_by_the_search(folder: Path) -> None:
    with closing(sqlite3.connect(folder / CORPUS_FILE)) as connection, connection:
        connection.execute("UPDATE words_1_data SET block = x'00ff00ff' WHERE id > 10")
    with closing(SqliteEngine(folder)) as engine, pytest.raises(CorpusDamaged):
        engine.matching(["fox"], 5, ALL)


def test_damage_inside_of_a_vector_is_reported_by_the_search(folder: Path) -> None:
    with closing(sqlite3.connect(folder / CORPUS_FILE)) as connection, connection:
        connection.execute("UPDATE passages SET vector = x'00ff00' WHERE key = 7")
    with closing(SqliteEngine(folder)) as engine, pytest.raises(CorpusDamaged):
        engine.nearest(long_story("fox").vectors[0], 5, ALL)


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / CORPUS_FILE
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = file.read_bytes()
    with pytest.raises(CorpusDamaged, match="another program"):
        SqliteEngine(tmp_path)
    assert file.read_bytes() == before


def test_a_corpus_of_a_newer_storybot_is_left_alone(folder: Path) -> None:
    file = folder / CORPUS_FILE
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = file.read_bytes()
    with pytest.raises(NewerCorpus, match="Upgrade storybot"):
        SqliteEngine(folder)
    assert file.read_bytes() == before


def test_an_older_corpus_is_brought_up_to_date(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("CREATE TABLE later (key INTEGER PRIMARY KEY)",)))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    for _ in range(2):
        with closing(SqliteEngine(folder)) as engine, engine._connections.reading() as connection:
            assert connection.execute("SELECT count(*) FROM later").fetchone() == (0,)
            assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
            assert [entry.id for entry in engine.entries()] == ["fox"]


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_corpus_keeps_its_documents_and_answers_as_before(tmp_path: Path, version: int) -> None:
    odd = story("odd", "Ἀλώπηξ 🦊\u200d sang.", "nul \x00 and \r return.", heading="Æsop", collection="fables")
    stories = (long_story("fox"), odd)
    older_file(tmp_path / CORPUS_FILE, version, *stories)
    scopes = (ALL, Scope(collection="fables"), Scope(document_ids=("fox",)))
    with closing(SqliteEngine(tmp_path)) as engine, closing(MemoryEngine()) as truth:
        for told in stories:
            told.put_into(truth)
            assert engine.document(told.document.id) == told.document
            assert engine.passages(told.document.id) == list(told.passages)
            assert engine.twin(told.document.collection, told.document.text) == told.document.id
        assert [replace(entry, added="") for entry in engine.entries()] == [
            replace(entry, added="") for entry in truth.entries()
        ]
        assert engine.collections() == truth.collections()
        for scope in scopes:
            vector = stories[0].vectors[3]
            assert engine.nearest(vector, 999, scope) == truth.nearest(vector, 999, scope)
            ours, theirs = engine.matching(["fox", "sang"], 9, scope), truth.matching(["fox", "sang"], 9, scope)
            assert [hit.passage for hit in ours] == [hit.passage for hit in theirs]
        with pytest.raises(OriginalNotKept, match=r"fox\.txt"):
            engine.original("fox")
        conversation = engine.archive.begin("", "stories").id
        turn = engine.archive.keep(conversation, quoting(long_story("fox")))
        engine.check()
    with closing(SqliteEngine(tmp_path)) as engine:
        assert engine.archive.turns(conversation, most=9) == [turn]
        engine.drop("odd")
        engine.check()


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(FolderNotWritable, match="--data"):
        SqliteEngine(tmp_path / "file" / "corpus")


def test_a_folder_without_permission_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(FolderNotWritable, match="no permission"):
        SqliteEngine(tmp_path)


def test_a_file_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    (tmp_path / CORPUS_FILE).mkdir()
    with pytest.raises(FolderNotWritable):
        SqliteEngine(tmp_path)


@pytest.fixture
def writer(folder: Path) -> Iterator[sqlite3.Connection]:
    """Another program in the midst of writing."""
    with closing(sqlite3.connect(folder / CORPUS_FILE, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def test_a_corpus_locked_too_long_is_busy_to_writers_only(folder: Path, writer: sqlite3.Connection) -> None:
    with closing(SqliteEngine(folder, busy_seconds=0.05)) as engine:
        with pytest.raises(CorpusBusy, match="another process"):
            long_story("crow").put_into(engine)
        with pytest.raises(CorpusBusy, match="another process"):
            engine.drop("fox")
        assert len(engine.nearest(long_story("fox").vectors[0], 5, ALL)) == 5
        assert len(engine.matching(["fox"], 5, ALL)) == 5
        writer.execute("ROLLBACK")
        long_story("crow").put_into(engine)


def test_a_rewriting_that_fails_leaves_no_letters_to_temporary_files(folder: Path, writer: sqlite3.Connection) -> None:
    with closing(SqliteEngine(folder, busy_seconds=0.05)) as engine:
        with pytest.raises(CorpusBusy):
            engine._connections.rewrite()
        assert writer.in_transaction
        with engine._connections.plain() as connection:
            assert connection.execute("PRAGMA temp_store").fetchone() == (2,)


def test_half_a_cache_does_not_stay_on_a_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(_index: indexes.VectorIndex, write: Callable[[bytes], int]) -> None:
        write(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(indexes.VectorIndex, "write", write)
    with closing(SqliteEngine(folder)) as engine:
        engine.nearest(long_story("fox").vectors[0], 5, ALL)
    assert [path.name for path in folder.iterdir()] == [CORPUS_FILE]


def test_a_corpus_that_another_program_reads_without_a_log_is_busy_to_open(folder: Path) -> None:
    with closing(sqlite3.connect(folder / CORPUS_FILE, isolation_level=None)) as reader:
        reader.execute("PRAGMA journal_mode = DELETE")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM documents").fetchone()
        with pytest.raises(CorpusBusy):
            SqliteEngine(folder, busy_seconds=0.05)
    with closing(SqliteEngine(folder)) as engine:
        assert len(engine.entries()) == 1


def test_a_busy_corpus_is_closed_without_a_word_but_a_warning(
    folder: Path, writer: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    engine = SqliteEngine(folder, busy_seconds=0.05)
    engine.nearest(long_story("fox").vectors[0], 5, ALL)
    engine.close()
    assert writer.in_transaction
    assert len(caplog.records) == 1
