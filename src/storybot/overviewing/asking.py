"""Questions worth asking: turned out of the sentences of the text, kept where the text is found to answer them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TypeAlias

from storybot.following import lexicon
from storybot.model import Entity, Passage, Prompt, Span
from storybot.ports import Pulse

Answered: TypeAlias = Callable[[str], tuple[Span, float] | None]
"""The sentence that answers a question about the document, and how surely, 0 to 1; None where nothing does."""

MOST = 8
LEAST = 0.6
"""Confidence of an answer that a question is worth asking for: pages say "probably" from here on."""

_TRIES, _TRIES_OF_ONE = 32, 6
_OF_ONE = 2
"""Questions about one of the entities, so that not all are about the hero."""

_ENTITIES = 12
_SILLY = frozenset(
    """
    said say asked ask thought think looked look seemed seem felt feel had have did do let got get wanted want began
    begin went go came come told tell knew know saw see heard hear meant mean added answered replied cried called call
    supposed suppose wished wish found find made make gave give put take took turned turn kept keep read need happened
    happen tried try seen use hoped hope believed
    """.split()
)
"""Verbs whose question asks for too much or too little: what did she say?"""

_GOING = {"lived": "live", "went": "go", "travelled": "travel", "sailed": "sail", "fled": "flee", "hid": "hide"}
_TO_PLACE = re.compile(
    r" (lived|went|travelled|sailed|fled|hid) (?:back |away |off |over |down |up )?"
    r"(?:to|into|in|at|under|near|behind|beneath) (?:the|a|an|his|her|their|its|[A-Z])"
)
_WHOM = lexicon.MEN | lexicon.WOMEN | lexicon.PERSONS | lexicon.ANIMALS
"""Whom, not what."""

_KINDS = ("Why", "Where", "Who", "What")
_HAPPENED = re.compile(
    r" was (born|buried|killed|found|murdered|drowned|arrested|wounded|caught) (?:in|at|on|near|by|under|upon|into)\b"
)
_DEED = re.compile(r" ([a-z]+)( (?:the|a|an) [a-z][\w'\u2019-]*(?: [\w\u2019-]+){1,5})[.,;:!]")
_DOES = re.compile(r" ([a-z]+) (?:the|a|an|some|two|three) (?:[a-z]+ )?([a-z]+)(?=[.,;:!]| and\b)")
"""Somebody does something to a thing, and that is all: not "worked his jaws", nor "treated a marriage like ..."."""

_BECAUSE = re.compile(r" ([a-z]+)((?: [\w'\u2019-]+){0,6}?),? because\b")
_IS = re.compile(r"(?:,| (?:was|is)) (?:a|an|the)\b (?!same\b|only\b|first\b|last\b)[a-z]")
_DEICTIC = re.compile(r"\b(?:I|you|we|me|my|your|our|us|he|she|it|they|him|them|this|that|here|there)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b[Tt]he\s(?:[a-z]+\s)?$")
_ARTICLE_LETTERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A question about `name` made of a sentence, which must be the one that answers it."""

    name: str
    question: str
    sentence: Span


def prompts(
    text: str, passages: Sequence[Passage], entities: Sequence[Entity], answered: Answered, pulse: Pulse
) -> tuple[Prompt, ...]:
    """Up to 8 questions that the document answers with the sentence they are made of, the surest first.

    A question is worth something if its own answer leads back to it. Source: Alberti et al. 2019, Synthetic QA
    corpora generation with roundtrip consistency. Raises: what `pulse` raises.
    """
    kept: list[Prompt] = []
    tried: set[str] = set()
    about: Counter[str] = Counter()
    for candidate in _in_turn(text, passages, entities, pulse):
        if len(tried) >= _TRIES or len(kept) >= MOST:
            break
        if candidate.question in tried or about[candidate.name] >= _OF_ONE:
            continue
        tried.add(candidate.question)
        pulse()
        found = answered(candidate.question)
        if (
            found
            and found[1] >= LEAST
            and found[0].start < candidate.sentence.end
            and candidate.sentence.start < found[0].end
        ):
            about[candidate.name] += 1
            kept.append(Prompt(question=candidate.question, sentence=found[0], confidence=found[1]))
    return tuple(sorted(kept, key=lambda prompt: -prompt.confidence))


def _in_turn(text: str, passages: Sequence[Passage], entities: Sequence[Entity], pulse: Pulse) -> Iterator[_Candidate]:
    """Candidates of the most often named by turns: the first of each, then the second of each."""
    sentences = sorted({span for passage in passages for span in passage.sentences})
    rows = []
    for entity in entities[:_ENTITIES]:
        pulse()
        rows.append(_spread(list(candidates(text, sentences, entity))))
    return (each for each in chain.from_iterable(zip_longest(*rows)) if each)


def _spread(found: Sequence[_Candidate]) -> list[_Candidate]:
    """A few of one entity's candidates: the first of each kind, then the second of each."""
    by_kind: dict[str, list[_Candidate]] = {kind: [] for kind in _KINDS}
    for candidate in found:
        by_kind[candidate.question.split()[0]].append(candidate)
    turns = zip_longest(*by_kind.values())
    return [each for each in chain.from_iterable(turns) if each][:_TRIES_OF_ONE]


def candidates(text: str, sentences: Sequence[Span], entity: Entity) -> Iterator[_Candidate]:
    """Questions about the entity, each out of one of the sentences (in order)."""
    called = _called(text, entity)
    at = 0
    for mention in entity.mentions:
        while at < len(sentences) and sentences[at].end <= mention.start:
            at += 1
        if at == len(sentences):
            return
        sentence = sentences[at]
        if not mention.within(sentence):
            continue
        rest = " ".join(Span(mention.end, sentence.end).cut(text).split())
        for question in _questions(called, f" {rest}" if text[mention.end].isspace() else rest, entity):
            yield _Candidate(name=entity.name, question=question, sentence=sentence)


def _called(text: str, entity: Entity) -> str:
    """The entity's name as a question has it: the Queen, where the text mostly has the article."""
    articles = Counter(
        bool(_ARTICLE.search(text, max(0, each.start - _ARTICLE_LETTERS), each.start)) for each in entity.mentions
    )
    return f"the {entity.name}" if articles[True] > articles[False] else entity.name


def _questions(called: str, rest: str, entity: Entity) -> Iterator[str]:
    """What can be asked about what a sentence says after a name."""
    if _IS.match(rest):
        yield f"{'Who' if entity.kind == 'person' else 'What'} is {called}?"
    if entity.kind != "person":
        return
    because = _BECAUSE.match(rest)
    base = _base(because[1]) if because else None
    if because and base and not _DEICTIC.search(because[2]):
        yield f"Why did {called} {base}{because[2]}?"
    going = _TO_PLACE.match(rest)
    if going:
        yield f"Where did {called} {_GOING[going[1]]}?"
    happened = _HAPPENED.match(rest)
    if happened:
        yield f"Where was {called} {happened[1]}?"
    deed = _DEED.match(rest)
    if deed and _base(deed[1]) not in {*_SILLY, None} and deed[1] not in _SILLY and not _DEICTIC.search(deed[2]):
        yield f"Who {deed[1]}{deed[2]}?"
    doing = _DOES.match(rest)
    base = _base(doing[1]) if doing and doing[1] not in _SILLY and doing[2] not in _WHOM else None
    if base and base not in _SILLY:
        yield f"What did {called} {base}?"


def _base(past: str) -> str | None:
    """The verb of a past form; None where that isn't known."""
    if past in lexicon.IRREGULAR:
        return lexicon.IRREGULAR[past]
    stems = (past[:-2], past[:-1], f"{past[:-3]}y", past[:-3]) if past.endswith("ed") else ()
    return next((stem for stem in stems if stem in lexicon.VERBS), None)
