"""The law of all parsers: a document whose sections cover its text, or an error that names the file; nothing else."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samples import Printed, docx, epub, fb2, lines, notes, page, paragraph, pdf, read
from storybot.errors import InputError

NCX = "<navPoint><navLabel><text>One</text></navLabel><content src='a.xhtml#x'/></navPoint>"
VALID = {
    "epub": epub(
        {"a.xhtml": "<h1 id='x'>One</h1><p>A fox ran.</p>"}, nav="<li><a href='a.xhtml'>One</a></li>", ncx=NCX
    ),
    "docx": docx(
        paragraph("One", "Mine") + paragraph("A fox ran."), more={"word/footnotes.xml": notes(paragraph("N"))}
    ),
    "pdf": pdf(
        [[*lines("A fox ran through", "the wood."), Printed("One", 72, 720, 18)]], outline=[("One", 0)], title="F"
    ),
    "fb2": fb2("<section><title><p>One</p></title><p>A fox ran.</p></section>"),
    "html": page("<nav><a href='/'>Home</a></nav><h1>One</h1><p>A fox ran.</p><table><tr><td>a<td>b</table>").encode(),
    "rtf": rb"{\rtf1\ansi{\info{\title One}}\pard A f\'fcchsin {\b ran}\u8212? on.\par}",
    "md": b"---\ntitle: One\n---\n# One\n\nA *fox* ran.\n\n| a | b |\n|---|---|\n| c | d |\n",
    "txt": b"CHAPTER I\n\nA fox ran.\n\nCHAPTER II\n\nIt slept.\n",
}


def obeys(data: bytes, name: str) -> None:
    document, refusal = None, ""
    try:
        document = read(data, name, max_bytes=10_000_000)
    except InputError as error:
        refusal = str(error)
    if document is None:
        assert name in refusal
        return
    text = document.text
    assert any(char.isalnum() for char in text)
    assert "".join(section.span.cut(text) for section in document.sections) == text
    starts = [each.start for each in document.pages]
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(text) for start in starts)
    assert f"{text}{document.title}{[each.heading for each in document.sections]}".encode()


@st.composite
def spoiled(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with some of them changed, left out or doubled."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        data[start:end] = draw(st.one_of(st.binary(max_size=20), st.just(bytes(data[start:end]) * 3)))
    return bytes(data)


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(st.sampled_from(sorted(VALID)).flatmap(lambda kind: st.tuples(st.just(kind), spoiled(VALID[kind]))))
def test_spoiled_files_are_read_or_refused(case: tuple[str, bytes]) -> None:
    kind, data = case
    obeys(data, f"a.{kind}")


@QUICK
@given(st.sampled_from(["epub", "docx"]), st.data())
def test_archives_with_a_spoiled_file_are_read_or_refused(kind: str, data: st.DataObject) -> None:
    files = unpacked(VALID[kind])
    path = data.draw(st.sampled_from(sorted(files)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, data.draw(spoiled(content)) if name == path else content)
    obeys(packed.getvalue(), f"a.{kind}")


@QUICK
@given(
    st.sampled_from([b"", b"%PDF-1.7\n", rb"{\rtf1 ", b"PK\x03\x04", b"<html>", b"<?xml version='1.0'?><FictionBook>"]),
    st.binary(),
)
def test_random_bytes_are_read_or_refused(head: bytes, rest: bytes) -> None:
    obeys(head + rest, "a.bin")


@pytest.mark.parametrize(
    "text",
    [
        "<!---->" * 500,
        "<?xml?>" + "<!---->" * 500,
        "<?xml?><!DOCTYPE " + "[]" * 2_000,
        "A fox.\n\nchapter the " + "_" * 50_000 + "x\n" + "y" * 70,
        "A fox.\n\n1." + " " * 50_000 + "x" * 70,
        "*** START OF THE PROJECT GUTENBERG" + "*" * 39_000 + "x",
    ],
    ids=["comments", "comments in XML", "brackets", "underlines", "spaces", "stars"],
)
def test_a_mark_that_comes_again_and_again_takes_no_time(text: str) -> None:
    """What reads small texts isn't held to a limit: what grows faster than their length would never end here."""
    obeys(f"{text} ran".encode(), "a.txt")


def test_the_samples_are_read() -> None:
    for kind, data in VALID.items():
        assert "ran" in read(data, f"a.{kind}").text
