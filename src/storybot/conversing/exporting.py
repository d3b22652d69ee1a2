"""A conversation to take away: as Markdown to read, as JSON for programs; the citations with their places."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

from storybot.conversing.wording import GONE, STOPPED, UNFOUND, UNSUPPORTED, UNTITLED
from storybot.model import Citation, Conversation, Entry, Passage, Piece, Side, Turn

Form = Literal["markdown", "json"]
"""What a conversation is exported as."""

Documents: TypeAlias = Mapping[str, Entry]
"""Lines of the catalogue by document id."""

SUFFIXES: Mapping[Form, str] = {"markdown": ".md", "json": ".json"}

_MOST_LETTERS = 60
_ACTING = re.compile(r"[\\`*_{}\[\]<>#|~&$@]|:(?=//)|(?<=www)\.")
_LEADING = re.compile(r"^(\d*)([-+=.)])")
"""Marks that Markdown, plain or of GitHub's kind, may take for its own anywhere in a line, and at its beginning."""


def exported(conversation: Conversation, turns: Iterable[Turn], documents: Documents, form: Form) -> str:
    """The conversation with all its turns."""
    if form == "markdown":
        return markdown(conversation, turns, documents)
    fields = {**conversation_fields(conversation), "turns": [turn_fields(turn, documents) for turn in turns]}
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"


def file_name(conversation: Conversation, form: Form) -> str:
    """A name for the file: ASCII letters, digits and hyphens of the title, and the form's suffix."""
    plain = unicodedata.normalize("NFKD", conversation.title).encode("ascii", errors="ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:_MOST_LETTERS].strip("-")
    return (words or "conversation") + SUFFIXES[form]


def conversation_fields(conversation: Conversation) -> dict[str, Any]:
    """The conversation's line in the list as JSON, here and over HTTP."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "collection": conversation.collection,
        "begun": conversation.begun,
        "changed": conversation.changed,
        "turns": conversation.turns,
    }


def turn_fields(turn: Turn, documents: Documents) -> dict[str, Any]:
    """The turn as JSON, here and over HTTP. What is near in a document that isn't in `documents` is left out."""
    return {
        "id": turn.id,
        "conversation": turn.conversation_id,
        "number": turn.number,
        "asked": turn.asked,
        "question": turn.question,
        "standalone": turn.standalone,
        "state": turn.state,
        "found": turn.found,
        "answer": turn.text,
        "pieces": [piece_fields(piece) for piece in turn.pieces],
        "sides": [side_fields(side) for side in turn.sides],
        "citations": [citation_fields(citation) for citation in turn.citations],
        "nearest": [
            _nearest_fields(passage, documents[passage.document_id])
            for passage in turn.nearest
            if passage.document_id in documents
        ],
        "confidence": turn.confidence,
        "feedback": turn.feedback,
        "notice": turn.notice,
    }


def piece_fields(piece: Piece) -> dict[str, Any]:
    """The piece as JSON, here and over HTTP."""
    return {"text": piece.text, "numbers": list(piece.numbers)}


def side_fields(side: Side) -> dict[str, Any]:
    """What one of several documents answers as JSON, here and over HTTP."""
    return {
        "document": {"id": side.document_id, "title": side.title, "name": side.name},
        "answer": side.text,
        "numbers": list(dict.fromkeys(number for piece in side.pieces for number in piece.numbers)),
    }


def citation_fields(citation: Citation) -> dict[str, Any]:
    """The citation as JSON, here and over HTTP."""
    return {
        "number": citation.number,
        "document": {"id": citation.document_id, "title": citation.title, "name": citation.name},
        "heading": citation.heading,
        "page": citation.page,
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
    }


def _nearest_fields(passage: Passage, entry: Entry) -> dict[str, Any]:
    return {
        "document": {"id": entry.id, "title": entry.title, "name": entry.name},
        "heading": passage.heading,
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
    }


def markdown(conversation: Conversation, turns: Iterable[Turn], documents: Documents) -> str:
    """The conversation to read. No text in it, whosoever's, can act as markup."""
    head = [
        f"# {_escaped(conversation.title or UNTITLED)}",
        f"Collection {_escaped(conversation.collection)}, begun {conversation.begun}, changed {conversation.changed}.",
    ]
    return "\n\n".join([*head, *(block for turn in turns for block in _blocks(turn, documents))]) + "\n"


def _blocks(turn: Turn, documents: Documents) -> Iterator[str]:
    yield f"## {turn.number}. {_escaped(turn.question)}"
    if turn.standalone != turn.question:
        yield f"*Understood as:* {_escaped(turn.standalone)}"
    yield from _answer(turn)
    if turn.notice:
        yield f"*{_escaped(turn.notice)}*"
    yield from _quotes(turn, documents)
    judged = f"; judged {turn.feedback}" if turn.feedback else ""
    yield f"Asked {turn.asked}; confidence {turn.confidence:.2f}{judged}."


def _answer(turn: Turn) -> Iterator[str]:
    if turn.state == "gone":
        yield f"*{GONE}*"
        return
    for side in turn.sides:
        yield f"*{_escaped(side.title)}:* {''.join(map(_piece, side.pieces)).strip().removeprefix('; ')}"
    if turn.pieces and not turn.sides:
        yield "".join(_piece(piece) for piece in turn.pieces).strip()
    elif turn.state == "told":
        yield UNFOUND
    if turn.state == "stopped":
        yield f"*{STOPPED}*"


def _piece(piece: Piece) -> str:
    """The piece, and behind it the numbers of its citations, or that it has none."""
    marks = "".join(rf" \[{number}\]" for number in piece.numbers) or rf" *\[{UNSUPPORTED}\]*"
    before, after = (" " if edge.isspace() else "" for edge in (piece.text[:1], piece.text[-1:]))
    return before + _escaped(piece.text) + marks + after


def _quotes(turn: Turn, documents: Documents) -> Iterator[str]:
    for citation in turn.citations:
        where = _place(citation.title, citation.name, citation.place)
        offsets = f"{citation.span.start}-{citation.span.end}"
        yield f"\\[{citation.number}\\] {where}, {offsets}:\n\n> {_escaped(citation.quote)}"
    for passage in turn.nearest:
        entry = documents.get(passage.document_id)
        if entry:
            where = _place(entry.title, entry.name, passage.heading)
            yield f"Near it: {where}, {passage.span.start}-{passage.span.end}:\n\n> {_escaped(passage.text)}"


def _place(title: str, name: str, place: str) -> str:
    under = f", {_escaped(place)}" if place and place != title else ""
    return f"{_escaped(title)} ({_escaped(name)}){under}"


def _escaped(text: str) -> str:
    """The text on one line, each mark that Markdown might take for its own behind a backslash.

    Source: CommonMark 0.31, section 2.4: a backslash makes any ASCII punctuation a letter.
    """
    line = " ".join(text.split())
    return _LEADING.sub(r"\1\\\2", _ACTING.sub(r"\\\g<0>", line))
