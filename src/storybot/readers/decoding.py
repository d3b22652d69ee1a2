"""From a network's scores to what they say about passages, sentences and answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from storybot.model import Passage, Span, Window
from storybot.readers.encoding import Encoded
from storybot.scripts import is_mark, is_unspaced

_MAX_ANSWER_TOKENS = 60
_IMPOSSIBLE = -1e9
_CLAUSE_ENDS = " ,;:.!-\u2013\u2014\u3001\u3002\uff01\uff0c\uff1a\uff1b\u060c\u061b\u06d4\u0964"
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The best answer that begins in one sentence. All scores: larger is better.

    margin: the answer's start and end over those of "it doesn't say". relevance: the sentence's, its window's
    included. sentence, answer: spans in the document.
    """

    passage: Passage
    sentence: Span
    answer: Span
    margin: float
    relevance: float


def sentence_relevance(
    relevance: float, evidence: npt.NDArray[np.float32], encoded: Encoded, count: int
) -> npt.NDArray[np.float64]:
    """Relevance of each of a window's sentences (count,), that of the window plus the mean over the sentence's tokens.

    A sentence that the network didn't see has the least of the others.
    """
    inside = encoded.sentence_of >= 0
    sizes = np.bincount(encoded.sentence_of[inside], minlength=count)
    sums = np.bincount(encoded.sentence_of[inside], weights=evidence[inside], minlength=count)
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    least = means.min(initial=np.inf)
    seen: npt.NDArray[np.float64] = relevance + np.where(sizes > 0, means, least if np.isfinite(least) else 0.0)
    return seen


def candidates(
    window: Window, encoded: Encoded, scores: npt.NDArray[np.float32], relevance: Sequence[float]
) -> Iterator[Candidate]:
    """The best answer of each sentence. scores: (length, 3), of the window's tokens. relevance: of its sentences."""
    places = [(number, passage, sentence) for number, (passage, sentence) in enumerate(_sentences(window))]
    passage_of = np.array([window.passages.index(passage) for _, passage, _ in places] or [0])
    start, end = scores[:, 0].astype(float), scores[:, 1].astype(float)
    nothing = start[0] + end[0]
    inside = encoded.sentence_of >= 0
    owner = np.where(inside, passage_of[encoded.sentence_of], -1)
    pairs = start[:, None] + end[None, :]
    index = np.arange(len(start))
    length = index[None, :] - index[:, None]
    text = window.text
    breaks = [found.start() for found in _PARAGRAPH.finditer(text)]
    paragraph = np.searchsorted(breaks, [first for first, _ in encoded.offsets])
    possible = (length >= 0) & (length < _MAX_ANSWER_TOKENS) & inside[:, None] & (owner[:, None] == owner[None, :])
    possible &= paragraph[:, None] == paragraph[None, :]  # else a title would run into the text below it
    pairs = np.where(possible, pairs, _IMPOSSIBLE)
    for number, passage, sentence in places:
        own = np.flatnonzero(encoded.sentence_of == number)
        if not own.size:
            continue
        first, last = np.unravel_index(int(pairs[own].argmax()), (own.size, len(start)))
        begin = own[first]
        best = pairs[begin, last]
        placed = window.place(*_whole_words(text, encoded.offsets[begin][0], encoded.offsets[last][1]))
        if best > _IMPOSSIBLE and placed is not None and any(map(str.isalnum, passage.quote(placed[1]))):
            yield Candidate(
                passage=passage,
                sentence=sentence,
                answer=placed[1],
                margin=float(best - nothing),
                relevance=float(relevance[number]),
            )


def _sentences(window: Window) -> Iterator[tuple[Passage, Span]]:
    return ((passage, sentence) for passage in window.passages for sentence in passage.sentences)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch grown to whole words, without the marks that only end a clause."""
    while start > 0 and _joined(text, start):
        start -= 1
    while end < len(text) and _joined(text, end):
        end += 1
    while end - 1 > start and text[end - 1] in _CLAUSE_ENDS:
        end -= 1
    return start, end


def _joined(text: str, place: int) -> bool:
    """Whether what stands on both sides of a place belongs together: to a word that spaces end, or to a letter."""
    before, after = text[place - 1], text[place]
    return is_mark(after) or (_in_word(before) and _in_word(after))


def _in_word(char: str) -> bool:
    return (char.isalnum() or is_mark(char)) and not is_unspaced(char)
