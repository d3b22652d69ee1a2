"""From a document to passages: whole sentences, packed by the embedder's own tokenizer."""

from collections.abc import Callable, Iterator, Sequence

import sentencex

from storybot.model import Document, Passage, Section, Span

PASSAGE_TOKENS = 128
"""Size of a passage, chosen on FairytaleQA val by sentence@200w: see docs/lab-book.md."""

RECIPE = f"sentencex-1/{PASSAGE_TOKENS}"
"""Names how passages are cut: another recipe, another index."""

CountTokens = Callable[[Sequence[str]], list[int]]


def chunk(document: Document, count_tokens: CountTokens, max_tokens: int) -> list[Passage]:
    """Passages in the order of the text, which cover every letter of it and cross no heading.

    A passage holds at most the smaller of `PASSAGE_TOKENS` and `max_tokens` tokens. A sentence longer than that is cut
    between words.
    """
    limit = min(PASSAGE_TOKENS, max_tokens)
    return [passage for section in document.sections for passage in _pack(document, section, count_tokens, limit)]


def sentences(text: str) -> list[Span]:
    """Spans of the sentences, in order, without the white space around them."""
    spans = []
    offset = 0
    for piece in sentencex.segment("en", text):
        start = text.index(piece, offset)
        offset = start + len(piece)
        stripped = piece.strip()
        if stripped:
            begin = start + piece.index(stripped)
            spans.append(Span(begin, begin + len(stripped)))
    return spans


def _pack(document: Document, section: Section, count_tokens: CountTokens, limit: int) -> Iterator[Passage]:
    spans = [span.shifted(section.span.start) for span in sentences(section.span.cut(document.text))]
    sizes = count_tokens([span.cut(document.text) for span in spans])
    pieces = [
        piece
        for span, size in zip(spans, sizes, strict=True)
        for piece in ([(span, size)] if size <= limit else _halves(document.text, span, count_tokens, limit))
    ]
    packed: list[Span] = []
    room = limit
    for span, size in pieces:
        if packed and size > room:
            yield _passage(document, section, packed)
            packed, room = [], limit
        packed.append(span)
        room -= size
    if packed:
        yield _passage(document, section, packed)


def _halves(text: str, span: Span, count_tokens: CountTokens, limit: int) -> Iterator[tuple[Span, int]]:
    """The span cut in two, and again, until each piece fits: at white space near the middle where there is some."""
    middle = (span.start + span.end) // 2
    space = next((at for at in range(middle, span.start, -1) if text[at].isspace()), middle)
    cuts = (Span(span.start, space), Span(space, span.end))
    stripped = [_strip(text, cut) for cut in cuts]
    for piece, size in zip(stripped, count_tokens([piece.cut(text) for piece in stripped]), strict=True):
        if size <= limit or piece.end - piece.start <= 1:
            if size:
                yield piece, size
        else:
            yield from _halves(text, piece, count_tokens, limit)


def _strip(text: str, span: Span) -> Span:
    words = span.cut(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.start + len(words.rstrip())))


def _passage(document: Document, section: Section, spans: Sequence[Span]) -> Passage:
    span = Span(spans[0].start, spans[-1].end)
    return Passage(
        document_id=document.id,
        span=span,
        heading=section.heading,
        text=span.cut(document.text),
        sentences=tuple(spans),
    )
