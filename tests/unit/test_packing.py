import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conftest import MakeBot
from contracts.oracle import filled, story, toward
from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import House, build_library, shipped_sources
from storybot.bot import Storybot
from storybot.conversing import Conversations
from storybot.engines.sqlite import CORPUS_FILE, SqliteEngine
from storybot.errors import (
    BackupRefused,
    CorpusBusy,
    DiskFull,
    FileNotReadable,
    FileNotWritable,
    NewerBackup,
    StorybotError,
)
from storybot.model import Scope, Source
from storybot.packing import Packed, pack, unpack
from storybot.ports import Embedder, Reader
from storybot.settings import read_settings

FOX = story("fox", "The fox saw the grapes.", "The grapes hung high.")
CROW = story("crow", "The crow held a piece of cheese.", "The fox praised her voice.")


@pytest.fixture(scope="module")
def packed(
    tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, reader: Reader
) -> Iterator[tuple[House, Path]]:
    """A house with all that one may hold, and an archive of it; nobody changes either."""
    folder = tmp_path_factory.mktemp("packed")
    settings = read_settings(data=folder / "data")
    engine = SqliteEngine(settings.data)
    library = build_library(settings, engine, embedder)
    bot = Storybot(settings, engine, embedder, reader, ReadingAnswerer(), library=library, seeds=shipped_sources())
    house = House(bot=bot, conversations=Conversations(bot, engine.archive), queue=engine.queue)
    bot.prepare()
    bot.library.add(Source(name="poems/fox.txt", data=b"The fox lived\r\nunder the bridge.", collection="fables"))
    bot.library.begin_collection("empty")
    turn = house.conversations.ask(None, "What did Bakhyt's grandmother play?")
    house.conversations.judge(turn.id, "up")
    house.conversations.ask(turn.conversation_id, "How many children does Bakhyt Camara have?")
    yield house, exported(house, folder / "all.zip")
    house.close()


def exported(house: House, target: Path) -> Path:
    corpus = target.with_suffix(".db")
    engine = house.bot._engine
    assert isinstance(engine, SqliteEngine)
    engine.store.copy(corpus)
    pack(target, corpus, house.bot.library, house.conversations, {"STORYBOT_CAUTION": "bold"})
    corpus.unlink()
    return target


def imported(source: Path, folder: Path) -> Packed:
    with closing(SqliteEngine(folder)) as engine:
        return unpack(source, folder, engine.store)


def test_all_comes_back_as_it_was(packed: tuple[House, Path], tmp_path: Path, make_bot: MakeBot) -> None:
    house, archive = packed
    again = tmp_path / "again"
    told = imported(archive, again)
    assert (told.documents, told.conversations, told.settings) == (2, 1, {"STORYBOT_CAUTION": "bold"})
    assert {path.name for path in again.iterdir()} == {CORPUS_FILE}
    before = house.bot._engine
    with closing(SqliteEngine(again)) as engine:
        engine.check()
        assert engine.entries() == before.entries()
        assert engine.collections() == before.collections()
        assert engine.manifest == before.manifest
        for entry in before.entries():
            assert engine.document(entry.id) == before.document(entry.id)
            assert engine.original(entry.id) == before.original(entry.id)
            assert engine.passages(entry.id) == before.passages(entry.id)
            assert (engine.vectors(entry.id) == before.vectors(entry.id)).all()
        bot = make_bot(engine)
        talks = Conversations(bot, engine.archive)
        assert talks.all() == house.conversations.all()
        (talk,) = talks.all()
        assert talks.all_turns(talk.id) == house.conversations.all_turns(talk.id)
        question = "What did Bakhyt's grandmother play?"
        assert bot.ask(question) == house.bot.ask(question)


def test_other_programs_can_read_it(packed: tuple[House, Path]) -> None:
    house, path = packed
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("documents/fables/poems/fox.txt") == b"The fox lived\r\nunder the bridge."
        lines = json.loads(archive.read("documents.json"))
        assert {line["file"] for line in lines} <= set(archive.namelist())
        assert {line["id"] for line in lines} == {entry.id for entry in house.bot.library.entries()}
        (talk,) = house.conversations.all()
        turns = json.loads(archive.read(f"conversations/{talk.id}.json"))["turns"]
        assert turns[0]["citations"][0]["quote"]
        assert turns[0]["feedback"] == "up"


def test_a_document_without_its_file_is_exported_as_text_and_names_are_told_apart(
    tmp_path: Path, make_bot: MakeBot
) -> None:
    with closing(SqliteEngine(tmp_path / "data")) as engine:
        filled(engine, FOX, CROW)
        engine.rename({"fox": ("a/b", "Fox"), "crow": ("a\\b", "Crow")})
        bot = make_bot(engine)
        house = House(bot=bot, conversations=Conversations(bot, engine.archive), queue=engine.queue)
        with zipfile.ZipFile(exported(house, tmp_path / "all.zip")) as archive:
            files = [name for name in archive.namelist() if name.startswith("documents/")]
            assert sorted(files) == ["documents/2/stories/a/b.txt", "documents/stories/a/b.txt"]
            assert {archive.read(name).decode() for name in files} == {FOX.document.text, CROW.document.text}


def altered(source: Path, target: Path, **members: bytes | None) -> Path:
    """The archive with other members (None: without): names with dots written as double underlines."""
    wanted = {name.replace("__", "."): data for name, data in members.items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = wanted.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def manifest_of(source: Path, **changes: object) -> bytes:
    with zipfile.ZipFile(source) as archive:
        return json.dumps({**json.loads(archive.read("manifest.json")), **changes}).encode()


def with_corpus(source: Path, target: Path, *statements: str) -> Path:
    """The archive as someone would make it who changed its corpus and signed that."""
    corpus = target.with_suffix(".db")
    with zipfile.ZipFile(source) as archive:
        corpus.write_bytes(archive.read("corpus.db"))
    with closing(sqlite3.connect(corpus)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    data = corpus.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return altered(source, target, corpus__db=data, manifest__json=manifest_of(source, **{"corpus.db": digest}))


def test_what_is_no_sound_export_is_refused_and_changes_nothing(packed: tuple[House, Path], tmp_path: Path) -> None:
    _, sound = packed
    text = tmp_path / "text.zip"
    text.write_text("no archive")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(sound.read_bytes()[:-1000])
    flipped = tmp_path / "flipped.zip"
    data = bytearray(sound.read_bytes())
    data[len(data) // 3] ^= 0xFF
    flipped.write_bytes(data)
    trigger = "CREATE TRIGGER t AFTER INSERT ON documents BEGIN DELETE FROM turns; END"
    refused: list[tuple[Path, type[StorybotError]]] = [
        (tmp_path / "nosuch.zip", FileNotReadable),
        (text, BackupRefused),
        (cut, BackupRefused),
        (flipped, BackupRefused),
        (altered(sound, tmp_path / "a.zip", manifest__json=None), BackupRefused),
        (altered(sound, tmp_path / "b.zip", manifest__json=b"[]"), BackupRefused),
        (altered(sound, tmp_path / "c.zip", manifest__json=b"{"), BackupRefused),
        (altered(sound, tmp_path / "d.zip", manifest__json=b" " * 1_000_001), BackupRefused),
        (altered(sound, tmp_path / "e.zip", manifest__json=manifest_of(sound, **{"corpus.db": "x"})), BackupRefused),
        (altered(sound, tmp_path / "f.zip", manifest__json=manifest_of(sound, settings=[])), BackupRefused),
        (altered(sound, tmp_path / "g.zip", manifest__json=manifest_of(sound, version=2)), NewerBackup),
        (altered(sound, tmp_path / "h.zip", corpus__db=b"not what was signed"), BackupRefused),
        (with_corpus(sound, tmp_path / "i.zip", trigger), BackupRefused),
        (with_corpus(sound, tmp_path / "j.zip", "CREATE VIEW words_9 AS SELECT 1"), BackupRefused),
        (with_corpus(sound, tmp_path / "k.zip", "DELETE FROM texts"), BackupRefused),
        (with_corpus(sound, tmp_path / "l.zip", "PRAGMA user_version = 999"), NewerBackup),
        (with_corpus(sound, tmp_path / "m.zip", "PRAGMA application_id = 1"), BackupRefused),
    ]
    folder = tmp_path / "mine"
    with closing(SqliteEngine(folder)) as engine:
        filled(engine, CROW)
        for path, error in refused:
            with pytest.raises(error, match=path.name):
                unpack(path, folder, engine.store)
            assert [entry.id for entry in engine.entries()] == ["crow"], path
            assert not list(folder.glob("incoming*"))
        engine.check()


def test_names_in_an_archive_are_never_used(packed: tuple[House, Path], tmp_path: Path) -> None:
    _, archive = packed
    traps = altered(archive, tmp_path / "traps.zip")
    with zipfile.ZipFile(traps, "a") as more:
        more.writestr("../evil.txt", "x")
        more.writestr("/tmp/evil.txt", "x")  # noqa: S108 - that's the attack
    imported(traps, tmp_path / "again")
    assert not list(tmp_path.rglob("evil.txt"))


def test_an_import_without_room_says_so(
    packed: tuple[House, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, archive = packed
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(DiskFull):
        imported(archive, tmp_path / "again")


def test_an_export_is_whole_or_not_at_all(packed: tuple[House, Path], tmp_path: Path) -> None:
    house, _ = packed
    library, talks = house.bot.library, house.conversations
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "some.db").write_bytes(b"x")
    with pytest.raises(FileNotWritable):
        pack(tmp_path / "folder.zip", tmp_path / "some.db", library, talks, {})
    with pytest.raises(FileNotWritable):
        pack(tmp_path / "nosuch" / "a.zip", tmp_path / "some.db", library, talks, {})
    with pytest.raises(FileNotWritable):  # where the unfinished file can't be removed either
        pack(tmp_path / "some.db" / "a.zip", tmp_path / "some.db", library, talks, {})
    assert not list(tmp_path.glob("*.part"))


def test_who_holds_the_corpus_open_sees_what_took_its_place(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path / "theirs")) as theirs:
        filled(theirs, FOX)
        theirs.store.copy(tmp_path / "copy.db")
    with closing(SqliteEngine(tmp_path / "mine")) as mine, closing(SqliteEngine(tmp_path / "mine")) as other:
        filled(mine, CROW)
        query = toward("The grapes hung high.")
        assert mine.nearest(query, 1, Scope())[0].passage.document_id == "crow"
        other.store.replace(tmp_path / "copy.db")
        (hit,) = mine.nearest(query, 1, Scope())
        assert hit.passage.document_id == "fox"
        assert hit.score == pytest.approx(1, abs=1e-3)
        assert [one.passage.document_id for one in mine.matching(["cheese", "grape"], 5, Scope())] == ["fox", "fox"]
        mine.check()
        filled(mine, CROW)
        assert {entry.id for entry in other.entries()} == {"fox", "crow"}
        mine.store.copy(tmp_path / "again.db")
        other.store.replace(tmp_path / "again.db")
        other.check()
    assert b"cheese" not in (tmp_path / "copy.db").read_bytes()


def test_a_corpus_that_is_being_written_is_not_replaced(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path / "theirs")) as theirs:
        theirs.store.copy(tmp_path / "copy.db")
    with closing(SqliteEngine(tmp_path / "mine", busy_seconds=0.1)) as mine:
        filled(mine, CROW)
        with closing(sqlite3.connect(tmp_path / "mine" / CORPUS_FILE, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            with pytest.raises(CorpusBusy):
                mine.store.replace(tmp_path / "copy.db")
            writer.execute("ROLLBACK")
        assert [entry.id for entry in mine.entries()] == ["crow"]
