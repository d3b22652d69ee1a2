import pytest

from asking import GENERATOR
from storybot.ports import QuestionGenerator

PEOPLE = frozenset("mary lennox sherlock holmes watson sir charles baskerville fox owl miller crow bruin alice".split())


def asked(sentence: str) -> dict[str, str]:
    """The questions that a sentence answers, with their answers."""
    (made,) = GENERATOR.generate([sentence], PEOPLE, lambda: None)
    return {each.question: each.answer.cut(sentence) for each in made}


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("The fox stole the big cheese from the miller.", "Who stole the big cheese from the miller?", "The fox"),
        ("The fox stole the big cheese from the miller.", "What did the fox steal from the miller?", "the big cheese"),
        ("The miller thanked the owl for the mice.", "Whom did the miller thank for the mice?", "the owl"),
        ("The miller thanked the owl for the mice.", "What did the miller thank the owl for?", "for the mice"),
        ("The owl slept in the tower because it was too bright.", "Where did the owl sleep?", "in the tower"),
        (
            "The owl slept in the tower because it was too bright.",
            "Why did the owl sleep in the tower?",
            "because it was too bright",
        ),
        (
            "Mary Lennox was sent to Misselthwaite Manor to live with her uncle.",
            "Why was Mary Lennox sent to Misselthwaite Manor?",
            "to live with her uncle",
        ),
        (
            "Mary Lennox was sent to Misselthwaite Manor to live with her uncle.",
            "Where was Mary Lennox sent?",
            "to Misselthwaite Manor",
        ),
        ("Sir Charles Baskerville died in June.", "When did Sir Charles Baskerville die?", "in June"),
        ("Bruin opened the door by pulling the latch.", "How did Bruin open the door?", "by pulling the latch"),
        ("The owl caught seven mice in the barn.", "How many mice did the owl catch in the barn?", "seven"),
        ("The crow decided to fly over the forest.", "What did the crow decide to do?", "to fly over the forest"),
        ("Bruin was the oldest bear of the wood.", "Who is Bruin?", "the oldest bear of the wood"),
        ("Bruin, the bear of the wood, hid the honey in a cave.", "Who is Bruin?", "the bear of the wood"),
        (
            "As the owl left the tower, a hush fell over the wood.",
            "What fell over the wood as the owl left the tower?",
            "a hush",
        ),
    ],
)
def test_a_sentence_is_turned_into_questions_that_it_answers(sentence: str, question: str, answer: str) -> None:
    assert asked(sentence).get(question) == answer, asked(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The fox never stole the cheese of the miller.",
        "The fox did not steal the cheese of the miller.",
        "The fox had not yet stolen the cheese of the miller.",
        "No sooner had the fox gained the wood than the crow came flying.",
        "The fox would steal the cheese of the miller.",
        "\u201cThe fox stole the cheese of the miller,\u201d said the crow.",
        "What a cheese the fox stole from the miller!",
        "Did the fox steal the cheese of the miller?",
        "The cheese of the miller.",
        "He opened this door of his.",
        "Alice took it from the Hatter.",
        "My uncle sent Alice to the garden.",
        "Der Fuchs stahl den K\u00e4se des M\u00fcllers.",
        "",
    ],
)
def test_nothing_is_asked_where_nothing_is_told_or_not_enough(sentence: str) -> None:
    assert asked(sentence) == {}


def test_what_a_question_does_not_need_is_left_out() -> None:
    sentence = "Bruin, who was old, hid the honey, which the bees had made, in the great cave near the mill."
    assert asked(sentence)["What did Bruin hide in the great cave near the mill?"].startswith("the honey")


def test_a_question_never_holds_its_answer_nor_a_verb_that_there_is_not() -> None:
    assert asked("The fox met a fox in the wood.") == {"Where did the fox meet a fox?": "in the wood"}
    assert not any(" refolde " in question for question in asked("Sherlock Holmes refolded the letter in the cab."))


def test_lines_may_end_within_a_sentence() -> None:
    assert asked("The fox lived\nunder the old\nbridge.")["Where did the fox live?"] == "under the old\nbridge"


def test_people_are_asked_for_by_who_and_things_by_what() -> None:
    assert "Who watched the mill?" in asked("Bruin watched the mill.")
    assert "What darkened the mill?" in asked("The storm darkened the mill.")
    assert "Who owned the mill?" in asked("The coachman owned the mill.")


def test_several_are_people_if_one_of_them_is() -> None:
    assert "Who shared the treasure of the hill?" in asked("The dragon and the king shared the treasure of the hill.")


def test_names_keep_their_capitals_and_other_words_lose_theirs() -> None:
    assert "What did Old Bruin steal from the mill?" in asked("Old Bruin stole a basket from the mill.")
    assert "What did the fox steal from the mill?" in asked("The fox stole a basket from the mill.")
    assert "Where were tents put up?" in asked("Tents were put up in the field.")


def test_the_parser_is_not_trusted_where_it_often_errs() -> None:
    assert asked("Before the village flowed a deep brook full of clear water.") == {}
    assert asked("An instant Holmes changed from the dreamer to the man of action.") == {}


def test_every_sentence_gets_its_own_questions_and_each_is_a_moment_to_stop() -> None:
    pulses: list[int] = []
    made = GENERATOR.generate(["No.", "Bruin watched the mill."], PEOPLE, lambda: pulses.append(1))
    assert [len(each) > 0 for each in made] == [False, True]
    assert len(pulses) == 2


def test_the_rules_have_a_name() -> None:
    generator: QuestionGenerator = GENERATOR
    assert generator.revision
