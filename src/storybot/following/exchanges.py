"""What an earlier turn of a conversation brought."""

import re
from dataclasses import dataclass, replace

_PARAGRAPHS = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"[.!?:;,\"'\u201d\u2019)]\s*$")
_MOST_WORDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What an earlier turn brought: its question as it was understood, its answer, the texts around what it cited."""

    question: str
    answer: str | None = None
    texts: tuple[str, ...] = ()


def without_headings(exchange: Exchange) -> Exchange:
    """The exchange, its texts without their headings: a story's title is nobody that it tells of."""
    texts = ("\n\n".join(part for part in _PARAGRAPHS.split(text) if not _is_heading(part)) for text in exchange.texts)
    return replace(exchange, texts=tuple(texts))


def _is_heading(paragraph: str) -> bool:
    return len(paragraph.split()) <= _MOST_WORDS and not _SENTENCE.search(paragraph)
