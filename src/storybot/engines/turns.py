"""Rows of turns: an answer is kept as words and places, and its quotes are cut anew whenever it is read."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from storybot.citing import heading_at, page_at
from storybot.engines import documents, laws, letters
from storybot.model import Answer, Citation, Page, Passage, Piece, Section, Span, Turn

NEAREST_KEPT = 3
"""How many of the nearest passages are kept of an answer that the text does not hold."""

_Kind: TypeAlias = Literal["citation", "nearest", "shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A stretch of a document that an answer has to do with."""

    kind: _Kind
    ordinal: int
    document_id: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cuts:
    """What was cut out of the documents for one turn."""

    citations: dict[int, Citation]
    nearest: dict[int, Passage]

    def in_order(self) -> tuple[tuple[Citation, ...], tuple[Passage, ...]]:
        """The citations by number, and the nearest passages, best first."""
        return (
            tuple(self.citations[number] for number in sorted(self.citations)),
            tuple(self.nearest[rank] for rank in sorted(self.nearest)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quoted:
    """A document as its quotes tell of it."""

    id: str
    name: str
    title: str
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]

    def citation(self, number: int, span: Span, quote: str) -> Citation:
        """The citation of this number, whose words are `quote`."""
        return Citation(
            number=number,
            document_id=self.id,
            name=self.name,
            title=self.title,
            heading=heading_at(self.sections, span.start),
            span=span,
            quote=quote,
            page=page_at(self.pages, span.start),
        )

    def passage(self, span: Span, text: str) -> Passage:
        """The passage of these words, its sentences not told apart."""
        heading = heading_at(self.sections, span.start)
        return Passage(document_id=self.id, span=span, heading=heading, text=text, sentences=())


def write(
    connection: sqlite3.Connection, turn_id: str, conversation: int, answer: Answer, history: Sequence[Turn]
) -> None:
    """Put an answer at the end of the conversation of this key.

    Nothing but the question of an answer whose documents don't all stand any more; no stand-alone question that leans
    on a turn of `history` whose document went meanwhile.
    """
    places = list(_places(answer))
    keys = _keys(connection, {place.document_id for place in places})
    stands = all(place.document_id in keys for place in places)
    clear = stands and not _any_gone(connection, history)
    key = connection.execute(
        """
        INSERT INTO turns
            (id, conversation, number, asked, question, standalone, state, told, pieces, confidence, notice)
        SELECT ?, ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM turns WHERE conversation = ?
        """,
        (
            turn_id,
            conversation,
            laws.now(),
            answer.question,
            answer.standalone if clear else answer.question,
            answer.state if stands else "gone",
            (answer.text or "") if stands else "",
            json.dumps([(len(piece.text), piece.numbers) for piece in answer.pieces] if stands else []),
            answer.confidence,
            answer.notice if stands else "",
            conversation,
        ),
    ).lastrowid
    connection.executemany(
        "INSERT INTO places (turn, kind, ordinal, document, start, end) VALUES (?, ?, ?, ?, ?, ?)",
        [(key, p.kind, p.ordinal, keys[p.document_id], p.span.start, p.span.end) for p in places if stands],
    )


def read(connection: sqlite3.Connection, condition: str, values: Mapping[str, Any]) -> list[Turn]:
    """Turns t that fulfil an SQL condition, which may go on with their order."""
    found = connection.execute(
        f"""
        SELECT t.key, t.id, c.id, t.number, t.asked, t.question, t.standalone, t.state, t.told, t.pieces, t.confidence,
            t.notice, t.feedback
        FROM turns t JOIN conversations c ON c.key = t.conversation WHERE {condition}
        """,  # noqa: S608 - no value of a user
        values,
    ).fetchall()
    cuts = _cut(connection, [row[0] for row in found])
    return [_turn(row, cuts[row[0]]) for row in found]


def _turn(row: tuple[Any, ...], cuts: _Cuts) -> Turn:
    _, turn_id, conversation_id, number, asked, question, standalone, state, told, pieces, *rest = row
    confidence, notice, feedback = rest
    citations, nearest = cuts.in_order()
    return Turn(
        id=turn_id,
        conversation_id=conversation_id,
        number=number,
        asked=asked,
        question=question,
        standalone=standalone,
        state=state,
        pieces=tuple(_pieces(told, json.loads(pieces))),
        citations=citations,
        nearest=nearest,
        confidence=confidence,
        notice=notice,
        feedback=feedback,
    )


def _pieces(told: str, lengths: Sequence[tuple[int, list[int]]]) -> Iterator[Piece]:
    start = 0
    for length, numbers in lengths:
        yield Piece(text=told[start : start + length], numbers=tuple(numbers))
        start += length


def _places(answer: Answer) -> Iterator[_Place]:
    """What the answer cites; the nearest passages where the text does not say; and all that a language model was shown.

    The last only where words of it rest on no citation: they may be out of anything that it was shown.
    """
    for citation in answer.citations:
        yield _Place(kind="citation", ordinal=citation.number, document_id=citation.document_id, span=citation.span)
    unheld = any(not piece.supported for piece in answer.pieces)
    if unheld or not (answer.found or answer.state != "told"):
        kind: _Kind = "shown" if unheld else "nearest"
        for rank, hit in enumerate(answer.evidence if unheld else answer.evidence[:NEAREST_KEPT]):
            yield _Place(kind=kind, ordinal=rank, document_id=hit.passage.document_id, span=hit.passage.span)


def _keys(connection: sqlite3.Connection, document_ids: set[str]) -> dict[str, int]:
    """Keys of those of the documents that stand, by id."""
    return dict(
        connection.execute(
            "SELECT id, key FROM documents WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*document_ids]),)
        ).fetchall()
    )


def _any_gone(connection: sqlite3.Connection, history: Sequence[Turn]) -> bool:
    """Whether the document of a turn went since the turn was read."""
    read_whole = [turn.id for turn in history if turn.state != "gone"]
    (some,) = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM turns WHERE state = 'gone' AND id IN (SELECT value FROM json_each(?)))",
        (json.dumps(read_whole),),
    ).fetchone()
    return bool(some)


def _cut(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, _Cuts]:
    """The quotes of the turns of these keys."""
    places = connection.execute(
        "SELECT document, turn, kind, ordinal, start, end FROM places "
        "WHERE turn IN (SELECT value FROM json_each(?)) AND kind != 'shown'",
        (json.dumps(keys),),
    ).fetchall()
    texts = letters.cut(connection, [(document, Span(start, end)) for document, *_, start, end in places])
    quoted = _quoted(connection, {document for document, *_ in places})
    cuts = {key: _Cuts(citations={}, nearest={}) for key in keys}
    for (document, turn, kind, ordinal, start, end), text in zip(places, texts, strict=True):
        if kind == "citation":
            cuts[turn].citations[ordinal] = quoted[document].citation(ordinal, Span(start, end), text)
        else:
            cuts[turn].nearest[ordinal] = quoted[document].passage(Span(start, end), text)
    return cuts


def _quoted(connection: sqlite3.Connection, keys: set[int]) -> dict[int, _Quoted]:
    found = connection.execute(
        "SELECT key, id, name, title, sections, pages FROM documents WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps([*keys]),),
    )
    return {
        key: _Quoted(
            id=document_id,
            name=name,
            title=title,
            sections=documents.unpacked_sections(sections),
            pages=documents.unpacked_pages(pages),
        )
        for key, document_id, name, title, sections, pages in found
    }
