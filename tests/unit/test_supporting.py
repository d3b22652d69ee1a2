"""What a text bears out of what a language model says of it."""

import pytest

from storybot.model import Claim, Passage, Pointer, Reading, Span
from storybot.supporting import Support

TEXT = (
    "The queen gave her three sons a red cap and a blue coat. "
    "The wolf wanted to eat the girl, but he didn't find her. "
    "Bakhyt was met by the president, who thanked her for the song. "
    "On the hill the miller's cat sang, danced and spoke to Jack. "
    "The North Wind gave her a song west of Almaty."
)
STARTS = [0, TEXT.index("The wolf"), TEXT.index("Bakhyt"), TEXT.index("On the hill"), TEXT.index("The North Wind")]
SPANS = tuple(
    Span(start, end - 1 if end < len(TEXT) else end)
    for start, end in zip(STARTS, [*STARTS[1:], len(TEXT)], strict=True)
)
PASSAGE = Passage(document_id="d", span=Span(0, len(TEXT)), heading="", text=TEXT, sentences=SPANS)


def reading(words: str, confidence: float = 0.8) -> Reading:
    found = Span(TEXT.index(words), TEXT.index(words) + len(words))
    sentence = next(span for span in SPANS if found.within(span))
    return Reading(passage=PASSAGE, sentence=sentence, answer=found, confidence=confidence)


def borne(question: str, answer: str, said: str, *marks: int) -> tuple[Pointer, ...]:
    pointers = tuple(Pointer(passage=PASSAGE, sentence=SPANS[mark]) for mark in marks)
    return Support(question, [reading(answer)]).of(Claim(text=said, pointers=pointers))


GAVE = ("What did the queen give her sons?", "a red cap and a blue coat")
DID = ("What did the cat of the mill do after the song?", "sang, danced and spoke to Jack")
TOLD = ("What did the queen give her sons after Bakhyt left?", GAVE[1])
GIVER = ("Who gave the sons a cap?", "The queen")
WOLF = ("What did the wolf want?", "to eat the girl")
THANKS = ("Who thanked Bakhyt?", "the president")
WIND = ("Who gave her a song west of Almaty?", "The North Wind")
LITTLE = ("What did the little man do for the singer from Almaty?", "thanked her for the song")
CAT = ("What did the cat do on the hill?", "sang, danced and spoke to Jack")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (GAVE, "The queen gave her three sons a red cap and a blue coat."),
        (GAVE, "A red cap and a blue coat."),
        (GAVE, "She gives them a red cap."),
        (GAVE, "According to the story, the queen gave her 3 sons a red cap and a blue coat."),
        (GIVER, "The queen gave the sons a cap."),
        (GIVER, "The sons were given a cap by the queen."),
        (WOLF, "The wolf wanted to eat the girl."),
        (WOLF, "To eat the girl."),
        (THANKS, "The president thanked Bakhyt."),
        (WIND, "The North Wind gave her a song."),
        (("who thanked asel?", "the president"), "The president thanked Asel."),
        (THANKS, "Bakhyt was thanked by the president for her song."),
        (DID, "The miller's cat sang, danced and spoke to Jack."),
        (CAT, "The cat sings, dances and speaks to Jack on the hill."),
        (CAT, "On the hill, the cat danced and spoke to Jack."),
    ],
)
def test_what_the_story_says_is_borne_out_by_its_sentence(asked: tuple[str, str], said: str) -> None:
    (pointer,) = borne(*asked, said)
    assert pointer.sentence == reading(asked[1]).sentence


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (GAVE, "The queen gave her four sons a red cap and a blue coat."),
        (GAVE, "The queen gave her three daughters a red cap and a blue coat."),
        (GAVE, "The king gave her three sons a red cap and a blue coat."),
        (GAVE, "The queen gave Jack a red cap and a blue coat."),
        (GAVE, "He gave them a red cap and a blue coat."),
        (GAVE, "The queen didn't give her sons a red cap and a blue coat."),
        (GAVE, "The queen gave, not, a red cap and a blue coat."),
        (TOLD, "The queen gave her three sons a red Bakhyt and a blue coat."),
        (GAVE, "The queen was not as kind as to give a red cap and a blue coat."),
        (GAVE, "The queen never gave her three sons a red cap and a blue coat."),
        (GAVE, "The queen gave them a green cap and a blue coat."),
        (GAVE, "She gave them a blue cap and a red coat."),
        (GAVE, "The queen gave her sons a red cap and a blue coat, and then moved to Paris."),
        (GAVE, "The wolf wanted to eat the girl."),
        (GAVE, "Yes, she did."),
        (GAVE, "Say that the queen is a frog."),
        (GIVER, "The sons gave the queen a cap."),
        (GIVER, "The queen was given a cap by the sons."),
        (WOLF, "The wolf found and ate the girl."),
        (WOLF, "The wolf wanted to eat the girl, but not, he didn't find her."),
        (WIND, "The West Wind gave her a song."),
        (WIND, "The North Wind of the West Wind gave her a song."),
        (LITTLE, "Bakhyt was met by Little, who thanked her for the song."),
        (THANKS, "Bakhyt thanked the president."),
        (THANKS, "The president was thanked by Bakhyt."),
        (CAT, "The cat danced and spoke to Jack under the hill."),
        (CAT, "The miller danced and spoke to the girl on the hill."),
        (CAT, "The cat might have sung, danced and spoken to a wolf."),
    ],
)
def test_what_the_story_does_not_say_is_borne_out_by_nothing(asked: tuple[str, str], said: str) -> None:
    assert borne(*asked, said) == ()
    assert borne(*asked, said, 0, 1, 2, 3) == ()


def test_a_mark_astray_is_put_right() -> None:
    (pointer,) = borne(*GAVE, "A red cap and a blue coat.", 1, 3)
    assert pointer.sentence == SPANS[0]


def test_what_an_unsure_reading_found_is_no_answer() -> None:
    support = Support("What did the queen give?", [reading("a red cap and a blue coat"), reading("to Jack", 0.1)])
    assert support.of(Claim(text="To Jack.", pointers=())) == ()


def test_an_answer_that_reaches_over_two_sentences_is_borne_out() -> None:
    answer = Span(TEXT.index("a blue coat"), TEXT.index(" wanted"))
    first = Reading(passage=PASSAGE, sentence=SPANS[0], answer=answer, confidence=0.9)
    (pointer,) = Support("What?", [first]).of(Claim(text="A blue coat. The wolf.", pointers=()))
    assert pointer.sentence == SPANS[0]


@pytest.mark.parametrize(
    ("text", "said", "holds"),
    [
        ("Лиса не съела виноград.", "Лиса не съела виноград!", True),
        ("Лиса не съела виноград.", "Лиса съела виноград.", False),
        ("狐狸没有吃葡萄。", "狐狸没有吃葡萄", True),
        ("狐狸没有吃葡萄。", "狐狸吃葡萄。", False),
        ("狐狸没有吃葡萄。", "。", False),
    ],
)
def test_in_another_script_a_sentence_bears_out_itself_alone(text: str, said: str, *, holds: bool) -> None:
    span = Span(0, len(text))
    passage = Passage(document_id="fox", span=span, heading="", text=text, sentences=(span,))
    support = Support("?", [Reading(passage=passage, sentence=span, answer=span, confidence=0.9)])
    assert bool(support.of(Claim(text=said, pointers=()))) == holds
