"""Small files of each format, made here: what the tests of the parsers read."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from storybot.model import Document, Source
from storybot.parsing import parse


def read(data: bytes, name: str = "story.txt", max_bytes: int = 100_000_000) -> Document:
    return parse(Source(name=name, data=data), max_bytes=max_bytes)


def outline(document: Document) -> list[tuple[str, int, str]]:
    """Heading, level and text of each section, which must cover the document's text."""
    assert "".join(section.span.cut(document.text) for section in document.sections) == document.text
    return [(each.heading, each.level, each.span.cut(document.text).strip()) for each in document.sections]


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data, zipfile.ZIP_STORED if path == "mimetype" else None)
    return packed.getvalue()


# EPUB


def page(body: str, head: str = "") -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title>{head}</head><body>{body}</body></html>'
    )


def epub(
    pages: Mapping[str, str],
    *,
    nav: str = "",
    ncx: str = "",
    title: str = "Fables",
    more: Mapping[str, bytes | str] = {},
) -> bytes:
    """pages: their bodies by file name, in the order of the spine. nav: the list in it. ncx: the points in it."""
    items = "".join(
        f'<item id="i{n}" href="{path}" media-type="application/xhtml+xml"/>' for n, path in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    files: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    }
    if nav:
        items += '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        files["OEBPS/nav.xhtml"] = page(f'<nav epub:type="toc"><ol>{nav}</ol></nav>')
    if ncx:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        files["OEBPS/toc.ncx"] = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{ncx}</navMap></ncx>'
    files["OEBPS/book.opf"] = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title></metadata><manifest>{items}</manifest>"
        f'<spine toc="ncx">{spine}</spine></package>'
    )
    files |= {f"OEBPS/{path}": page(body) for path, body in pages.items()}
    return zipped({**files, **more})


# DOCX

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_STYLES = (
    f"<w:styles {_W}>"
    '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:styleId="Round"><w:name w:val="Round"/><w:basedOn w:val="Round"/></w:style>'
    "</w:styles>"
)


def paragraph(text: str, style: str = "") -> str:
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{styled}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def docx(body: str, *, more: Mapping[str, bytes | str] = {}) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": _STYLES,
            **more,
        }
    )


def notes(body: str) -> str:
    return f"<w:footnotes {_W}><w:footnote>{body}</w:footnote></w:footnotes>"


# FB2


def fb2(body: str, *, title: str = "Fables", more: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0">'
        f"<description><title-info><book-title>{title}</book-title></title-info></description>"
        f"<body>{body}</body>{more}</FictionBook>"
    ).encode()


# PDF


@dataclass(frozen=True)
class Printed:
    """A line of a page: where it begins, how large it is, what it says."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 11


def lines(*texts: str, top: float = 700, leading: float = 14, x: float = 72, size: float = 11) -> list[Printed]:
    return [Printed(text, x, top - number * leading, size) for number, text in enumerate(texts)]


def pdf(  # noqa: PLR0913 - what the tests vary
    pages: Sequence[Iterable[Printed]],
    *,
    outline: Sequence[tuple[str, int]] = (),
    labels: str = "",
    title: str = "",
    pictures: bool = False,
    locked: bool = False,
) -> bytes:
    """outline: names with the page that each leads to. labels: the number tree of page labels. pictures: one a page."""
    objects: list[bytes] = []

    def add(words: str, stream: bytes | None = None) -> int:
        body = words.encode() if stream is None else words.encode() + b"\nstream\n" + stream + b"\nendstream"
        objects.append(body)
        return len(objects)

    catalog, tree, font = (
        add(""),
        add(""),
        add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"),
    )
    dots = zlib.compress(bytes(64))
    picture = add(
        "<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        f"/Filter /FlateDecode /Length {len(dots)} >>",
        dots,
    )
    numbers = []
    for printed in pages:
        drawn = "q 400 0 0 400 90 90 cm /I Do Q\n" if pictures else ""
        drawn += "\n".join(_drawn(line) for line in printed)
        content = add(f"<< /Length {len(drawn.encode('cp1252'))} >>", drawn.encode("cp1252"))
        numbers.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R /Resources "
                f"<< /Font << /F {font} 0 R >> /XObject << /I {picture} 0 R >> >> >>"
            )
        )
    objects[tree - 1] = (
        f"<< /Type /Pages /Count {len(numbers)} /Kids [{' '.join(f'{number} 0 R' for number in numbers)}] >>".encode()
    )
    root = f"<< /Type /Catalog /Pages {tree} 0 R"
    if labels:
        root += f" /PageLabels << /Nums [{labels}] >>"
    if outline:
        root += f" /Outlines {_outlined(objects, outline, numbers)} 0 R"
    objects[catalog - 1] = f"{root} >>".encode()
    info = add(f"<< /Title ({title}) >>")
    lock = add(f"<< /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >>")
    return _written(objects, f"/Root {catalog} 0 R /Info {info} 0 R" + f" /Encrypt {lock} 0 R" * locked)


def _drawn(line: Printed) -> str:
    text = line.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F {line.size} Tf {line.x} {line.y} Td ({text}) Tj ET"


def _outlined(objects: list[bytes], outline: Sequence[tuple[str, int]], pages: Sequence[int]) -> int:
    root = len(objects) + 1
    last = root + len(outline)
    objects.append(f"<< /First {root + 1} 0 R /Last {last} 0 R /Count {len(outline)} >>".encode())
    for number, (name, place) in enumerate(outline, start=root + 1):
        after = f"/Next {number + 1} 0 R " if number < last else ""
        objects.append(f"<< /Title ({name}) /Parent {root} 0 R {after}/Dest [{pages[place]} 0 R /Fit] >>".encode())
    return root


def _written(objects: Sequence[bytes], trailer: str) -> bytes:
    written, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    mark = "00" * 16
    end = (
        f"trailer << /Size {len(objects) + 1} {trailer} /ID [<{mark}> <{mark}>] >>\nstartxref\n{len(written)}\n%%EOF\n"
    )
    return written + head.encode() + end.encode()
