"""A sentence taken apart: its words, and where its phrases and clauses begin and end."""

import re
from dataclasses import dataclass

from storybot.model import Span
from storybot.readers.inflection import DERIVED, is_bent, lemma, likeness
from storybot.readers.lexicon import AUXILIARIES, DETERMINERS, LINKS, PREPOSITIONS, PRONOUNS, listed
from storybot.readers.questions import Question
from storybot.words import STOP_WORDS, tokens

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019\-][^\W_]+)*|[^\w\s]")


MARKS = frozenset(',;:.!?()\u2014\u2013-"\u201c\u201d')


_CLAUSE_BREAKS = frozenset(";:.!?()\u2014\u2013")


_RECEIVERS = frozenset({"her", "him", "them", "me", "us", "you", "it"})
_SHORTEST_PAST = 4
_NOUN_FORMS = listed(
    """children feet teeth geese mice men women wives knives leaves lives wolves thieves oxen better best worse
    worst left"""
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark of the sentence; offsets within the sentence."""

    text: str
    start: int
    end: int
    plain: str
    lemma: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with the question it is read for.

    `like` maps the index of a word to the term of the question it matches.
    """

    text: str
    words: list[Word]
    question: Question
    like: dict[int, str]


Range = tuple[int, int]


def scene_of(question: Question, text: str) -> Scene:
    """The sentence taken apart for the question."""
    words = []
    for found in _TOKEN.finditer(text):
        plain = next(iter(tokens(found.group())), found.group())
        words.append(Word(found.group(), found.start(), found.end(), plain, lemma(plain)))
    wanted = set(question.terms)
    like = {}
    for i, word in enumerate(words):
        if word.lemma in wanted:
            like[i] = word.lemma
        elif word.plain not in STOP_WORDS and word.text[0].isalnum():
            near = next((term for term in wanted if likeness(term, word.lemma) >= DERIVED), None)
            if near:
                like[i] = near
    return Scene(text, words, question, like)


def trimmed(scene: Scene, start: int, end: int) -> Span:
    """The words without marks, links and blanks at either end."""
    words = scene.words
    while start < end and (words[start].text in MARKS or words[start].plain in {"and", "but", "or", "then", "so"}):
        start += 1
    while end > start and (words[end - 1].text in MARKS or words[end - 1].plain in {"and", "but", "or"}):
        end -= 1
    if start >= end:
        return Span(0, len(scene.text))
    return Span(words[start].start, words[end - 1].end)


def is_verb(scene: Scene, i: int) -> bool:
    """Whether the word looks like a verb: an auxiliary, or a past form that no article stands before."""
    word = scene.words[i]
    if word.plain in AUXILIARIES:
        return True
    before = scene.words[i - 1].plain if i else ""
    if before in DETERMINERS:
        return False
    return (word.plain.endswith("ed") and len(word.plain) >= _SHORTEST_PAST) or (
        is_bent(word.plain) and word.plain not in _NOUN_FORMS
    )


def stops(scene: Scene, i: int) -> bool:
    """Whether a noun phrase can't go on over this word."""
    word = scene.words[i]
    return word.text in MARKS or word.plain in PRONOUNS | LINKS | AUXILIARIES or word.plain in PREPOSITIONS


def phrase_from(scene: Scene, start: int) -> Range | None:
    """The noun phrase that begins here, with what hangs on it by "of", "and" between two adjectives or names."""
    words, i = scene.words, start
    while i < len(words) and words[i].plain in {"all", "both", "only", "just", "even", "up", "out", "off", "down"}:
        i += 1
    if i + 1 < len(words) and words[i].plain in _RECEIVERS and words[i + 1].plain in DETERMINERS:
        i += 1  # "gave her a whistle"
    begin = i
    while i < len(words):
        word = words[i]
        if word.plain in {"of", "and"} and i > begin and i + 1 < len(words):
            following = words[i + 1]
            joins = word.plain == "of" or (not stops(scene, i + 1) and not is_verb(scene, i + 1))
            if joins and following.text not in MARKS and following.plain not in PRONOUNS | LINKS:
                i += 2
                continue
            break
        if i > begin and (stops(scene, i) or word.plain in DETERMINERS):
            break
        if i > begin and is_verb(scene, i) and not _is_adjective(scene, begin, i):
            break
        if i == begin and (word.text in MARKS or word.plain in LINKS | PREPOSITIONS | AUXILIARIES):
            return None
        i += 1
        if i == begin + 1 and word.plain in PRONOUNS:
            break
    return (begin, i) if i > begin else None


def _is_adjective(scene: Scene, begin: int, i: int) -> bool:
    """Whether a word that looks like a verb stands between an article and its noun: "an old crippled soldier"."""
    words = scene.words
    opened = words[begin].plain in DETERMINERS and i - begin <= 2  # noqa: PLR2004 - one adjective before it at most
    return opened and i + 1 < len(words) and words[i + 1].plain not in STOP_WORDS and words[i + 1].text[0].isalnum()


def phrase_to(scene: Scene, end: int) -> Range | None:
    """The noun phrase that ends before `end`."""
    words, i = scene.words, end
    while i and (
        words[i - 1].plain in AUXILIARIES
        or words[i - 1].plain.endswith("ly")
        or words[i - 1].plain in {"who", "which", "that", "then", "also"}
    ):
        i -= 1
    if i and words[i - 1].text == ",":
        i -= 1
    stop = i
    while i:
        word = words[i - 1]
        if word.plain in DETERMINERS and word.plain != "that":
            i -= 1
            if i > 1 and words[i - 1].plain == "of":
                i -= 1
                continue
            break
        if word.plain == "of" and i > 1 and i < stop:
            i -= 1
            continue
        if word.plain == "and" and i > 1 and i < stop and not stops(scene, i - 2) and not is_verb(scene, i - 2):
            i -= 1
            continue
        if stops(scene, i - 1) or is_verb(scene, i - 1):
            if stop == i and word.plain in PRONOUNS:
                i -= 1
            break
        i -= 1
    return (i, stop) if i < stop else None


def phrase_around(scene: Scene, i: int) -> Range:
    """The noun at `i` with the article and adjectives before it."""
    words, start = scene.words, i
    while start:
        before = words[start - 1]
        joins = before.plain == "and" and start > 1 and not stops(scene, start - 2)
        if not joins and (stops(scene, start - 1) or is_verb(scene, start - 1)):
            break
        start -= 1
        if before.plain in DETERMINERS:
            break
    return (start, i + 1)


def verb_spot(scene: Scene) -> int | None:
    """Where the question's verb stands, nearest to the question's other words."""
    spots = [i for i, term in scene.like.items() if term == scene.question.verb]
    others = [i for i, term in scene.like.items() if term != scene.question.verb]
    if not spots:
        return None
    return min(spots, key=lambda i: min((abs(i - j) for j in others), default=0))


def clause_end(scene: Scene, start: int, marks: frozenset[str] = _CLAUSE_BREAKS) -> int:
    """Where the clause that goes on at `start` ends: a strong mark, or a comma or "and" before a new subject."""
    words = scene.words
    for i in range(start, len(words)):
        word = words[i]
        if word.text in marks or (word.text in '"\u201c\u201d' and i > start):
            return i
        if i > start and (word.text == "," or word.plain in {"and", "but"}) and i + 1 < len(words):
            after = i + 2 if words[i + 1].plain in {"and", "but", "so"} else i + 1
            if after < len(words) and _new_clause(scene, after):
                return i
        if i > start and word.plain in {"when", "while", "until", "because", "but", "who", "which"}:
            return i
    return len(words)


def _new_clause(scene: Scene, i: int) -> bool:
    word = scene.words[i]
    if word.plain in {
        "he",
        "she",
        "they",
        "it",
        "i",
        "we",
        "you",
        "who",
        "which",
        "when",
        "where",
        "while",
        "for",
        "as",
        "so",
        "but",
        "until",
    }:
        return True
    phrase = phrase_from(scene, i)
    return bool(phrase and phrase[1] < len(scene.words) and is_verb(scene, phrase[1]))


def known(scene: Scene, found: Range) -> bool:
    """Whether the words say nothing that the question didn't."""
    return all(
        i in scene.like or scene.words[i].plain in STOP_WORDS or scene.words[i].lemma in scene.question.words
        for i in range(*found)
    )


def is_pronoun(scene: Scene, found: Range) -> bool:
    """Whether the phrase is a pronoun and nothing else."""
    return found[1] - found[0] == 1 and scene.words[found[0]].plain in PRONOUNS
