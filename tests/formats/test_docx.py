"""DOCX: styles, tables, notes, and what is left out."""

import pytest

from samples import docx, notes, outline, paragraph, read, zipped
from storybot.errors import EmptySource, SourceDamaged, SourceLocked, SourceTooHard


def test_headings_are_told_by_their_style() -> None:
    body = paragraph("Fables", "Titel") + paragraph("Before.") + paragraph("The Fox", "berschrift1")
    body += paragraph("It ran.") + paragraph("Later", "berschrift2") + paragraph("It slept.")
    body += paragraph("The Crow", "Mine") + paragraph("It sang.", "Round")
    document = read(docx(body), "fables.docx")
    assert (document.title, document.format) == ("Fables", "docx")
    assert outline(document) == [
        ("Fables", 1, "Fables\n\nBefore."),
        ("The Fox", 1, "The Fox\n\nIt ran."),
        ("Later", 2, "Later\n\nIt slept."),
        ("The Crow", 1, "The Crow\n\nIt sang."),
    ]


def test_an_outline_level_makes_a_heading_too() -> None:
    made = '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>The Fox</w:t></w:r></w:p>'
    assert outline(read(docx(made + paragraph("It ran.")), "a.docx"))[0][:2] == ("The Fox", 2)


def test_a_tables_row_is_a_line() -> None:
    row = f"<w:tr><w:tc>{paragraph('Fox')}</w:tc><w:tc>{paragraph('red')}</w:tc></w:tr>"
    assert (
        read(docx(f"<w:tbl>{row}{row}</w:tbl>{paragraph('End.')}"), "a.docx").text == "Fox | red\n\nFox | red\n\nEnd."
    )


def test_breaks_tabs_and_deleted_words_are_what_the_page_shows() -> None:
    body = (
        "<w:p><w:r><w:t>One</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t><w:noBreakHyphen/><w:t>four</w:t></w:r>"
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert read(docx(body), "a.docx").text == "One\ntwo three-four"


def test_notes_stand_at_the_end() -> None:
    document = read(docx(paragraph("It ran."), more={"word/footnotes.xml": notes(paragraph("Fast."))}), "a.docx")
    assert outline(document) == [("", 1, "It ran."), ("Notes", 1, "Fast.")]


def test_the_properties_give_the_title() -> None:
    core = '<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Fox</dc:title></p>'
    assert read(docx(paragraph("It ran."), more={"docProps/core.xml": core}), "a.docx").title == "The Fox"


def test_macros_are_not_looked_at() -> None:
    document = read(docx(paragraph("It ran."), more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0Shell"}), "a.docm")
    assert (document.text, document.format) == ("It ran.", "docx")


def entitled(entities: str, words: str) -> bytes:
    name = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {name}><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:document>"
    return zipped({"word/document.xml": f"<!DOCTYPE d [{entities}]>{body}"})


def test_entities_are_neither_fetched_nor_expanded() -> None:
    entities = '<!ENTITY a "ha"><!ENTITY x SYSTEM "file:///etc/passwd">'
    assert read(entitled(entities, "It &x;ran. &a;")).text == "It ran."


def test_entities_that_unfold_without_end_are_refused() -> None:
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    bomb = "<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in pairs)
    with pytest.raises(SourceTooHard, match="unfold"):
        read(entitled(bomb, "It &i; ran."))


def test_a_document_nested_too_deeply_is_refused() -> None:
    with pytest.raises(SourceTooHard, match="nested too deeply"):
        read(docx("<w:p>" * 1000), "a.docx")


def test_a_damaged_document_is_named_as_such() -> None:
    with pytest.raises(SourceDamaged, match="damaged DOCX"):
        read(zipped({"word/document.xml": "<w:document>"}), "a.docx")
    with pytest.raises(SourceDamaged, match="damaged DOCX"):
        read(docx(paragraph("It ran. " * 200))[:300], "a.docx")


def test_a_member_that_cant_be_unpacked_is_told() -> None:
    whole = docx(paragraph("It ran. " * 50))
    place = whole.index(b"word/document.xml") + 40
    with pytest.raises(SourceDamaged, match=r"word/document\.xml"):
        read(whole[:place] + b"\xff" * 8 + whole[place + 8 :], "a.docx")


def test_a_document_locked_by_a_password_is_told_apart() -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(SourceLocked, match="password"):
        read(compound, "a.docx")
    archive = bytearray(docx(paragraph("It ran."), more={}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        offset = -1
        while (offset := archive.find(mark, offset + 1)) >= 0:
            archive[offset + place] |= 1
    with pytest.raises(SourceLocked):
        read(bytes(archive), "a.docx")


def test_a_document_without_words_is_empty() -> None:
    with pytest.raises(EmptySource):
        read(docx(paragraph("")), "a.docx")
