from storybot.answerers.reading import ReadingAnswerer
from storybot.model import Hit, Passage, Span, Step
from storybot.readers.lexical import LexicalReader

FERRY = (
    "Old Marta rowed the ferry across the lake.",
    "Every evening she carried two lanterns, because the fog hid the shore.",
    "One night a soldier called Jonas gave her a silver whistle.",
    "She hung it behind the kitchen door.",
    "Her dog Bruno slept under the boat.",
)
MILL = ("The mill stood by the road.", "The miller was proud and stingy.", "He fed his geese with barley.")


def hit(sentences: tuple[str, ...], *, dense: float = 0.5, offset: int = 0) -> Hit:
    text = " ".join(sentences)
    spans, start = [], offset
    for sentence in sentences:
        spans.append(Span(start, start + len(sentence)))
        start += len(sentence) + 1
    passage = Passage(
        document_id="d", span=Span(offset, offset + len(text)), heading="", text=text, sentences=tuple(spans)
    )
    return Hit(passage=passage, score=0.03, why={"dense": Step(rank=1, score=dense)})


HITS = (hit(FERRY, dense=0.6), hit(MILL, dense=0.3, offset=1000))


def first(question: str) -> tuple[str, str, float]:
    reading = LexicalReader().read(question, HITS)[0]
    quote = reading.passage.quote
    return quote(reading.answer), quote(reading.sentence), reading.confidence


def test_an_object_is_cut_out_of_its_sentence() -> None:
    assert first("What did the soldier give Marta?")[:2] == ("a silver whistle", FERRY[2])


def test_a_place_is_answered_with_its_preposition() -> None:
    assert first("Where did Bruno sleep?")[0] == "under the boat"


def test_a_reason_is_the_clause_after_because() -> None:
    assert first("Why did she carry lanterns?")[0] == "the fog hid the shore"


def test_a_number_is_answered_with_the_thing_counted() -> None:
    assert first("How many lanterns did she carry?")[0] == "two lanterns"


def test_a_person_is_the_subject_of_the_verb() -> None:
    assert first("Who rowed the ferry?")[0] == "Old Marta"


def test_a_state_is_what_the_text_says_something_was() -> None:
    assert first("How was the miller?")[0] == "proud and stingy"


def test_a_question_whose_words_the_text_lacks_is_doubted() -> None:
    known = first("What did the soldier give Marta?")[2]
    for question in ("What did the baker give Marta?", "Who painted the ferry?", "How old is Marta?"):
        assert first(question)[2] < known / 2


def test_offsets_are_those_of_the_document() -> None:
    reading = LexicalReader().read("What did the miller feed his geese with?", HITS)[0]
    assert reading.passage is HITS[1].passage
    assert reading.sentence.within(HITS[1].passage.span)
    assert reading.answer.within(reading.sentence)


def test_readings_come_surest_first_as_probabilities() -> None:
    for question in ("Who gave her a whistle?", "What did she do?", "Why?", "Where is the road?"):
        chances = [reading.confidence for reading in LexicalReader().read(question, HITS)]
        assert chances == sorted(chances, reverse=True)
        assert all(0 <= chance <= 1 for chance in chances)


def test_hits_without_the_scores_of_steps_are_read_too() -> None:
    bare = [Hit(passage=each.passage, score=0.0) for each in HITS]
    reading = LexicalReader().read("Where did Bruno sleep?", bare)[0]
    assert reading.passage.quote(reading.answer) == "under the boat"


def test_nothing_is_read_where_no_word_is_shared() -> None:
    assert LexicalReader().read("Zyx qwv?", HITS) == []
    assert LexicalReader().read("Who rowed the ferry?", []) == []


def test_the_answer_is_worded_as_the_text_has_it() -> None:
    claims = list(ReadingAnswerer(LexicalReader()).answer("What did the soldier give Marta?", HITS))
    assert [claim.text for claim in claims] == ["a silver whistle"]
    assert [claims[0].passage.quote(span) for span in claims[0].sentences] == [FERRY[2]]


def test_without_a_candidate_there_is_no_claim() -> None:
    assert list(ReadingAnswerer(LexicalReader()).answer("Zyx qwv?", HITS)) == []
