"""What the check of a language model's sentences lets through: scripted answers, borne out by the story and not.

    python bench/inventions.py [--data EVAL_DATA] [--split val] [--questions 60] [--skip N] [--show]

`--data` names the folder that holds fairytaleqa/; without it the shipped story is asked. Each answer goes the whole way
from the question to the answer's pieces, with the script in the language model's place. `--show` prints what was judged
wrongly. `--skip N` leaves out the data's first stories, as many as N questions are of: what was tuned with
`--questions N` is measured on other stories with `--questions N --skip N`.
"""

import argparse
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from scripted_answers import SUPPORTED, UNSUPPORTED, Case

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import build_library, build_reader, shipped_sources
from storybot.bot import Storybot
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.memory import MemoryEngine
from storybot.evaluation.fairytaleqa import load
from storybot.evaluation.metrics import token_f1
from storybot.model import Claim, Findings, Hit, Reading, Source, Vectors, Window
from storybot.ports import Pulse, Reader
from storybot.prompting import claims, prompt
from storybot.settings import read_settings
from storybot.words import terms

SHORTEST = 30
"""Letters of a sentence that says something by itself."""

RIGHT = 0.5
"""A reading counts as right from this F1 with a reference on."""

SHIPPED = [
    ("What did Bakhyt's grandmother play?", "the balalaika"),
    ("Who leads The Steppe Serenaders?", "Bakhyt Camara"),
    ("What did Bakhyt Camara wear?", "a vibrant blue and white dress"),
    ("Where did Bakhyt grow up?", "the vast steppes of Kazakhstan"),
    ("Who did they perform for?", "the president"),
    ("Who thanked Bakhyt after the show?", "the president"),
    ("What happened when Bakhyt took the stage?", "a hush fell over the crowd"),
    ("What did Bakhyt sing of?", "the struggles and triumphs of the Kazakh people"),
    ("How did the crowd feel?", "mesmerized"),
    ("What echoed through the hall?", "the notes of the balalaika"),
    ("How was the applause?", "thunderous"),
]


class Script:
    """A language model that says what it is told to. "[n]" becomes the number of the sentence that was read."""

    says: Callable[[Reading], str | None] = staticmethod(lambda _: "")
    said: tuple[str, ...] = ()

    def answer(self, question: str, hits: Sequence[Hit], readings: Sequence[Reading], pulse: Pulse) -> Iterator[Claim]:
        """The script's sentences."""
        pulse()
        asked = prompt(question, hits, readings, tokens=4096, count_tokens=lambda texts: [len(t) // 4 for t in texts])
        places = [(each.passage.document_id, each.sentence) for each in asked.evidence]
        number = places.index((readings[0].passage.document_id, readings[0].sentence)) + 1
        text = (
            (self.says(readings[0]) or "").replace("[n]", f"[{number}]").replace("[m]", f"[{number % len(places) + 1}]")
        )
        told = list(claims([text], asked.evidence))
        self.said = tuple(claim.text.strip() for claim in told)
        yield from told


class Remembering:
    """A reader that doesn't read the same twice."""

    def __init__(self, reader: Reader) -> None:
        self.prepare, self.threshold = reader.prepare, reader.threshold
        self._read = lru_cache(maxsize=None)(reader.read)

    def read(self, question: str, windows: Sequence[Window]) -> Findings:
        """What it read."""
        return self._read(question, tuple(windows))


class RememberingEmbedder(SentenceTransformerEmbedder):
    """An embedder that doesn't embed the same question twice."""

    @lru_cache(maxsize=1000)  # noqa: B019 - it lives as long as the command
    def embed_query(self, text: str) -> Vectors:
        """Its vector."""
        return super().embed_query(text)


def main() -> None:
    """Print how much of each kind was shown as supported, and the two figures that count."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path)
    options.add_argument("--split", default="val")
    options.add_argument("--questions", type=int, default=60)
    options.add_argument("--skip", type=int, default=0)
    options.add_argument("--show", action="store_true")
    chosen = options.parse_args()
    chance = random.Random(0)  # noqa: S311 - the same scripts each time
    shown: dict[str, Counter[bool]] = defaultdict(Counter)
    script = Script()
    reader = Remembering(build_reader(read_settings(reading_budget_ms=60_000)))
    embedder = RememberingEmbedder("all-MiniLM-L6-v2")
    with tempfile.TemporaryDirectory() as folder:
        for name, text, asked, foreign in stories(chosen, chance):
            settings, engine = read_settings(data=Path(folder)), MemoryEngine()
            library = build_library(settings, engine, embedder)
            parts = (settings, engine, embedder, reader, ReadingAnswerer())
            plain, bot = Storybot(*parts, library=library), Storybot(*parts, library=library, wording=script)
            library.add(Source(name=name, data=text.encode()))
            for case in cases(plain, asked, foreign):
                for kind, make in (SUPPORTED | UNSUPPORTED).items():
                    told = make(case, chance)
                    if told:
                        script.says = lambda _, told=told: told  # type: ignore[misc]
                        judge(bot, case, script, kind, shown, show=chosen.show)
    report(shown)


def stories(
    chosen: argparse.Namespace, chance: random.Random
) -> Iterator[tuple[str, str, list[tuple[str, str]], list[str]]]:
    """Name, text, questions with answers, and sentences of another story; of each story a few questions."""
    if not chosen.data:
        (source,) = shipped_sources()
        foreign = ["The fox lived under the old bridge.", "Seven brothers went out into the wide world."]
        yield source.name, source.data.decode(), SHIPPED, foreign
        return
    found = load(chosen.data / "fairytaleqa", chosen.split)
    each = max(1, -(-chosen.questions // len(found))) + 1
    skip, left = chosen.skip, chosen.questions
    for story, other in zip(found, [*found[1:], found[0]], strict=True):
        explicit = [question for question in story.questions if question.explicit]
        if skip > 0:
            skip -= min(len(explicit), each)
            continue
        asked = chance.sample(explicit, min(len(explicit), each, left))
        foreign = [span.cut(other.text) for span in other.sentences[3:20]] or ["The hen laid a silver egg."]
        left -= len(asked)
        if asked:
            yield f"{story.name}.txt", story.text, [(each.text, "|".join(each.references)) for each in asked], foreign


def cases(bot: Storybot, asked: Sequence[tuple[str, str]], foreign: Sequence[str]) -> Iterator[Case]:
    """The questions that the bot answers rightly, and what the story has beside."""
    (entry,) = bot.library.entries()
    document = bot.library.document(entry.id)
    every = [span.cut(document.text) for passage in bot.library.passages(entry.id) for span in passage.sentences]
    inside = Counter(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b", document.text))
    for question, reference in asked:
        answer = bot.ask(question)
        if answer.text and token_f1(answer.text, reference.split("|")) >= RIGHT and ";" not in answer.text:
            wanted = set(terms(answer.text))
            quote = answer.citations[0].quote
            yield Case(
                question=question,
                answer=answer.text,
                sentence=" ".join(quote.split()),
                elsewhere=[
                    each for each in every if each != quote and len(each) > SHORTEST and not wanted <= set(terms(each))
                ],
                names=[name for name, count in inside.most_common(12) if count > 1 and len(inside) > 1],
                others=[told for _, ref in asked if wanted.isdisjoint(terms(told := ref.split("|")[0]))],
                foreign=foreign,
            )


def judge(  # noqa: PLR0913 - what a script is judged by
    bot: Storybot, case: Case, script: Script, kind: str, shown: dict[str, Counter[bool]], *, show: bool
) -> None:
    """Ask, and note of each of the script's sentences whether it was shown with a number."""
    answer = bot.ask(case.question)
    pieces = {piece.text.strip() for piece in answer.pieces if piece.numbers}
    if len(script.said) != (2 if kind == "two sentences" else 1):
        return
    for said in script.said:
        shown[kind][said in pieces] += 1
        if show and (said in pieces) != (kind in SUPPORTED):
            print(f"{kind}: {said!r}\n    {case.question} -> {case.answer!r} in {case.sentence!r}")


def report(shown: dict[str, Counter[bool]]) -> None:
    """The table, and the two figures."""
    print("| kind | sentences | shown as supported |\n| --- | --- | --- |")
    for kind in (*SUPPORTED, *UNSUPPORTED):
        print(f"| {kind} | {shown[kind].total()} | {shown[kind][True]} |")
    for kinds, wrong, what in (
        (SUPPORTED, False, "false alarms"),
        (UNSUPPORTED, True, "unsupported shown as supported"),
    ):
        total, count = sum(shown[kind].total() for kind in kinds), sum(shown[kind][wrong] for kind in kinds)
        print(f"{what}: {count} of {total} ({100 * count / max(1, total):.1f} %)")


if __name__ == "__main__":
    main()
