"""RTF: words, letters of any script, chapters."""

import pytest

from samples import outline, read
from storybot.errors import EmptySource, SourceDamaged

HEAD = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}}{\info{\title Fables}}"


def test_paragraphs_letters_and_chapters_are_found() -> None:
    document = read(HEAD + rb"CHAPTER I\par A f\'fcchsin \b ran\b0 .\par CHAPTER II\par It \u8212?slept.\par}", "a.doc")
    assert (document.title, document.format) == ("Fables", "rtf")
    assert outline(document) == [
        ("CHAPTER I", 1, "CHAPTER I\n\nA f\u00fcchsin ran."),
        ("CHAPTER II", 1, "CHAPTER II\n\nIt \u2014slept."),
    ]


def test_pictures_are_no_words() -> None:
    with pytest.raises(EmptySource):
        read(HEAD + rb"{\pict\pngblip 89504e47}}", "a.rtf")


def test_broken_control_words_are_mended_or_refused() -> None:
    assert read(HEAD + rb"A fox\'zz ran.", "a.rtf").text.endswith("ran.")
    with pytest.raises(SourceDamaged, match="damaged RTF"):
        read(HEAD + rb"\u99999999?A fox ran.", "a.rtf")
