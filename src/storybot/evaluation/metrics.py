"""Figures of merit, each 0 to 1, larger is better. `references` are right answers; the best match counts."""

import re
import string
from collections import Counter
from collections.abc import Sequence

from storybot.evaluation.fairytaleqa import Question, Story
from storybot.model import Span

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WORD = re.compile(r"[a-z0-9]+")
_FUNCTION_WORDS = frozenset(
    """
    a about after again all also am an and any are as at be because been before being both but by can could did do does
    doing done down during each few for from had has have having he her here hers him his how i if in into is it its
    just may me might mine more most must my no nor not of off on once only or other our ours out over own same shall
    she should so some such t s than that the their theirs them then there these they this those through to too under
    up upon us very was we were what when where which while who whom whose why will with would you your yours
    against between
    """.split()
)
_MIN_RECALL = 0.6
_MIN_SHARE = 0.8
_HALF = 0.5
_LONG_WORDS = 45
_AROUND_WORDS = 12


def exact_match(answer: str, references: Sequence[str]) -> float:
    """1 if the words are those of a reference. Source: Rajpurkar et al., SQuAD, 2016."""
    return float(any(_normal(answer) == _normal(reference) for reference in references))


def token_f1(answer: str, references: Sequence[str]) -> float:
    """Harmonic mean of precision and recall of words. Source: SQuAD, 2016."""
    return max((_f1(_normal(answer), _normal(reference)) for reference in references), default=0.0)


def rouge_l(answer: str, references: Sequence[str]) -> float:
    """F1 of the longest common subsequence of words. Source: Lin, ROUGE, 2004; beta = 1."""
    return max((_rouge(_words(answer), _words(reference)) for reference in references), default=0.0)


def is_section_hit(span: Span, gold: Sequence[Span]) -> bool:
    """Whether half of the passage lies in gold sections, or it holds half of one."""
    inside = sum(_overlap(span, section) for section in gold) / max(1, span.end - span.start)
    held = max((_overlap(span, section) / max(1, section.end - section.start) for section in gold), default=0.0)
    return inside >= _HALF or held >= _HALF


def answer_sentence(story: Story, question: Question) -> Span | None:
    """The gold sentence with the largest share of an answer's content words, at least .6; explicit questions only.

    Ties go to the sentence with more of the question's words, then to the earlier. One of more than 45 words is cut to
    those of the answer and twelve words on either side.
    """
    if not question.explicit:
        return None
    asked = set(_content(question.text))
    best: tuple[tuple[float, int, int], Span, set[str]] | None = None
    for span in (s for g in question.gold for s in story.sentences if _overlap(s, g)):
        there = set(_words(span.cut(story.text)))
        share, shared = max(
            (
                (len(wanted & there) / len(wanted), wanted & there)
                for wanted in map(_wanted, question.answers)
                if wanted
            ),
            key=lambda pair: pair[0],
            default=(0.0, set()),
        )
        key = (share, len(asked & there), -span.start)
        if share >= _MIN_RECALL and (best is None or key > best[0]):
            best = (key, span, shared)
    return _around(story.text, best[1], best[2]) if best else None


def sentence_in_words(spans: Sequence[Span | None], texts: Sequence[str], sentence: Span, budget: int) -> bool:
    """Whether the sentence stands in the first `budget` words of the passages; None marks one of another story."""
    for span, text in zip(spans, texts, strict=True):
        words = list(re.finditer(r"\S+", text))
        read = words[: max(0, budget)]
        budget -= len(words)
        if (
            span
            and read
            and _overlap(Span(span.start, span.start + read[-1].end()), sentence)
            >= _MIN_SHARE * (sentence.end - sentence.start)
        ):
            return True
    return False


def _around(text: str, span: Span, wanted: set[str]) -> Span:
    words = [(m.start() + span.start, m.end() + span.start, m[0].lower()) for m in _FOLDED.finditer(span.cut(text))]
    if len(words) <= _LONG_WORDS:
        return span
    first, last = _shortest([index for index, word in enumerate(words) if word[2] in wanted], [w[2] for w in words])
    return Span(words[max(0, first - _AROUND_WORDS)][0], words[min(len(words) - 1, last + _AROUND_WORDS)][1])


_FOLDED = re.compile(r"[A-Za-z0-9]+")


def _shortest(places: Sequence[int], words: Sequence[str]) -> tuple[int, int]:
    """The shortest range of places that holds each of their words."""
    needed = len({words[place] for place in places})
    windows = (
        (start, end)
        for first, start in enumerate(places)
        for last, end in enumerate(places[first:], start=first)
        if len({words[place] for place in places[first : last + 1]}) == needed
    )
    return min(windows, key=lambda window: window[1] - window[0])


def _wanted(answer: str) -> set[str]:
    return set(_content(answer)) or set(_words(answer))


def _content(text: str) -> list[str]:
    return [word for word in _words(text) if word not in _FUNCTION_WORDS]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _normal(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def _f1(answer: list[str], reference: list[str]) -> float:
    same = sum((Counter(answer) & Counter(reference)).values())
    return 2 * same / (len(answer) + len(reference)) if same else 0.0


def _rouge(answer: list[str], reference: list[str]) -> float:
    row = [0] * (len(reference) + 1)
    for word in answer:
        above = row
        row = [0]
        for place, other in enumerate(reference):
            row.append(above[place] + 1 if word == other else max(above[place + 1], row[-1]))
    return 2 * row[-1] / (len(answer) + len(reference)) if row[-1] else 0.0


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))
