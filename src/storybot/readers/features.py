"""What speaks for a sentence as the answer to a question, in numbers."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from storybot.model import Hit, Span
from storybot.readers.evidence import PERSONS, sign
from storybot.readers.inflection import lemma, likeness
from storybot.readers.questions import GENERIC, Question
from storybot.words import tokens

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_GENERIC_WEIGHT = 0.3
_NEAR = 4
_OPENERS = (["when"], ["as"], ["after"], ["while"], ["before"], ["once"])

FEATURES = (
    "cover",
    "cover_before",
    "cover_after",
    "cover_passage",
    "rarest",
    "verb",
    "names",
    "pairs",
    "sign",
    "short",
    "long",
    "rank",
    "dense",
    "words",
    "first",
    "says",
    "after",
    "phrases",
    "governs",
    "opens",
)
"""Names of a sentence's features, in the order of `Line.features`."""


@dataclass(slots=True, kw_only=True)
class Line:
    """A sentence as the reader sees it. `matches` maps a term of the question to how well the sentence holds it."""

    hit: Hit
    span: Span
    text: str
    words: list[str]
    lemmas: list[str]
    matches: dict[str, float] = field(default_factory=dict)
    features: tuple[float, ...] = ()
    sign: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All the sentences of the hits, with the weights of the question's terms."""

    question: Question
    lines: list[Line]
    weights: dict[str, float]
    found: dict[str, float]
    passages: list[list[Line]]


def lay_out(question: Question, hits: Sequence[Hit]) -> Sheet:
    """The sentences of the hits, measured against the question."""
    passages = [[_line(hit, span) for span in hit.passage.sentences] for hit in hits]
    lines = [line for passage in passages for line in passage]
    vocabulary = {word for line in lines for word in line.lemmas}
    alike = {term: _alike(term, vocabulary) for term in question.terms}
    for line in lines:
        here = set(line.lemmas)
        for term, near in alike.items():
            best = max((near[word] for word in near.keys() & here), default=0.0)
            if best:
                line.matches[term] = best
    weights = {term: _weight(term, lines, question) for term in question.terms}
    found = {term: max(near.values(), default=0.0) for term, near in alike.items()}
    sheet = Sheet(question=question, lines=lines, weights=weights, found=found, passages=passages)
    _measure(sheet)
    return sheet


def _line(hit: Hit, span: Span) -> Line:
    text = hit.passage.quote(span)
    words = _WORD.findall(text)
    return Line(hit=hit, span=span, text=text, words=words, lemmas=[lemma(word) for word in tokens(text)])


def _alike(term: str, vocabulary: set[str]) -> dict[str, float]:
    return {word: value for word in vocabulary if (value := likeness(term, word))}


def _weight(term: str, lines: list[Line], question: Question) -> float:
    """Rarity among the sentences given; words that any question may use count little."""
    frequency = sum(line.matches.get(term, 0.0) for line in lines)
    weight = math.log((len(lines) + 1) / (frequency + 0.5))
    generic = term in GENERIC or (term in question.focus and question.kind not in {"count", "measure"})
    return max(weight, 0.1) * (_GENERIC_WEIGHT if generic else 1.0)


def cover(matches: dict[str, float], weights: dict[str, float]) -> float:
    """Share of the question's weight that the matches hold, 0 to 1."""
    whole = sum(weights.values())
    return sum(weights[term] * value for term, value in matches.items()) / whole if whole else 0.0


def joined(*many: dict[str, float]) -> dict[str, float]:
    """The better match of each term."""
    best: dict[str, float] = {}
    for matches in many:
        for term, value in matches.items():
            best[term] = max(value, best.get(term, 0.0))
    return best


def _measure(sheet: Sheet) -> None:
    top_words = max((_score(line, "words") for line in sheet.lines), default=0.0) or 1.0
    rarest = max(sheet.weights, key=lambda term: sheet.weights[term], default="")
    for rank, passage in enumerate(sheet.passages):
        whole = cover(joined(*(line.matches for line in passage)), sheet.weights)
        for i, line in enumerate(passage):
            before = passage[i - 1] if i else None
            after = passage[i + 1] if i + 1 < len(passage) else None
            own = cover(line.matches, sheet.weights)
            line.sign = sign(sheet.question, line.text, line.words, line.lemmas)
            line.features = (
                own,
                _gain(line, before, own, sheet),
                _gain(line, after, own, sheet),
                whole - own,
                line.matches.get(rarest, 0.0),
                line.matches.get(sheet.question.verb, 0.0),
                _share(line, sheet.question.names),
                _pairs(line, sheet.question),
                line.sign,
                float(len(line.words) < 6),  # noqa: PLR2004 - too short to answer much
                math.log(1 + len(line.words)) - 3,
                1 / (1 + rank),
                _score(line, "dense"),
                _score(line, "words") / top_words,
                float(i == 0),
                float(line.text[:1] in '"\u201c'),
                cover(before.matches, sheet.weights) if before else 0.0,
                _phrases(line, sheet.question),
                _governs(line, sheet.question),
                own * (line.lemmas[:1] in _OPENERS),
            )


def _gain(line: Line, other: Line | None, own: float, sheet: Sheet) -> float:
    return cover(joined(line.matches, other.matches), sheet.weights) - own if other else 0.0


def _score(line: Line, step: str) -> float:
    return line.hit.why[step].score if step in line.hit.why else 0.0


def _share(line: Line, wanted: frozenset[str]) -> float:
    return sum(line.matches.get(term, 0.0) for term in wanted) / len(wanted) if wanted else 0.0


def _pairs(line: Line, question: Question) -> float:
    """Share of the question's neighbouring terms that stand close together in the sentence."""
    terms = [term for term in question.terms if term in line.matches]
    spots = {term: [i for i, word in enumerate(line.lemmas) if word == term] for term in terms}
    pairs = list(zip(question.terms, question.terms[1:], strict=False))
    close = sum(
        any(abs(i - j) <= _NEAR for i in spots.get(one, ()) for j in spots.get(other, ())) for one, other in pairs
    )
    return close / len(pairs) if pairs else 0.0


def _phrases(line: Line, question: Question) -> float:
    """Share of the question's neighbouring words, function words included, that stand side by side in the sentence."""
    wanted = set(zip(question.order, question.order[1:], strict=False))
    return len(wanted & set(zip(line.lemmas, line.lemmas[1:], strict=False))) / len(wanted) if wanted else 0.0


def _governs(line: Line, question: Question) -> float:
    """Whether the preposition left hanging in the question follows its verb in the sentence."""
    if not question.preposition or question.verb not in line.lemmas:
        return 0.0
    verb = line.lemmas.index(question.verb)
    return float(question.preposition in line.lemmas[verb + 1 : verb + 1 + _NEAR])


DOUBTS = (
    "cover",
    "cover_around",
    "missing",
    "missing_passage",
    "missing_names",
    "missing_verb",
    "missing_rare",
    "sign",
    "no_strict_sign",
    "missing_subject",
    "missing_person",
    "missing_half",
    "dense",
    "no_dense",
    "chance",
    "margin",
    "pairs",
    "terms",
)
"""Names of the features of confidence, in the order of `doubts`."""


def doubts(sheet: Sheet, line: Line, chance: float, margin: float) -> tuple[float, ...]:
    """What speaks for and against the sentence as an answer at all.

    chance: the sentence's share in the ranking, 0 to 1. margin: how far it leads before the next.
    """
    question, weights = sheet.question, sheet.weights
    passage = next(passage for passage in sheet.passages if any(each is line for each in passage))
    spot = next(i for i, each in enumerate(passage) if each is line)
    around = joined(*(each.matches for each in passage[max(0, spot - 1) : spot + 2]))
    there = joined(*(each.matches for each in passage))
    strict = question.kind in {"count", "measure", "name", "when"}
    dense = [_score(each, "dense") for each in sheet.lines]
    absent = [term for term in question.terms if not sheet.found.get(term)]
    return (
        cover(line.matches, weights),
        cover(around, weights),
        1 - cover(sheet.found, weights),
        1 - cover(there, weights),
        float(sum(term not in there for term in question.names)),
        float(
            bool(question.verb)
            and question.verb not in GENERIC
            and question.verb not in around
            and question.verb in weights
        ),
        float(sum(term not in GENERIC and term not in question.focus for term in absent)),
        line.sign,
        float(strict and line.sign < 0.5),  # noqa: PLR2004 - the weak signs of `sign` lie below
        float(any(term not in GENERIC for term in question.subject if term in absent)),
        float(any(term in PERSONS or term in question.names for term in absent)),
        float(2 * len(absent) >= len(question.terms)),
        max(dense, default=0.0),
        float(not any(dense)),
        chance,
        margin,
        line.features[FEATURES.index("pairs")],
        math.log(1 + len(question.terms)),
    )
