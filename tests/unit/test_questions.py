import pytest

from storybot.readers.inflection import DERIVED, KIN, SAME, lemma, likeness
from storybot.readers.questions import Kind, ask


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who leads the band?", "who"),
        ("Whose hat was it?", "whose"),
        ("Where did the fox live?", "where"),
        ("When did the snow melt?", "when"),
        ("Why did the princess cry?", "why"),
        ("How many apples did he eat?", "count"),
        ("How old was the king?", "measure"),
        ("How did the giant feel when he woke up?", "feel"),
        ("What did the wolf say?", "say"),
        ("What did the boy do after the sun set?", "do"),
        ("What happened to the ship?", "happen"),
        ("How was the applause?", "how"),
        ("What is the name of the dog?", "name"),
        ("What was the reward?", "be"),
        ("What did the bear eat?", "object"),
        ("What fell from the tree?", "subject"),
        ("Tell me of the sea", "other"),
    ],
)
def test_a_question_shows_what_kind_of_thing_it_asks_for(question: str, kind: Kind) -> None:
    assert ask(question).kind == kind


def test_the_subject_ends_where_the_verb_stands() -> None:
    question = ask("What did the old king give to Anna?")
    assert question.subject == {"old", "king"}
    assert question.verb == "give"


def test_names_are_told_from_the_word_that_opens_the_question() -> None:
    assert ask("Where did Anna meet Tom?").names == {"anna", "tom"}


def test_a_preposition_left_hanging_is_found() -> None:
    assert ask("Who did they perform for?").preposition == "for"
    assert ask("Who sang for the queen?").preposition == ""


def test_the_noun_asked_for_is_the_focus() -> None:
    assert ask("What instrument echoed through the hall?").focus == {"instrument"}
    assert "child" in ask("How many children does Anna have?").focus


@pytest.mark.parametrize("question", ["why", "What", "How many", "What did", "Who for?", "Anna", "Is it?"])
def test_a_broken_question_is_taken_apart_all_the_same(question: str) -> None:
    assert ask(question).kind


@pytest.mark.parametrize(
    ("one", "other", "worth"),
    [("went", "go", SAME), ("children", "child", SAME), ("leader", "leads", DERIVED), ("clothing", "wear", KIN),
     ("grandmother", "grandfather", 0.0), ("founded", "find", 0.0)],
)  # fmt: skip
def test_forms_of_a_word_are_known_from_other_words(one: str, other: str, worth: float) -> None:
    assert likeness(lemma(one), lemma(other)) == worth
