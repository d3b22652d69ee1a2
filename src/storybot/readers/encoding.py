"""From a question and a window to a network's tokens, and which sentence each token belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from storybot.model import Span, Window

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TOKENS = 256
"""Of question and window together, special tokens counted; what is over is not read."""

MAX_QUESTION_TOKENS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """Tokens of a question with a window. sentence_of: (length,), the number of the token's sentence, else -1.

    offsets: of each token, letters of the window's text where `sentence_of` is not -1.
    """

    ids: list[int]
    types: list[int]
    offsets: list[tuple[int, int]]
    sentence_of: npt.NDArray[np.int64]


def sentence_spans(window: Window) -> list[Span]:
    """The window's sentences as letters of its text."""
    spans: list[Span] = []
    offset = 0
    for passage in window.passages:
        spans += [sentence.shifted(offset - passage.span.start) for sentence in passage.sentences]
        offset += len(passage.text) + 1
    return spans


def encode(
    tokenizer: "Tokenizer", question: str, text: str, sentences: Sequence[Span], limit: int = MAX_TOKENS
) -> Encoded:
    """Tokens of the question with a window's text, whose sentences stand at `sentences`."""
    asked = tokenizer.encode(question, add_special_tokens=False).offsets
    if len(asked) > MAX_QUESTION_TOKENS:
        question = question[: asked[MAX_QUESTION_TOKENS][0]]
    encoding = tokenizer.encode(question, text)
    offsets = encoding.offsets[:limit]
    sentence_of = np.full(len(offsets), -1)
    number = 0
    for i, part in enumerate(encoding.sequence_ids[:limit]):
        if part != 1:
            continue
        while number < len(sentences) and offsets[i][0] >= sentences[number].end:
            number += 1
        if number < len(sentences) and offsets[i][0] >= sentences[number].start:
            sentence_of[i] = number
    return Encoded(ids=encoding.ids[:limit], types=encoding.type_ids[:limit], offsets=offsets, sentence_of=sentence_of)
