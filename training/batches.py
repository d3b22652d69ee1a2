"""From lessons to batches of token ids with targets."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from questions import Excerpt, Lesson
from tokenizers import Tokenizer
from torch import Tensor

from storybot.model import Span
from storybot.readers.encoding import encode

UNKNOWN = -100
_LEAST_LEFT = 40
_POOL = 900
_STEP = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question with one window.

    sentence_of: (length,), the sentence's number or -1. start, end: 0 for "it doesn't say", `UNKNOWN` for no target.
    gains: (sentences,).
    """

    ids: list[int]
    types: list[int]
    sentence_of: list[int]
    start: int
    end: int
    gains: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of one length.

    input_ids, attention_mask, token_type_ids, sentence_of: (n, length). start, end, group: (n,). gains: (n, most
    sentences), -1 where a window has no such sentence.
    """

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    sentence_of: Tensor
    start: Tensor
    end: Tensor
    group: Tensor
    gains: Tensor


def batches(lessons: Sequence[Lesson], tokenizer: Tokenizer, config: dict[str, Any]) -> Iterator[Batch]:
    """Batches without end, in rounds over the lessons, the same for the same seed."""
    chance = random.Random(config["seed"])  # noqa: S311 - not for secrets
    sentences = [lesson for lesson in lessons if lesson.kind == "sentence"]
    others = [lesson for lesson in lessons if lesson.kind != "sentence"]
    chance.shuffle(sentences)
    at = 0
    while True:
        count = int(len(sentences) * config["share_sentence"])
        taken = [sentences[(at + i) % len(sentences)] for i in range(count)]
        at += count
        round_ = [*others, *taken]
        chance.shuffle(round_)
        for first in range(0, len(round_), _POOL):
            groups = [
                rows for each in round_[first : first + _POOL] if (rows := choose(each, tokenizer, config, chance))
            ]
            groups.sort(key=lambda rows: max(len(row.ids) for row in rows))
            packs = list(_packs(groups, config["tokens_per_batch"]))
            chance.shuffle(packs)
            yield from (_batch(pack, config["tokens_per_batch"]) for pack in packs)


def _packs(groups: Sequence[list[Row]], limit: int) -> Iterator[list[list[Row]]]:
    pack: list[list[Row]] = []
    for rows in groups:
        height = sum(len(each) for each in pack) + len(rows)
        if pack and height > limit // _length([*pack, rows]):
            yield pack
            pack = []
        pack.append(rows)
    if pack:
        yield pack


def _length(pack: Sequence[list[Row]]) -> int:
    return -(-max(len(row.ids) for rows in pack for row in rows) // _STEP) * _STEP


def choose(lesson: Lesson, tokenizer: Tokenizer, config: dict[str, Any], chance: random.Random) -> list[Row]:
    """A window that answers, and some that don't."""
    right = [each for each in lesson.candidates if each.answers] or [
        each for each in lesson.candidates if max(each.gains, default=0) > 0
    ]
    wrong = [each for each in lesson.candidates if each not in right]
    if lesson.kind == "story":
        own = [each for each in wrong if not each.foreign]
        foreign = [each for each in wrong if each.foreign]
        picked = chance.sample(own, min(len(own), config["negatives"]))
        if foreign and chance.random() < config["foreign"]:
            picked = [*picked[:1], chance.choice(foreign)]
    else:
        picked = wrong if chance.random() < 0.5 or not right else []  # noqa: PLR2004
    chosen = [chance.choice(right)] if right else []
    if chosen and chosen[0].answers and chance.random() < config["hidden"]:
        chosen = [hide(chosen[0])]
    return [
        made for each in [*chosen, *picked] if (made := row(lesson.text, each, tokenizer, config["max_tokens"], chance))
    ]


def hide(candidate: Excerpt) -> Excerpt:
    """The window with the answer's sentences blanked out: it doesn't answer any more."""
    text = candidate.window.text
    gone = [s for s in candidate.sentences if any(s.start < a.end and a.start < s.end for a in candidate.answers)]
    left = "".join(" " if any(s.start <= i < s.end for s in gone) else char for i, char in enumerate(text))
    words = [answer.cut(text).lower() for answer in candidate.answers]
    silent = len(left.split()) >= _LEAST_LEFT and not any(word in left.lower() for word in words)
    if not silent:
        return candidate
    passage = candidate.window.passages[0]
    kept = tuple(s for s in candidate.sentences if s not in gone)
    blank = replace(candidate.window, passages=(replace(passage, text=left, span=Span(0, len(left))),))
    return Excerpt(window=blank, sentences=kept, gains=(0.0,) * len(kept), answers=(), silent=True)


def row(question: str, candidate: Excerpt, tokenizer: Tokenizer, limit: int, chance: random.Random) -> Row | None:
    """Token ids and targets; None where the answer is cut off."""
    encoded = encode(tokenizer, question, candidate.window.text, candidate.sentences, limit)
    sentence_of, offsets = encoded.sentence_of.tolist(), encoded.offsets
    begin = end = 0 if candidate.silent else UNKNOWN
    if candidate.answers:
        wanted = chance.choice(candidate.answers)
        within = [
            i
            for i, number in enumerate(sentence_of)
            if number >= 0 and offsets[i][0] < wanted.end and offsets[i][1] > wanted.start
        ]
        if not within or offsets[within[-1]][1] < wanted.end:
            return None
        begin, end = within[0], within[-1]
    return Row(
        ids=encoded.ids, types=encoded.types, sentence_of=sentence_of, start=begin, end=end, gains=candidate.gains
    )


def _batch(pack: Sequence[list[Row]], limit: int) -> Batch:
    """The pack, filled up with empty rows: a CPU computes a shape that it knows twice as fast as a new one."""
    rows = [row for each in pack for row in each]
    length = _length(pack)
    groups = [i for i, each in enumerate(pack) for _ in each]
    for number in range(len(rows), max(len(rows), limit // length)):
        rows.append(Row(ids=[0], types=[0], sentence_of=[-1], start=UNKNOWN, end=UNKNOWN, gains=()))
        groups.append(number + len(pack))
    most = max(len(row.gains) for row in rows)

    def padded(values: Sequence[Sequence[int]], fill: int) -> Tensor:
        return torch.tensor([[*each, *[fill] * (length - len(each))] for each in values])

    gains = np.full((len(rows), most), -1.0, dtype=np.float32)
    for i, each in enumerate(rows):
        gains[i, : len(each.gains)] = each.gains
    return Batch(
        input_ids=padded([row.ids for row in rows], 0),
        attention_mask=padded([[1] * len(row.ids) for row in rows], 0),
        token_type_ids=padded([row.types for row in rows], 0),
        sentence_of=padded([row.sentence_of for row in rows], -1),
        start=torch.tensor([row.start for row in rows]),
        end=torch.tensor([row.end for row in rows]),
        group=torch.tensor(groups),
        gains=torch.from_numpy(gains),
    )
