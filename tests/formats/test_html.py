"""HTML: the article, not what is around it."""

import pytest

from samples import outline, read
from storybot.errors import EmptySource, SourceTooHard

LINKS = "".join(f'<li><a href="/{n}">Another story {n}</a></li>' for n in range(5))
STORY = "<h1>The Fox</h1><p>The fox saw the grapes. They hung high.</p><h2>Later</h2><p>He went away.<br>Hungry.</p>"


def text_of(body: str) -> str:
    return read(f"<!doctype html><html><head><title>Fables</title></head><body>{body}</body></html>".encode()).text


def test_headings_and_title_are_found_whatever_the_file_is_called() -> None:
    document = read(f"<!DOCTYPE html><title>Fables - a site</title><body>{STORY}</body>".encode(), "fox.txt")
    assert (document.title, document.format) == ("The Fox", "html")
    assert outline(document) == [
        ("The Fox", 1, "The Fox\n\nThe fox saw the grapes. They hung high."),
        ("Later", 2, "Later\n\nHe went away.\nHungry."),
    ]


@pytest.mark.parametrize(
    "around",
    [
        f"<nav><ul>{LINKS}</ul></nav>",
        f"<ul>{LINKS}</ul>",
        "<header>My site</header>",
        "<footer>Imprint</footer>",
        "<script>alert('fox')</script><style>p {}</style><noscript>Scripts!</noscript>",
        '<div class="cookie-banner">We use cookies.</div>',
        '<div role="navigation">Home</div>',
        "<aside>Buy this</aside>",
        "<p hidden>Secret</p>",
        "<form>Your name <button>Send</button></form>",
        "<!-- a note -->",
        "<template>later</template><svg><text>drawn</text></svg>",
    ],
)
def test_what_is_around_the_story_is_left_out(around: str) -> None:
    assert text_of(around + STORY + around) == text_of(STORY)


def test_the_article_is_taken_where_the_page_marks_it() -> None:
    assert text_of(f"<p>Welcome to my site.</p><main>{STORY}</main>") == text_of(STORY)
    assert "Welcome" in text_of("<p>Welcome to my site, which is long.</p><article>Short.</article>")


def test_a_page_that_is_all_links_is_read_as_it_is() -> None:
    assert "Another story 4" in text_of(f"<ul>{LINKS}</ul>")


def test_tables_and_preformatted_lines_keep_their_shape() -> None:
    table = "<table><tr><th>Who</th><th>What</th></tr><tr><td>Fox</td><td>grapes</td></tr></table>"
    assert text_of(f"{table}<pre>one\n  two</pre>") == "Who | What\n\nFox | grapes\n\none\ntwo"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1251"])
def test_the_encoding_that_the_page_names_is_used(encoding: str) -> None:
    words = "Жила лиса" if encoding == "windows-1251" else "Der schöne Fuchs fraß"
    page = f'<html><head><meta charset="{encoding}"></head><body><p>{words} &mdash; ja.</p></body></html>'
    assert read(page.encode(encoding), "a.html").text == f"{words} \u2014 ja."


def test_a_wrong_encoding_does_no_harm() -> None:
    page = '<html><meta charset="klingon"><body><p>{}</p></body></html>'.format("Der schöne Fuchs fraß. " * 20)
    assert "schöne" in read(page.encode("cp1252"), "a.html").text


def test_a_part_of_a_page_is_html_if_its_name_says_so() -> None:
    assert read(b"<p>The fox <b>ran</b>.</p>", "a.html").text == "The fox ran."
    assert read(b"<p>The fox <b>ran</b>.</p>", "a.txt").text == "<p>The fox <b>ran</b>.</p>"
    assert read(b"A fox ran.", "a.html").format == "text"


def test_xhtml_is_html() -> None:
    page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>A fox.</p></body></html>'
    assert read(page.encode(), "a.xml").format == "html"


def test_elements_nested_without_end_are_refused() -> None:
    with pytest.raises(SourceTooHard, match="nested too deeply"):
        text_of("<div>" * 100_000 + "fox")


def test_a_page_without_words_is_empty() -> None:
    with pytest.raises(EmptySource):
        text_of("<img src='fox.png'>")


def test_a_heading_is_no_notice_whatever_its_id_and_buttons_are_no_title() -> None:
    page = "<html><body><h1 id='comments'>Comments <button>Copy</button></h1><p>A fox ran.</p></body></html>"
    document = read(page.encode())
    assert (document.title, document.text) == ("Comments", "Comments\n\nA fox ran.")


def test_a_heading_too_long_for_one_is_a_paragraph() -> None:
    assert outline(read(f"<html><h1>{'fox ' * 100}</h1>".encode(), "a.html"))[0][0] == ""
