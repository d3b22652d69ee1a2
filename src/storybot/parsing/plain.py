"""Plain text: chapters where a line names one."""

import re

from storybot.model import Section, Span

_NUMBER = r"(?:[0-9]{1,3}|[IVXLC]{1,7}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_CHAPTER = re.compile(
    r"(?:^|(?<=\n\n))[ \t]*("
    rf"(?:(?:chapter|book|part|canto|act|scene|stave)[ \t]+(?:the[ \t]+\w+|{_NUMBER})\b[^\n]{{0,80}}"
    r"|prologue|epilogue|preface|introduction)\.?)[ \t]*(?=\n|$)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\s*([^\n]{1,80})\n[ \t]*\n")


def read_plain(text: str) -> tuple[str, str | None, tuple[Section, ...]]:
    """Text, title (a short first line that stands alone and ends no sentence; else None) and sections."""
    return text, _title(text), sections_at(text, [(m.start(1), m.group(1).strip()) for m in _CHAPTER.finditer(text)])


def sections_at(text: str, headings: list[tuple[int, str]]) -> tuple[Section, ...]:
    """Sections that cover the text, each from its heading's offset on; what precedes the first has no heading."""
    starts = [*([] if headings and headings[0][0] == 0 else [(0, "")]), *headings]
    ends = [*starts[1:], (len(text), "")]
    return tuple(
        Section(heading=heading, span=Span(start, end)) for (start, heading), (end, _) in zip(starts, ends, strict=True)
    )


def _title(text: str) -> str | None:
    first = _TITLE.match(text)
    if first is None or first[1].rstrip().endswith((".", "!", "?", ",", ";", ":", '"', "\u201d")):
        return None
    return first[1].strip()
