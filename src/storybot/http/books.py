"""What the templates see of the book that lies open beside the conversation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlencode

from storybot.citing import heading_at
from storybot.http.finding import find
from storybot.http.leaves import Leaf, leaf_at, leaves
from storybot.http.looks import about_href, number_in, original_href
from storybot.http.reading import Paragraph, cited_span, paragraphs
from storybot.languages import counted, numeral
from storybot.languages import gettext as _
from storybot.model import Document, Section, Span, Turn

HITS_SHOWN = 100
"""Places that are listed of words sought in a book."""

MAP_HEIGHT = 1000
"""Of the map of the whole book, in its own units."""

_AROUND_LETTERS = 60
_QUESTION_LETTERS = 200
"""Room that a quotation leaves for the question about it."""

_LEAST_HEIGHT = 4


class Opening(NamedTuple):
    """Where a book is opened, as its address says. start, end: of a sentence to mark; start alone: of a leaf.

    sought: words to find. back: where it was opened from; back_words: what that is called.
    """

    start: str
    end: str
    sought: str
    conversation: str
    back: str
    back_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A place to go to. current: whether it is the one that is shown."""

    words: str
    href: str
    level: int = 1
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkOnMap:
    """A place on the map of the book: its upper edge and height in units of MAP_HEIGHT, and where it leads."""

    top: int
    height: int
    kind: str
    words: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindView:
    """A place where the words stand that were sought."""

    before: str
    found: str
    after: str
    place: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookView:
    """A leaf of a document, with the ways to all others.

    original: where its file is had; empty if that isn't kept. home: the book without a mark. back: where it was opened
    from; back_words: what that is called. sentence: what is marked, empty if nothing is; shared: its address; asking:
    where it stands in the question box, empty if it is too long for that. quotable: letters that aren't.
    """

    id: str
    title: str
    name: str
    about: str
    original: str
    home: str
    back: str
    back_words: str
    paragraphs: tuple[Paragraph, ...]
    sentence: str
    shared: str
    asking: str
    quotable: int
    leaf: str
    earlier: LinkView | None
    later: LinkView | None
    outline: tuple[LinkView, ...]
    conversation: str
    sought: str
    found: str
    hits: tuple[FindView, ...]
    map: tuple[MarkOnMap, ...]
    height: int = MAP_HEIGHT


def book_href(
    document_id: str, span: Span | None = None, *, conversation: str = "", fragment: str = "", **query: str | int
) -> str:
    """The address where a document is read beside a conversation; with a span, where that stretch is marked."""
    marked = {"start": span.start, "end": span.end} if span else {}
    chosen = {name: value for name, value in {**marked, **query, "conversation": conversation}.items() if value != ""}
    fragment = fragment or ("cited" if span else "")
    return (
        f"/documents/{quote(document_id, safe='')}"
        + (f"?{urlencode(chosen)}" if chosen else "")
        + (f"#{fragment}" if fragment else "")
    )


def section_href(document_id: str, section: Section, conversation: str = "") -> str:
    """The address where a section is read."""
    start = section.span.start
    return book_href(document_id, conversation=conversation, fragment=f"at-{start}", start=start)


def book_view(document: Document, opening: Opening, turns: Sequence[Turn] = (), *, longest: int) -> BookView:
    """The leaf that the opening asks for.

    turns: those whose citations are marked on the map. longest: letters that a question may have.
    """
    found = leaves(document)
    opened = number_in(opening.start) or 0
    number = leaf_at(found, opened)
    hits = tuple(find(document.text, opening.sought))
    span, conversation = cited_span(document, opening.start, opening.end), opening.conversation
    sentence = " ".join(span.cut(document.text).split()) if span else ""
    quoted, quotable = f" (“{sentence}”)", max(0, longest - _QUESTION_LETTERS)
    return BookView(
        id=document.id,
        title=document.title,
        name=document.name,
        about=about_href(document.id),
        original=original_href(document.id) if document.digest else "",
        home=book_href(document.id, conversation=conversation),
        back=opening.back,
        back_words=opening.back_words,
        paragraphs=paragraphs(document, span, found[number].span) if found else (),
        sentence=sentence,
        shared=f"/documents/{quote(document.id, safe='')}#s={span.start}-{span.end}" if span else "",
        asking=book_href(document.id, span, conversation=conversation, fragment="question", q=quoted)
        if span and len(quoted) <= quotable
        else "",
        quotable=quotable,
        leaf=_leaf(number, len(found)),
        earlier=_turned(document, found, number - 1, conversation),
        later=_turned(document, found, number + 1, conversation),
        outline=tuple(_outline(document, opened, conversation)),
        conversation=conversation,
        sought=opening.sought,
        found=_found(len(hits)) if opening.sought.strip() else "",
        hits=tuple(_hit(document, hit, conversation) for hit in hits[:HITS_SHOWN]),
        map=tuple(_map(document, found, number, turns, hits[:HITS_SHOWN], conversation)),
    )


def _leaf(number: int, total: int) -> str:
    said = _("Part {number} of {total}").format(number=numeral(number + 1), total=numeral(total))
    return said if total > 1 else ""


def _found(hits: int) -> str:
    said = counted("Found in {n} place.", "Found in {n} places.", hits)
    return said if hits <= HITS_SHOWN else f"{said} {_('The first {n} are listed.').format(n=numeral(HITS_SHOWN))}"


def _turned(document: Document, found: Sequence[Leaf], number: int, conversation: str) -> LinkView | None:
    if not 0 <= number < len(found):
        return None
    start = found[number].span.start
    href = book_href(document.id, conversation=conversation, fragment="book", start=start)
    return LinkView(words=found[number].heading, href=href)


def _outline(document: Document, opened: int, conversation: str) -> Iterator[LinkView]:
    for section in document.sections:
        if section.heading:
            current = section.span.start <= opened < section.span.end
            href = section_href(document.id, section, conversation)
            yield LinkView(words=section.heading, href=href, level=section.level, current=current)


def _hit(document: Document, span: Span, conversation: str) -> FindView:
    text = document.text
    before, after = max(0, span.start - _AROUND_LETTERS), span.end + _AROUND_LETTERS
    return FindView(
        before=("…" if before else "") + text[before : span.start],
        found=span.cut(text),
        after=text[span.end : after] + ("…" if after < len(text) else ""),
        place=heading_at(document.sections, span.start),
        href=book_href(document.id, span, conversation=conversation),
    )


def _map(  # noqa: PLR0913, PLR0917 - what a map shows
    document: Document,
    found: Sequence[Leaf],
    number: int,
    turns: Sequence[Turn],
    hits: Sequence[Span],
    conversation: str,
) -> Iterator[MarkOnMap]:
    length = max(1, len(document.text))

    def mark(kind: str, span: Span, words: str, href: str) -> MarkOnMap:
        top = span.start * MAP_HEIGHT // length
        height = max(_LEAST_HEIGHT, (span.end - span.start) * MAP_HEIGHT // length)
        return MarkOnMap(top=min(top, MAP_HEIGHT - _LEAST_HEIGHT), height=height, kind=kind, words=words, href=href)

    if found:
        yield mark("here", found[number].span, "", "")
    for section in document.sections:
        if section.level == 1 and section.heading:
            href = section_href(document.id, section, conversation)
            yield mark("chapter", Span(section.span.start, section.span.start), section.heading, href)
    for kind, spans in (("hit", hits), ("cited", sorted(_cited(document.id, turns)))):
        for span in spans:
            words = " ".join(span.cut(document.text).split())
            yield mark(kind, span, words, book_href(document.id, span, conversation=conversation))


def _cited(document_id: str, turns: Sequence[Turn]) -> set[Span]:
    return {one.span for turn in turns for one in turn.citations if one.document_id == document_id}
