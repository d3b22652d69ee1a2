"""Project Gutenberg's words around a book, which are not the book's: told apart and left out."""

import re
from collections.abc import Sequence

from storybot.parsing.contents import Block

_START = re.compile(
    r"^[ \t]*(?:\*{2,}[ \t]*START OF (?:THE|THIS) PROJECT GUTENBERG(?:[^\n]*+\n(?=[^\n])){0,2}?[^\n]*\*\*"
    r"|\*END\*?[ \t]*THE SMALL PRINT![^\n]*)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(
    r"^[ \t]*(?:\*{2,}[ \t]*END OF (?:THE|THIS) PROJECT GUTENBERG|End of (?:The |This )?Project Gutenberg)",
    re.MULTILINE | re.IGNORECASE,
)
_TITLE = re.compile(r"^Title:[ \t]*([^\n]+(?:\n[ \t]+[^\n]+)*)", re.MULTILINE)
_MAKERS = re.compile(
    r"\s*(?:\[?(?:(?:produced|prepared|transcribed|e-?text prepared|scanned|this etext was)\b[^\n]*)"
    r"(?:\n[^\n]+)*\n[ \t]*\n)",
    re.IGNORECASE,
)
_HEADER_LETTERS = 40_000
"""A header ends within so many letters; what looks like one later is quoted by the book."""


def within(text: str) -> tuple[str, str | None]:
    """The book in a file of Project Gutenberg, and the title that the header names; any other text as it is."""
    start = _START.search(text, 0, _HEADER_LETTERS)
    end = _END.search(text, start.end() if start else 0)
    if start is None and (end is None or "gutenberg" not in text[: min(end.start(), _HEADER_LETTERS)].lower()):
        return text, None
    title = _TITLE.search(text, 0, start.start()) if start else None
    book = text[start.end() if start else 0 : end.start() if end else len(text)]
    makers = _MAKERS.match(book) if start else None
    return book[makers.end() if makers else 0 :].lstrip("\n").rstrip(), " ".join(title[1].split()) if title else None


def book_of(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks between Project Gutenberg's marks, where those stand in blocks of their own; else all."""
    starts = [place for place, block in enumerate(blocks) if _START.match(block.text)]
    first = starts[0] + 1 if starts else 0
    ends = [place for place in range(first, len(blocks)) if _END.match(blocks[place].text)] if starts else []
    return blocks[first : ends[0] if ends else len(blocks)]
