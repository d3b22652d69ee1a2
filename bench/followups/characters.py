"""Who is spoken of in a story's questions, and by which pronoun the story speaks of them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Gender = Literal["he", "she", "they"]

MEN = frozenset(
    "king prince boy man father son brother husband lad lord uncle grandfather knight emperor nobleman monk bridegroom "
    "gentleman youth page-boy".split()
)
WOMEN = frozenset(
    "queen princess girl woman mother daughter sister wife lady maiden maid aunt grandmother widow stepmother "
    "step-mother step-sister stepsister stepdaughter step-daughter empress bride duchess witch".split()
)
MANY = frozenset("brothers sisters children sons daughters princes princesses women men people giants robbers".split())
OTHERS = frozenset(
    """
    giant giantess fox wolf bear cat dog hen cock bull dragon troll dwarf fairy merchant farmer fisherman hunter
    shepherd soldier tailor shoemaker miller servant beggar judge captain doctor sailor lion bird sparrow crow
    donkey horse frog eldest saint scholar thief buck sorcerer enchanter peasant page mermaid
    monster snake mouse rabbit hare
    stranger master mistress magician wizard elf goblin hermit priest minister child baby
    """.split()
)
"""Whose gender the story itself must tell."""

_PERSON = "|".join(sorted(MEN | WOMEN | MANY | OTHERS, key=len, reverse=True))
_MENTION = re.compile(
    rf"\b[Tt]he (?:(?!and|of|to|that|who)[a-z-]+'s )?(?:(?!and|of|to|that|who|in|with|for)[a-z-]+ ){{0,2}}?"
    rf"(?:{_PERSON})\b(?!-)"
    r"|\b(?:[Tt]he )?(?!I\b|The\b)[A-Z][a-z]+(?:[ -](?:of (?=[A-Z]))?[A-Z][a-z]+)*\b"
)
_PRONOUN = re.compile(r"\b(?:(he|him|his|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_LEAST_PRONOUNS = 3
_LEAST_SHARE = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A character named in a question, `question[start:end]`; `name` without regard to a capital The."""

    name: str
    start: int
    end: int


def mentions(question: str) -> Iterator[Mention]:
    """The characters that a question names, in order; a word that only begins the question is none."""
    for found in _MENTION.finditer(question):
        if found.start() or found[0].startswith("The "):
            name = found[0][0].lower() + found[0][1:] if found[0].startswith("The ") else found[0]
            yield Mention(name=name, start=found.start(), end=found.end())


class Cast:
    """The characters of one story."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, Gender | None] = {}

    def gender(self, name: str) -> Gender | None:
        """The pronoun for the character; None where neither its noun nor the story tells."""
        if name not in self._known:
            self._known[name] = self._look(name)
        return self._known[name]

    def _look(self, name: str) -> Gender | None:
        noun = name.rsplit(maxsplit=1)[-1]
        if noun in MANY:
            return "they"
        by_noun: Gender | None = "he" if noun in MEN else "she" if noun in WOMEN else None
        counts = self._pronouns(name)
        best, most = counts.most_common(1)[0] if counts else ("", 0)
        sure = most >= _LEAST_PRONOUNS and most >= _LEAST_SHARE * counts.total()
        if by_noun:
            return by_noun
        return ("he" if best == "he" else "she") if sure else None

    def _pronouns(self, name: str) -> Counter[str]:
        """Pronouns that follow the name within its sentence or begin the next, where nobody else is named between."""
        counts: Counter[str] = Counter()
        sentences = [found[0] for found in _SENTENCE.finditer(self._text)]
        for number, sentence in enumerate(sentences):
            at = re.search(rf"\b{re.escape(name)}\b", sentence, re.IGNORECASE if name.startswith("the ") else 0)
            if at:
                after = sentence[at.end() :] + " " + " ".join(sentences[number + 1 : number + 2])
                named = next((m.start for m in mentions(f"_ {after}") if m.name != name), len(after))
                for pronoun in _PRONOUN.finditer(after[:named]):
                    counts["he" if pronoun[1] else "she"] += 1
        return counts
