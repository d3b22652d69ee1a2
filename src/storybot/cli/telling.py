"""Turns of a conversation as lines of text."""

from collections.abc import Iterator, Mapping

from storybot.cli.printing import citation_line
from storybot.conversing.exporting import GONE, STOPPED, UNFOUND, UNSUPPORTED
from storybot.model import Entry, Piece, Turn


def piece_words(piece: Piece) -> str:
    """The words of a piece; what no text bears out is marked."""
    return piece.text if piece.supported else f"{piece.text} [{UNSUPPORTED}]"


def turn_lines(turn: Turn, documents: Mapping[str, Entry]) -> Iterator[str]:
    """A turn as it is read later."""
    yield f"{turn.number}. {turn.question}"
    if turn.standalone != turn.question:
        yield understood_line(turn.standalone)
    if turn.pieces:
        yield "".join(piece_words(piece) for piece in turn.pieces)
    yield from closing_lines(turn, documents)


def understood_line(question: str) -> str:
    """How a question was understood."""
    return f"({question})"


def closing_lines(turn: Turn, documents: Mapping[str, Entry]) -> Iterator[str]:
    """What follows the words of an answer: how it ended, its quotes, or the nearest passages."""
    if turn.state == "gone":
        yield GONE
    elif turn.state == "stopped":
        yield STOPPED
    elif not turn.found:
        yield UNFOUND
    if turn.notice:
        yield turn.notice
    for citation in turn.citations:
        yield citation_line(citation)
    for passage in turn.nearest[:1]:
        if passage.document_id in documents:
            place = f"{documents[passage.document_id].title} {passage.span.start}-{passage.span.end}"
            yield f"The nearest passage ({place}):\n{passage.text}"
