"""From bytes to clean text: encoding found, mojibake repaired, line ends made one."""

import codecs
import re

import charset_normalizer
import ftfy

from storybot.errors import BinarySource, EmptySource

_REPAIRS = ftfy.TextFixerConfig(
    unescape_html=False, fix_latin_ligatures=False, fix_character_width=False, uncurl_quotes=False
)
"""Mends what an encoding broke, and leaves alone what an author may have meant: quotes, ligatures, HTML."""

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""In this order: the mark of UTF-32 begins with that of UTF-16."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\ufffe]")
_SUSPECT = re.compile("[^\\x00-\\x7f\u2013\u2014\u2018\u2019\u201c\u201d\u2026]")
"""All but ASCII and the quotes and dashes of print: only a line that holds such letters may need a repair."""

_LINE_END = re.compile(r"\r\n?|\f")

_MAX_CONTROL_SHARE = 0.02
"""More control characters than that and it isn't text; a stray NUL or form feed is simply left out."""


def decode(name: str, data: bytes) -> str:
    """The text of a file, in NFC, lines ended by a line feed. Raises: BinarySource, EmptySource."""
    found = characters(name, data)
    if len(_CONTROL.findall(found)) > _MAX_CONTROL_SHARE * len(found):
        raise BinarySource(name)
    text = mend(found)
    if not any(char.isalnum() for char in text):
        raise EmptySource(name)
    return text


def mend(text: str) -> str:
    """The text in NFC without control characters and half characters, lines ended by a line feed, mojibake repaired."""
    text = _LINE_END.sub("\n", _CONTROL.sub("", text))
    if not _SUSPECT.search(text):
        return text  # a repair would look at each of a million lines
    lines = text.splitlines(keepends=True)
    text = "".join(ftfy.fix_text(line, _REPAIRS) if _SUSPECT.search(line) else line for line in lines)
    return _CONTROL.sub("", text).encode(errors="replace").decode()


def characters(name: str, data: bytes) -> str:
    """The bytes as characters, in the encoding that they are most likely in. Raises: BinarySource."""
    mark = next((encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    try:
        return data.decode(mark or "utf-8")
    except UnicodeDecodeError as error:
        best = None if mark else charset_normalizer.from_bytes(data).best()
        if best is None:
            raise BinarySource(name) from error
        return str(best)
