"""Messages between the process that reads files and its asker."""

import io
import logging

import pytest

from storybot.errors import EmptySource, SourceDamaged
from storybot.parsing.frames import Frame, error_of, read, refusal, write
from storybot.parsing.isolation import IsolatedParser


def sent(frame: Frame) -> bytes:
    stream = io.BytesIO()
    write(stream, frame)
    return stream.getvalue()


def test_a_message_arrives_as_it_was_sent() -> None:
    frame = Frame(fields={"name": "\ud800 fox"}, body=b"\x00\xff")
    assert read(io.BytesIO(sent(frame)), most=100) == frame


def test_half_a_message_one_that_is_too_long_and_one_that_is_none_are_no_message() -> None:
    whole = sent(Frame(fields={"name": "fox"}, body=b"ran"))
    assert read(io.BytesIO(whole[:10]), most=100) is None
    assert read(io.BytesIO(whole[:-1]), most=100) is None
    assert read(io.BytesIO(whole), most=10) is None
    assert read(io.BytesIO(whole.replace(b"{", b"[")), most=100) is None


def test_an_error_keeps_its_class_and_its_words() -> None:
    error = error_of(refusal(EmptySource("fox.txt")))
    assert type(error) is EmptySource
    assert str(error) == str(EmptySource("fox.txt"))


def test_no_other_class_is_made_of_a_message() -> None:
    with pytest.raises(TypeError, match="no InputError"):
        error_of(Frame(fields={"refused": "DiskFull"}, body=b"full"))


def test_a_reader_that_fails_is_logged_and_the_file_told_to_be_damaged(caplog: pytest.LogCaptureFixture) -> None:
    parser = IsolatedParser(max_bytes=100, seconds=1, megabytes=200)
    with caplog.at_level(logging.ERROR), pytest.raises(SourceDamaged, match=r"'fox\.pdf' is a damaged PDF file"):
        parser._document("fox.pdf", Frame(fields={"failed": "Traceback"}))
    assert "Traceback" in caplog.text
