from storybot.answerers.reading import ReadingAnswerer
from storybot.model import Passage, Reading, Span

TEXT = 'Anna and Bea were sisters. Their sister was Cleo. "Cleo sings," said Anna. Cleo had a (red) hat.'


def passage(document: str = "d") -> Passage:
    return Passage(document_id=document, span=Span(0, len(TEXT)), heading="", text=TEXT, sentences=())


def reading(words: str, sentence: str, confidence: float, *, last: bool = False) -> Reading:
    start, found = TEXT.index(sentence), TEXT.rindex(words) if last else TEXT.index(words)
    return Reading(
        passage=passage(),
        sentence=Span(start, start + len(sentence)),
        answer=Span(found, found + len(words)),
        confidence=confidence,
    )


BOTH = reading("Anna and Bea", "Anna and Bea were sisters.", 0.9)
CLEO = reading("Cleo", "Their sister was Cleo.", 0.8)
SINGER = reading("Cleo", '"Cleo sings," said Anna.', 0.3)


def told(question: str, *readings: Reading) -> list[tuple[str, int]]:
    return [
        (claim.text, len(claim.pointers)) for claim in ReadingAnswerer().answer(question, (), readings, lambda: None)
    ]


def test_one_thing_is_answered_with_the_best_reading() -> None:
    assert told("Who had a hat?", CLEO, BOTH) == [("Cleo", 1)]


def test_several_things_are_gathered_and_each_has_its_sentence() -> None:
    assert told("Who were the sisters?", BOTH, CLEO) == [("Anna and Bea", 1), ("; Cleo", 1)]


def test_an_item_that_is_unsure_or_said_already_is_left_out() -> None:
    unsure = reading("hat", "Cleo had a (red) hat.", 0.4)
    assert told("Who were the sisters?", BOTH, reading("Bea", "Anna and Bea were sisters.", 0.8), unsure) == [
        ("Anna and Bea", 1)
    ]


def test_another_sentence_of_the_passage_that_says_the_same_is_cited_too() -> None:
    assert told("Who is their sister?", CLEO, SINGER) == [("Cleo", 2)]


def test_a_mark_whose_partner_was_cut_off_is_left_out() -> None:
    assert told("What was red?", reading("(red", "Cleo had a (red) hat.", 0.9)) == [("red", 1)]
    assert told("What was said?", reading('"Cleo sings', '"Cleo sings," said Anna.', 0.9)) == [("Cleo sings", 1)]
