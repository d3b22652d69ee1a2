"""What the engine on disk leaves in its folder, and what it makes of what it finds there."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from contracts.answers import quoting, unfound
from contracts.oracle import DIM, MANIFEST, OTHER_MANIFEST, Story, story, toward, unit
from storybot.engines import wiping
from storybot.engines.sqlite import CORPUS_FILE, VECTORS_FILE, SqliteEngine
from storybot.engines.wiper import Wiper
from storybot.model import Hit, Scope

ALL = Scope()
FOX = story("fox", "The fox saw the grapes.", "The grapes hung high.")
CROW = story("crow", "The crow held a piece of cheese.", "The fox praised her voice.")


def secret(number: int, lines: int = 40) -> Story:
    """A story whose every word, title and heading tells its number."""
    mark = f"qzx{number:03d}j"
    words = np.random.default_rng(number).integers(0, 50, size=(lines, 30))
    return story(
        f"id-{mark}",
        *(" ".join(f"{mark}{word}" for word in line) for line in words),
        title=f"Title {mark}",
        heading=f"Heading {mark}",
        name=f"secret-{number % 3}.txt",
    )


def traces(folder: Path, number: int) -> list[str]:
    mark = f"qzx{number:03d}j".encode()
    return [path.name for path in folder.iterdir() if mark in path.read_bytes().lower()]


def near(engine: SqliteEngine) -> list[Hit]:
    return engine.nearest(toward("grapes"), 9, ALL)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SqliteEngine]:
    with closing(SqliteEngine(tmp_path)) as made:
        yield made


def reopened(engine: SqliteEngine, folder: Path) -> SqliteEngine:
    engine.close()
    return SqliteEngine(folder)


def test_a_corpus_is_there_again_after_closing(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path)) as first:
        FOX.put_into(first)
        found = (near(first), first.matching(["grape"], 9, ALL), first.entries())
    with closing(SqliteEngine(tmp_path)) as second:
        assert (near(second), second.matching(["grape"], 9, ALL), second.entries()) == found


def test_a_removed_document_leaves_no_trace_in_any_file(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    for number in (10, 11, 12):
        secret(number).put_into(engine)
        secret(number).put_into(engine, OTHER_MANIFEST)
        near(engine)
    assert traces(tmp_path, 11)
    engine.drop(secret(11).document.id)
    assert traces(tmp_path, 11) == []
    assert traces(tmp_path, 12)


def test_a_replaced_document_leaves_no_trace_in_any_file(engine: SqliteEngine, tmp_path: Path) -> None:
    for number in range(9):
        secret(number, lines=1 + 13 * (number % 4)).put_into(engine)
    assert [number for number in range(9) if traces(tmp_path, number)] == [6, 7, 8]


def test_a_removed_document_leaves_no_trace_after_closing(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    secret(1).put_into(engine)
    near(engine)
    engine = reopened(engine, tmp_path)
    engine.drop(secret(1).document.id)
    near(engine)
    engine.close()
    assert traces(tmp_path, 1) == []


def test_a_removed_document_leaves_no_trace_in_any_conversation(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    conversation = engine.archive.begin("About stories", "stories").id
    kept = []
    for number in (10, 11, 12):
        secret(number).put_into(engine)
        for told in (quoting(secret(number), FOX), unfound(*secret(number).passages)):
            names = f"What of qzx{number:03d}j?"
            kept.append(engine.archive.keep(conversation, replace(told, standalone=names, notice=names)).id)
    for _ in range(30):
        engine.archive.keep(conversation, quoting(FOX))
    assert traces(tmp_path, 11)
    engine.drop(secret(11).document.id)
    assert traces(tmp_path, 11) == []
    assert traces(tmp_path, 12)
    states = [engine.archive.turn(turn_id).state for turn_id in kept]
    assert states == ["told", "told", "gone", "gone", "told", "told"]
    secret(13).put_into(engine)  # takes the place of number 10, whose name it bears
    assert traces(tmp_path, 10) == []


def test_what_is_kept_of_a_document_removed_meanwhile_leaves_no_trace(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    secret(1).put_into(engine)
    conversation = engine.archive.begin("", "stories").id
    leaning = [engine.archive.keep(conversation, quoting(secret(1)))]
    late, follow_up = quoting(secret(1)), replace(quoting(FOX), standalone="What of qzx001j?")
    engine.drop(secret(1).document.id)
    engine.archive.keep(conversation, late, leaning)
    engine.archive.keep(conversation, follow_up, leaning)
    assert traces(tmp_path, 1) == []


def test_a_removed_conversation_leaves_no_trace_in_any_file(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    mine, other = (engine.archive.begin(f"About qzx00{number}j", "stories").id for number in (1, 2))
    for number, conversation in [(1, mine), (2, other)] * 30:
        engine.archive.keep(conversation, quoting(FOX, question=f"What of qzx00{number}j, then?"))
    near(engine)
    assert traces(tmp_path, 1)
    engine.archive.remove(mine)
    assert traces(tmp_path, 1) == []
    assert traces(tmp_path, 2)
    assert engine.archive.conversation(other).turns == 30
    engine.check()


def test_a_removal_while_another_is_wiped_is_wiped_too(
    engine: SqliteEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (engine.archive.begin(f"About qzx00{number}j", "stories").id for number in (1, 2))
    empty_log = engine._connections.empty_log

    def empty_and_remove() -> bool:
        monkeypatch.setattr(engine._connections, "empty_log", empty_log)
        done = empty_log()
        with engine._connections.writing() as connection:
            connection.execute("DELETE FROM conversations WHERE id = ?", (second,))
            wiping.mark_removal(connection)
        return done

    monkeypatch.setattr(engine._connections, "empty_log", empty_and_remove)
    engine.archive.remove(first)
    assert traces(tmp_path, 2)
    reopened(engine, tmp_path).close()
    assert traces(tmp_path, 2) == []


def test_conversations_leave_the_cached_vectors_valid(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    near(engine)
    engine = reopened(engine, tmp_path)
    before = (tmp_path / VECTORS_FILE).stat().st_mtime_ns
    engine.archive.keep(engine.archive.begin("", "stories").id, quoting(FOX))
    near(engine)
    engine.close()
    assert (tmp_path / VECTORS_FILE).stat().st_mtime_ns == before


def test_removing_a_document_removes_the_cached_vectors(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    CROW.put_into(engine)
    near(engine)
    with closing(reopened(engine, tmp_path)) as again:
        assert (tmp_path / VECTORS_FILE).exists()
        again.drop("fox")
        assert not (tmp_path / VECTORS_FILE).exists()


def test_another_text_of_the_same_id_takes_the_place_of_the_first(engine: SqliteEngine, tmp_path: Path) -> None:
    told = secret(1)
    told.put_into(engine)
    story(told.document.id, "All is forgotten.").put_into(engine, OTHER_MANIFEST)
    assert engine.manifest == OTHER_MANIFEST
    assert sum(path.read_bytes().count(b"qzx001j1") for path in tmp_path.iterdir()) == 0


def test_what_a_reader_kept_in_the_log_is_wiped_at_the_next_change(engine: SqliteEngine, tmp_path: Path) -> None:
    secret(1).put_into(engine)
    with engine._connections.reading() as reader:
        reader.execute("SELECT count(*) FROM passages").fetchone()
        engine.drop(secret(1).document.id)
        assert traces(tmp_path, 1)
    FOX.put_into(engine)
    assert traces(tmp_path, 1) == []


def test_what_a_crash_left_is_wiped_when_the_corpus_is_opened(
    engine: SqliteEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        secret(number).put_into(engine)
    with monkeypatch.context() as patch:
        patch.setattr(Wiper, "wipe", lambda _: None)
        engine.drop(secret(1).document.id)
        assert traces(tmp_path, 1)
    with closing(reopened(engine, tmp_path)):
        assert traces(tmp_path, 1) == []


def test_the_generation_grows_with_every_change(engine: SqliteEngine) -> None:
    def generation() -> int:
        with engine._connections.reading() as connection:
            (number,) = connection.execute("SELECT generation FROM corpus").fetchone()
            return int(number)

    seen = [generation()]
    for change in (FOX.put_into, CROW.put_into, lambda made: made.drop("fox")):
        change(engine)
        seen.append(generation())
    assert seen == [0, 1, 2, 3]


def test_the_cached_vectors_are_used_when_they_are_of_this_corpus(
    engine: SqliteEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    FOX.put_into(engine)
    found = near(engine)
    with closing(reopened(engine, tmp_path)) as again:
        before = (tmp_path / VECTORS_FILE).stat()
        assert near(again) == found
    after = (tmp_path / VECTORS_FILE).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert caplog.records == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:40],
        lambda _: b"",
        lambda _: b"something else entirely",
        lambda whole: whole[:-20] + bytes(20),
        lambda whole: whole.replace(b"{", b"[", 1),
        lambda whole: whole.split(b"\n", 1)[0] + b'\n{"stamp": 1}\nrest',
    ],
)
def test_spoilt_cached_vectors_are_built_again_with_one_warning(
    engine: SqliteEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: "type[bytes]"
) -> None:
    FOX.put_into(engine)
    found = near(engine)
    engine.close()
    file = tmp_path / VECTORS_FILE
    file.write_bytes(spoil(file.read_bytes()))
    with closing(SqliteEngine(tmp_path)) as again, caplog.at_level(logging.WARNING):
        assert near(again) == found
        assert near(again) == found
    assert ["built again" in record.message for record in caplog.records] == [True]


def test_cached_vectors_of_another_corpus_are_not_used(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    near(engine)
    engine.close()
    with closing(SqliteEngine(tmp_path / "other")) as other:
        CROW.put_into(other)
    (tmp_path / VECTORS_FILE).replace(tmp_path / "other" / VECTORS_FILE)
    with closing(SqliteEngine(tmp_path / "other")) as other:
        assert {hit.passage.document_id for hit in near(other)} == {"crow"}


def test_vectors_that_cannot_be_cached_are_no_failure(
    engine: SqliteEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    FOX.put_into(engine)
    near(engine)
    (tmp_path / f"{VECTORS_FILE}.part").mkdir()
    with pytest.raises(IsADirectoryError):
        (tmp_path / f"{VECTORS_FILE}.part").write_bytes(b"")
    engine.close()
    assert ["weren't cached" in record.message for record in caplog.records] == [True]


def test_what_another_engine_on_the_folder_writes_is_found(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    assert len(near(engine)) == 2
    with closing(SqliteEngine(tmp_path)) as other:
        CROW.put_into(other)
        assert len(near(engine)) == 4
        other.drop("fox")
        assert {hit.passage.document_id for hit in near(engine)} == {"crow"}
        for told in (CROW, FOX):
            told.put_into(other, OTHER_MANIFEST)
        assert other.swap(OTHER_MANIFEST)
        assert len(near(engine)) == 4
        assert engine.manifest == OTHER_MANIFEST


def test_the_index_caught_up_is_that_built_anew(engine: SqliteEngine, tmp_path: Path) -> None:
    for number in range(12):
        story(f"d{number}", *(f"Line {line} of {number}." for line in range(5))).put_into(engine)
        near(engine)
        if number % 3 == 2:
            engine.drop(f"d{number - 1}")
    caught_up = engine.nearest(toward("grapes"), 99, ALL)
    (tmp_path / VECTORS_FILE).unlink(missing_ok=True)
    with closing(SqliteEngine(tmp_path)) as fresh:
        assert fresh.nearest(toward("grapes"), 99, ALL) == caught_up


def test_many_scopes_are_each_answered_by_themselves(engine: SqliteEngine) -> None:
    for number in range(70):
        story(f"d{number}", f"Line {number}.").put_into(engine)
    for number in range(70):
        (hit,) = engine.nearest(toward("x"), 9, Scope(document_ids=(f"d{number}",)))
        assert hit.passage.document_id == f"d{number}"


def test_the_page_of_documents_is_listed_without_loading_faiss(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from storybot.engines.sqlite import SqliteEngine; "
        f"SqliteEngine(Path({str(tmp_path)!r})).entries(); sys.exit('faiss' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_closing_twice_is_harmless_and_a_closed_engine_says_so(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    near(engine)
    engine.close()
    engine.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [CORPUS_FILE, VECTORS_FILE]
    with pytest.raises(ValueError, match="was closed"):
        engine.entries()


def test_a_search_still_running_at_the_close_ends_well(engine: SqliteEngine) -> None:
    FOX.put_into(engine)
    with engine._connections.reading() as connection:
        engine.close()
        assert connection.execute("SELECT count(*) FROM passages").fetchone() == (2,)


def test_nothing_is_cached_of_an_emptied_corpus(engine: SqliteEngine, tmp_path: Path) -> None:
    FOX.put_into(engine)
    near(engine)
    engine.drop("fox")
    engine.close()
    assert [path.name for path in tmp_path.iterdir()] == [CORPUS_FILE]


def test_a_vector_is_stored_at_half_precision(engine: SqliteEngine) -> None:
    vectors = unit(np.random.default_rng(3).normal(size=(2, DIM)).tolist())
    engine.put(FOX.document, FOX.passages, vectors, MANIFEST)
    with engine._connections.reading() as connection:
        blobs = [blob for (blob,) in connection.execute("SELECT vector FROM passages ORDER BY key")]
    assert blobs == [vector.astype("<f2").tobytes() for vector in vectors]
