"""What the templates see of a turn: every word and link of a question and its answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, urlencode

from storybot.conversing import MOST_TURNS
from storybot.http.books import book_href
from storybot.http.looks import about_href
from storybot.http.telling import place_in_words
from storybot.languages import gettext as _
from storybot.languages import marked
from storybot.model import Citation, Entry, Feedback, Passage, Piece, Side, Turn

CONFIDENCE_WORDS: tuple[tuple[float, str], ...] = (
    (0.85, marked("Surely: the story says so.")),
    (0.6, marked("Probably: the story seems to say so.")),
    (0.0, marked("Perhaps: read the sentence yourself.")),
)
"""Words for a confidence, from the least that deserves them; looked up where they are said."""

_WHOLE = re.compile(r"\b(?:about|summar(?:y|i[sz]e)|plot|characters?)\b", re.IGNORECASE)
"""What is asked of a whole document: what is it about, summarise it, who are the characters?"""

_BETWEEN = "[\"\u201c\u201d\u2018\u2019']*\\s+[\"\u201c\u201d\u2018\u2019']*"

ViewState = Literal["found", "unfound", "stopped", "gone", "failed", "waiting"]
"""What a turn looks like. The last two were not kept: a question that was refused, and one on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A stretch of a document that can be read in its place: a citation (number 1 and up) or a nearest passage (0).

    `before` + `told` + `after` is the stretch, letter for letter; `told` are the answer's own words, where it has them.
    `anchor`: where on the page it stands, if an answer's numbers lead there.
    """

    number: int = 0
    anchor: str = ""
    before: str = ""
    told: str = ""
    after: str = ""
    title: str = ""
    place: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkView:
    """The number of a citation behind the words that rest on it. Without a link while the citation is still to come."""

    number: int = 0
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceView:
    """Words of an answer. Without marks they are shown as not being in the story."""

    text: str = ""
    marks: tuple[MarkView, ...] = ()


BLANK_PIECE = PieceView(marks=(MarkView(number=1),))
BLANK_UNSUPPORTED = PieceView()
"""What the scripts fill copies of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutView:
    """The page about a document."""

    title: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """What one of several documents answers, and its sentences."""

    title: str
    pieces: tuple[PieceView, ...]
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """A question and what came of it. One that was kept has an id.

    understood: the question as it was understood, if otherwise than asked. again: the question that asks for the same.
    unsure: its confidence has the last of the words.
    sides: the same pieces and quotes by document, where several documents answer.
    """

    state: ViewState
    id: str = ""
    conversation: str = ""
    number: int = 0
    question: str = ""
    understood: str = ""
    again: str = ""
    pieces: tuple[PieceView, ...] = ()
    confidence: str = ""
    unsure: bool = False
    quotes: tuple[QuoteView, ...] = ()
    sides: tuple[SideView, ...] = ()
    about: tuple[AboutView, ...] = ()
    notice: str = ""
    error: str = ""
    feedback: Feedback | None = None


def conversation_href(conversation_id: str, **query: str | int) -> str:
    """The address of a conversation; what is empty in the query is left out."""
    chosen = {name: value for name, value in query.items() if value}
    return f"/conversations/{quote(conversation_id, safe='')}" + (f"?{urlencode(chosen)}" if chosen else "")


def turn_href(turn: Turn, *, turns: int, document: str = "") -> str:
    """The address of a turn on its conversation's page. turns: how many there are in the conversation."""
    before = turn.number + 1 if turn.number <= turns - MOST_TURNS else 0
    return f"{conversation_href(turn.conversation_id, before=before, document=document)}#{anchor(turn)}"


def confidences() -> tuple[tuple[float, str], ...]:
    """The words for confidences, as they are said now, from the least that deserves them."""
    return tuple((least, _(words)) for least, words in CONFIDENCE_WORDS)


def confidence_words(confidence: float) -> str:
    """How sure an answer is, in words."""
    return next(words for least, words in confidences() if confidence >= least)


def turn_view(turn: Turn, documents: Mapping[str, Entry]) -> TurnView:
    """The turn: its citations, or the nearest passages where the text does not say. documents: those, by id."""
    return TurnView(
        state=_state(turn),
        id=turn.id,
        conversation=turn.conversation_id,
        number=turn.number,
        question=turn.question,
        understood=turn.standalone if turn.standalone != turn.question else "",
        again=turn.standalone,
        pieces=tuple(_piece(turn, piece) for piece in turn.pieces),
        confidence=confidence_words(turn.confidence) if turn.found else "",
        unsure=turn.found and turn.confidence < CONFIDENCE_WORDS[-2][0],
        quotes=tuple(_citation(turn, citation) for citation in turn.citations)
        or tuple(
            _passage(turn, passage, documents[passage.document_id])
            for passage in turn.nearest
            if passage.document_id in documents
        ),
        sides=tuple(_side(turn, side) for side in turn.sides),
        about=tuple(_about(turn, documents)),
        notice=turn.notice,
        feedback=turn.feedback,
    )


def _state(turn: Turn) -> ViewState:
    if turn.state != "told":
        return turn.state
    return "found" if turn.found else "unfound"


def anchor(turn: Turn, number: int | None = None) -> str:
    """Where the turn, or one of its citations, stands on the page."""
    return f"turn-{turn.number}" if number is None else f"turn-{turn.number}-{number}"


def _piece(turn: Turn, piece: Piece) -> PieceView:
    marks = tuple(MarkView(number=number, href=f"#{anchor(turn, number)}") for number in piece.numbers)
    return PieceView(text=piece.text.strip(), marks=marks)


def _side(turn: Turn, side: Side) -> SideView:
    first, *others = (_piece(turn, piece) for piece in side.pieces)
    own = (citation for citation in turn.citations if citation.document_id == side.document_id)
    return SideView(
        title=side.title,
        pieces=(replace(first, text=first.text.removeprefix("; ")), *others),
        quotes=tuple(_citation(turn, citation) for citation in own),
    )


def _citation(turn: Turn, citation: Citation) -> QuoteView:
    texts = (piece.text.strip(" ;") for piece in turn.pieces if citation.number in piece.numbers)
    # Whole words: the answer "him" is not the beginning of "himself".
    told = next(filter(None, (re.search(_as_printed(text), citation.quote) for text in texts if text)), None)
    start, end = told.span() if told else (len(citation.quote), len(citation.quote))
    return QuoteView(
        number=citation.number,
        anchor=anchor(turn, citation.number),
        before=citation.quote[:start],
        told=citation.quote[start:end],
        after=citation.quote[end:],
        title=citation.title,
        place=place_in_words(citation.heading, citation.page),
        href=book_href(citation.document_id, citation.span, conversation=turn.conversation_id),
    )


def _about(turn: Turn, documents: Mapping[str, Entry]) -> Iterator[AboutView]:
    """Where it stands what the nearest documents are about, if that was asked, which no sentence of theirs says."""
    if _state(turn) == "unfound" and _WHOLE.search(turn.standalone):
        for document_id in dict.fromkeys(passage.document_id for passage in turn.nearest):
            if document_id in documents:
                yield AboutView(title=documents[document_id].title, href=f"{about_href(document_id)}#overview")


def _as_printed(words: str) -> str:
    """A pattern for an answer in its sentence, where lines may end in it, and quotation marks stand."""
    parts = (re.escape(word) for word in words.split())
    return rf"(?<!\w){_BETWEEN.join(parts)}(?!\w)"


def _passage(turn: Turn, passage: Passage, entry: Entry) -> QuoteView:
    return QuoteView(
        before=passage.text,
        title=entry.title,
        place=place_in_words(passage.heading),
        href=book_href(passage.document_id, passage.span, conversation=turn.conversation_id),
    )
