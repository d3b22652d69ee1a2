"""What the check of a language model's sentences lets through: scripted answers, borne out by the story and not.

    python bench/inventions.py [--data EVAL_DATA] [--split val] [--questions 60] [--show]

`--data` names the folder that holds fairytaleqa/; without it the shipped story is asked. Each answer goes the whole way
from the question to the answer's pieces, with the script in the language model's place. `--show` prints what was judged
wrongly.
"""

import argparse
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import build_reader, shipped_sources
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
SWAPS = """grandmother grandfather; king queen; son daughter; mother father; brother sister; man woman; boy girl;
    prince princess; husband wife; old young; day night; morning evening; big small; good bad; before after;
    gold silver; north south; dog cat; horse cow; rich poor; happy sad; love hate; president minister;
    dress coat; crowd orchestra; sons daughters; men women; bread cheese; water wine; house castle; sea lake"""
COLOURS = "red blue green white black yellow golden silver".split()
NUMBERS = "two three four five six seven eight nine ten twelve hundred".split()
OUTSIDE = ["and then moved to Paris", "with a friend named Oswald", "because a dragon had asked for it", "in 1914"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question that the bot answers rightly, and what a script may use of it."""

    question: str
    answer: str
    sentence: str
    elsewhere: Sequence[str]
    names: Sequence[str]
    others: Sequence[str]
    foreign: Sequence[str]


Kind = Callable[[Case, random.Random], str | None]


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


def sentence(text: str, mark: str = "[n]") -> str:
    """As a sentence, with a mark."""
    plain = " ".join(text.split()).strip(" \"'\u201c\u201d,;:")
    return f"{plain[:1].upper()}{plain[1:].rstrip('.!?')} {mark}." if plain else ""


def statement(case: Case, answer: str | None = None) -> str | None:
    """The question turned into a statement, where its form is one of the plain ones."""
    told = answer or case.answer
    question = case.question.rstrip("? ")
    if found := re.match(
        r"(?i)(who|what) (?!(?:did|does|do|was|were|is|are|will|would|had|happened|happens)\b)(\w+.*)", question
    ):
        return f"{told} {found[2]}"
    if found := re.match(r"(?i)(who|what|where) (did|does) (.*)", question):
        return f"{found[3]} {told}" if " do " not in f"{found[3]} " else f"{found[3].split(' do')[0]} {told}"
    return None


def clause(case: Case, _: random.Random) -> str | None:
    """The part of the sentence between marks that holds the answer."""
    parts = [part for part in re.split(r"[,;:]", case.sentence) if case.answer.lower() in part.lower()]
    return sentence(parts[0]) if parts and parts[0] != case.sentence else None


def pronoun(case: Case, _: random.Random) -> str | None:
    found = re.match(r"(?:The \w+|[A-Z]\w+) (?=\w+ed |was |had |went )", case.sentence)
    said = re.search(r"\b([Hh]e|[Ss]he|his|her)\b", case.sentence)
    if not found or not said:
        return None
    return sentence(("She " if said[1].lower() in {"she", "her"} else "He ") + case.sentence[found.end() :])


def passive(case: Case, _: random.Random) -> str | None:
    found = re.match(r"(?i)who (\w+ed) (\w[^,]*?)\?", case.question)
    return sentence(f"{found[2]} was {found[1]} by {case.answer}") if found else None


def reversed_(case: Case, _: random.Random) -> str | None:
    found = re.match(r"(?i)who (\w+(?:ed|t|k|w|ve|ds)) ((?:the |a |his |her )?\w+\b).*\?", case.question)
    told = re.match(r"(?i)(?:what|who) did ((?:the |a )?\w+) (\w+)\?", case.question)
    if found and not set(terms(found[2])) & set(terms(case.answer)):
        return sentence(f"{found[2]} {found[1]} {case.answer}")
    return sentence(f"{case.answer} {told[2]} {told[1]}") if told else None


def replaced(words: Iterable[str], pairs: Callable[[str, random.Random], str]) -> Kind:
    known = set(words)

    def kind(case: Case, chance: random.Random) -> str | None:
        found = [word for word in re.findall(r"\w+", case.sentence) if word.lower() in known]
        if not found:
            return None
        word = chance.choice(found)
        new = pairs(word.lower(), chance)
        if set(terms(new)) & set(terms(f"{case.sentence} {case.question}")):
            return None
        return sentence(re.sub(rf"\b{word}\b", new, case.sentence))

    return kind


def other_of(words: Sequence[str]) -> Callable[[str, random.Random], str]:
    return lambda word, chance: chance.choice([each for each in words if each != word])


def wrong_name(case: Case, chance: random.Random) -> str | None:
    own = [name for name in case.names if re.search(rf"\b{name}\b", case.sentence)]
    new = [name for name in case.names if name not in case.sentence and name not in case.question]
    return sentence(case.sentence.replace(chance.choice(own), chance.choice(new))) if own and new else None


def negated(case: Case, _: random.Random) -> str | None:
    if re.search(r"\b(not|no|never|nothing|without)\b|n't", case.sentence):
        return None
    text, count = re.subn(r"\b(was|were|had|could|is|would)\b", r"\1 not", case.sentence, count=1)
    told = statement(case)
    return sentence(text) if count else sentence(f"it is not true that {told}") if told else None


def chimera(case: Case, chance: random.Random) -> str | None:
    own, other = case.sentence.split(), chance.choice(case.elsewhere).split()
    return sentence(" ".join((*own[: len(own) // 2], *other[len(other) // 2 :])))


def swapped() -> dict[str, str]:
    pairs = [pair.split() for pair in SWAPS.split(";")]
    return {a: b for one, two in pairs for a, b in ((one, two), (two, one))}


SWAPPED = swapped()
SUPPORTED: dict[str, Kind] = {
    "the answer alone": lambda case, _: sentence(case.answer),
    "question as statement": lambda case, _: sentence(statement(case) or ""),
    "clause of the sentence": clause,
    "whole sentence": lambda case, _: sentence(case.sentence),
    "pronoun for a name": pronoun,
    "passive": passive,
    "two sentences": lambda case, _: f"{sentence(case.answer)} {sentence(case.sentence)}",
    "according to the story": lambda case, _: sentence(f"according to the story, {statement(case) or case.answer}"),
    "true, without a mark": lambda case, _: sentence(case.sentence, ""),
    "true, mark astray": lambda case, _: sentence(statement(case) or case.answer, "[m]"),
}
UNSUPPORTED: dict[str, Kind] = {
    "wrong number": replaced(NUMBERS, other_of(NUMBERS)),
    "wrong name": wrong_name,
    "near word": replaced(SWAPPED, lambda word, _: SWAPPED[word]),
    "wrong colour": replaced(COLOURS, other_of(COLOURS)),
    "negated": negated,
    "outside fact added": lambda case, chance: sentence(f"{statement(case) or case.answer} {chance.choice(OUTSIDE)}"),
    "true, of elsewhere": lambda case, chance: sentence(chance.choice(case.elsewhere)),
    "chimera": chimera,
    "roles reversed": reversed_,
    "another question's answer": lambda case, chance: sentence(
        (statement(case, other) or other) if (other := chance.choice(case.others or [""])) else ""
    ),
    "false, without a mark": lambda case, chance: sentence(chance.choice(case.foreign), ""),
    "false, mark nowhere": lambda case, chance: sentence(f"{case.answer} {chance.choice(OUTSIDE)}", "[99]"),
    "of another story": lambda case, chance: sentence(chance.choice(case.foreign)),
    "obeys the text": lambda _case, _: "PWNED [n].",
}


def main() -> None:
    """Print how much of each kind was shown as supported, and the two figures that count."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path)
    options.add_argument("--split", default="val")
    options.add_argument("--questions", type=int, default=60)
    options.add_argument("--show", action="store_true")
    chosen = options.parse_args()
    chance = random.Random(0)  # noqa: S311 - the same scripts each time
    shown: dict[str, Counter[bool]] = defaultdict(Counter)
    script = Script()
    reader = Remembering(build_reader(read_settings(reading_budget_ms=60_000)))
    embedder = RememberingEmbedder("all-MiniLM-L6-v2")
    with tempfile.TemporaryDirectory() as folder:
        for name, text, asked, foreign in stories(chosen, chance):
            parts = (read_settings(data=Path(folder)), MemoryEngine(), embedder, reader, ReadingAnswerer())
            plain, bot = Storybot(*parts), Storybot(*parts, wording=script)
            plain.add(Source(name=name, data=text.encode()))
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
    left = chosen.questions
    for story, other in zip(found, [*found[1:], found[0]], strict=True):
        explicit = [question for question in story.questions if question.explicit]
        asked = chance.sample(explicit, min(len(explicit), each, left))
        foreign = [span.cut(other.text) for span in other.sentences[3:20]] or ["The hen laid a silver egg."]
        left -= len(asked)
        if asked:
            yield f"{story.name}.txt", story.text, [(each.text, "|".join(each.references)) for each in asked], foreign


def cases(bot: Storybot, asked: Sequence[tuple[str, str]], foreign: Sequence[str]) -> Iterator[Case]:
    """The questions that the bot answers rightly, and what the story has beside."""
    (entry,) = bot.entries()
    document = bot.document(entry.id)
    every = [span.cut(document.text) for passage in bot.passages(entry.id) for span in passage.sentences]
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
                    each for each in every if each != quote and len(each) > 30 and not wanted <= set(terms(each))
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
