"""Who and what a text speaks of: names and noun phrases, and the pronouns that can stand for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from storybot.following import lexicon

Pronoun = Literal["he", "she", "it", "they"]

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*(?:['\u2019]t\b)?")
_OWNER = re.compile(r"['\u2019]s\b|(?<=s)['\u2019](?=\s)")
_MOST_WORDS = 6
_ADJECTIVE = re.compile(r"(?:ful|ous|ish|less|est|able|ible|ic|al|ive|ed|ing)$")
_AND = re.compile(r",? and ")

PEOPLE: frozenset[Pronoun] = frozenset({"he", "she"})
THING: frozenset[Pronoun] = frozenset({"it"})
UNKNOWN: frozenset[Pronoun] = frozenset({"he", "she", "it"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a text, `text[start:end]`; `lower` in small letters."""

    text: str
    start: int
    end: int
    lower: str = field(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A phrase that names somebody or something, `text[start:end]`. `head`: its noun, or a name's last word.

    owner: whether it only owns what is named, as Anna in "Anna's dress".
    """

    text: str
    start: int
    end: int
    head: str
    name: bool
    owner: bool = False

    @property
    def key(self) -> str:
        """Equal for phrases that mean the same, as far as words tell."""
        return re.sub(r"^(?:the|an?|this|that) ", "", self.text.casefold())

    @property
    def pronouns(self) -> frozenset[Pronoun]:
        """The pronouns that can stand for it, as far as its own words tell."""
        words = [word.lower for word in words_of(self.text)]
        if _AND.search(self.text):
            return frozenset({"they"})
        kinds = ((lexicon.MEN, "he"), (lexicon.WOMEN, "she"))
        for nouns, pronoun in kinds:
            if self.head in nouns or (self.name and set(words) & nouns):
                return frozenset({pronoun})  # type: ignore[arg-type]
        if self.head in lexicon.GROUPS:
            return frozenset({"they", "it"})
        if self.head in lexicon.PERSONS:
            return PEOPLE
        if self.head in lexicon.ANIMALS:
            return UNKNOWN
        if _is_plural(self.head) and not (self.name and words[0] != "the"):
            return frozenset({"they"})
        return UNKNOWN if self.name else THING


def words_of(text: str) -> list[Word]:
    """The words in order; a possessive's s isn't one."""
    return [
        Word(text=found[0], start=found.start(), end=found.end(), lower=found[0].casefold().replace("\u2019", "'"))
        for found in _WORD.finditer(text)
        if not (found[0] == "s" and text[found.start() - 1 : found.start()] in {"'", "\u2019"})
    ]


def mentions(text: str) -> list[Mention]:
    """Names and noun phrases in order; what owns another comes right before it, and both of "A and B" before the pair."""
    words = words_of(text)
    found: list[Mention] = []
    at = 0
    while at < len(words):
        end = _phrase(text, words, at)
        if end == at:
            at += 1
            continue
        found.extend(_with_owners(text, words, at, end))
        at = end
    return list(_with_pairs(text, found))


def _phrase(text: str, words: list[Word], first: int) -> int:
    """The index after the phrase that begins at the word; `first` where none does."""
    at = first
    if words[at].lower in lexicon.DETERMINERS:
        at += 1
    end = _name(text, words, at) if at < len(words) else at
    if end == at and at > first:
        end = _noun(text, words, at)
    if end == at:
        return first
    owned = _OWNER.match(text, words[end - 1].end)
    if owned and end < len(words) and end - first < _MOST_WORDS:
        longer = _noun(text, words, end) or end
        return max(longer, _name(text, words, end), end)
    return end


def _name(text: str, words: list[Word], first: int) -> int:
    """The index after a name: words with capitals, and what stands between them as in Bluff of the Moor."""
    at = first
    while at < len(words) and words[at].text[0].isupper() and words[at].lower not in lexicon.FUNCTION_WORDS:
        if at > first and not _adjoins(text, words, at):
            break
        if first == 0 and at == 0 and _opens_a_sentence(words):
            break
        at += 1
        link = at
        while link < len(words) and words[link].lower in {"of", "the"} and _adjoins(text, words, link) and at > first:
            link += 1
        if at < link < len(words) and words[link].text[0].isupper() and words[at].lower == "of":
            at = link
    return at


def _opens_a_sentence(words: list[Word]) -> bool:
    """Whether the first word has its capital only because it is the first."""
    lower = words[0].lower
    return lower in lexicon.VERBS or lower in lexicon.IRREGULAR or lower in lexicon.ADJECTIVES or lower.endswith(("ed", "ing"))


def _noun(text: str, words: list[Word], first: int) -> int:
    """The index after a noun with the adjectives before it; `first` where there is none."""
    at = first
    while at < len(words) and (at == first or _adjoins(text, words, at)):
        lower = words[at].lower
        if lower in lexicon.FUNCTION_WORDS:
            break
        at += 1
        if _is_adjective(lower) and at + 1 < len(words) and words[at].lower == "and" and _is_adjective(words[at + 1].lower):
            at += 1
            continue
        last = at == len(words) or words[at].lower in lexicon.FUNCTION_WORDS or not _adjoins(text, words, at)
        if last or (not _is_adjective(lower) and not _is_noun(words[at].lower)) or at - first >= _MOST_WORDS:
            break
    return at


def _adjoins(text: str, words: list[Word], at: int) -> bool:
    """Whether nothing but a blank stands between the word and the one before."""
    return text[words[at - 1].end : words[at].start].isspace()


def _is_adjective(lower: str) -> bool:
    return lower in lexicon.ADJECTIVES or (not _is_noun(lower) and bool(_ADJECTIVE.search(lower)))


def _is_noun(lower: str) -> bool:
    return any(
        lower in nouns for nouns in (lexicon.MEN, lexicon.WOMEN, lexicon.PERSONS, lexicon.ANIMALS, lexicon.GROUPS)
    )


def _is_plural(head: str) -> bool:
    return head in lexicon.PLURALS or (head.endswith("s") and not head.endswith(("ss", "us", "is")))


def _with_owners(text: str, words: list[Word], first: int, end: int) -> Iterator[Mention]:
    """The phrase of words[first:end], and before it what owns it."""
    for at in range(first, end - 1):
        if _OWNER.match(text, words[at].end):
            yield _mention(text, words, first, at + 1, owner=True)
    yield _mention(text, words, first, end)


def _mention(text: str, words: list[Word], first: int, end: int, *, owner: bool = False) -> Mention:
    start, stop = words[first].start, words[end - 1].end
    phrase = text[start:stop]
    last = words[end - 1]
    if words[first].lower in lexicon.DETERMINERS and not words[min(first + 1, end - 1)].text[0].isupper():
        phrase = phrase[0].lower() + phrase[1:]
    return Mention(text=phrase, start=start, end=stop, head=last.lower, name=last.text[0].isupper(), owner=owner)


def _with_pairs(text: str, found: list[Mention]) -> Iterator[Mention]:
    before: Mention | None = None
    for mention in found:
        yield mention
        if mention.owner:
            continue
        if before and _AND.fullmatch(text[before.end : mention.start]):
            yield Mention(
                text=f"{before.text} and {mention.text}", start=before.start, end=mention.end, head="", name=mention.name
            )
        before = mention
