"""RTF: its words, chapters found as in plain text."""

import re

from striprtf.striprtf import rtf_to_text

from storybot.errors import EmptySource, SourceDamaged
from storybot.parsing.contents import Contents, sections_at
from storybot.parsing.decoding import mend
from storybot.parsing.plain import chapters

_TITLE = re.compile(rb"{\\info\b[^\n]{0,2000}?{\\title ([^{}\\]{1,200})}", re.DOTALL)
_ENDS = re.compile(r"[ \t]*\n\s*")


def read_rtf(name: str, data: bytes) -> Contents:
    """The text; the title is the one in its properties. Raises: SourceDamaged, EmptySource."""
    try:
        words = rtf_to_text(data.decode("latin-1"), errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, OverflowError, AttributeError, TypeError) as error:
        raise SourceDamaged(name, kind="RTF", reason="its control words can't be read") from error
    # RTF ends a paragraph by one mark, where the other texts have a blank line.
    text = _ENDS.sub("\n\n", mend(words)).strip()
    if not any(char.isalnum() for char in text):
        raise EmptySource(name)
    named = _TITLE.search(data)
    title = named[1].decode("latin-1").strip() or None if named else None
    return Contents(text=text, title=title, sections=sections_at(text, chapters(text), title))
