"""FB2: sections, titles, verse, notes."""

import pytest

from samples import fb2, outline, read
from storybot.errors import EmptySource, SourceDamaged

BOOK = (
    "<title><p>Fables</p></title><section><title><p>Part One.</p><p>Foxes</p></title>"
    "<section><title><p>1</p></title><p>The <emphasis>fox</emphasis> ran.</p></section></section>"
    "<section><title><p>Part Two</p></title><section><title><p>1</p></title>"
    "<poem><stanza><v>Tyger</v><v>burning</v></stanza></poem><image/></section></section>"
)


def test_sections_have_the_titles_of_the_book() -> None:
    document = read(fb2(BOOK, more='<body name="notes"><section><p>Fast.</p></section></body><binary>AAAA</binary>'))
    assert (document.title, document.format) == ("Fables", "fb2")
    assert outline(document) == [
        ("Fables", 1, "Fables"),
        ("Part One. Foxes", 1, "Part One. Foxes"),
        ("Part One. Foxes, 1", 2, "1\n\nThe fox ran."),
        ("Part Two", 1, "Part Two"),
        ("Part Two, 1", 2, "1\n\nTyger\n\nburning"),
        ("Notes", 1, "Notes\n\nFast."),
    ]


def test_the_encoding_in_its_head_is_used() -> None:
    book = fb2("<section><p>Жила лиса.</p></section>").decode().replace("utf-8", "windows-1251")
    assert read(book.encode("windows-1251"), "a.fb2").text == "Жила лиса."


def test_a_broken_book_is_damaged_and_an_empty_one_empty() -> None:
    with pytest.raises(SourceDamaged, match="damaged FB2"):
        read(fb2(BOOK)[:400], "a.fb2")
    with pytest.raises(EmptySource):
        read(fb2("<section><image/></section>"), "a.fb2")
