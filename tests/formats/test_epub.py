"""EPUB: order, headings, pages, and books that can't be read."""

import pytest

from samples import epub, outline, read, zipped
from storybot.errors import EmptySource, SourceDamaged, SourceLocked, SourceTooHard
from storybot.model import Page

FOX = "<p>The fox saw   the <i>grapes</i>.</p><p>They hung&nbsp;high.</p>"
CROW = "<p>The crow held the cheese.</p>"


def nav(*entries: tuple[str, str]) -> str:
    return "".join(f'<li><a href="{href}">{title}</a></li>' for href, title in entries)


def point(title: str, src: str, inner: str = "") -> str:
    return f'<navPoint><navLabel><text>{title}</text></navLabel><content src="{src}"/>{inner}</navPoint>'


def locked(path: str, method: str) -> dict[str, bytes | str]:
    return {
        "META-INF/encryption.xml": '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{method}"/><e:CipherData><e:CipherReference URI="{path}"/></e:CipherData>'
        "</e:EncryptedData></encryption>"
    }


def test_the_pages_follow_the_spine_and_the_table_of_contents_names_them() -> None:
    book = epub({"z.xhtml": FOX, "a.xhtml": CROW}, nav=nav(("z.xhtml", "The Fox"), ("a.xhtml", "The Crow")))
    document = read(book, "fables.epub")
    assert (document.title, document.format) == ("Fables", "epub")
    assert outline(document) == [
        ("The Fox", 1, "The fox saw the grapes.\n\nThey hung high."),
        ("The Crow", 1, "The crow held the cheese."),
    ]


def test_an_older_table_of_contents_is_read_with_its_depth_and_its_anchors() -> None:
    inner = point("1", "a.xhtml#one") + point("2", "a.xhtml#two")
    page = f'<h1>Part One</h1><h2 id="one">1</h2>{FOX}<h2 id="two">2</h2>{CROW}'
    more = f'<h2 id="one">1</h2>{CROW}'
    points = point("Part One", "a.xhtml", inner) + point("Part Two", "b.xhtml", point("1", "b.xhtml#one"))
    document = read(epub({"a.xhtml": page, "b.xhtml": "<h1>Part Two</h1>" + more}, ncx=points), "a.epub")
    assert [(heading, level) for heading, level, _ in outline(document)] == [
        ("Part One", 1),
        ("Part One, 1", 2),
        ("Part One, 2", 2),
        ("Part Two", 1),
        ("Part Two, 1", 2),
    ]


def test_without_a_table_of_contents_the_headings_of_the_pages_count() -> None:
    document = read(epub({"a.xhtml": f"<h1>The Fox</h1>{FOX}<h2>Later</h2>{CROW}"}), "a.epub")
    assert [(heading, level) for heading, level, _ in outline(document)] == [("The Fox", 1), ("Later", 2)]


def test_printed_pages_that_the_book_marks_are_found() -> None:
    mark = '<span epub:type="pagebreak" id="p{0}" title="{0}">{0}</span>'
    page = (
        f"<p>{mark.format(7)}The fox saw the {mark.format(8)}grapes.</p><div epub:type='pagebreak' title='ix'/>{CROW}"
    )
    document = read(epub({"a.xhtml": page}), "a.epub")
    assert document.text == "The fox saw the grapes.\n\nThe crow held the cheese."
    assert document.pages == (Page(label="7", start=0), Page(label="8", start=16), Page(label="ix", start=25))


def test_project_gutenbergs_words_are_left_out() -> None:
    page = f'<section id="pg-header"><p>The Project Gutenberg eBook</p></section>{FOX}<div id="pg-footer">Licence</div>'
    assert read(epub({"a.xhtml": page}), "a.epub").text == "The fox saw the grapes.\n\nThey hung high."


def test_a_page_that_is_no_xml_is_read_all_the_same() -> None:
    assert read(epub({"a.xhtml": "<p>The fox & the <b>crow<p>met."}), "a.epub").text == "The fox & the crow\n\nmet."


def test_a_book_that_only_a_shops_program_opens_is_told_apart() -> None:
    book = epub({"a.xhtml": FOX}, more=locked("OEBPS/a.xhtml", "http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
    with pytest.raises(SourceLocked, match=r"copy protection"):
        read(book, "a.epub")


def test_disguised_fonts_lock_nothing() -> None:
    book = epub({"a.xhtml": FOX}, more=locked("OEBPS/a.ttf", "http://www.idpf.org/2008/embedding"))
    assert "fox" in read(book, "a.epub").text


def test_a_book_without_its_pages_is_damaged() -> None:
    book = epub({"a.xhtml": FOX})
    with pytest.raises(SourceDamaged, match=r"damaged EPUB.*save it anew"):
        read(book[: len(book) // 2], "a.epub")
    with pytest.raises(SourceDamaged, match=r"book\.opf"):
        read(zipped({"META-INF/container.xml": '<c><rootfile full-path="book.opf"/></c>'}), "a.epub")
    with pytest.raises(SourceDamaged, match="none of its pages"):
        read(epub({}), "a.epub")


def test_a_book_of_pictures_is_empty() -> None:
    with pytest.raises(EmptySource):
        read(epub({"a.xhtml": '<img src="fox.png"/>'}), "a.epub")


def test_a_page_that_unpacks_to_far_too_much_is_refused() -> None:
    book = epub({"a.xhtml": f"<p>{'fox ' * 5_000_000}</p>"})
    with pytest.raises(SourceTooHard, match="unpacks to far more"):
        read(book, "a.epub")


def test_names_that_lead_out_of_the_book_are_names_like_others() -> None:
    book = epub({"a.xhtml": FOX}, more={"../../../etc/passwd": "root", "/etc/shadow": "root"})
    assert "root" not in read(book, "a.epub").text
