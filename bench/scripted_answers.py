"""Scripted answers of a language model, made by rule from what a story says: borne out by it, and not."""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from storybot.words import terms

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
    """The sentence with a pronoun in its first name's place."""
    found = re.match(r"(?:The \w+|[A-Z]\w+) (?=\w+ed |was |had |went )", case.sentence)
    said = re.search(r"\b([Hh]e|[Ss]he|his|her)\b", case.sentence)
    if not found or not said:
        return None
    return sentence(("She " if said[1].lower() in {"she", "her"} else "He ") + case.sentence[found.end() :])


def passive(case: Case, _: random.Random) -> str | None:
    """The question's statement in the passive."""
    found = re.match(r"(?i)who (\w+ed) (\w[^,]*?)\?", case.question)
    return sentence(f"{found[2]} was {found[1]} by {case.answer}") if found else None


def reversed_(case: Case, _: random.Random) -> str | None:
    """Who does it, and to whom, the other way round: in the question's statement, else in the sentence."""
    found = re.match(r"(?i)who (\w+(?:ed|t|k|w|ve|ds)) ((?:the |a |his |her )?\w+\b).*\?", case.question)
    told = re.match(r"(?i)(?:what|who) did ((?:the |a )?\w+) (\w+)\?", case.question)
    if found and not set(terms(found[2])) & set(terms(case.answer)):
        return sentence(f"{found[2]} {found[1]} {case.answer}")
    if told:
        return sentence(f"{case.answer} {told[2]} {told[1]}")
    noun = r"((?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er) (?:[a-z]+ )??\w+|[A-Z][a-z]+|s?he)"
    found = re.search(
        rf"{noun} (?:then |had |soon )?(\w+ed|gave|took|saw|told|brought|caught|ate|found|heard|met) {noun}",
        case.sentence,
    )
    return sentence(f"{found[3]} {found[2]} {found[1]}") if found else None


def replaced(words: Iterable[str], pairs: Callable[[str, random.Random], str]) -> Kind:
    """A kind that puts another word into a word's place."""
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
    """Any other of the words."""
    return lambda word, chance: chance.choice([each for each in words if each != word])


def wrong_name(case: Case, chance: random.Random) -> str | None:
    """Another name of the story in a name's place."""
    own = [name for name in case.names if re.search(rf"\b{name}\b", case.sentence)]
    new = [name for name in case.names if name not in case.sentence and name not in case.question]
    return sentence(case.sentence.replace(chance.choice(own), chance.choice(new))) if own and new else None


def negated(case: Case, _: random.Random) -> str | None:
    """The contrary of what the sentence says."""
    if re.search(r"\b(not|no|never|nothing|without)\b|n't", case.sentence):
        return None
    text, count = re.subn(r"\b(was|were|had|could|is|would)\b", r"\1 not", case.sentence, count=1)
    told = statement(case)
    return sentence(text) if count else sentence(f"it is not true that {told}") if told else None


def chimera(case: Case, chance: random.Random) -> str | None:
    """Half of the sentence and half of another."""
    own, other = case.sentence.split(), chance.choice(case.elsewhere).split()
    return sentence(" ".join((*own[: len(own) // 2], *other[len(other) // 2 :])))


def swapped() -> dict[str, str]:
    """Each word with the one that it is exchanged for."""
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
