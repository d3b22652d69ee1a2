"""Files read in other processes: what is read, what is refused, and what happens when a reader hangs or dies."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from samples import docx, lines, paragraph, pdf
from storybot.errors import Cancelled, EmptySource, SourceDamaged, SourceTooHard, SourceTooLarge
from storybot.model import Source
from storybot.parsing.isolation import IsolatedParser

SLOW = Source(
    name="slow.txt", data=("Ein Füchslein lief; ein Kätzchen nicht. \u00e2\u20ac\u201c \n" * 400_000).encode()
)
"""Takes some seconds."""

FOX = Source(name="fox.docx", data=docx(paragraph("A fox ran.")))


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "storybot.parsing.child" in child.cmdline()]


@pytest.fixture(scope="module")
def parser() -> Iterator[IsolatedParser]:
    parser = IsolatedParser(max_bytes=100_000_000, seconds=60, megabytes=2_000)
    yield parser
    parser.close()


def test_a_document_comes_back_as_it_was_read(parser: IsolatedParser) -> None:
    data = pdf([lines("A fox ran \N{EM DASH} on.")], outline=[("One", 0)], labels="0 << /S /r >>")
    assert parser(Source(name="a/b.pdf", data=data, collection="x")) == parse_here(data, "a/b.pdf", "x")


def parse_here(data: bytes, name: str, collection: str) -> object:
    from storybot.parsing import parse  # noqa: PLC0415 - the same, in this process

    return parse(Source(name=name, data=data, collection=collection), max_bytes=100_000_000)


def test_errors_come_back_as_they_are(parser: IsolatedParser) -> None:
    with pytest.raises(EmptySource, match=r"'a\.docx' has no text in it\. Add a file"):
        parser(Source(name="a.docx", data=docx("")))
    with pytest.raises(SourceDamaged, match="damaged PDF file: its pages can't be found"):
        parser(Source(name="a.pdf", data=b"%PDF-1.4"))


def test_one_process_reads_file_after_file(parser: IsolatedParser) -> None:
    parser(FOX)
    (child,) = children()
    parser(FOX)
    assert children() == [child]


def test_a_large_process_keeps_its_reader_too() -> None:
    held = b"x" * 450_000_000
    parser = IsolatedParser(max_bytes=1_000_000, seconds=60, megabytes=2_000)
    before = children()
    parser(FOX)
    assert len(children()) == len(before) + 1
    parser.close()
    assert held


def test_a_small_text_needs_no_other_process() -> None:
    before = children()
    parser = IsolatedParser(max_bytes=1_000, seconds=60, megabytes=2_000)
    assert parser(Source(name="fox.txt", data=b"A fox ran.")).text == "A fox ran."
    assert children() == before
    with pytest.raises(SourceTooLarge):
        parser(Source(name="fox.txt", data=bytes(1_001)))


def test_a_reading_that_is_called_off_ends_at_once(parser: IsolatedParser) -> None:
    parser(FOX)
    (child,) = children()

    def pulse() -> None:
        raise Cancelled(SLOW.name)

    with pytest.raises(Cancelled):
        parser(SLOW, pulse)
    assert not child.is_running()
    assert parser(FOX).text == "A fox ran."


def test_a_reading_that_takes_too_long_is_given_up() -> None:
    parser = IsolatedParser(max_bytes=100_000_000, seconds=0, megabytes=2_000)
    with pytest.raises(SourceTooHard, match=r"slow\.txt.*more than 0 seconds"):
        parser(SLOW)


def test_a_reading_that_takes_too_much_memory_is_given_up_and_the_next_is_not() -> None:
    parser = IsolatedParser(max_bytes=100_000_000, seconds=60, megabytes=60)
    with pytest.raises(SourceTooHard, match="60 MB of memory"):
        parser(SLOW)
    assert parser(FOX).text == "A fox ran."
    parser.close()


def test_a_reader_that_dies_takes_nothing_with_it(parser: IsolatedParser) -> None:
    parser(FOX)
    (child,) = children()
    pulses = []

    def pulse() -> None:
        pulses.append(1)
        os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(SourceTooHard, match="broke down"):
        parser(SLOW, pulse)
    assert parser(FOX).text == "A fox ran."


def test_a_reader_that_died_while_it_waited_is_replaced(parser: IsolatedParser) -> None:
    parser(FOX)
    (child,) = children()
    child.kill()
    child.wait()
    assert parser(FOX).text == "A fox ran."


def test_several_threads_may_ask_at_once(parser: IsolatedParser) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(parser(FOX).text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["A fox ran."] * 4
    assert len(children()) <= 2


def test_a_parser_that_nobody_closed_leaves_no_process_behind() -> None:
    before = children()
    parser = IsolatedParser(max_bytes=100_000_000, seconds=60, megabytes=2_000)
    parser(FOX)
    assert len(children()) == len(before) + 1
    del parser
    assert children() == before


def test_a_reader_knows_nothing_of_models(parser: IsolatedParser) -> None:
    parser(FOX)
    loaded = Path(f"/proc/{children()[0].pid}/maps")
    if loaded.exists():
        assert "torch" not in loaded.read_text()
