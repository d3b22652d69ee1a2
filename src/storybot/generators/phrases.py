"""Phrases of a parsed sentence: what of them can be said in a question, and whether that says enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storybot.following.lexicon import FUNCTION_WORDS
from storybot.generators.grammar import Word
from storybot.generators.lexicon import NEEDS_CONTEXT, OURS

_PRUNED = frozenset({"relcl", "appos", "parataxis", "advcl", "intj", "meta", "dep", "ccomp"})
"""What may be left out of a phrase."""

_JOINING = frozenset("-,'\u2019")
_LEANING = frozenset({"PRP", "EX", "WDT", "WP"})
_NOUNS = frozenset({"NOUN", "PROPN"})
_LOWERED = frozenset({"DET", "PRON", "ADJ", "NUM", "ADV", "SCONJ", "ADP"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A phrase. `words`: what of it is said in a question; `whole`: all of it, as it answers one; never empty."""

    head: Word
    words: tuple[Word, ...]
    whole: tuple[Word, ...]

    @property
    def role(self) -> str:
        """What it is to its verb, as the parser calls it."""
        return self.head.dep_

    @property
    def opening(self) -> str:
        """Its first word, in small letters."""
        return self.whole[0].lower_

    @property
    def noun(self) -> Word | None:
        """The noun that it is about: its head, or what its preposition stands before."""
        found = self.head if self.role not in {"prep", "agent", "dative"} else governed(self.head)
        return found if found is not None and found.pos_ in _NOUNS else None

    @property
    def leans(self) -> bool:
        """Whether it says too little to somebody who hasn't read the sentence, and what goes before it."""
        torn = self.words[-1].tag_ in {"POS", "CC"} or any(
            _tells_which(word) for word in self.whole if word.head in self.words
        )
        return (
            torn
            or self._lacks_noun
            or any(word.tag_ in _LEANING or word.lower_ in NEEDS_CONTEXT for word in self.words)
        )

    @property
    def _lacks_noun(self) -> bool:
        """Whether it is of the kind "a second"."""
        noun = self.head if self.role == "dobj" else governed(self.head)
        return noun is not None and noun.pos_ not in _NOUNS | {"VERB"}

    @property
    def owned(self) -> bool:
        """Whether it is somebody's whom it doesn't name."""
        return any(word.tag_ == "PRP$" for word in self.words)

    @property
    def vague(self) -> bool:
        """Whether it says who or what only to the one who speaks, or that there was none."""
        return any(word.lower_ in OURS or word.lower_ == "no" for word in self.words)

    @property
    def names(self) -> bool:
        """Whether it holds a name."""
        return any(word.pos_ == "PROPN" for word in self.words)


def phrase(head: Word) -> Phrase:
    """The phrase that a word heads, which is no mark."""
    return Phrase(head=head, words=tuple(_said(head)), whole=tuple(_stripped(list(head.subtree))))


def governed(preposition: Word) -> Word | None:
    """What a preposition stands before."""
    return next((child for child in preposition.children if child.dep_ == "pobj"), None)


def wording(words: Sequence[Word]) -> str:
    """Words as they stand inside a sentence."""
    text = ""
    before: Word | None = None
    for word in words:
        apart = before is not None and (word.i > before.i + 1 or before.whitespace_)
        lowered = word.is_sent_start and _is_lowered(word)
        text += " " * bool(apart) + (word.lower_ if lowered else word.text)
        before = word
    return text


def _is_lowered(first: Word) -> bool:
    """Whether the word has its capital only because it begins a sentence."""
    if first.lower_ in FUNCTION_WORDS:
        return True
    named = first.doc[first.i + 1].text[0].isupper()
    return not named and (first.pos_ in _LOWERED or first.tag_ == "NNS")


def _said(head: Word) -> list[Word]:
    """The words of a phrase without what merely adds to it."""
    pruned = [word for word in head.subtree if word.dep_ in _PRUNED and word != head]
    left_out = {each.i for word in pruned for each in word.subtree}
    kept = [
        word
        for word in head.subtree
        if word.i not in left_out and not word.is_space and (not word.is_punct or word.text in _JOINING)
    ]
    places = {word.i for word in kept}
    return _stripped([word for word in kept if not word.is_punct or {word.i - 1, word.i + 1} <= places])


def _stripped(words: list[Word]) -> list[Word]:
    """The words without marks and blanks at either end."""
    said = [place for place, word in enumerate(words) if not word.is_punct and not word.is_space]
    return words[said[0] : said[-1] + 1]


def _tells_which(word: Word) -> bool:
    """Whether it heads a clause that can't be left out: as well as he could; the house, no comma after it, he built."""
    if word.dep_ != "relcl":
        return word.dep_ == "advcl" and word.head.pos_ == "ADV"
    first = next(iter(word.subtree))
    any_of_its_like: Iterable[Word] = (each for each in word.head.children if each.lower_ in {"a", "an"})
    return not word.doc[first.i - 1].is_punct and not any(any_of_its_like)
