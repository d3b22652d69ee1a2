"""A conversation to take away."""

import json
from dataclasses import replace
from functools import partial

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from storybot.conversing.exporting import exported, file_name, turn_fields
from storybot.conversing.wording import GONE, STOPPED, UNFOUND, UNTITLED
from storybot.model import Citation, Conversation, Entry, Passage, Piece, Span, Turn

TALK = Conversation(id="c1", title="Foxes", collection="fables", begun="2026-01-02T03:04:05+00:00", changed="", turns=1)
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
    number=1,
    document_id="fox",
    name="fox.txt",
    title="The Fox",
    heading="Grapes",
    span=Span(10, 20),
    quote="It hung high.",
)
NEAREST = Passage(document_id="fox", span=Span(30, 40), heading="Grapes", text="He went away.", sentences=())


TURN = Turn(
    id="t1",
    conversation_id="c1",
    number=1,
    asked="2026-01-02T03:04:06+00:00",
    question="Where did it hang?",
    standalone="Where did it hang?",
    state="told",
    pieces=(),
    citations=(),
    nearest=(),
    confidence=0.5,
)
turn = partial(replace, TURN)


def markdown(one: Turn) -> str:
    return exported(TALK, [one], {"fox": FOX}, "markdown")


def parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def test_an_answer_keeps_its_quotes_with_their_places() -> None:
    text = markdown(turn(pieces=(Piece(text="high", numbers=(1,)),), citations=(CITATION,), feedback="up"))
    assert "# Foxes" in text
    assert "## 1. Where did it hang?" in text
    assert "high \\[1\\]" in text
    assert "\\[1\\] The Fox (fox.txt), Grapes, 10-20:\n\n> It hung high." in text
    assert "confidence 0.50; judged up." in text
    assert "Understood" not in text


def test_what_no_text_bears_out_is_marked() -> None:
    pieces = (Piece(text="It hung high. ", numbers=(1,)), Piece(text="It was red."))
    text = markdown(turn(pieces=pieces, citations=(CITATION,), notice="Mind this."))
    assert "It hung high. \\[1\\] It was red. *\\[not in the story\\]*" in text
    assert "*Mind this.*" in text


def test_how_a_question_was_understood_is_told() -> None:
    assert "*Understood as:* Where did the bunch hang?" in markdown(turn(standalone="Where did the bunch hang?"))


def test_the_nearest_passages_stand_where_the_story_does_not_say() -> None:
    text = markdown(turn(nearest=(NEAREST,)))
    assert UNFOUND in text
    assert "Near it: The Fox (fox.txt), Grapes, 30-40:\n\n> He went away." in text
    assert "Near it" not in exported(TALK, [turn(nearest=(NEAREST,))], {}, "markdown")


def test_a_turn_that_is_gone_or_was_stopped_says_so() -> None:
    assert GONE in markdown(turn(state="gone"))
    assert UNFOUND not in markdown(turn(state="gone"))
    stopped = markdown(turn(state="stopped", pieces=(Piece(text="It", numbers=(1,)),), citations=(CITATION,)))
    assert f"It \\[1\\]\n\n*{STOPPED}*" in stopped
    assert UNFOUND not in markdown(turn(state="stopped"))


def test_a_conversation_without_a_title_is_called_as_everywhere() -> None:
    assert f"# {UNTITLED}\n" in exported(replace(TALK, title=""), [], {}, "markdown")


def test_a_page_is_told_with_its_chapter() -> None:
    one = turn(pieces=(Piece(text="high", numbers=(1,)),), citations=(replace(CITATION, page="12"),))
    assert "\\[1\\] The Fox (fox.txt), Grapes, p. 12, 10-20:" in markdown(one)
    assert turn_fields(one, {})["citations"][0]["page"] == "12"


def test_as_json_it_holds_the_turns_as_the_api_gives_them() -> None:
    one = turn(pieces=(Piece(text="high", numbers=(1,)),), citations=(CITATION,))
    found = json.loads(exported(TALK, [one], {}, "json"))
    assert found["turns"] == [turn_fields(one, {})]
    assert (found["id"], found["title"]) == ("c1", "Foxes")
    assert found["turns"][0]["citations"] == [
        {
            "number": 1,
            "document": {"id": "fox", "title": "The Fox", "name": "fox.txt"},
            "heading": "Grapes",
            "page": "",
            "start": 10,
            "end": 20,
            "quote": "It hung high.",
        }
    ]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@example("> # 1. - + *a* _b_ `c` [d](e) <f> &amp; ~~g~~ | h | $i$ http://x.y www.x.y \\")
@example("1. one")
@example(" 12) two")
@example("- - -\n===\n```\n</q>")
@example("| a | b |\n| - | - |")
def test_no_text_gets_out_of_its_quote(letters: str) -> None:
    words = " ".join(letters.split())
    if not words:
        return
    citation = Citation(
        number=1, document_id="fox", name=letters, title=letters, heading=letters, span=Span(0, 1), quote=letters
    )
    one = turn(
        question=letters,
        standalone=f"{letters}.",
        notice=letters,
        pieces=(Piece(text=letters, numbers=(1,)),),
        citations=(citation,),
    )
    tokens = parsed(markdown(one))
    kinds = [token.type for token in tokens if token.type.endswith("_open")]
    plain = [
        token.type
        for token in parsed(markdown(turn(pieces=one.pieces, citations=(CITATION,), standalone="x", notice="y")))
    ]
    assert kinds == [kind for kind in plain if kind.endswith("_open")]
    start = next(place for place, token in enumerate(tokens) if token.type == "blockquote_open")
    inline = tokens[start + 2].children or []
    assert {token.type for token in inline} <= {"text", "text_special"}
    assert "".join(token.content for token in inline).strip() == words


def test_a_file_name_is_safe_whatever_the_title() -> None:
    def named(title: str) -> str:
        return file_name(Conversation(id="c", title=title, begun="", changed="", turns=0), "json")

    assert named("Who leads The Steppe Serenaders?") == "who-leads-the-steppe-serenaders.json"
    assert named('../../etc/passwd\n\r";') == "etc-passwd.json"
    assert named("Élan für 狐狸") == "elan-fur.json"
    assert named("狐狸") == "conversation.json"
    assert named("a" * 300) == "a" * 60 + ".json"
