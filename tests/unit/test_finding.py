"""Words found in a book, at their exact offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybot.http.finding import find, fold

LETTERS = st.text(st.sampled_from("aAeéßsS \n\u0301\u00b4ﬁfi🎈"), max_size=40)


@given(LETTERS, st.text(st.sampled_from("aeésß \u0301fi"), max_size=3))
def test_what_is_found_is_what_was_sought(text: str, words: str) -> None:
    end = 0
    for hit in find(text, words):
        assert hit.start >= end
        assert fold(hit.cut(text)) == fold(words).strip(" ")
        end = hit.end


@given(LETTERS, LETTERS, st.text(st.sampled_from("xyz"), min_size=1, max_size=5))
def test_every_word_that_stands_there_is_found(before: str, after: str, words: str) -> None:
    assert words in [hit.cut(f"{before} {words} {after}") for hit in find(f"{before} {words} {after}", words.upper())]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("A Café, a cafe\u0301", "CAFE", ["Café", "cafe\u0301"]),
        ("the old\n  mill", "old mill", ["old\n  mill"]),
        ("Straße", "strasse", ["Straße"]),
        ("Straße", "s", ["S"]),
        ("mill", " ", []),
        ("", "mill", []),
    ],
)
def test_case_accents_and_line_ends_make_no_difference(text: str, words: str, found: list[str]) -> None:
    assert [hit.cut(text) for hit in find(text, words)] == found
