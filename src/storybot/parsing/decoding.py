"""From bytes to clean text: encoding found, mojibake repaired, line ends made one."""

import codecs
import re
import unicodedata

import charset_normalizer
import ftfy
from ftfy.badness import is_bad

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
_SUSPECT = re.compile(r"[^\x00-\x7f]{2}|[\xc2\xc3\xc5\xce\xcf\xd0\xd1\xd8\xd9\xe0\xe2] ")
"""What every broken encoding leaves: a letter of several bytes as several letters, the last a space perhaps."""

_LINE_END = re.compile(r"\r\n?|[\f\x85\u2028\u2029]")

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
    text = unicodedata.normalize("NFC", text)
    # A look for bad letters takes long, and a repair longer: there are texts of a million lines.
    if _SUSPECT.search(text) and is_bad(text):
        lines = text.splitlines(keepends=True)
        text = _CONTROL.sub("", "".join(ftfy.fix_text(line, _REPAIRS) if is_bad(line) else line for line in lines))
    return text.encode(errors="replace").decode()


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
