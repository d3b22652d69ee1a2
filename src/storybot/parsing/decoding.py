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

_MAX_CONTROL_SHARE = 0.02
"""More control characters than that and it isn't text; a stray NUL or form feed is simply left out."""


def decode(name: str, data: bytes) -> str:
    """The text of a file, in NFC, lines ended by a line feed. Raises: BinarySource, EmptySource."""
    found = _characters(name, data)
    text, controls = _CONTROL.subn("", found)
    if controls > _MAX_CONTROL_SHARE * len(found):
        raise BinarySource(name)
    text = _CONTROL.sub("", ftfy.fix_text(text, _REPAIRS))
    if not any(char.isalnum() for char in text):
        raise EmptySource(name)
    return text


def _characters(name: str, data: bytes) -> str:
    mark = next((encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    try:
        return data.decode(mark or "utf-8")
    except UnicodeDecodeError as error:
        best = None if mark else charset_normalizer.from_bytes(data).best()
        if best is None:
            raise BinarySource(name) from error
        return str(best)
