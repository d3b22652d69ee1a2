"""Follow-ups that people rewrote to stand alone: CANARD and CAsT.

Sources: Elgohary et al., Can You Unpack That?, 2019 (CANARD); Dalton et al., CAsT 2019, 2020.
"""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from storybot.evaluation.metrics import rouge_l
from storybot.following import Exchange, understand
from storybot.words import STOP_WORDS, tokens

Understand = Callable[[str, Sequence[Exchange]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A question of a conversation, what went before, and what it means."""

    question: str
    history: tuple[Exchange, ...]
    meant: str


def canard(data: Path) -> list[Rewrite]:
    """CANARD's questions. The page's title and its section's stand before the first."""
    rows = json.loads((data / "canard_dev_open.json").read_text(encoding="utf-8"))
    return [_rewrite(row, _answered(row["history"])) for row in rows]


def cast(data: Path) -> list[Rewrite]:
    """CAsT's questions, without answers."""
    rows = [json.loads(line) for line in (data / "cast2019.jsonl").read_text(encoding="utf-8").splitlines()]
    return [_rewrite(row, tuple(Exchange(question=text) for text in row["history"])) for row in rows]


def rewriting(data: Path, how: Understand = lambda question, history: understand(question, history).question) -> None:
    """Print the figures of both."""
    for name, rewrites in (("CANARD", canard(data)), ("CAsT", cast(data))):
        began = time.perf_counter()
        made = _in_turn(rewrites, how)
        passed = time.perf_counter() - began
        recalls = [r for each, ours in zip(rewrites, made, strict=True) if (r := _recall(each, ours)) is not None]
        ours = statistics.fmean(rouge_l(text, [each.meant]) for each, text in zip(rewrites, made, strict=True))
        copied = statistics.fmean(rouge_l(each.question, [each.meant]) for each in rewrites)
        changed = statistics.fmean(each.question != text for each, text in zip(rewrites, made, strict=True))
        alone = [
            text != each.question for each, text in zip(rewrites, made, strict=True) if each.meant == each.question
        ]
        print(
            f"{name}: {len(rewrites)} questions; recall of the {len(recalls)} with words left out "
            f"{statistics.fmean(recalls):.3f}, ROUGE-L {ours:.3f} (copied {copied:.3f}), changed {changed:.3f}, "
            f"of those that stand alone {statistics.fmean(alone):.3f}, {passed / len(rewrites) * 1000:.2f} ms each"
        )


def _in_turn(rewrites: Sequence[Rewrite], how: Understand) -> list[str]:
    """Our rewrites; those of a conversation's earlier questions stand in the history of the later."""
    known: dict[tuple[str, ...], str] = {}
    made = []
    for each in rewrites:
        asked = [exchange.question for exchange in each.history]
        told = [known.get((*asked[:number], text), text) for number, text in enumerate(asked)]
        history = [replace(exchange, question=text) for exchange, text in zip(each.history, told, strict=True)]
        made.append(how(each.question, history))
        known[*asked, each.question] = made[-1]
    return made


def _recall(rewrite: Rewrite, ours: str) -> float | None:
    """The share of the content words left out of the question that ours has; None where none was left out."""
    left_out = _content(rewrite.meant) - _content(rewrite.question)
    return len(left_out & _content(ours)) / len(left_out) if left_out else None


def _content(text: str) -> set[str]:
    return set(tokens(text)) - STOP_WORDS


def _answered(history: list[str]) -> tuple[Exchange, ...]:
    title, section, *rest = history
    told = [Exchange(question=title, texts=(section,))]
    told += [Exchange(question=question, answer=answer) for question, answer in zip(rest[::2], rest[1::2], strict=True)]
    return tuple(told)


def _rewrite(row: dict[str, Any], history: tuple[Exchange, ...]) -> Rewrite:
    return Rewrite(question=row["question"].strip(), history=history, meant=row["rewrite"][0].strip())
