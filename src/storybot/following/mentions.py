"""Who and what a text speaks of: names and noun phrases, and the pronouns that can stand for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from storybot.following import lexicon

Pronoun = Literal["he", "she", "it", "they"]

MALE: frozenset[Pronoun] = frozenset({"he"})
FEMALE: frozenset[Pronoun] = frozenset({"she"})
PEOPLE: frozenset[Pronoun] = frozenset({"he", "she"})
THING: frozenset[Pronoun] = frozenset({"it"})
ANYBODY: frozenset[Pronoun] = frozenset({"he", "she", "it"})
MANY: frozenset[Pronoun] = frozenset({"they"})
GROUP: frozenset[Pronoun] = frozenset({"they", "it"})

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*(?:n['\u2019]t\b)?")
_OWNER = re.compile(r"['\u2019]s\b|(?<=s)['\u2019](?=\s)")
_MOST_WORDS = 6
_MOST_KEPT = 512
_ADJECTIVE = re.compile(r"(?:ful|ous|ish|less|est|able|ible|ic|al|ive|ed|ing)$")
_AND = re.compile(r",? and ")
_SENTENCE_END = re.compile(r"(?:^|[.!?:;]|--)[\"'\u201c\u2018\u201d\u2019)]*\s*[\"'\u201c\u2018(]*$")
_BEFORE_BARE = (lexicon.PREPOSITIONS | {"is", "are", "was", "were", "do", "did", "does"}) - {"like"}
_KIN = re.compile(r"^(?:step-?|grand-?|great-)+|-in-law$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a text, `text[start:end]`; `lower` in small letters."""

    text: str
    start: int
    end: int
    lower: str


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
        return re.sub(r"^(?:the|an?|this|that|these|those) ", "", self.text.casefold())

    @property
    def pronouns(self) -> frozenset[Pronoun]:
        """The pronouns that can stand for it, as far as its own words tell."""
        return _pronouns(self.text, self.head, name=self.name)


@lru_cache(maxsize=_MOST_KEPT)
def _pronouns(text: str, head: str, *, name: bool) -> frozenset[Pronoun]:
    if _AND.search(text) and not head:
        return MANY
    words = {_KIN.sub("", word.lower) for word in words_of(text)} if name else {_KIN.sub("", head)}
    kinds = (
        (name and words & lexicon.NEVER_PEOPLE, THING),
        (words & lexicon.MEN, MALE),
        (words & lexicon.WOMEN, FEMALE),
        (head in lexicon.GROUPS, GROUP),
        (head in lexicon.PERSONS, PEOPLE),
        (_is_plural(head) and (not name or text.casefold().startswith("the ")), MANY),
        (name or head in lexicon.ANIMALS, ANYBODY),
    )
    return next((kind for fits, kind in kinds if fits), THING)


def words_of(text: str) -> list[Word]:
    """The words in order; a possessive's s isn't one."""
    return [
        Word(text=found[0], start=found.start(), end=found.end(), lower=found[0].casefold().replace("\u2019", "'"))
        for found in _WORD.finditer(text)
        if not (found[0] == "s" and text[found.start() - 1 : found.start()] in {"'", "\u2019"})
    ]


@lru_cache(maxsize=_MOST_KEPT)
def mentions(text: str) -> tuple[Mention, ...]:
    """Names and noun phrases in order; what owns another comes right before it, both of "A and B" before the pair."""
    words = words_of(text)
    found: list[Mention] = []
    at = 0
    while at < len(words):
        end = _phrase(text, words, at)
        if end > at:
            named = words[at].lower in lexicon.DETERMINERS - {"the"} and words[at + 1].text[0].isupper()
            found.extend(_with_owners(text, words, at + named, end))
        at = max(end, at + 1)
    return tuple(_with_pairs(text, found))


def _phrase(text: str, words: list[Word], first: int) -> int:
    """The index after the phrase that begins at the word; `first` where none does."""
    at = first + (words[first].lower in lexicon.DETERMINERS)
    if at == len(words):
        return first
    bare = at == first and first > 0 and words[first - 1].lower in _BEFORE_BARE and _adjoins(text, words, first)
    end = _name(text, words, at)
    if at > first and end == at + 1 < len(words) and _is_content(text, words, end):
        end = at  # "the Jewish family" is no name
    if end == at and (at > first or bare):
        end = _noun(text, words, at)
        if bare and end > at and not _stands_bare(words, at, end):
            return first
    if end == at:
        return first
    if _OWNER.match(text, words[end - 1].end) and end < len(words) and end - first < _MOST_WORDS:
        return max(_noun(text, words, end), _name(text, words, end))
    return end


def _stands_bare(words: list[Word], first: int, end: int) -> bool:
    """Whether a phrase without article is a noun's: throat cancer, pork ribs."""
    head = words[end - 1].lower
    return (end - first > 1 or _is_plural(head)) and not (
        _is_adjective(head) or head in lexicon.VERBS or head in lexicon.IRREGULAR
    )


def _name(text: str, words: list[Word], first: int) -> int:
    """The index after a name: words with capitals, and what stands between them as in Bluff of the Moor."""
    at = first
    while at < len(words) and words[at].text[0].isupper() and words[at].lower not in lexicon.FUNCTION_WORDS:
        if at > first and not _joins(text, words, at):
            break
        at += 1
        link = at
        while link < len(words) and words[link].lower in {"of", "the"} and _adjoins(text, words, link):
            link += 1
        if at < link < len(words) and words[link].text[0].isupper() and words[at].lower == "of":
            at = link
    return first if at == first + 1 and _only_opens(text, words, first) else at


def _only_opens(text: str, words: list[Word], at: int) -> bool:
    """Whether a word seems to have its capital only because a sentence begins with it."""
    word = words[at]
    if not _SENTENCE_END.search(text[max(0, word.start - 8) : word.start]):
        return False
    lower = word.lower
    if lower in lexicon.VERBS or lower in lexicon.IRREGULAR or lower in lexicon.ADJECTIVES:
        return True
    if lower.endswith(("ed", "ing", "ly")):
        return True
    if at + 1 == len(words):
        return False
    aside = text[word.end : word.end + 1] == "," and not words[at + 1].text[0].isupper()
    return aside or words[at + 1].lower in lexicon.PREPOSITIONS


def _noun(text: str, words: list[Word], first: int) -> int:
    """The index after a noun with the adjectives before it; `first` where there is none."""
    at = first
    while at < len(words) and (at == first or _is_content(text, words, at)):
        lower = words[at].lower
        if lower in lexicon.FUNCTION_WORDS:
            break
        at += 1
        adjective = _is_adjective(lower)
        if adjective and at + 1 < len(words) and words[at].lower == "and" and _is_adjective(words[at + 1].lower):
            at += 1
            continue
        if at == len(words) or not _is_content(text, words, at) or at - first >= _MOST_WORDS:
            break
        following = words[at].lower
        if not adjective and not _is_noun(following) and (_is_noun(lower) or _may_be_verb(following)):
            break
    return at


def _is_content(text: str, words: list[Word], at: int) -> bool:
    """Whether the word goes on with the phrase before it."""
    word = words[at]
    return word.lower not in lexicon.FUNCTION_WORDS and word.text[0].islower() and _adjoins(text, words, at)


def _adjoins(text: str, words: list[Word], at: int) -> bool:
    """Whether nothing but a blank stands between the word and the one before."""
    between = text[words[at - 1].end : words[at].start]
    return between.isspace() and between.count("\n") <= 1


def _joins(text: str, words: list[Word], at: int) -> bool:
    """Whether the word goes on with a name: after a blank, or an initial's full stop."""
    return _adjoins(text, words, at) or (
        text[words[at - 1].end : words[at].start] in {". ", "."} and words[at - 1].end - words[at - 1].start == 1
    )


def _may_be_verb(lower: str) -> bool:
    return lower in lexicon.VERBS or lower in lexicon.IRREGULAR or lower.endswith(("ed", "ing", "ly"))


def _is_adjective(lower: str) -> bool:
    return lower in lexicon.ADJECTIVES or (not _is_noun(lower) and bool(_ADJECTIVE.search(lower)))


def _is_noun(lower: str) -> bool:
    kin = _KIN.sub("", lower)
    return any(kin in nouns for nouns in (lexicon.MEN, lexicon.WOMEN, lexicon.PERSONS, lexicon.ANIMALS, lexicon.GROUPS))


def _is_plural(head: str) -> bool:
    if head.endswith("men") and head not in lexicon.NOT_MEN:
        return True  # fishermen
    return head in lexicon.PLURALS or (head.endswith("s") and not head.endswith(("ss", "us", "is", "news")))


def _with_owners(text: str, words: list[Word], first: int, end: int) -> Iterator[Mention]:
    """The phrase of words[first:end], and before it what owns it."""
    for at in range(first, end - 1):
        if _OWNER.match(text, words[at].end):
            yield _mention(text, words, first, at + 1, owner=True)
    yield _mention(text, words, first, end)


def _mention(text: str, words: list[Word], first: int, end: int, *, owner: bool = False) -> Mention:
    start, stop = words[first].start, words[end - 1].end
    phrase = " ".join(text[start:stop].split())
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
                text=f"{before.text} and {mention.text}",
                start=before.start,
                end=mention.end,
                head="",
                name=mention.name,
            )
        before = mention
