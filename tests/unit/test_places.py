import pytest

from storybot.model import place_of


@pytest.mark.parametrize(
    ("heading", "page", "expected"),
    [
        ("10", "", "Chapter 10"),
        ("XIV", "12", "Chapter XIV, p. 12"),
        ("The Fox", "3", "The Fox, p. 3"),
        ("Chapter 4", "", "Chapter 4"),
        ("1984", "", "1984"),
        ("C", "", "C"),
        ("IIII", "", "IIII"),
        ("", "7", "p. 7"),
        ("", "", ""),
    ],
)
def test_a_heading_that_is_a_number_alone_is_told_to_be_a_chapters(heading: str, page: str, expected: str) -> None:
    assert place_of(heading, page) == expected
