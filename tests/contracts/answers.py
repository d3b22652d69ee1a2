"""Answers to put into an archive, made of the stories of the oracle."""

from collections.abc import Sequence

from contracts.oracle import Story
from storybot.citing import Citations
from storybot.model import Answer, Entry, Hit, Passage, Piece, Pointer, TurnState


def quoting(*stories: Story, question: str = "What?", line: int = 0, state: TurnState = "told") -> Answer:
    """An answer with a piece out of each story, which is its whole line."""
    pages = {told.document.id: told.document.pages for told in stories}
    citations = Citations(
        {told.document.id: entry_of(told) for told in stories}, lambda document_id: pages[document_id]
    )
    pieces = [
        Piece(text=f"{passage.text} ", numbers=citations.cite([pointer(passage)]))
        for passage in (told.passages[line] for told in stories)
    ]
    return answer(question, pieces=pieces, citations=citations, state=state)


def unfound(*passages: Passage, question: str = "What?") -> Answer:
    """An answer that the text does not say, the passages being the nearest."""
    return answer(question, evidence=passages)


def answer(
    question: str,
    *,
    pieces: Sequence[Piece] = (),
    citations: Citations | None = None,
    evidence: Sequence[Passage] = (),
    state: TurnState = "told",
) -> Answer:
    """Any answer; understood as the question and more."""
    return Answer(
        question=question,
        standalone=f"{question} (as understood)",
        pieces=tuple(pieces),
        citations=citations.all if citations else (),
        evidence=tuple(Hit(passage=passage, score=1.0) for passage in evidence),
        confidence=0.5,
        notice="Mind this.",
        state=state,
    )


def pointer(passage: Passage) -> Pointer:
    """A pointer to the passage's first sentence."""
    return Pointer(passage=passage, sentence=passage.sentences[0])


def entry_of(told: Story) -> Entry:
    """The story's line in the catalogue."""
    document = told.document
    return Entry(
        id=document.id,
        name=document.name,
        title=document.title,
        collection=document.collection,
        length=len(document.text),
        words=len(document.text.split()),
        passages=len(told.passages),
        added="",
        format=document.format,
        digest=document.digest,
    )
