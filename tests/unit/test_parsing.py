import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import zipped
from storybot.assembly import shipped_sources
from storybot.errors import BinarySource, EmptySource, InputError, SourceTooLarge, UnknownFormat
from storybot.model import Document, Source
from storybot.parsing import label, parse, worth_trying


def read(data: bytes, name: str = "story.txt", max_bytes: int = 10_000_000) -> Document:
    return parse(Source(name=name, data=data), max_bytes=max_bytes)


def test_the_shipped_storys_broken_dash_is_read_as_a_dash() -> None:
    (story,) = shipped_sources()
    document = parse(story, max_bytes=10_000)
    assert "something special \N{EN DASH} something that would inspire" in document.text
    assert "\u00e2" not in document.text
    assert document.title == "Bakhyt Camara"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "cp1252", "mac_roman"])
def test_the_encoding_is_found(encoding: str) -> None:
    text = "Es war einmal ein König, der hatte eine schöne Tochter. Größe fällt überall auf, sagte die Fürstin. " * 3
    assert read(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        # ruff: noqa: RUF001 - the letters of other scripts are the point
        ("cp1251", "Жил-был старик со своею старухой у самого синего моря. Они жили в ветхой землянке. " * 3),
        ("shift_jis", "むかしむかし、あるところに、おじいさんとおばあさんがありました。" * 5),
    ],
)
def test_other_scripts_are_read(encoding: str, text: str) -> None:
    assert read(text.encode(encoding)).text == text


def test_line_ends_nulls_and_control_characters_are_mended() -> None:
    text = "One line of words.\r\nAnother\x00 line.\rA third\x07 one, and a form feed goes too." + " More words." * 20
    assert read(text.encode()).text.startswith("One line of words.\nAnother line.\nA third one, and a form feed")


@pytest.mark.parametrize("text", ["", " ", "\n\n\t \n", "\ufeff", "\u200b\u200b", "...", "---\ntitle: x\n---\n"])
def test_a_source_without_words_is_refused(text: str) -> None:
    with pytest.raises(EmptySource, match=r"story\.md"):
        read(text.encode(), "story.md")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + os.urandom(4000),
        b"PK\x03\x04" + os.urandom(4000),
        b"\x00" * 4000,
        b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 10,
    ],
)
def test_a_binary_file_is_refused(data: bytes) -> None:
    with pytest.raises(BinarySource, match="plain text"):
        read(data)


def test_a_file_past_the_limit_is_refused_and_the_limit_is_told() -> None:
    with pytest.raises(SourceTooLarge, match=r"2\.0 MB.*STORYBOT_MAX_SOURCE_BYTES"):
        read(b"a" * 2_000_001, max_bytes=2_000_000)


@pytest.mark.parametrize(
    "data",
    [
        zipped({"fox.txt": "A fox ran.", "crow.txt": "A crow sang."}),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        bytes(60) + b"BOOKMOBI" + bytes(600),
        b"<?xml version='1.0'?><!-- a note --><rss><p>A fox ran.</p></rss>",
    ],
    ids=["zip", "doc", "mobi", "xml"],
)
def test_a_format_that_is_not_read_is_refused_and_those_that_are_named(data: bytes) -> None:
    with pytest.raises(UnknownFormat, match="EPUB, FB2, DOCX, RTF and PDF"):
        read(data, "story.bin")


def test_the_ending_decides_between_kinds_that_look_alike_alone() -> None:
    assert read(b"# One\n\nA fox ran.", "fox.md").format == "markdown"
    assert read(b"# One\n\nA fox ran.", "fox.pdf").format == "text"
    assert read(b"<?xml version='1.0'?><rss>A fox ran.</rss>", "notes.txt").format == "text"
    assert read("<html><p>A fox ran.".encode("utf-16"), "fox.txt").format == "html"


def test_the_digest_is_that_of_the_file() -> None:
    assert read(b"A fox ran.").digest == hashlib.sha256(b"A fox ran.").hexdigest()


@pytest.mark.parametrize(
    ("name", "worth"),
    [
        ("a.txt", True),
        ("poems/A.EPUB", True),
        ("a.jpg", False),
        ("README", False),
        (".a.txt", False),
        ("~$a.docx", False),
    ],
)
def test_a_name_tells_whether_a_file_is_worth_trying(name: str, worth: bool) -> None:  # noqa: FBT001 - a table's column
    assert worth_trying(name) is worth


def test_emoji_combining_marks_and_right_to_left_text_are_kept() -> None:
    text = "The fox 🦊👨‍👩‍👧 ran. Cafe\u0301 was open. היה היה פעם מלך. وكان يا ما كان."
    assert read(text.encode()).text == text.replace("e\u0301", "\u00e9")


def test_html_stays_text() -> None:
    text = "He said <script>alert(1)</script> &amp; left. <b>Bold</b> words."
    assert read(text.encode()).text == text
    assert "<script>alert(1)</script>" in read(text.encode(), "a.md").text


def test_markdown_is_read_without_its_marks_in_sections() -> None:
    source = b"---\ntitle: The Fox\n---\nBefore *all*.\n\n# One\n\nA [fox](x) `ran`.\n\n- first\n- second\n\n"
    source += b"## Two\n\nEnd.\n"
    document = read(source, "fox.md")
    assert document.title == "The Fox"
    assert document.text == "Before all.\n\nOne\n\nA fox ran.\n\nfirst\n\nsecond\n\nTwo\n\nEnd."
    assert [(s.heading, s.span.cut(document.text)[:9]) for s in document.sections] == [
        ("", "Before al"),
        ("One", "One\n\nA fo"),
        ("Two", "Two\n\nEnd."),
    ]


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("the-red-fox.txt", "A fox ran.", "The Red Fox"),
        ("Old_Tale.txt", "A fox ran.", "Old Tale"),
        ("a.txt", "The Golden Goose\n\nThere was a man.", "The Golden Goose"),
        ("a.txt", "There was a man.\n\nHe had a goose.", "A"),
        ("a.md", "Words.\n\n# The Goose\n\nMore.", "The Goose"),
        ("a.md", "---\ntitle: [\n---\n\n# The Goose\n\nMore.", "The Goose"),
        ("a.md", "---\n- x\n---\n\nMore.", "A"),
    ],
)
def test_titles_come_from_front_matter_heading_or_name(name: str, text: str, title: str) -> None:
    assert read(text.encode(), name).title == title


def test_chapters_of_plain_text_are_sections() -> None:
    text = "THE TALE\n\nCHAPTER I. The Fox\n\nA fox ran.\n\nCHAPTER II\n\nIt slept. Chapter and verse.\n"
    document = read(text.encode())
    assert [section.heading for section in document.sections] == ["", "CHAPTER I. The Fox", "CHAPTER II"]
    assert "".join(section.span.cut(text) for section in document.sections) == text


def test_the_same_text_has_the_same_id_and_another_text_another() -> None:
    assert read(b"A fox ran.", "a.txt").id == read(b"\xef\xbb\xbfA fox ran.", "b.txt").id
    assert read(b"A fox ran.").id != read(b"A fox sat.").id


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/./passwd", "etc/passwd"),
        ("C:\\temp\\fox.txt", "temp/fox.txt"),
        ("poems//fox.txt", "poems/fox.txt"),
        ("poems/.. /. ./fox.txt", "poems/fox.txt"),
        ("..\\..\\fox.txt", "fox.txt"),
        ("\ud800fox.txt", "?fox.txt"),
        ("a" * 500 + ".txt", "a" * 116 + ".txt"),
        ("/".join(["folder"] * 50) + "/fox.txt", "/".join(["folder"] * 27) + "/fox.txt"),
        ("a\nb\x00.txt", "ab.txt"),
        ("", "untitled.txt"),
        ("..", "untitled.txt"),
        ("日本.txt", "日本.txt"),
    ],
)
def test_a_file_name_keeps_its_folders_and_never_leads_out_of_one(name: str, shown: str) -> None:
    assert label(name) == shown


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_stays_in_its_folder(name: str) -> None:
    shown = label(name)
    assert shown == label(shown)
    assert shown.isprintable()
    assert not {"", ".", ".."} & set(shown.split("/"))
    assert len(shown) <= 200


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md"]))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes, name: str) -> None:
    document, refusal = None, ""
    try:
        document = read(data, name)
    except InputError as error:
        refusal = str(error)
    if document is None:
        assert name in refusal
    else:
        assert document.text.strip()
        assert "\x00" not in document.text
        assert "".join(section.span.cut(document.text) for section in document.sections) == document.text
