"""The trail of a question, and documents that answer beside each other."""

from dataclasses import replace

import pytest

from storybot.answerers.reading import ReadingAnswerer
from storybot.answering import SideBySide
from storybot.bot import Storybot
from storybot.cli.trailing import trail_lines
from storybot.engines import laws
from storybot.errors import EmptyQuestion
from storybot.model import Citation, Passage, Piece, Reading, Scope, Source, Span
from storybot.model.answers import sides_of

BRIDGE = Source(
    name="bridge.txt", data=b"The fox lived under the old stone bridge. Every evening it looked at the moon."
)
OAK = Source(name="oak.txt", data=b"This is another story. The fox lived in a hollow oak at the edge of the wood.")
QUESTION = "Where did the fox live?"


def test_a_trail_tells_what_an_answer_tells(bot: Storybot) -> None:
    bot.library.add(BRIDGE)
    answer, trail = bot.ask(QUESTION), bot.trail(QUESTION)
    assert (trail.found, trail.confidence) == (answer.found, answer.confidence)
    assert trail.hits == answer.evidence
    (lookup,) = trail.lookups
    assert (lookup.words, lookup.left_out) == (("fox", "live"), ("where", "did", "the"))
    assert lookup.by_words[0].why["words"].rank == lookup.by_meaning[0].why["dense"].rank == 1
    assert trail.fused[0].why.keys() == {"words", "dense", "fused"}
    assert trail.readings[0].passage.quote(trail.readings[0].answer) == answer.text
    assert set(trail.seconds) == {"embedding", "words", "meaning", "fusing", "reading"}
    assert all(seconds > 0 for seconds in trail.seconds.values())


def test_words_that_a_large_corpus_is_full_of_are_told_as_left_out(
    bot: Storybot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.library.add(BRIDGE)
    bot.library.add(OAK)
    monkeypatch.setattr(laws, "LARGE_INDEX", 0)
    monkeypatch.setattr(laws, "LEAST_TERMS", 1)
    (lookup,) = bot.trail("Where did the fox live, in an oak?").lookups
    assert lookup.words == ("oak",)
    assert lookup.left_out == ("where", "did", "the", "fox", "live", "in", "an")


def test_a_trail_is_told_on_the_command_line(bot: Storybot) -> None:
    bot.library.add(BRIDGE)
    head, asked, first, answer, *_, took = trail_lines(bot.trail(QUESTION))
    assert head == "How this was found:"
    assert asked == "Asked for the words fox, live (left out: where, did, the); passages by words: 1, by meaning: 1"
    assert first.startswith("1. Bridge 0-78: words no. 1 (")
    assert answer.startswith('"under the old stone bridge": ')
    assert took.startswith("embedding ")


def test_a_trail_that_leads_nowhere_tells_so(bot: Storybot) -> None:
    assert bot.trail(QUESTION).confidence == 0
    bot.library.add(BRIDGE)
    trail = bot.trail("How many children does the queen have?")
    assert not trail.found
    assert trail.confidence < trail.threshold
    assert trail.first(0).hits == trail.first(0).fused == trail.first(0).lookups[0].by_words == ()
    with pytest.raises(EmptyQuestion):
        bot.trail("?")


def test_two_documents_that_differ_answer_side_by_side(bot: Storybot) -> None:
    bridge, oak = bot.library.add(BRIDGE), bot.library.add(OAK)
    alone = bot.ask(QUESTION, Scope(document_ids=(bridge.id,)))
    assert alone.sides == ()
    answer = bot.ask(QUESTION)
    assert {side.document_id: side.text for side in answer.sides} == {
        bridge.id: "under the old stone bridge",
        oak.id: "in a hollow oak",
    }
    assert [citation.document_id for citation in answer.citations] == [side.document_id for side in answer.sides]


def test_two_documents_that_say_the_same_give_one_answer(bot: Storybot) -> None:
    bot.library.add(BRIDGE)
    bot.library.add(replace(BRIDGE, name="copy.txt", data=b"Once the fox lived under an old stone bridge, they say."))
    answer = bot.ask(QUESTION)
    assert answer.sides == ()
    assert ";" not in (answer.text or "")


def reading(document: str, words: str, confidence: float) -> Reading:
    passage = Passage(document_id=document, span=Span(0, len(words)), heading="", text=words, sentences=())
    return Reading(passage=passage, sentence=passage.span, answer=passage.span, confidence=confidence)


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([reading("b", "in the oak", 0.6)], "under a bridge; in the oak"),
        ([reading("b", "in the oak", 0.29)], "under a bridge"),
        ([reading("b", "in the oak", 0.44)], "under a bridge"),
        ([reading("b", "under the Old Bridge", 0.6)], "under a bridge"),
        ([reading("b", "there", 0.6)], "under a bridge"),
        ([reading("a", "in the oak", 0.6)], "under a bridge"),
        ([reading(name, name, 0.6) for name in ("oak", "mill", "sea")], "under a bridge; oak; mill"),
    ],
    ids=["differs", "unsure", "much less sure", "says the same", "says nothing", "the same document", "too many"],
)
def test_what_stands_beside_an_answer_is_sure_and_differs(others: list[Reading], told: str) -> None:
    readings = [reading("a", "under a bridge", 0.9), *others]
    claims = SideBySide(ReadingAnswerer(), 0.3).answer("Where?", (), readings, lambda: None)
    assert "".join(claim.text for claim in claims) == told


def citation(number: int, document: str) -> Citation:
    return Citation(
        number=number, document_id=document, name="", title=document.upper(), heading="", span=Span(0, 1), quote="x"
    )


@pytest.mark.parametrize(
    ("numbers", "sides"),
    [
        ([(1,), (3,)], ["A", "B"]),
        ([(1,), (2,), (3,)], ["A", "B"]),
        ([(1,), (2,)], []),
        ([(1,), (3,), (2,)], []),
        ([(1, 3)], []),
        ([(1,), ()], []),
        ([(), (1, 3)], []),
        ([], []),
    ],
)
def test_pieces_are_grouped_only_where_each_document_speaks_by_itself(
    numbers: list[tuple[int, ...]], sides: list[str]
) -> None:
    pieces = [Piece(text="x", numbers=each) for each in numbers]
    found = sides_of(pieces, [citation(1, "a"), citation(2, "a"), citation(3, "b")])
    assert [side.title for side in found] == sides
