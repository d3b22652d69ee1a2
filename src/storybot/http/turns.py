"""What the templates see of a turn: every word and link of a question and its answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from storybot.conversing import MOST_TURNS
from storybot.model import Citation, Entry, Feedback, Passage, Piece, Span, Turn, place_of

CONFIDENCE_WORDS: tuple[tuple[float, str], ...] = (
    (0.85, "Surely: the story says so."),
    (0.6, "Probably: the story seems to say so."),
    (0.0, "Perhaps: read the sentence yourself."),
)
"""Words for a confidence, from the least that deserves them."""

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
class TurnView:
    """A question and what came of it. One that was kept has an id.

    understood: the question as it was understood, if otherwise than asked. again: the question that asks for the same.
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
    quotes: tuple[QuoteView, ...] = ()
    notice: str = ""
    error: str = ""
    feedback: Feedback | None = None


def document_href(document_id: str, span: Span | None = None) -> str:
    """The address where a document is read; with a span, where that stretch is marked."""
    address = f"/documents/{quote(document_id, safe='')}"
    return address if span is None else f"{address}?{urlencode({'start': span.start, 'end': span.end})}#cited"


def conversation_href(conversation_id: str, **query: str | int) -> str:
    """The address of a conversation; what is empty in the query is left out."""
    chosen = {name: value for name, value in query.items() if value}
    return f"/conversations/{quote(conversation_id, safe='')}" + (f"?{urlencode(chosen)}" if chosen else "")


def turn_href(turn: Turn, *, turns: int, document: str = "") -> str:
    """The address of a turn on its conversation's page. turns: how many there are in the conversation."""
    before = turn.number + 1 if turn.number <= turns - MOST_TURNS else 0
    return f"{conversation_href(turn.conversation_id, before=before, document=document)}#{_anchor(turn)}"


def confidence_words(confidence: float) -> str:
    """How sure an answer is, in words."""
    return next(words for least, words in CONFIDENCE_WORDS if confidence >= least)


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
        quotes=tuple(_citation(turn, citation) for citation in turn.citations)
        or tuple(
            _passage(passage, documents[passage.document_id])
            for passage in turn.nearest
            if passage.document_id in documents
        ),
        notice=turn.notice,
        feedback=turn.feedback,
    )


def _state(turn: Turn) -> ViewState:
    if turn.state != "told":
        return turn.state
    return "found" if turn.found else "unfound"


def _anchor(turn: Turn, number: int | None = None) -> str:
    return f"turn-{turn.number}" if number is None else f"turn-{turn.number}-{number}"


def _piece(turn: Turn, piece: Piece) -> PieceView:
    marks = tuple(MarkView(number=number, href=f"#{_anchor(turn, number)}") for number in piece.numbers)
    return PieceView(text=piece.text.strip(), marks=marks)


def _citation(turn: Turn, citation: Citation) -> QuoteView:
    texts = (piece.text.strip(" ;") for piece in turn.pieces if citation.number in piece.numbers)
    # Whole words: the answer "him" is not the beginning of "himself".
    told = next(filter(None, (re.search(rf"(?<!\w){re.escape(t)}(?!\w)", citation.quote) for t in texts if t)), None)
    start, end = told.span() if told else (len(citation.quote), len(citation.quote))
    return QuoteView(
        number=citation.number,
        anchor=_anchor(turn, citation.number),
        before=citation.quote[:start],
        told=citation.quote[start:end],
        after=citation.quote[end:],
        title=citation.title,
        place=citation.place,
        href=document_href(citation.document_id, citation.span),
    )


def _passage(passage: Passage, entry: Entry) -> QuoteView:
    return QuoteView(
        before=passage.text,
        title=entry.title,
        place=place_of(passage.heading),
        href=document_href(passage.document_id, passage.span),
    )
