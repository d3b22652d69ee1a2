"""After a removal no file holds a sentence of what was removed, though the file isn't written anew."""

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.answers import quoting, unfound
from contracts.older_files import older_file
from contracts.oracle import MANIFEST, OTHER_MANIFEST, Story, recut, story, toward
from storybot.engines import wiper, wiping
from storybot.engines.sqlite import CORPUS_FILE, SqliteEngine
from storybot.model import Scope, Source

ALL = Scope()
WORDS = ("fox", "grapes", "walked", "river", "Æsop", "said", "crow", "cheese", "village", "old")


def told(number: int, lines: int) -> Story:
    """A story in which every sentence is its own; a long one has thousands."""
    random = np.random.default_rng(number)
    sentences = [
        f"The {' '.join(random.choice(WORDS, size=9))}, said tale {number} in line {line}." for line in range(lines)
    ]
    return story(
        f"id{number}",
        *sentences,
        name=f"name-{number % 40}.txt",
        heading=f"Heading of {number}.",
        title=f"Title of {number}.",
    )


def lingering(folder: Path, gone: Story) -> list[str]:
    """What still stands in a file of the title, the heading, the file and the sentences of a story."""
    contents = [path.read_bytes() for path in folder.iterdir()]
    own = [gone.document.title, gone.passages[0].heading, *(passage.text for passage in gone.passages)]
    return [words for words in own if any(words.encode() in content for content in contents)]


@pytest.fixture(autouse=True)
def _no_file_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiper, "_SMALL_BYTES", 0)


def put(engine: SqliteEngine, one: Story) -> None:
    original = "\n".join(passage.text for passage in one.passages[::-1]).encode()
    engine.put(one.document, one.passages, one.vectors, MANIFEST, original=original)


def talk(engine: SqliteEngine, one: Story) -> None:
    """Have a conversation about the story, whose words are its own and are understood by its names."""
    conversation = engine.archive.begin("About stories", "stories").id
    for line in range(0, len(one.passages), 1 + len(one.passages) // 3):
        answer = replace(quoting(one, line=line), standalone=f"Who said {one.passages[line].text}?")
        engine.archive.keep(conversation, answer)
        engine.archive.keep(conversation, unfound(*one.passages[line : line + 3]))


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_no_sentence_lingers_after_random_additions_and_removals(seed: int) -> None:
    random = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as name, closing(SqliteEngine(Path(name))) as engine:
        there: dict[str, Story] = {}
        for number in [*range(20), *range(40, 44)]:  # the last ones are called as the first
            one = told(number, int(random.choice([1, 2, 5, 12, 30, 200])))
            there = {other.document.id: other for other in there.values() if other.document.name != one.document.name}
            there[one.document.id] = one
            put(engine, one)
        for document_id in random.permutation(list(there)):
            stays = str(random.choice(list(there)))
            talk(engine, there[stays])
            talk(engine, there[document_id])
            engine.move([stays], f"{'a collection ' * int(random.integers(9))}{random.integers(5)}")
            engine.nearest(toward("x"), 5, ALL)
            engine.drop(document_id)
            assert lingering(Path(name), there.pop(document_id)) == []
            if not there:
                break
        engine.check()


def test_no_sentence_of_a_removed_collection_or_index_lingers(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path)) as engine:
        many = [told(number, 60) for number in range(4)]
        for one in many:
            put(engine, one)
            recut(one).put_into(engine, OTHER_MANIFEST)
        engine.move(["id1", "id2"], "to go")
        assert engine.swap(OTHER_MANIFEST)
        engine.drop_collection("to go")
        assert lingering(tmp_path, many[1]) == lingering(tmp_path, many[2]) == []
        assert lingering(tmp_path, many[0])
        engine.check()


def test_no_sentence_lingers_in_a_file_of_an_older_version(tmp_path: Path) -> None:
    many = [told(number, int(lines)) for number, lines in enumerate(np.random.default_rng(0).integers(1, 40, size=30))]
    older_file(tmp_path / CORPUS_FILE, 2, *many)
    with closing(SqliteEngine(tmp_path)) as engine:
        for one in many[::2]:
            engine.drop(one.document.id)
        assert [lingering(tmp_path, one) for one in many[::2]] == [[]] * 15
        assert lingering(tmp_path, many[1])
        engine.check()


def test_tidying_lets_go_of_single_words_too(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path)) as engine:
        put(engine, story("stays", "A tale that stays."))
        put(engine, story("goes", *(f"Xyzzyq{number} and xyzzyk{number} met." for number in range(500))))
        engine.drop("goes")
        assert sum(path.read_bytes().count(b"xyzzy") for path in tmp_path.iterdir())
        engine.tidy()
        assert sum(path.read_bytes().count(b"xyzzy") for path in tmp_path.iterdir()) == 0
        before = (tmp_path / "corpus.db").stat().st_mtime_ns
        engine.tidy()
        assert (tmp_path / "corpus.db").stat().st_mtime_ns == before


def test_a_cancelled_upload_does_not_hide_that_the_file_must_be_rewritten(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path)) as engine:
        (job,) = engine.queue.enqueue([Source(name="fox.txt", data=b"The fox slept.")])
        with engine._connections.writing() as connection:
            connection.execute("UPDATE corpus SET unwiped = -1, untidy = 1")
        engine.queue.cancel([job.id])
        with engine._connections.reading() as connection:
            assert wiping.marks(connection) == (0, 0)


def test_tidying_wipes_what_was_hindered_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(SqliteEngine(tmp_path)) as engine:
        (job,) = engine.queue.enqueue([Source(name="fox.txt", data=b"The fox slept in a den of her own.")])
        with monkeypatch.context() as patch:
            patch.setattr(engine._connections, "empty_log", lambda: False)
            engine.queue.cancel([job.id])
        assert any(b"a den of her own" in path.read_bytes() for path in tmp_path.iterdir())
        engine.tidy()
        assert all(b"a den of her own" not in path.read_bytes() for path in tmp_path.iterdir())


def test_vectors_that_nobody_came_back_for_are_let_go_of_after_some_days(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path)) as engine:
        fox = told(1, 3)
        lines = [passage.text for passage in fox.passages]
        engine.keep("old", "model", lines, fox.vectors)
        with engine._connections.writing() as connection:
            connection.execute("UPDATE kept SET kept = '2020-01-01T00:00:00+00:00'")
        engine.keep("new", "model", lines, fox.vectors)
        engine.tidy()
        assert engine.kept("old", "model", lines) == {}
        assert len(engine.kept("new", "model", lines)) == 3
