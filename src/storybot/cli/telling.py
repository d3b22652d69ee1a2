"""Turns of a conversation as lines of text."""

from collections.abc import Iterator, Mapping, Sequence

from storybot.cli.printing import citation_line
from storybot.conversing.wording import GONE, STOPPED, UNFOUND, UNSUPPORTED
from storybot.model import Answer, Citation, Entry, Passage, Piece, Turn


def piece_words(piece: Piece) -> str:
    """The words of a piece; what no text bears out is marked."""
    return piece.text if piece.supported else f"{piece.text} [{UNSUPPORTED}]"


def answer_lines(answer: Answer, documents: Mapping[str, Entry]) -> Iterator[str]:
    """An answer outside of any conversation. documents: lines of the catalogue by document id."""
    yield from _words(answer) if answer.found else [UNFOUND]
    nearest = [] if answer.found else [hit.passage for hit in answer.evidence]
    yield from _grounds(answer.notice, answer.citations, nearest, documents)


def turn_lines(turn: Turn, documents: Mapping[str, Entry]) -> Iterator[str]:
    """A turn as it is read later."""
    yield f"{turn.number}. {turn.question}"
    if turn.standalone != turn.question:
        yield understood_line(turn.standalone)
    yield from _words(turn) if turn.found else []
    yield from closing_lines(turn, documents)


def _words(told: Answer | Turn) -> Iterator[str]:
    """The words of an answer: on one line, or where several documents answer on one of each."""
    if told.sides:
        yield from (f"{side.title}: {side.text}" for side in told.sides)
    else:
        yield "".join(map(piece_words, told.pieces))


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
    yield from _grounds(turn.notice, turn.citations, turn.nearest, documents)


def _grounds(
    notice: str, citations: Sequence[Citation], nearest: Sequence[Passage], documents: Mapping[str, Entry]
) -> Iterator[str]:
    if notice:
        yield notice
    yield from map(citation_line, citations)
    for passage in nearest[:1]:
        if passage.document_id in documents:
            place = f"{documents[passage.document_id].title} {passage.span.start}-{passage.span.end}"
            yield f"The nearest passage ({place}):\n{passage.text}"
