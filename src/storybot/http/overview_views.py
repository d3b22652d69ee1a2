"""What the templates see of an overview: who and what is in a document, where, and what it can be asked."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from storybot.citing import heading_at, page_at
from storybot.http.books import book_href
from storybot.http.looks import about_href
from storybot.http.strips import StripView, place_words, strip_view
from storybot.http.telling import leaf_in_words, place_in_words
from storybot.languages import counted, marked
from storybot.languages import gettext as _
from storybot.model import Chapter, Document, Entity, EntityKind, Overview, Passage, Span

SHOWN_ENTITIES = 8
"""Of each kind; the others are folded up."""

SHOWN_MENTIONS = 3
"""Sentences under a name; the others have a page of their own."""

PAGE_MENTIONS = 50

_KINDS: Mapping[EntityKind, str] = {"person": marked("People"), "place": marked("Places"), "thing": marked("Things")}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceView:
    """A sentence of the document: before + named + after. `named` is what it is shown for, if that is a name."""

    before: str
    named: str
    after: str
    place: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityView:
    """Somebody or something, and the first sentences with its names. all_href: where all are, if there are more."""

    name: str
    aliases: str
    count: str
    where: str
    sentences: tuple[SentenceView, ...]
    all_words: str
    all_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """All of one kind. rest: those that are folded up at first; rest_words: how many those are."""

    title: str
    shown: tuple[EntityView, ...]
    rest: tuple[EntityView, ...]
    rest_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterView:
    """A chapter with its own sentences."""

    heading: str
    sentences: tuple[SentenceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewView:
    """What the document is about; not `told` until that is known. failure: why it isn't, where it won't be soon."""

    told: bool
    failure: str = ""
    summary: tuple[SentenceView, ...] = ()
    kinds: tuple[KindView, ...] = ()
    strip: StripView | None = None
    prompts: tuple[str, ...] = ()
    chapters: tuple[ChapterView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage:
    """Every sentence that names somebody or something, on leaves."""

    title: str
    name: str
    aliases: str
    count: str
    where: str
    back: str
    first: int
    sentences: tuple[SentenceView, ...]
    leaf: str
    earlier: str
    later: str


def overview_view(
    document: Document, passages: Sequence[Passage], overview: Overview | None, failure: str = ""
) -> OverviewView:
    """The overview of the document, which the passages are of."""
    if overview is None:
        return OverviewView(told=False, failure=failure)
    book = _Book(document, passages, overview.chapters)
    return OverviewView(
        told=True,
        summary=tuple(book.sentence(span) for span in overview.summary),
        kinds=tuple(_kinds(book, overview.entities)),
        strip=strip_view(overview, len(document.text)),
        prompts=tuple(prompt.question for prompt in overview.prompts),
        chapters=tuple(
            ChapterView(
                heading=chapter.heading,
                sentences=tuple(book.sentence(span) for span in chapter.sentences),
            )
            for chapter in overview.chapters
            if chapter.sentences
        ),
    )


def entity_page(
    document: Document, passages: Sequence[Passage], overview: Overview, entity: Entity, *, page: int
) -> EntityPage:
    """The sentences about one of the entities of the overview. page: the leaf, from 1 on."""
    book = _Book(document, passages, overview.chapters)
    mentions = book.apart(entity.mentions)
    last = max(1, -(-len(mentions) // PAGE_MENTIONS))
    page = min(page, last)
    start = (page - 1) * PAGE_MENTIONS
    shown = mentions[start : start + PAGE_MENTIONS]
    return EntityPage(
        title=document.title,
        name=entity.name,
        aliases=_(", ").join(entity.aliases),
        count=_count(entity),
        where=place_words(entity, overview.chapters, len(document.text)),
        back=f"{about_href(document.id)}#overview",
        first=start + 1,
        sentences=tuple(book.around(span) for span in shown),
        leaf=leaf_in_words(start + 1, start + len(shown), len(mentions)) if last > 1 else "",
        earlier=entity_href(document.id, entity.name, page=page - 1) if page > 1 else "",
        later=entity_href(document.id, entity.name, page=page + 1) if page < last else "",
    )


def entity_href(document_id: str, name: str, *, page: int = 1) -> str:
    """The address of all sentences that name somebody or something."""
    query = urlencode({"name": name} | ({"page": page} if page > 1 else {}))
    return f"/documents/{quote(document_id, safe='')}/entities?{query}"


class _Book:
    """Cuts sentences out of a document, and says where they stand."""

    def __init__(self, document: Document, passages: Sequence[Passage], chapters: Sequence[Chapter]) -> None:
        self.document = document
        self.chapters = chapters
        self._sentences = sorted({span for passage in passages for span in passage.sentences})

    def sentence(self, span: Span) -> SentenceView:
        """A sentence by itself."""
        return self._view(span, Span(span.end, span.end))

    def around(self, mention: Span) -> SentenceView:
        """The sentence that a name stands in."""
        return self._view(self._whole(mention), mention)

    def apart(self, mentions: Sequence[Span]) -> list[Span]:
        """The first of the mentions in each sentence."""
        first: dict[Span, Span] = {}
        for mention in mentions:
            first.setdefault(self._whole(mention), mention)
        return list(first.values())

    def _whole(self, mention: Span) -> Span:
        """The sentence around a mention; the mention itself where it stands in none, as in a heading."""
        place = bisect_right(self._sentences, mention.start, key=lambda span: span.start) - 1
        sentence = self._sentences[place] if place >= 0 else mention
        return sentence if mention.within(sentence) else mention

    def _view(self, whole: Span, named: Span) -> SentenceView:
        text = self.document.text
        heading = heading_at(self.document.sections, whole.start)
        page = page_at(self.document.pages, whole.start)
        return SentenceView(
            before=text[whole.start : named.start],
            named=named.cut(text),
            after=text[named.end : whole.end],
            place=place_in_words(heading, page),
            href=book_href(self.document.id, whole),
        )


def _kinds(book: _Book, entities: Sequence[Entity]) -> Iterator[KindView]:
    for kind, title in _KINDS.items():
        all_of_it = [_entity(book, entity) for entity in entities if entity.kind == kind]
        if all_of_it:
            rest = tuple(all_of_it[SHOWN_ENTITIES:])
            yield KindView(
                title=_(title),
                shown=tuple(all_of_it[:SHOWN_ENTITIES]),
                rest=rest,
                rest_words=counted("{n} more", "{n} more", len(rest)),
            )


def _entity(book: _Book, entity: Entity) -> EntityView:
    mentions = book.apart(entity.mentions)
    more = len(mentions) > SHOWN_MENTIONS
    return EntityView(
        name=entity.name,
        aliases=_(", ").join(entity.aliases),
        count=_count(entity),
        where=place_words(entity, book.chapters, len(book.document.text)),
        sentences=tuple(book.around(span) for span in mentions[:SHOWN_MENTIONS]),
        all_words=counted("All {n} sentence", "All {n} sentences", len(mentions)) if more else "",
        all_href=entity_href(book.document.id, entity.name) if more else "",
    )


def _count(entity: Entity) -> str:
    return counted("{n} time", "{n} times", len(entity.mentions))
