"""How well follow-ups are understood, and how well they find.

    python bench/followups/measure.py --data DIR [--split val] [--stories N] [--outcomes FILE]

`--data` names the folder that holds fairytaleqa/, canard_dev_open.json and cast2019.jsonl. Each dialogue is asked of
the bot: its earlier questions and the bot's own answers are the history. It is asked of the question's story alone,
then of all stories of the split. `--outcomes` gets each follow-up as a JSON line, in two files.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from followups.dialogues import Dialogue, FollowUp, dialogues
from followups.rewrites import rewriting

from storybot.assembly import build
from storybot.bot import Storybot
from storybot.evaluation.fairytaleqa import Story, load
from storybot.evaluation.metrics import is_section_hit
from storybot.model import Answer, Scope, Source, Turn
from storybot.settings import read_settings
from storybot.words import tokens

NEAREST = 3
"""Passages that a turn keeps where the text does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one follow-up. hits: hit@1 of the raw question, ours, and the original, 0 or 1."""

    story: str
    original: str
    text: str
    understood: str
    name: str
    how: str
    hits: dict[str, bool]
    found: dict[str, bool]
    understood_ms: float
    original_after_history: str


class Asker:
    """Asks a bot and remembers: the same question of the same story is asked once."""

    def __init__(self, bot: Storybot, stories: Sequence[Story], *, everywhere: bool) -> None:
        self.bot = bot
        self._ids = {s.name: bot.library.add(Source(name=f"{s.name}.txt", data=s.text.encode())).id for s in stories}
        self._everywhere = everywhere
        self._alone: dict[tuple[Scope, str], Answer] = {}

    def ask(self, story: Story, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The bot's answer."""
        scope = Scope() if self._everywhere else Scope(document_ids=(self._ids[story.name],))
        if history:
            return self.bot.ask(question, scope, history)
        if (scope, question) not in self._alone:
            self._alone[scope, question] = self.bot.ask(question, scope)
        return self._alone[scope, question]

    def is_hit(self, followup: FollowUp, answer: Answer) -> bool:
        """Whether the first passage lies in the question's gold section."""
        first = answer.evidence[0].passage if answer.evidence else None
        own = first is not None and first.document_id == self._ids[followup.story.name]
        return own and first is not None and is_section_hit(first.span, followup.question.gold)


def turn(number: int, answer: Answer) -> Turn:
    """The turn that an answer makes in a conversation."""
    return Turn(
        id=str(number),
        conversation_id="bench",
        number=number,
        asked="2026-01-01T00:00:00+00:00",
        question=answer.question,
        standalone=answer.standalone,
        state="told",
        pieces=answer.pieces,
        citations=answer.citations,
        nearest=() if answer.found else tuple(hit.passage for hit in answer.evidence[:NEAREST]),
        confidence=answer.confidence,
    )


def play(asker: Asker, dialogue: Dialogue) -> list[Outcome]:
    """Ask one dialogue's questions in turn."""
    history = [turn(1, asker.ask(dialogue.story, dialogue.first.text))]
    outcomes = []
    for followup in dialogue.followups:
        began = time.perf_counter()
        understood = asker.bot.understand(followup.text, history)
        passed = time.perf_counter() - began
        unchanged = asker.bot.understand(followup.question.text, history).question
        answers = {
            "raw": asker.ask(followup.story, followup.text),
            "ours": asker.ask(followup.story, followup.text, history),
            "ceiling": asker.ask(followup.story, followup.question.text),
        }
        outcomes.append(
            Outcome(
                story=followup.story.name,
                original=followup.question.text,
                text=followup.text,
                understood=understood.question,
                name=followup.name,
                how=followup.how,
                hits={name: asker.is_hit(followup, answer) for name, answer in answers.items()},
                found={name: answer.found for name, answer in answers.items()},
                understood_ms=passed * 1000,
                original_after_history=unchanged,
            )
        )
        history.append(turn(len(history) + 1, answers["ours"]))
    return outcomes


def report(outcomes: Sequence[Outcome]) -> None:
    """Print the figures of the dialogues."""
    print(f"{len(outcomes)} follow-ups")
    hit = {name: statistics.fmean(each.hits[name] for each in outcomes) for name in ("raw", "ours", "ceiling")}
    said = {name: statistics.fmean(each.found[name] for each in outcomes) for name in hit}
    print("hit@1     " + ", ".join(f"{name} {value:.3f}" for name, value in hit.items()))
    print("answered  " + ", ".join(f"{name} {value:.3f}" for name, value in said.items()))
    print(f"ours / ceiling {hit['ours'] / hit['ceiling']:.3f}, raw / ceiling {hit['raw'] / hit['ceiling']:.3f}")
    named = [each for each in outcomes if each.how in {"subject", "object", "possessive"}]
    right, wrong = _share(named, right=True), _share(named, right=False)
    print(f"pronouns: {len(named)}; the right name {right:.3f}, a wrong one {wrong:.3f}")
    changed = statistics.fmean(each.original_after_history != each.original for each in outcomes)
    print(f"originals changed after a history: {changed:.3f}")
    times = sorted(each.understood_ms for each in outcomes)
    middle, late = times[len(times) // 2], times[len(times) * 95 // 100]
    print(f"understanding, with the reading of the cited texts: p50 {middle:.2f} ms, p95 {late:.2f} ms", flush=True)


def _share(outcomes: Sequence[Outcome], *, right: bool) -> float:
    """The share whose left-out name came back, or whose question was changed otherwise."""
    same = [tokens(each.understood) == tokens(each.original) for each in outcomes]
    if right:
        return statistics.fmean(same)
    pairs = zip(outcomes, same, strict=True)
    return statistics.fmean(not exact and each.understood != each.text for each, exact in pairs)


def main() -> None:
    """Print each figure on a line of its own."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--split", default="val")
    options.add_argument("--stories", type=int)
    options.add_argument("--outcomes", type=Path)
    chosen = options.parse_args()
    stories = load(chosen.data / "fairytaleqa", chosen.split)[: chosen.stories]
    played = dialogues(stories)
    with tempfile.TemporaryDirectory() as folder:
        bot = build(read_settings(data=Path(folder), reading_budget_ms=60_000), empty=True)
        for everywhere in (False, True):
            asker = Asker(bot, stories, everywhere=everywhere)
            outcomes = []
            for dialogue in played:
                outcomes += play(asker, dialogue)
                if chosen.outcomes:
                    lines = "".join(json.dumps(asdict(each)) + "\n" for each in outcomes)
                    chosen.outcomes.with_stem(f"{chosen.outcomes.stem}-{'all' if everywhere else 'story'}").write_text(
                        lines
                    )
            print(f"\n{len(played)} dialogues, asked of {'all stories' if everywhere else 'their story'}")
            report(outcomes)
        bot.close()
    rewriting(chosen.data)


if __name__ == "__main__":
    main()
