"""Plain text and Markdown: chapters, and Project Gutenberg's words around a book."""

import pytest

from samples import outline, read

PROSE = "The fox ran through the wood and over the hill. " * 12

GUTENBERG = """The Project Gutenberg eBook of Fables

Title: Fables
       of a Fox

*** START OF THE PROJECT GUTENBERG EBOOK FABLES ***

Produced by volunteers.

CHAPTER I

{prose}

*** END OF THE PROJECT GUTENBERG EBOOK FABLES ***

Licence and so on.
"""


def headings(text: str) -> list[tuple[str, int]]:
    return [(heading, level) for heading, level, _ in outline(read(text.encode()))]


def test_project_gutenbergs_header_and_licence_are_left_out() -> None:
    document = read(GUTENBERG.format(prose=PROSE).encode())
    assert document.title == "Fables of a Fox"
    assert document.text == f"CHAPTER I\n\n{PROSE.strip()}"


def test_an_older_header_and_an_end_alone_are_known_too() -> None:
    head = "Project Gutenberg\n\n*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\n"
    old = f"{head}{PROSE}\n\nEnd of Project Gutenberg's Fables"
    assert read(old.encode()).text.strip() == PROSE.strip()
    assert read(f"A Project Gutenberg text\n\n{PROSE}\n\nEnd of the Project Gutenberg EBook".encode()).text.endswith(
        "hill."
    )


def test_a_story_about_project_gutenberg_is_whole() -> None:
    text = f"{PROSE}\n\nEnd of Project Gutenberg's first year."
    assert read(text.encode()).text == text


def test_chapters_within_parts_are_cited_with_them_where_they_are_called_the_same() -> None:
    text = f"PART ONE\n\nCHAPTER I\n\n{PROSE}\n\nCHAPTER II\n\n{PROSE}\n\nPART TWO\n\nCHAPTER I\n\n{PROSE}"
    assert headings(text) == [
        ("PART ONE", 1),
        ("PART ONE, CHAPTER I", 2),
        ("PART ONE, CHAPTER II", 2),
        ("PART TWO", 1),
        ("PART TWO, CHAPTER I", 2),
    ]


def test_chapters_that_count_on_are_cited_alone() -> None:
    text = f"Book First.\n\nChapter Twenty-One\n\n{PROSE}\n\nBook Second.\n\nChapter Twenty-Two\n\n{PROSE}"
    assert headings(text) == [
        ("Book First", 1),
        ("Chapter Twenty-One", 2),
        ("Book Second", 1),
        ("Chapter Twenty-Two", 2),
    ]


def test_a_table_of_contents_has_no_chapters() -> None:
    chapters = "CHAPTER I. The Fox", "CHAPTER II. The Crow"
    text = "\n\n".join(["FABLES", *chapters, chapters[0], PROSE, chapters[1], PROSE])
    assert headings(text) == [("", 1), ("CHAPTER I. The Fox", 1), ("CHAPTER II. The Crow", 1)]


def test_numbers_that_count_up_are_chapters() -> None:
    assert headings(f"I\n\n{PROSE}\n\nII. The Crow\n\n{PROSE}\n\n[ III ]\n\n{PROSE}") == [
        ("I", 1),
        ("II. The Crow", 1),
        ("III", 1),
    ]
    assert headings(f"{PROSE}\n\n1\n\n{PROSE}\n\n7\n\n{PROSE}") == [("", 1)]


def test_lines_in_capitals_over_several_stories_are_their_titles() -> None:
    text = f"THE FOX\n\n{PROSE}\n\n\nTHE CROW\n\n{PROSE}\n\n\nTHE END\n\n"
    assert headings(text) == [("THE FOX", 1), ("THE CROW", 1)]
    assert headings(f"THE FOX\n\n{PROSE}") == [("", 1)]


def test_a_sentence_that_begins_like_a_chapter_is_none() -> None:
    assert headings(f"{PROSE}\n\nPart one of the work was done, and he went to\n{PROSE}") == [("", 1)]


@pytest.mark.parametrize("title", ["[a, b]", "&a [*a]", "2001-13-45"])
def test_a_title_in_front_matter_that_is_no_word_is_passed_over(title: str) -> None:
    document = read(f"---\ntitle: {title}\n---\n\n# Fox\n\nIt ran.".encode(), "a.md")
    assert document.title == "Fox"
