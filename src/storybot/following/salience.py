"""Who and what the last turns were about, and which pronouns can stand for them.

The weights were chosen on FairytaleQA train: see docs/lab-book.md, entry 9.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from storybot.following import lexicon
from storybot.following.exchanges import Exchange
from storybot.following.mentions import THING, Mention, Pronoun, mentions, words_of

FADING = 0.6
"""What a turn counts beside the one after it."""

_SUBJECT, _OTHER, _OWNER = 1.0, 0.55, 0.65
_ANSWER, _WHO_ANSWER = 0.5, 1.2
_CITED = 0.05
_UNTOLD = 0.02
"""A thing that was asked about, and of which the nearest passages know nothing: "How many children ...?"."""

_CITED_TURNS = 2
_NAMED = 1.15
_UNSURE = 0.75
"""What a candidate counts that the pronoun may fit, where another may too."""

_UNLIKELY = 0.4
"""What a thing counts of which the texts seem to speak as of a person."""

_LEAST_OF_IT = 0.2
"""A name that only stands in a cited text is hardly what "it" means."""

_LEAST_OF_THINGS = 3
_REACH = 160
_OCCURRENCES = 40
_PRONOUN = re.compile(r"\b(?:((?i:he|him|his))|((?i:she|her|hers))|[A-Z][a-z]{2,})\b")
_PLACE = re.compile(r"\b(?:in|at|from|near) (?:the )?$", re.IGNORECASE)
_PLACE_OR_OWNER = re.compile(r"\b(?:in|at|from|near|of) (?:the )?$", re.IGNORECASE)
_PLACE_LETTERS = 12
_OWNED = re.compile(r"['\u2019]s? ")
"""Anna's voice is nobody, though "she" follows it."""

_DESCRIBING = re.compile(r"^(?:and |but |so )?(?:what|who|which|how) (?:is|are|was|were) ", re.IGNORECASE)
"""Questions of what somebody or something is or has: they stay with whose it is."""

_JOINED = re.compile(r"\band\b|['\u2019]s\b")
_MOST_FORENAMES = 2
_WHO = re.compile(r"^(?:and |but |so )?(?:who|whom|whose)\b", re.IGNORECASE)
_WHAT = re.compile(r"^(?:and |but |so )?(?:what|which)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody or something that a follow-up may mean. `weight`: how much the last turns were about it."""

    mention: Mention
    weight: float


class Scene:
    """The last turns as a follow-up finds them."""

    def __init__(self, history: Sequence[Exchange]) -> None:
        """history: the latest last."""
        self._texts = list(dict.fromkeys(text for exchange in history for text in _texts(exchange)))
        self._pronouns: dict[str, frozenset[Pronoun]] = {}
        self.candidates = _candidates(history)

    def holds(self, word: str) -> bool:
        """Whether the word stands anywhere in the last turns and the texts that they cited."""
        return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for text in self._texts)

    def event(self) -> Mention | None:
        """What was done for somebody, as the texts tell: they performed for the king, so it is the performance."""
        for text in reversed(self._texts):
            for noun, stem in lexicon.EVENTS.items():
                if re.search(rf"\b{stem}\w*(?:\W+\w+){{0,2}}?\W+for\b", text, re.IGNORECASE):
                    return Mention(text=f"the {noun}", start=0, end=0, head=noun, name=False)
        return None

    def sentences(self) -> Iterator[str]:
        """The sentences of those texts."""
        for text in self._texts:
            yield from re.split(r"(?<=[.!?])\s+", text)

    def best(self, pronoun: Pronoun, besides: Collection[str] = ()) -> Mention | None:
        """What the pronoun most likely stands for, none of the keys in `besides`; None where nothing fits."""
        best, score = None, _LEAST_OF_IT if pronoun == "it" else 0.0
        for candidate in self.candidates:
            if candidate.weight <= score:
                break  # none of the rest can fit better
            fit = (
                candidate.weight * self._fit(candidate.mention, pronoun) if candidate.mention.key not in besides else 0
            )
            if fit > score:
                best, score = candidate.mention, fit
        return best

    def _fit(self, mention: Mention, pronoun: Pronoun) -> float:
        """How well the pronoun fits, 0 to 1."""
        known = self.pronouns(mention)
        if pronoun not in known:
            return 0.0
        if mention.pronouns == THING:
            return 1.0 if pronoun == "it" else _UNLIKELY
        return 1.0 if len(known) == 1 or pronoun == "they" else _UNSURE

    def pronouns(self, mention: Mention) -> frozenset[Pronoun]:
        """The pronouns that can stand for it: as its own words tell, else as the texts speak of it."""
        if mention.key not in self._pronouns:
            own = mention.pronouns
            open_ = "they" not in own and (len(own) > 1 or (own == THING and not _OWNED.search(mention.text)))
            told = self._told(mention) if open_ else None
            known = frozenset({told}) if told else own
            self._pronouns[mention.key] = known | THING if own == THING else known
        return self._pronouns[mention.key]

    def _told(self, mention: Mention) -> Pronoun | None:
        """He or she, whichever follows the phrase in the texts at least twice as often; it, of a place's name."""
        counts: Counter[Pronoun] = Counter()
        forms = [mention.key, mention.head] if not mention.name else [mention.text, mention.text.split()[0]]
        pattern = re.compile(
            "|".join(rf"\b{re.escape(form)}\b" for form in forms), 0 if mention.name else re.IGNORECASE
        )
        places = 0
        own = {word.text for word in words_of(mention.text)}
        for text in self._texts:
            for at in list(pattern.finditer(text))[:_OCCURRENCES]:
                told = _first_pronoun(text[at.end() : at.end() + _REACH], own)
                if mention.name and _PLACE_OR_OWNER.search(text[max(0, at.start() - _PLACE_LETTERS) : at.start()]):
                    places += 1
                elif told:
                    counts[told] += 1
        least = _LEAST_OF_THINGS if mention.pronouns == THING else 1
        best, rest = (max(counts["he"], counts["she"]), min(counts["he"], counts["she"]))
        if places and places >= best:
            return "it"
        if best < least or best < 2 * rest:
            return None
        return "he" if counts["he"] == best else "she"


def _first_pronoun(after: str, own: Collection[str]) -> Pronoun | None:
    """He or she, whichever comes first, and before another name. Himself is the one just named."""
    reflexive = re.match(r"\W*(him|her)self\b", after)
    if reflexive:
        return "he" if reflexive[1] == "him" else "she"
    for found in _PRONOUN.finditer(after):
        if found[1]:
            return "he"
        if found[2]:
            return "she"
        opens = after[: found.start()].rstrip()[-1:] in {"", ".", "!", "?", '"', "\u201c", "\u201d"}
        if found[0] not in own and found[0].casefold() not in lexicon.FUNCTION_WORDS and not opens:
            return None
    return None


def _texts(exchange: Exchange) -> tuple[str, ...]:
    return (exchange.question, *((exchange.answer,) if exchange.answer else ()), *exchange.texts)


def _candidates(history: Sequence[Exchange]) -> list[Candidate]:
    """All that the turns speak of, the weightiest first; the same thing once, as it was called most fully."""
    weights: dict[str, float] = {}
    called: dict[str, Mention] = {}
    said: set[str] = set()
    for distance, exchange in enumerate(reversed(history)):
        heard: dict[str, float] = {}
        for mention, share in _heard(exchange):
            weight = min(share, _UNTOLD) if _is_untold(mention, exchange) else share
            called.setdefault(mention.key, mention)
            said.add(mention.key)
            heard[mention.key] = max(weight, heard.get(mention.key, 0.0))
        for mention in _cited(exchange) if distance < _CITED_TURNS else ():
            called.setdefault(mention.key, mention)
            heard.setdefault(mention.key, _CITED)
        for key, weight in heard.items():
            weights[key] = weights.get(key, 0.0) + weight * FADING**distance * (_NAMED if called[key].name else 1)
    for short in [key for key, mention in called.items() if mention.name]:
        full = next((key for key in called if key in said and _is_fuller(called[key], called[short])), None)
        if full:
            weights[full] += weights.pop(short)
            del called[short]
    found = [Candidate(mention=called[key], weight=weight) for key, weight in weights.items()]
    return sorted(found, key=lambda each: -each.weight)


def _is_fuller(full: Mention, short: Mention) -> bool:
    """Whether one name is the other with more of its words: a forename alone would find more, a surname too."""
    words, fewer = full.key.split(), short.key.split()
    return (
        full.name
        and len(fewer) < len(words) <= len(fewer) + _MOST_FORENAMES
        and (words[-len(fewer) :] == fewer or words[: len(fewer)] == fewer)
        and bool(full.pronouns & short.pronouns)
        and not _JOINED.search(full.text)
    )


def _is_untold(mention: Mention, exchange: Exchange) -> bool:
    """Whether it is nothing that the texts speak of, though the turn found some."""
    if exchange.answer or mention.name or not exchange.texts:
        return False
    return not any(re.search(rf"\b{re.escape(mention.head)}\b", text, re.IGNORECASE) for text in exchange.texts)


def _heard(exchange: Exchange) -> Iterator[tuple[Mention, float]]:
    """What one turn speaks of, with how much it is about it."""
    question = exchange.question
    named = [each for each in mentions(question) if not (each.name and _PLACE.search(question[: each.start]))]
    topic = _DESCRIBING.search(question) is not None
    subject = True
    for number, mention in enumerate(named):
        owned = number > 0 and named[number - 1].owner
        follows_of = question[: mention.start].endswith(" of ")
        if topic and subject and not mention.owner and not owned and not follows_of:
            lower = any(later.start > mention.end and question[: later.start].endswith(" of ") for later in named)
            yield mention, _OTHER if lower else _SUBJECT
            subject = lower
        elif topic:
            yield mention, _SUBJECT if mention.owner or (follows_of and subject) else _OTHER
        else:
            yield mention, _OWNER if mention.owner else _SUBJECT if subject else _OTHER
            subject = subject and mention.owner
    if exchange.answer:
        yield from ((mention, _ANSWER) for mention in mentions(exchange.answer) if mention.owner)
        answers = [mention for mention in mentions(exchange.answer) if not mention.owner]
        for number, mention in enumerate(answers):
            direct = number == 0 and mention.start == 0
            who = direct and _WHO.search(question)
            what = direct and _WHAT.search(question)
            yield mention, _WHO_ANSWER if who else _SUBJECT if what else _ANSWER if direct else _ANSWER / 2


def _cited(exchange: Exchange) -> Iterator[Mention]:
    """The names in the texts that one turn cited."""
    return (mention for text in exchange.texts for mention in mentions(text) if mention.name)
