"""A book in leaves: nothing lost, nothing too long."""

from hypothesis import given
from hypothesis import strategies as st

from storybot.http.leaves import leaf_at, leaves
from storybot.http.reading import paragraphs
from storybot.model import Document, Section, Span


def book_of(text: str, starts: list[int]) -> Document:
    """A book whose sections begin at these places."""
    spans = zip(starts, [*starts[1:], len(text)], strict=True)
    sections = tuple(Section(heading=f"At {start}", span=Span(start, end)) for start, end in spans)
    return Document(id="d", name="d.txt", title="D", text=text, sections=sections)


@st.composite
def books(draw: st.DrawFn) -> Document:
    text = draw(st.text(st.sampled_from("ab.\n\n\n# é"), max_size=150))
    return book_of(text, sorted({0, *draw(st.lists(st.integers(0, len(text)), max_size=5))}))


@given(books(), st.integers(2, 60))
def test_leaves_are_the_whole_book_in_order_and_none_is_too_long(book: Document, most: int) -> None:
    found = leaves(book, most)
    assert "".join(leaf.span.cut(book.text) for leaf in found) == book.text
    assert all(leaf.span.end - leaf.span.start <= most for leaf in found)
    for leaf in found:
        shown = paragraphs(book, None, leaf.span)
        assert "".join(part.text for part in shown) == leaf.span.cut(book.text)


@given(books(), st.integers(2, 60), st.integers(0, 150))
def test_an_offset_lies_in_its_leaf(book: Document, most: int, offset: int) -> None:
    found = leaves(book, most)
    span = found[leaf_at(found, offset)].span
    assert span.start <= offset
    assert offset < span.end or span == found[-1].span


def test_a_leaf_ends_with_its_chapter_and_a_long_chapter_with_a_paragraph() -> None:
    book = book_of("One.\n\nTwo.\n\nThree is long.\n\nIt goes on.", [0, 6, 12])
    found = leaves(book, 20)
    assert [leaf.span.cut(book.text) for leaf in found] == ["One.\n\nTwo.\n\n", "Three is long.\n\n", "It goes on."]
    assert [leaf.heading for leaf in found] == ["At 0", "At 12", "At 12"]
