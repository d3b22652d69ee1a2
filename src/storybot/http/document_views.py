"""What the templates see of a document's own page: its outline, its measures, its passages, a search in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storybot.citing import page_at
from storybot.http.looks import Look, about_href, asking_href, original_href
from storybot.http.telling import FORMAT_WORDS, counted, day, reading_time
from storybot.http.turns import document_href
from storybot.model import Collection, Document, Entry, Hit, Passage, Step, place_of
from storybot.parsing import SUFFIXES

PAGE_PASSAGES = 20
"""Passages on one page."""

OPEN_OUTLINE = 30
"""An outline of more lines is folded up at first."""

OPEN_PASSAGES = 5
"""More passages are folded up at first, unless they fill several pages: then that is what the page was leafed for."""

_STEPS: tuple[tuple[str, str, str], ...] = (
    ("words", "Words", "not among the best"),
    ("dense", "Meaning", "not among the best"),
    ("fused", "Both", "found beside others"),
    ("reader", "Reader", "not read"),
)
"""The steps of the ranking in their order: key, name, and what it means that one is missing."""

_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(10, 21)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A line of the outline. level: 1 for a chapter; page: where it begins, in words, or empty."""

    heading: str
    level: int
    page: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageView:
    """A passage, and where it is read."""

    number: int
    place: str
    text: str
    sentences: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of the ranking: the rank in words, the score, or why there is neither."""

    name: str
    rank: str
    score: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """A passage that was found. before + answer + after is its text; answer is what the reader read in it."""

    number: int
    place: str
    before: str
    answer: str
    after: str
    href: str
    verdict: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """A search in the document alone. problem: why there was none."""

    query: str
    hits: tuple[HitView, ...] = ()
    problem: str = ""

    @property
    def found(self) -> str:
        """How much was found, in words."""
        return counted(len(self.hits), "passage")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """All that is known of a document. original: where its file is had, empty where that wasn't kept.

    headings, pieces: how many there are, in words. folded, spread: whether the outline isn't seen at first, and whether
    the passages are.
    """

    id: str
    title: str
    name: str
    collection: str
    library_href: str
    href: str
    read_href: str
    ask_href: str
    original: str
    measures: tuple[tuple[str, str], ...]
    outline: tuple[SectionView, ...]
    headings: str
    folded: bool
    passages: tuple[PassageView, ...]
    pieces: str
    spread: bool
    leaf: str
    earlier: str
    later: str
    others: tuple[str, ...]
    trial: TrialView
    accept: str = ",".join(SUFFIXES)
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A document with all that is known of it, and the collections it may go to."""

    entry: Entry
    document: Document
    passages: Sequence[Passage]
    collections: Sequence[Collection]


def document_page(held: Held, page: int, trial: TrialView, problem: str = "") -> DocumentPage:
    """The page about a document, with the passages of one of its leaves."""
    entry, passages = held.entry, held.passages
    last = max(1, -(-len(passages) // PAGE_PASSAGES))
    page = min(page, last)
    start = (page - 1) * PAGE_PASSAGES
    shown = passages[start : start + PAGE_PASSAGES]
    outline = tuple(_outline(held.document))
    return DocumentPage(
        id=entry.id,
        title=entry.title,
        name=entry.name,
        collection=entry.collection,
        library_href=Look(collection=entry.collection).href(),
        href=about_href(entry.id),
        read_href=document_href(entry.id),
        ask_href=asking_href(entry.collection, [entry.id]),
        original=original_href(entry.id) if entry.digest else "",
        measures=tuple(_measures(held)),
        outline=outline,
        headings=counted(len(outline), "heading"),
        folded=len(outline) > OPEN_OUTLINE,
        passages=tuple(_passage(held.document, place, one) for place, one in enumerate(shown, start + 1)),
        pieces=counted(len(passages), "passage"),
        spread=last > 1 or len(passages) <= OPEN_PASSAGES,
        leaf=f"{start + 1:,} to {start + len(shown):,} of {len(passages):,}" if last > 1 else "",
        earlier=_leaf(entry, page - 1, trial) if page > 1 else "",
        later=_leaf(entry, page + 1, trial) if page < last else "",
        others=tuple(one.name for one in held.collections if one.name != entry.collection),
        trial=trial,
        problem=problem,
    )


def trial_view(query: str, hits: Sequence[Hit], document: Document) -> TrialView:
    """What was found in a document for a query."""
    return TrialView(query=query, hits=tuple(_hit(number, hit, document) for number, hit in enumerate(hits, 1)))


def _leaf(entry: Entry, page: int, trial: TrialView) -> str:
    return f"{about_href(entry.id, q=trial.query, page=page)}#passages"


def _measures(held: Held) -> Iterator[tuple[str, str]]:
    entry = held.entry
    yield "Format", FORMAT_WORDS[entry.format]
    yield "Words", f"{entry.words:,}"
    yield "Reading time", reading_time(entry.words)
    if held.document.pages:
        yield "Pages", f"{len(held.document.pages):,}"
    yield "Sentences", f"{sum(len(passage.sentences) for passage in held.passages):,}"
    yield "Passages", f"{entry.passages:,}"
    yield "Collection", entry.collection
    yield "Added", day(entry.added)
    if not entry.digest:
        yield "Original file", "not kept"


def _outline(document: Document) -> Iterator[SectionView]:
    for section in document.sections:
        if section.heading:
            page = page_at(document.pages, section.span.start)
            yield SectionView(
                heading=section.heading,
                level=section.level,
                page=f"p. {page}" if page else "",
                href=f"{document_href(document.id)}#at-{section.span.start}",
            )


def _place(document: Document, passage: Passage) -> str:
    return place_of(passage.heading, page_at(document.pages, passage.span.start))


def _passage(document: Document, number: int, passage: Passage) -> PassageView:
    return PassageView(
        number=number,
        place=_place(document, passage),
        text=passage.text,
        sentences=counted(len(passage.sentences), "sentence"),
        href=document_href(document.id, passage.span),
    )


def _hit(number: int, hit: Hit, document: Document) -> HitView:
    passage, reading = hit.passage, hit.reading
    answer = reading.answer.shifted(-passage.span.start) if reading else None
    return HitView(
        number=number,
        place=_place(document, passage),
        before=passage.text[: answer.start] if answer else passage.text,
        answer=answer.cut(passage.text) if answer else "",
        after=passage.text[answer.end :] if answer else "",
        href=document_href(document.id, passage.span),
        verdict=_verdict(hit),
        steps=tuple(_step(name, hit.why.get(key), missing) for key, name, missing in _STEPS),
    )


def _verdict(hit: Hit) -> str:
    """How the hit came to its place, in a sentence or two."""
    ways = [("by shared words", hit.why.get("words")), ("by meaning", hit.why.get("dense"))]
    found = [f"{_ordinal(step.rank)} {way}" for way, step in ways if step]
    fused, reader = hit.why.get("fused"), hit.why.get("reader")
    told = f"It came {' and '.join(found)}" if found else "It was read because it stands beside what was found"
    if fused and len(found) > 1:
        told += f", so {_ordinal(fused.rank)} of all"
    if reader:
        told += f". The reader put it {_ordinal(reader.rank)}"
    if hit.reading:
        return f"{told}; the marked words answer with a probability of {hit.reading.confidence:.0%}."
    return told + (" and marked nothing in it." if reader else ".")


def _step(name: str, step: Step | None, missing: str) -> StepView:
    if step is None:
        return StepView(name=name, rank="", score="", missing=missing)
    return StepView(name=name, rank=_ordinal(step.rank), score=f"{step.score:.2f}", missing="")


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in _TEENS else _ORDINALS.get(number % 10, "th")
    return f"{number}{ending}"
