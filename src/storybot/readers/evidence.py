"""Signs that a sentence can hold the kind of thing a question asks for: a person, a place, a time, a number ..."""

import re
from collections.abc import Sequence

from storybot.readers.inflection import lemma
from storybot.readers.lexicon import listed
from storybot.readers.questions import Question
from storybot.words import STOP_WORDS


def _set(words: str) -> frozenset[str]:
    return frozenset(map(lemma, words.split()))


PERSONS = _set(
    """man woman boy girl king queen prince princess mother father son daughter brother sister wife husband child
    people servant master lord lady giant witch wizard fairy dwarf soldier merchant farmer hunter fisherman priest
    stranger friend neighbour president leader teacher doctor captain sailor knight robber thief judge maiden maid
    bride youth lad uncle aunt grandmother grandfather baby person crowd emperor chief warrior spirit monster dragon
    fox wolf bear cat dog bird horse lion hare mouse frog cow goat monkey tiger troll ogre elf goblin everyone
    everybody nobody"""
)
NUMBERS = _set(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million once twice
    thrice dozen pair both several many few none no single half couple score"""
)
_UNITS = _set(
    """year month week day hour minute inch foot mile league pound ounce yard ell penny shilling dollar time age fathom
    meter"""
)
_TIMES = _set(
    """day night morning evening noon midnight dawn sunrise sunset today tomorrow yesterday year month week hour minute
    moment spring summer autumn winter christmas easter monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december century age eve o'clock
    soon always never"""
)
_TIME_LINKS = listed("""when after before until till while during as once since""")
_PLACE_LINKS = listed(
    """in at on under into near behind beside inside through over across upon among between within towards toward
    above below to from by around beneath along outside here there"""
)
_REASON = re.compile(
    r"\b(because|so that|in order|for fear|for|since|as|so|therefore|that is why|lest|thinking)\b", re.IGNORECASE
)
_CERTAIN_REASON = re.compile(
    r"\b(because|so that|in order|for fear|therefore|that is why|lest|owing|thinking)\b", re.IGNORECASE
)
FEELINGS = _set(
    """happy sad angry afraid frightened scared glad joy joyful sorrow sorry anger delighted pleased surprised
    astonished amazed proud ashamed jealous envious lonely tired weary worried anxious troubled grief grieved
    miserable merry cheerful delight fear terror terrified fury furious rage upset unhappy wept weeping tears cried
    love loved hate hated grateful thankful disappointed excited curious wonder despair dismay horror hope comfort
    content wretched vexed annoyed cross pity lament rejoice laugh smile sigh tremble pride shame"""
)
_STATE = re.compile(
    r"\b(?:was|were|is|are|felt|feel|seemed|looked|became|grew) (?:\w+ ){0,2}\w+(?:ed|ful|y|ous|less)\b", re.IGNORECASE
)
_COLOURS = _set(
    """white black red blue green yellow gold golden silver grey gray brown purple pink scarlet crimson orange violet
    pale dark"""
)
_QUOTES = frozenset('"\u201c\u201d')
_NAMING = _set("name call named surname title")
_PLACE_CERTAIN = _set(
    """house home castle palace forest wood wood field town village city river sea lake mountain hill garden road
    bridge cave room kitchen bed door window church island shore valley country kingdom land hut cottage well tree
    hall steppe school"""
)
STRICT = frozenset({"count", "measure", "name", "when"})
"""Kinds whose answer shows by its form: without the sign, there is no answer."""


def names(words: Sequence[str]) -> frozenset[str]:
    """Lemmas of the words that look like names; `words` as they stand in one sentence."""
    return frozenset(
        lemma(word.casefold())
        for i, word in enumerate(words)
        if word[:1].isupper() and word.casefold() not in STOP_WORDS and (i or word.casefold() not in _OPENERS)
    )


_OPENERS = listed(
    """one now well yes oh ah come let when then soon once next finally suddenly tonight never at last many"""
)


def sign(question: Question, text: str, words: Sequence[str], lemmas: Sequence[str]) -> float:  # noqa: PLR0911 - one line a kind
    """How strongly a sentence shows the kind asked for, 0 to 1. `words` are its words, `lemmas` theirs, in order."""
    found = frozenset(lemmas)
    kind = question.kind
    if kind in {"who", "whose"}:
        return _person(question, words, found)
    if kind == "where":
        new = found - question.words
        return 0.5 * bool(_PLACE_LINKS & set(map(str.casefold, words))) + 0.5 * bool(new & _PLACE_CERTAIN)
    if kind == "when":
        return max(
            bool((found - question.words) & _TIMES), 0.4 * bool(_TIME_LINKS & found), bool(re.search(r"\d", text))
        )
    if kind in {"count", "measure"}:
        return _number(question, lemmas)
    if kind == "why":
        return 1.0 if _CERTAIN_REASON.search(text) else 0.4 * bool(_REASON.search(text))
    if kind == "feel":
        return 1.0 if (found - question.words) & FEELINGS else 0.4 * bool(_STATE.search(text))
    if kind == "say":
        return float(bool(_QUOTES & set(text)))
    if kind == "name":
        return 0.4 * bool(names(words) - question.words) + 0.6 * _is_named(question, words, lemmas)
    if question.focus & _COLOUR:
        return float(bool(found & _COLOURS))
    return 0.0


_COLOUR = _set("color colour colours")


def _person(question: Question, words: Sequence[str], found: frozenset[str]) -> float:
    if names(words) - question.words:
        return 1.0
    return 0.7 if (found - question.words) & PERSONS else 0.0


def is_number(lemma_: str) -> bool:
    """Whether a lemma counts something."""
    return lemma_ in NUMBERS or lemma_.isdigit()


def _number(question: Question, lemmas: Sequence[str]) -> float:
    """A number beside the thing counted is the sign; one elsewhere in the sentence is a weak one."""
    spots = [i for i, word in enumerate(lemmas) if is_number(word)]
    if not spots:
        return 0.0
    wanted = (question.focus - {"mani", "much"}) if question.kind == "count" else _UNITS
    if any(lemmas[j] in wanted for i in spots for j in range(i + 1, min(i + 4, len(lemmas)))):
        return 1.0
    return 0.3


def _is_named(question: Question, words: Sequence[str], lemmas: Sequence[str]) -> bool:
    """Whether a name stands beside the naming or the thing named: "a man called Tom", "King Midas" for a king."""
    new = names(words) - question.words
    near = (question.words | _NAMING) - {"the", "of", "what", "is", "a", "be", "did", "do"}
    spots = [i for i, word in enumerate(lemmas) if word in near]
    return any(lemmas[j] in new for i in spots for j in range(i + 1, min(i + 4, len(lemmas))))
