"""What the templates see of how an answer was found: each step of the trail, its words first, then its numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storybot.http.books import book_href
from storybot.http.document_views import HitView, hit_view
from storybot.http.telling import percent
from storybot.languages import counted, numeral
from storybot.languages import gettext as _
from storybot.model import Hit, Lookup, Reading, Stage, Trail

SHOWN = 5
"""Passages of each ranking that are shown."""

READ = 3
"""Passages, of those that were read, that are shown with all their steps."""

_SNIPPET_LETTERS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedView:
    """A passage's line in a ranking: where it is read, and how it begins."""

    title: str
    href: str
    text: str
    score: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupView:
    """One way that the question was asked. found: how many passages each ranking found, in words."""

    question: str
    words: tuple[str, ...]
    left_out: tuple[str, ...]
    by_words: tuple[RankedView, ...]
    words_found: str
    by_meaning: tuple[RankedView, ...]
    meaning_found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """Words that may answer, their sentence's address, and how surely they do. sure: enough to be shown."""

    words: str
    title: str
    href: str
    confidence: str
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """How a question's answer is found. understood: empty where that is as it was asked; back: its turn's address."""

    question: str
    understood: str
    scope: str
    lookups: tuple[LookupView, ...]
    hits: tuple[HitView, ...]
    candidates: tuple[CandidateView, ...]
    verdict: str
    stages: tuple[tuple[str, str], ...]
    total: str
    back: str


def trail_page(trail: Trail, back: str) -> TrailPage:
    """The page about a trail."""
    return TrailPage(
        question=trail.question,
        understood=trail.standalone if trail.standalone != trail.question else "",
        scope=_scope(trail),
        lookups=tuple(_lookup(trail, each) for each in trail.lookups),
        hits=tuple(
            hit_view(number, hit, hit.passage.heading, trail.documents[hit.passage.document_id].title)
            for number, hit in enumerate(trail.hits[:READ], 1)
        ),
        candidates=tuple(_candidate(trail, reading) for reading in trail.readings),
        verdict=_verdict(trail),
        stages=tuple(_stages(trail)),
        total=_milliseconds(sum(trail.seconds.values())),
        back=back,
    )


def _scope(trail: Trail) -> str:
    count = len(trail.scope.document_ids)
    if not count:
        return _("all documents of the collection “{name}”").format(name=trail.scope.collection)
    name = trail.scope.collection
    return counted(
        "{n} document of the collection “{name}”", "{n} documents of the collection “{name}”", count, name=name
    )


def _lookup(trail: Trail, lookup: Lookup) -> LookupView:
    return LookupView(
        question=lookup.question,
        words=lookup.words,
        left_out=lookup.left_out,
        by_words=tuple(_rows(trail, lookup.by_words)),
        words_found=_found(lookup.by_words),
        by_meaning=tuple(_rows(trail, lookup.by_meaning)),
        meaning_found=_found(lookup.by_meaning),
    )


def _found(hits: Sequence[Hit]) -> str:
    if len(hits) <= SHOWN:
        return counted("{n} passage.", "{n} passages.", len(hits))
    return _("The best {n} of {total} passages.").format(n=numeral(SHOWN), total=numeral(len(hits)))


def _rows(trail: Trail, hits: Sequence[Hit]) -> Iterator[RankedView]:
    for hit in hits[:SHOWN]:
        text = " ".join(hit.passage.text.split())
        yield RankedView(
            title=trail.documents[hit.passage.document_id].title,
            href=book_href(hit.passage.document_id, hit.passage.span),
            text=text if len(text) <= _SNIPPET_LETTERS else f"{text[: _SNIPPET_LETTERS - 1].rstrip()}…",
            score=numeral(hit.score, decimals=2),
        )


def _candidate(trail: Trail, reading: Reading) -> CandidateView:
    document_id = reading.passage.document_id
    return CandidateView(
        words=" ".join(reading.passage.quote(reading.answer).split()),
        title=trail.documents[document_id].title,
        href=book_href(document_id, reading.sentence),
        confidence=percent(reading.confidence),
        sure=reading.confidence >= trail.threshold,
    )


def _verdict(trail: Trail) -> str:
    if not trail.readings:
        return _("The reader found nothing that could answer. So the story does not say.")
    told = (
        _("The first is sure enough: {least} is asked for, it has {sure}. So it is the answer.")
        if trail.found
        else _("None is sure enough: {least} is asked for, the first has {sure}. So the story does not say.")
    )
    return told.format(least=percent(trail.threshold), sure=percent(trail.confidence))


def _stages(trail: Trail) -> Iterator[tuple[str, str]]:
    names: dict[Stage, str] = {
        "embedding": _("Turning the question into numbers"),
        "words": _("Looking up words"),
        "meaning": _("Comparing meanings"),
        "fusing": _("Putting both together"),
        "reading": _("Reading"),
    }
    return ((name, _milliseconds(trail.seconds[stage])) for stage, name in names.items())


def _milliseconds(seconds: float) -> str:
    return _("{n} ms").format(n=numeral(seconds * 1000, decimals=1))
