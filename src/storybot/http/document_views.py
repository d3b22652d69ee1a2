"""What the templates see of a document's own page: its outline, its measures, its passages, a search in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storybot.citing import page_at
from storybot.http.books import book_href, section_href
from storybot.http.looks import Look, about_href, asking_href, original_href
from storybot.http.overview_views import OverviewView, overview_view
from storybot.http.telling import (
    FORMAT_WORDS,
    day,
    leaf_in_words,
    listed,
    page_in_words,
    passages_in_words,
    place_in_words,
    reading_time,
)
from storybot.languages import counted, marked, numeral
from storybot.languages import gettext as _
from storybot.model import Collection, Document, Entry, Hit, Overview, Passage, Step
from storybot.parsing import SUFFIXES

PAGE_PASSAGES = 20
"""Passages on one page."""

OPEN_OUTLINE = 30
"""An outline of more lines is folded up at first."""

OPEN_PASSAGES = 5
"""More passages are folded up at first, unless they fill several pages: then that is what the page was leafed for."""

_STEPS: tuple[tuple[str, str, str], ...] = (
    ("words", marked("Words"), marked("not among the best")),
    ("dense", marked("Meaning"), marked("not among the best")),
    ("fused", marked("Both"), marked("found beside others")),
    ("reader", marked("Reader"), marked("not read")),
)
"""The steps of the ranking: key, name, and what it means that one is missing; the words are looked up where they are
said."""


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
    """A passage that was found. before + answer + after is its text; answer is what the reader read in it.

    title: its document's, where passages of several may stand together.
    """

    number: int
    place: str
    before: str
    answer: str
    after: str
    href: str
    verdict: str
    steps: tuple[StepView, ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """A search in the document alone. problem: why there was none."""

    query: str
    hits: tuple[HitView, ...] = ()
    problem: str = ""

    @property
    def found(self) -> str:
        """How much was found, in words."""
        return counted("{n} passage found.", "{n} passages found.", len(self.hits))


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
    overview: OverviewView
    accept: str = ",".join(SUFFIXES)
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A document with all that is known of it, and the collections it may go to.

    overview: None until it is known. failure: why it isn't, where it won't be soon.
    """

    entry: Entry
    document: Document
    passages: Sequence[Passage]
    collections: Sequence[Collection]
    overview: Overview | None
    failure: str


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
        read_href=book_href(entry.id),
        ask_href=asking_href(entry.collection, [entry.id]),
        original=original_href(entry.id) if entry.digest else "",
        measures=tuple(_measures(held)),
        outline=outline,
        headings=counted("{n} heading", "{n} headings", len(outline)),
        folded=len(outline) > OPEN_OUTLINE,
        passages=tuple(_passage(held.document, place, one) for place, one in enumerate(shown, start + 1)),
        pieces=passages_in_words(len(passages)),
        spread=last > 1 or len(passages) <= OPEN_PASSAGES,
        leaf=leaf_in_words(start + 1, start + len(shown), len(passages)) if last > 1 else "",
        earlier=_leaf(entry, page - 1, trial) if page > 1 else "",
        later=_leaf(entry, page + 1, trial) if page < last else "",
        others=tuple(one.name for one in held.collections if one.name != entry.collection),
        trial=trial,
        overview=overview_view(held.document, passages, held.overview, held.failure),
        problem=problem,
    )


def trial_view(query: str, hits: Sequence[Hit], document: Document) -> TrialView:
    """What was found in a document for a query."""
    shown = (hit_view(number, hit, _place(document, hit.passage)) for number, hit in enumerate(hits, 1))
    return TrialView(query=query, hits=tuple(shown))


def _leaf(entry: Entry, page: int, trial: TrialView) -> str:
    return f"{about_href(entry.id, q=trial.query, page=page)}#passages"


def _measures(held: Held) -> Iterator[tuple[str, str]]:
    entry = held.entry
    yield _("Format"), _(FORMAT_WORDS[entry.format])
    yield _("Words"), numeral(entry.words)
    yield _("Reading time"), reading_time(entry.words)
    if held.document.pages:
        yield _("Pages"), numeral(len(held.document.pages))
    yield _("Sentences"), numeral(sum(len(passage.sentences) for passage in held.passages))
    yield _("Passages"), numeral(entry.passages)
    yield _("Collection"), entry.collection
    yield _("Added"), day(entry.added)
    if not entry.digest:
        yield _("Original file"), _("not kept")


def _outline(document: Document) -> Iterator[SectionView]:
    for section in document.sections:
        if section.heading:
            page = page_at(document.pages, section.span.start)
            yield SectionView(
                heading=section.heading,
                level=section.level,
                page=page_in_words(page),
                href=section_href(document.id, section),
            )


def _place(document: Document, passage: Passage) -> str:
    return place_in_words(passage.heading, page_at(document.pages, passage.span.start))


def _passage(document: Document, number: int, passage: Passage) -> PassageView:
    return PassageView(
        number=number,
        place=_place(document, passage),
        text=passage.text,
        sentences=counted("{n} sentence", "{n} sentences", len(passage.sentences)),
        href=book_href(document.id, passage.span),
    )


def hit_view(number: int, hit: Hit, place: str, title: str = "") -> HitView:
    """The passage with what each step made of it. place: where it stands in its document."""
    passage, reading = hit.passage, hit.reading
    answer = reading.answer.shifted(-passage.span.start) if reading else None
    return HitView(
        number=number,
        place=place,
        before=passage.text[: answer.start] if answer else passage.text,
        answer=answer.cut(passage.text) if answer else "",
        after=passage.text[answer.end :] if answer else "",
        href=book_href(passage.document_id, passage.span),
        verdict=_verdict(hit),
        steps=tuple(_step(_(name), hit.why.get(key), _(missing)) for key, name, missing in _STEPS),
        title=title,
    )


def _verdict(hit: Hit) -> str:
    """How the hit came to its place, in a sentence or two."""
    ways = [
        (_("no. {n} by shared words"), hit.why.get("words")),
        (_("no. {n} by meaning"), hit.why.get("dense")),
        (_("no. {n} of all"), hit.why.get("fused")),
    ]
    found = [words.format(n=numeral(step.rank)) for words, step in ways if step]
    told = [_("It came as {ways}.").format(ways=listed(found)) if found else _("It stands beside what was found.")]
    if reader := hit.why.get("reader"):
        told.append(_("The reader put it at no. {n}.").format(n=numeral(reader.rank)))
    if hit.reading:
        percent = numeral(100 * hit.reading.confidence)
        told.append(_("The marked words answer with a probability of {n}%.").format(n=percent))
    elif reader:
        told.append(_("The reader marked nothing in it."))
    return " ".join(told)


def _step(name: str, step: Step | None, missing: str) -> StepView:
    if step is None:
        return StepView(name=name, rank="", score="", missing=missing)
    return StepView(name=name, rank=_rank(step), score=numeral(step.score, decimals=2), missing="")


def _rank(step: Step) -> str:
    return _("no. {rank}").format(rank=numeral(step.rank))
