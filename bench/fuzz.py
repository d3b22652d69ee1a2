"""Feeds the parsers with spoiled files until the time is up: `python bench/fuzz.py --seconds 600`.

It needs atheris (`pip install "storybot[fuzzing]"`), which changes files so that they reach new lines of parsers. The
law: a document whose sections cover its text, or an InputError; within 60 seconds and 4 GB, and the process lives.
Any breach ends the run with an error, and the file that did it lies in the folder named by `--work`.
"""

import argparse
import io
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

with atheris.instrument_imports(include=["storybot.parsing", "striprtf", "markdown_it"]):
    import samples
    from storybot.errors import InputError
    from storybot.model import Source
    from storybot.parsing import docx, epub, fb2, html, markdown, parse, pdf, plain, rtf  # noqa: F401 - loaded to be watched

_LONGEST = 20_000
_SECONDS_PER_FILE = 60
_MEGABYTES = 4_000
_EPUB = samples.epub(
    {"a.xhtml": "<h1 id='x'>One</h1><p>A <i>fox</i> ran.</p><span role='doc-pagebreak' title='7'/><pre>b\n c</pre>"},
    nav="<li><a href='a.xhtml'>One</a><ol><li><a href='a.xhtml#x'>Two</a></li></ol></li>",
    ncx="<navPoint><navLabel><text>One</text></navLabel><content src='a.xhtml#x'/></navPoint>",
    more={"META-INF/encryption.xml": "<encryption/>"},
)
_DOCX = samples.docx(
    samples.paragraph("One", "Mine")
    + samples.paragraph("A fox ran.")
    + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
    more={
        "word/footnotes.xml": samples.notes(samples.paragraph("Fast.")),
        "docProps/core.xml": "<p><title>F</title></p>",
    },
)
_PAGE = [*samples.lines("A fox ran through the well-", "known wood."), samples.Printed("One", 72, 720, 18)]
_FILES: Mapping[str, bytes] = {
    "epub": _EPUB,
    "docx": _DOCX,
    "pdf": samples.pdf([_PAGE, _PAGE], outline=[("One", 0)], labels="0 << /S /r >>", title="Fables"),
    "fb2": samples.fb2("<section><title><p>One</p></title><p>A fox ran.</p></section>"),
    "html": samples.page(
        "<nav><a href='/'>Home</a></nav><h1>One</h1><p>A fox<br>ran.</p><table><tr><td>a<td>b</table>"
    ).encode(),
    "rtf": rb"{\rtf1\ansi{\info{\title One}}\pard A f\'fcchsin {\b ran}\u8212? on.\par}",
    "md": b"---\ntitle: One\n---\n# One\n\nA *fox* ran.\n\n| a | b |\n|---|---|\n| c | d |\n",
    "txt": b"CHAPTER I\n\nA fox ran.\n\nCHAPTER II\n\nIt slept.\n\n*** END OF THE PROJECT GUTENBERG EBOOK",
}


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


def _within(kind: str, path: str) -> Callable[[bytes], tuple[str, bytes]]:
    """A file of a kind that is whole but for one of the files in it: bytes spoiled outside of it seldom get further."""
    files = _members(_FILES[kind])

    def packed(data: bytes) -> tuple[str, bytes]:
        return f"a.{kind}", samples.zipped({**files, path: data})

    return packed


def _whole(kind: str) -> Callable[[bytes], tuple[str, bytes]]:
    return lambda data: (f"a.{kind}", data)


def _targets() -> list[tuple[Callable[[bytes], tuple[str, bytes]], bytes]]:
    """How bytes become a file, and the bytes to begin with."""
    targets = [(_whole(kind), data) for kind, data in _FILES.items()]
    for kind in ("epub", "docx"):
        targets += [(_within(kind, path), data) for path, data in _members(_FILES[kind]).items()]
    return targets


_TARGETS = _targets()


def _try(data: bytes) -> None:
    """The first byte chooses the target."""
    if not data:
        return
    make, _ = _TARGETS[data[0] % len(_TARGETS)]
    name, file = make(data[1:])
    try:
        document = parse(Source(name=name, data=file), max_bytes=100_000_000)
    except InputError:
        return
    covered = "".join(section.span.cut(document.text) for section in document.sections)
    if covered != document.text or not document.text.strip():
        message = f"the sections of '{name}' don't cover its text"
        raise AssertionError(message)


def main() -> None:
    """Run until the time is up; libFuzzer prints how many files were tried."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "storybot-fuzz")
    options = parser.parse_args()
    seeds = options.work / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for number, (_, data) in enumerate(_TARGETS):
        (seeds / f"seed-{number}").write_bytes(bytes([number]) + data)
    limits = [f"-max_total_time={options.seconds}", f"-timeout={_SECONDS_PER_FILE}", f"-rss_limit_mb={_MEGABYTES}"]
    where = [f"-artifact_prefix={options.work}/", str(seeds)]
    atheris.Setup([sys.argv[0], *limits, f"-max_len={_LONGEST}", *where], _try)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
