from dataclasses import replace
from functools import partial

from storybot.cli.telling import turn_lines
from storybot.conversing.wording import GONE
from storybot.model import Citation, Entry, Passage, Piece, Span, Turn

FOX = Entry(
    id="fox",
    name="fox.txt",
    title="The Fox",
    collection="fables",
    length=99,
    words=20,
    passages=1,
    added="",
    format="text",
    digest="",
)
CITATION = Citation(
    number=1, document_id="fox", name="fox.txt", title="The Fox", heading="", span=Span(10, 20), quote="It hung high."
)
NEAREST = Passage(document_id="fox", span=Span(30, 40), heading="", text="He went away.", sentences=())


TURN = Turn(
    id="t",
    conversation_id="c",
    number=7,
    asked="",
    question="Where?",
    standalone="Where?",
    state="told",
    pieces=(),
    citations=(),
    nearest=(),
    confidence=0.5,
)
turn = partial(replace, TURN)


def lines(one: Turn) -> list[str]:
    return list(turn_lines(one, {"fox": FOX}))


def test_a_citation_tells_its_chapter_and_page() -> None:
    placed = replace(CITATION, heading="Chapter 4", page="12")
    assert '[1] "It hung high." (The Fox, Chapter 4, p. 12; 10-20)' in lines(turn(citations=(placed,)))


def test_an_answer_is_told_with_how_it_was_understood_and_what_no_text_bears_out() -> None:
    pieces = (Piece(text="High. ", numbers=(1,)), Piece(text="In a tree."))
    told = turn(standalone="Where did it hang?", pieces=pieces, citations=(CITATION,), notice="Mind this.")
    assert lines(told) == [
        "7. Where?",
        "(Where did it hang?)",
        "High. In a tree. [not in the story]",
        "Mind this.",
        '[1] "It hung high." (The Fox 10-20)',
    ]


def test_several_documents_are_told_on_a_line_each() -> None:
    crow = replace(CITATION, number=2, document_id="crow", title="The Crow")
    pieces = (Piece(text="High", numbers=(1,)), Piece(text="; low", numbers=(2,)))
    told = lines(turn(pieces=pieces, citations=(CITATION, crow)))
    assert told[1:3] == ["The Fox: High", "The Crow: low"]


def test_what_became_of_an_answer_is_told() -> None:
    assert lines(turn(nearest=(NEAREST,))) == [
        "7. Where?",
        "The story does not say.",
        "The nearest passage (The Fox 30-40):\nHe went away.",
    ]
    assert list(turn_lines(turn(nearest=(NEAREST,)), {})) == ["7. Where?", "The story does not say."]
    assert lines(turn(state="stopped")) == ["7. Where?", "Stopped here."]
    assert lines(turn(state="gone")) == ["7. Where?", GONE]
