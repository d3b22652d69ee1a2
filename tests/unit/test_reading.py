"""Paragraphs of the reader: every letter stays, every offset holds."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from storybot.http.reading import Paragraph, cited_span, paragraphs
from storybot.model import Document, Page, Section, Span

TEXTS = st.text(st.sampled_from("ab# =-.\n\n\n\r\t\u2003\u2028é🎈"), max_size=120)


def document(text: str, *sections: tuple[str, int]) -> Document:
    """A document whose sections are given by heading and start."""
    ends = [start for _, start in sections[1:]] + [len(text)]
    cut = tuple(
        Section(heading=heading, span=Span(start, end)) for (heading, start), end in zip(sections, ends, strict=True)
    )
    return Document(id="d", name="d.txt", title="D", text=text, sections=cut)


def cited(parts: tuple[Paragraph, ...]) -> str:
    return "".join(piece.text for part in parts for piece in part.pieces if piece.cited)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, Span]:
    text = draw(TEXTS)
    offsets = st.integers(0, len(text))
    starts = sorted({0, *draw(st.lists(offsets, max_size=3))})
    start, end = sorted((draw(offsets), draw(offsets)))
    headings = st.sampled_from(["", "a", "ab", "b a", "b, a"])
    pages = sorted(draw(st.sets(offsets, max_size=3)))
    told = document(text, *((draw(headings), each) for each in starts))
    return replace(told, pages=tuple(Page(label=str(n), start=each) for n, each in enumerate(pages))), Span(start, end)


@given(documents())
def test_paragraphs_joined_are_the_text(case: tuple[Document, Span]) -> None:
    page, span = case
    assert "".join(part.text for part in paragraphs(page, span)) == page.text


@given(documents())
def test_the_marked_letters_are_those_of_the_span_that_are_shown(case: tuple[Document, Span]) -> None:
    page, span = case
    parts = paragraphs(page, span)
    offset, expected = 0, ""
    for part in parts:
        shown = Span(offset + len(part.lead), offset + len(part.text) - len(part.gap))
        expected += page.text[max(shown.start, span.start) : max(shown.start, span.start, min(shown.end, span.end))]
        offset += len(part.text)
    assert cited(parts) == expected


def test_a_sentence_is_marked_letter_for_letter() -> None:
    text = "One came. Two went.\n\nThree stayed."
    parts = paragraphs(document(text, ("", 0)), Span(10, 19))
    assert cited(parts) == "Two went."
    assert [[piece.text for piece in part.pieces] for part in parts] == [["One came. ", "Two went."], ["Three stayed."]]


def test_a_heading_in_the_text_is_shown_once() -> None:
    heading, prose = paragraphs(document("# The Storm\n\nIt blew.", ("The Storm", 0)), None)
    assert (heading.style, heading.lead, heading.pieces[0].text) == ("heading", "# ", "The Storm")
    assert (prose.heading, prose.pieces[0].text) == ("", "It blew.")


def test_an_underlined_heading_is_shown_without_its_line() -> None:
    heading, prose = paragraphs(document("The Storm\n=====\n\nIt blew.", ("The Storm", 0)), None)
    assert [piece.text for piece in heading.pieces] == ["The Storm"]
    assert [piece.text for piece in prose.pieces] == ["It blew."]


def test_a_heading_that_the_text_lacks_stands_above_its_section() -> None:
    first, second = paragraphs(document("It blew.\n\nIt rained.", ("The Storm", 0)), None)
    assert (first.heading, second.heading) == ("The Storm", "")


def test_a_heading_is_known_by_its_words_whatever_its_marks_and_those_above_it() -> None:
    text = "CHAPTER 4.\n\nIt blew.\n\nThe Storm\nat Sea\n\nIt rained.\n\n2.2 Naming\n\nIt ended."
    sections = ("Part II, Chapter 4", 0), ("The Storm at Sea", 22), ("Naming", 52)
    parts = paragraphs(document(text, *sections), None)
    assert [part.style for part in parts] == ["heading", "prose"] * 3
    assert [part.heading for part in parts] == [""] * 6


def test_the_depth_of_a_section_is_told() -> None:
    deep = Section(heading="One", span=Span(0, 8), level=2)
    (part,) = paragraphs(replace(document("It blew.", ("One", 0)), sections=(deep,)), None)
    assert (part.heading, part.level) == ("One", 2)


def test_pages_are_marked_where_they_begin() -> None:
    told = replace(
        document("It blew. It rained.\n\nIt snowed.", ("", 0)),
        pages=(Page(label="11", start=0), Page(label="12", start=9), Page(label="13", start=21)),
    )
    first, second = paragraphs(told, Span(3, 11))
    assert [(piece.page, piece.text, piece.cited) for piece in first.pieces] == [
        ("11", "", False),
        ("", "It ", False),
        ("", "blew. ", True),
        ("12", "", False),
        ("", "It", True),
        ("", " rained.", False),
    ]
    assert [(piece.page, piece.text) for piece in second.pieces] == [("13", ""), ("", "It snowed.")]


@given(documents())
def test_every_page_is_marked_once(case: tuple[Document, Span]) -> None:
    page, span = case
    marked = [piece.page for part in paragraphs(page, span) for piece in part.pieces if piece.page]
    assert marked == [each.label for each in page.pages if each.start < len(page.text)]


def test_short_lines_are_verse_and_wrapped_lines_are_prose() -> None:
    verse = "Tyger Tyger, burning bright,\nIn the forests of the night;"
    prose = "It was a dark and stormy night; the rain fell in torrents,\nexcept at intervals."
    assert [part.style for part in paragraphs(document(f"{verse}\n\n{prose}", ("", 0)), None)] == ["verse", "prose"]


def test_a_span_outside_of_the_text_is_none() -> None:
    page = document("It blew.", ("", 0))
    assert cited_span(page, "0", "8") == Span(0, 8)
    pairs = [("", ""), ("0", ""), ("a", "b"), ("3", "3"), ("5", "2"), ("-1", "2"), ("0", "9"), ("1" * 5000, "2")]
    assert [cited_span(page, start, end) for start, end in pairs] == [None] * len(pairs)


def test_a_long_run_of_blanks_is_gone_through_once() -> None:
    text = f"The fox ran.{' ' * 100_000}The hen slept."
    (part,) = paragraphs(document(text, ("", 0)), None)
    assert part.text == text
