from hypothesis import given
from hypothesis import strategies as st

from storybot.model import Passage, Span, Window
from storybot.windows import REACH, READ_WINDOWS, WINDOW_WORDS, cover, surroundings, widen


def passages(*sizes: int) -> list[Passage]:
    """Passages of so many words each, in one document."""
    made, offset = [], 0
    for number, size in enumerate(sizes):
        text = " ".join([f"w{number}"] * size)
        span = Span(offset, offset + len(text))
        made.append(Passage(document_id="d", span=span, heading="", text=text, sentences=(span,)))
        offset = span.end + 2
    return made


@given(st.lists(st.integers(1, 150), min_size=1, max_size=20), st.data())
def test_a_window_holds_its_passage_and_neighbours_within_bounds(sizes: list[int], data: st.DataObject) -> None:
    own = passages(*sizes)
    at = data.draw(st.integers(0, len(own) - 1))
    window = widen(own, at)
    places = [own.index(passage) for passage in window.passages]
    assert at in places
    assert places == list(range(places[0], places[-1] + 1))
    assert at - places[0] <= REACH
    assert places[-1] - at <= REACH
    assert len(places) == 1 or len(window.text.split()) <= WINDOW_WORDS


def test_what_stands_before_comes_first() -> None:
    assert [p.text[:2] for p in widen(passages(50, 50, 50), 1).passages] == ["w0", "w1"]


def test_a_long_neighbour_does_not_keep_the_other_out() -> None:
    assert [p.text[:2] for p in widen(passages(500, 50, 50), 1).passages] == ["w1", "w2"]


def test_a_script_without_blanks_makes_no_larger_windows() -> None:
    text = "狐狸说葡萄是酸的" * 10
    spans = [Span(start, start + len(text)) for start in range(0, 900, len(text))]
    own = [Passage(document_id="d", span=span, heading="", text=text, sentences=(span,)) for span in spans]
    assert len(widen(own, 5).passages) == 3


def test_windows_cover_the_hits_and_no_passage_is_at_the_heart_of_two() -> None:
    own = passages(*[40] * 60)
    windows = cover(own[::2], lambda passage: own[max(0, own.index(passage) - 1) : own.index(passage) + 2])
    assert len(windows) == READ_WINDOWS
    assert [window.passages[-1] for window in windows[:2]] == [own[1], own[3]]
    assert cover(own, lambda _: ()) == []


def test_a_stretch_of_the_windows_text_is_placed_in_the_document() -> None:
    window = Window(passages=tuple(passages(2, 2)))
    assert window.text == "w0 w0 w1 w1"
    assert window.place(0, 2) == (window.passages[0], Span(0, 2))
    assert window.place(9, 11) == (window.passages[1], Span(10, 12))
    assert window.place(3, 8) is None
    assert window.place(11, 12) is None


def test_surroundings_that_overlap_are_one() -> None:
    assert surroundings([Span(100, 110), Span(5, 8), Span(14, 20)], 5) == [Span(0, 25), Span(95, 115)]
