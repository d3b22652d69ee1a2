"""PDF: pages, sections, running heads, broken words, and files that can't be read."""

import pytest

from samples import Printed, lines, outline, pdf, read
from storybot.errors import EmptySource, ScannedSource, SourceDamaged, SourceLocked
from storybot.model import Page

FULL = "The fox went through the wood and over the hill until he came to a garden"
FRIENDS = "a crow,a wolf,a stork,a mouse".split(",")


def body(number: int) -> list[Printed]:
    words = (
        f"It was day {number} of his way, and the fox ran on, as hungry as before",
        FULL,
        f"where he met {FRIENDS[number - 1]}.",
    )
    return [Printed("THE FOX", 250, 750), *lines(*words), Printed(f"- {number + 4} -", 300, 30)]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    document = read(pdf([body(number) for number in range(1, 5)], title="Foxes"), "a.pdf")
    assert (document.title, document.format) == ("Foxes", "pdf")
    assert document.text.count("THE FOX") == 0
    assert (
        document.text.split("\n\n")[1]
        == f"It was day 2 of his way, and the fox ran on, as hungry as before {FULL} where he met a wolf."
    )
    assert len(document.text.split("\n\n")) == 4


def test_pages_have_the_labels_of_the_file_else_their_numbers() -> None:
    pages = [lines(f"The fox told story {number}.") for number in ("one", "two", "three")]
    labelled = read(pdf(pages, labels="0 << /S /r >> 1 << /S /D /St 12 >>"), "a.pdf")
    assert [(page.label, labelled.text[page.start :][:23]) for page in labelled.pages] == [
        ("i", "The fox told story one."),
        ("12", "The fox told story two."),
        ("13", "The fox told story thre"),
    ]
    assert [page.label for page in read(pdf(pages), "a.pdf").pages] == ["1", "2", "3"]


def test_words_parted_at_a_lines_end_are_whole_again() -> None:
    page = lines(
        "The well-known fox saw a beau-",
        "tiful garden, a well-",
        "known one, to him-",
        "self alone, and self-",
        "command.",
    )
    more = lines("Self is a word, command is one, so is himself.", top=500)
    text = read(pdf([[*page, *more]]), "a.pdf").text
    assert text.startswith(
        "The well-known fox saw a beautiful garden, a well-known one, to himself alone, and self-command."
    )


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    document = read(pdf([lines(FULL, FULL), lines("and there he stayed. " + FULL[:50], "END")]), "a.pdf")
    assert document.text.startswith(f"{FULL} {FULL} and there he stayed.")
    assert document.pages == (Page(label="1", start=0), Page(label="2", start=2 * len(FULL) + 2))


def test_indents_and_gaps_begin_paragraphs() -> None:
    page = [
        *lines(FULL, FULL + "."),
        Printed("\N{LEFT DOUBLE QUOTATION MARK}Sour,\N{RIGHT DOUBLE QUOTATION MARK} he said. " + FULL[:57], 84, 672),
        *lines(FULL + ".", top=658),
        *lines("After a gap. " + FULL[:60], FULL, top=620),
    ]
    assert [part[:12] for part in read(pdf([page]), "a.pdf").text.split("\n\n")] == [
        "The fox went",
        "\N{LEFT DOUBLE QUOTATION MARK}Sour,\N{RIGHT DOUBLE QUOTATION MARK} he s",
        "After a gap.",
    ]


def test_verse_keeps_its_lines() -> None:
    verse = lines("Tyger Tyger burning bright", "In the forests of the night", top=500)
    assert "bright\nIn the" in read(pdf([[*lines(FULL, FULL), *verse]]), "a.pdf").text


def test_the_outline_names_the_sections() -> None:
    pages = [lines("CHAPTER ONE", FULL, FULL), lines(FULL, FULL), lines("Chapter Two", FULL)]
    document = read(pdf(pages, outline=[("Chapter One", 0), ("Chapter Two", 2)]), "a.pdf")
    assert [(heading, text[:11]) for heading, _, text in outline(document)] == [
        ("Chapter One", "CHAPTER ONE"),
        ("Chapter Two", "Chapter Two"),
    ]


def test_without_an_outline_larger_letters_are_headings() -> None:
    page = [Printed("The Fox", 72, 740, 18), Printed("and the Grapes", 72, 718, 18), *lines(FULL, FULL, FULL, top=680)]
    document = read(pdf([page, [Printed("The Crow", 72, 740, 14), *lines(FULL, FULL, top=680)]]), "a.pdf")
    assert [(heading, level) for heading, level, _ in outline(document)] == [
        ("The Fox and the Grapes", 1),
        ("The Crow", 2),
    ]


def test_without_either_chapters_are_found_by_their_names() -> None:
    pages = [[*lines("CHAPTER I"), *lines(FULL, FULL + ".", top=660)], [*lines("CHAPTER II"), *lines(FULL, top=660)]]
    assert [heading for heading, _, _ in outline(read(pdf(pages), "a.pdf"))] == ["CHAPTER I", "CHAPTER II"]


def test_a_scan_is_told_apart_with_its_remedy() -> None:
    with pytest.raises(ScannedSource, match=r"3 scanned pages.*ocrmypdf"):
        read(pdf([lines("Scanned"), [], []], pictures=True), "a.pdf")


def test_a_pdf_without_anything_is_empty() -> None:
    with pytest.raises(EmptySource):
        read(pdf([[], []]), "a.pdf")


def test_a_password_is_told_apart() -> None:
    with pytest.raises(SourceLocked, match="password"):
        read(pdf([lines("A fox ran.")], locked=True), "a.pdf")


def test_a_broken_pdf_is_damaged() -> None:
    with pytest.raises(SourceDamaged, match="damaged PDF"):
        read(b"%PDF-1.4 and no more", "a.pdf")


def test_a_pdf_is_known_by_its_content() -> None:
    assert read(b"\n" + pdf([lines("A fox ran.")]), "fox.txt").format == "pdf"
