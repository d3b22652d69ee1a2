"""From a document to passages: whole sentences, packed by the embedder's own tokenizer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import sentencex

from storybot.model import Document, Passage, Section, Span
from storybot.ports import CountTokens
from storybot.scripts import Script, is_mark, main_script, unspaced_letters

PASSAGE_TOKENS = 96
"""Size of a passage, chosen on FairytaleQA val by sentence@200w and hit@1: see docs/lab-book.md."""

RECIPE = f"sentencex-1/paragraphs/scripts/{PASSAGE_TOKENS}"
"""Names how passages are cut: another recipe, another index."""

_LEAST_WORDS = 20
"""A paragraph shorter than that shares a passage with the next: lines of dialogue say little alone."""

_SPEECH_WORDS = 60
"""A sentence longer than that is mostly a speech, which the splitter keeps whole: its own sentences are told apart."""

_BLOCK_LETTERS = 100_000
"""The splitter takes a paragraph in such blocks: it keeps other threads waiting, and needs 40 times its text."""

_OTHERS_BLOCK_LETTERS = 10_000
"""The same for other scripts than Latin: what the splitter takes for them grows with the square of the sentences."""

_COUNTED_AT_ONCE = 5_000
"""Sentences."""

_LANGUAGES: Mapping[Script, str] = {
    "greek": "el",
    "cyrillic": "ru",
    "armenian": "hy",
    "hebrew": "he",
    "arabic": "ar",
    "devanagari": "hi",
    "tamil": "ta",
    "thai": "th",
    "myanmar": "my",
    "khmer": "km",
    "hangul": "ko",
    "kana": "ja",
    "han": "zh",
}
"""Whose abbreviations the splitter knows; English of all other scripts, Latin among them."""

_SPACED_SENTENCES = frozenset[Script]({"thai", "lao"})
"""Scripts that end a sentence by a space alone, as they do a clause."""

_LEAST_SPACED_LETTERS = 40
"""A space ends no sentence of theirs that is shorter."""

_LETTERS_PER_WORD = 2
"""Of scripts that don't part words by spaces."""

_SPACE = re.compile(r"\s+")
_GAP = re.compile(r"\n[ \t\r]*\n\s*")
_INNER_END = re.compile(r"(?<=[.!?])[\"'\u201d\u2019]?\s+(?=[\"'\u201c\u2018]?[A-Z])")
_OTHER_END = re.compile(r"[\u17d4\u17d5\u0f0d\u0f0e][\"\u00bb\u201d\u2019]*\s*(?=\S)")
"""Ends of Khmer and Tibetan sentences, which the splitter doesn't know."""

_WHITE = str.maketrans("\n\r\t\v\f", "     ")
_BREAKS = (
    re.compile(
        r"[.!?]\S?\s|[\u3002\uff01\uff1f\u061f\u06d4\u0964\u0965\u104b\u17d4][\u201d\u2019\u300d\u300f\uff09\s]*"
    ),
    re.compile(r"[;,:]\s|[\u3001\uff0c\uff1b\uff1a\u060c\u061b\u104a]\s*"),
    re.compile(r"\s"),
)
"""Where a sentence too long for a passage is cut, the best first."""

_LETTERS_PER_TOKEN = 10
"""A token counts for no more letters than that: a tokenizer may take a long run without spaces for one unknown word."""


def chunk(document: Document, count_tokens: CountTokens, max_tokens: int) -> list[Passage]:
    """Passages in the order of the text, which cover every letter of it and cross no heading.

    A passage holds at most the smaller of `PASSAGE_TOKENS` and `max_tokens` tokens. A sentence longer than that is cut
    between words.
    """
    limit = min(PASSAGE_TOKENS, max_tokens)

    def measure(texts: Sequence[str]) -> list[int]:
        counts = zip(texts, count_tokens(texts), strict=True)
        return [max(count, len(text) // _LETTERS_PER_TOKEN) for text, count in counts]

    return [passage for section in document.sections for passage in _pack(document, section, measure, limit)]


def sentences(text: str) -> list[Span]:
    """Spans of the sentences, in order, without the white space around them. The end of a paragraph ends a sentence."""
    return [span for paragraph in _paragraphs(text) for span in _sentences(text, paragraph)]


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for gap in [*(match.span() for match in _GAP.finditer(text)), (len(text), len(text))]:
        span = _strip(text, Span(start, gap[0]))
        if span.start < span.end:
            yield span
        start = gap[1]


def _sentences(text: str, paragraph: Span) -> Iterator[Span]:
    flat = paragraph.cut(text).translate(_WHITE)  # one for one, so that places stay
    script = main_script(flat)
    for found in _bounds(flat, script):
        span = _strip(text, found.shifted(paragraph.start))
        if span.start == span.end:
            continue
        words = span.cut(text)
        for start, end in pairwise([0, *_inner_ends(words, script), len(words)]):
            yield _strip(text, Span(start, end).shifted(span.start))


def _inner_ends(words: str, script: Script) -> list[int]:
    """Where sentences end inside of what the splitter takes for one."""
    if script in _SPACED_SENTENCES:
        return list(_spaced_ends(words))
    if script == "latin" and len(words.split()) > _SPEECH_WORDS:
        return [end.end() for end in _INNER_END.finditer(words)]
    return [end.end() for end in _OTHER_END.finditer(words)] if script != "latin" else []


def _spaced_ends(words: str) -> Iterator[int]:
    last = 0
    for space in _SPACE.finditer(words):
        if min(space.start() - last, len(words) - space.end()) >= _LEAST_SPACED_LETTERS:
            last = space.end()
            yield last


def _bounds(flat: str, script: Script) -> Iterator[Span]:
    """The splitter's sentences. The last one of a block, which may go on, begins the next block."""
    start = 0
    letters = _BLOCK_LETTERS if script == "latin" else _OTHERS_BLOCK_LETTERS
    while start < len(flat):
        block = flat[start : start + letters]
        marks = sentencex.get_sentence_boundaries(_LANGUAGES.get(script, "en"), block)
        found = [Span(one["start_index"], one["end_index"]) for one in marks]
        goes_on = start + len(block) < len(flat) and found
        end = (goes_on and found[-1].start) or len(block)
        yield from (span.shifted(start) for span in found if span.start < end)
        start += end


def _pack(document: Document, section: Section, count_tokens: CountTokens, limit: int) -> Iterator[Passage]:
    text = document.text
    spans, counts = _measured(text, section, count_tokens)
    sizes = iter(counts)
    packed: list[Span] = []
    room = limit
    for paragraph in spans:
        if packed and _words(text[packed[0].start : packed[-1].end]) >= _LEAST_WORDS:
            yield _passage(document, section, packed)
            packed, room = [], limit
        for span, size in _fitting(text, paragraph, sizes, count_tokens, limit):
            if packed and size > room:
                yield _passage(document, section, packed)
                packed, room = [], limit
            packed.append(span)
            room -= size
    if packed:
        yield _passage(document, section, packed)


def _measured(text: str, section: Section, count_tokens: CountTokens) -> tuple[list[list[Span]], list[int]]:
    """The sentences of each paragraph, and the sizes of all, counted as they are found: who counts may give it up."""
    section_text = section.span.cut(text)
    spans: list[list[Span]] = []
    sizes: list[int] = []
    uncounted: list[str] = []
    for paragraph in _paragraphs(section_text):
        spans.append([])
        for span in _sentences(section_text, paragraph):
            spans[-1].append(span.shifted(section.span.start))
            uncounted.append(span.cut(section_text))
            if len(uncounted) == _COUNTED_AT_ONCE:
                sizes += count_tokens(uncounted)
                uncounted = []
    return spans, [*sizes, *count_tokens(uncounted)]


def _fitting(
    text: str, spans: Sequence[Span], sizes: Iterator[int], count_tokens: CountTokens, limit: int
) -> Iterator[tuple[Span, int]]:
    """The spans with their sizes, those past the limit cut up."""
    for span in spans:
        size = next(sizes)
        if size <= limit:
            yield span, size
        else:
            yield from _halves(text, span, count_tokens, limit)


def _halves(text: str, span: Span, count_tokens: CountTokens, limit: int) -> Iterator[tuple[Span, int]]:
    """The span cut in two, and again, until each piece fits."""
    cut = _break(text, span)
    pieces = [_strip(text, Span(span.start, cut)), _strip(text, Span(cut, span.end))]
    for piece, size in zip(pieces, count_tokens([piece.cut(text) for piece in pieces]), strict=True):
        if size > limit and piece.end - piece.start > 1:
            yield from _halves(text, piece, count_tokens, limit)
        elif piece.end > piece.start:
            yield piece, size


def _break(text: str, span: Span) -> int:
    """The place nearest to the middle, in the middle half, after which to cut: a sentence's end, a comma, a space.

    Else the middle, but not between a letter and the marks on it.
    """
    middle, quarter = (span.start + span.end) // 2, (span.end - span.start) // 4
    for kind in _BREAKS:
        places = [match.end() for match in kind.finditer(text, middle - quarter, middle + quarter)]
        if places:
            return min(places, key=lambda place: abs(place - middle))
    whole = (place for place in range(middle, middle + quarter) if not is_mark(text[place]))
    return max(next(whole, middle), span.start + 1)


def _words(text: str) -> int:
    return len(text.split()) + unspaced_letters(text) // _LETTERS_PER_WORD


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
