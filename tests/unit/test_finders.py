import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybot.assembly import shipped_sources
from storybot.english import English
from storybot.finders.labelling import Label, pieces
from storybot.finders.names import EnglishNames, entities_in
from storybot.finders.reading import words_in
from storybot.model import Entity, EntityKind, Span

FABLE = """
CHAPTER ONE. The Fox And The Hare

One Monday Mr. Reynard Fox met Mrs. Hare near Bramble Wood. "Good day," said Reynard Fox. Mrs. Hare, who was in a
hurry, only nodded to Mr. Fox. Then Mr. Hare came out of Bramble Wood, and the Tortoise with him.

"Shall we run a race?" asked the Tortoise. Reynard laughed, but Mr. Hare ran to Bramble Wood. Nobody had ever seen
the Tortoise run. In the evening Reynard's brother came from London, where the Owl lived. "It is late," said the Owl.
"""


def entities(text: str, labels: Sequence[Label] = ()) -> list[Entity]:
    """What the rules make of the text and of what spaCy might take for names."""
    return entities_in(text, list(words_in(text, lambda: None)), labels, lambda: None)


def found(text: str, labels: Sequence[Label] = ()) -> dict[str, Entity]:
    return {entity.name: entity for entity in entities(text, labels)}


def labelled(text: str, name: str, kind: EntityKind) -> list[Label]:
    """The name wherever it stands."""
    return [Label(Span(*place.span()), kind) for place in re.finditer(name, text)]


@pytest.fixture(scope="module")
def english() -> Iterator[English]:
    english = English()
    yield english
    english.close()


def test_the_names_of_one_are_joined() -> None:
    fox = found(FABLE)["Reynard Fox"]
    assert fox.kind == "person"
    assert set(fox.aliases) == {"Reynard", "Mr. Fox", "Mr. Reynard Fox"}
    assert [mention.cut(FABLE) for mention in fox.mentions] == [
        "Mr. Reynard Fox", "Reynard Fox", "Mr. Fox", "Reynard", "Reynard",
    ]  # fmt: skip


def test_husband_and_wife_are_kept_apart() -> None:
    assert {"Mr. Hare", "Mrs. Hare"} <= found(FABLE).keys()


def test_a_surname_that_several_bear_is_nobodys() -> None:
    text = "So said Reynard Fox. Then Bruin Fox came. They met Reynard Fox and Bruin Fox, and later Fox came too."
    assert {"Reynard Fox", "Bruin Fox", "Fox"} <= found(text).keys()


def test_a_mr_and_a_mrs_cannot_both_be_of_one_full_name() -> None:
    text = "There was Bruin Fox, and there was Mr. Fox, and there was Mrs. Fox."
    assert {"Bruin Fox", "Mr. Fox", "Mrs. Fox"} == found(text).keys()


def test_a_short_form_belongs_to_its_long_one() -> None:
    text = "Then came Bram Fox. And so said Brambleton, and so said Tibbikin, and again Tibb, and Tibbikin."
    names = found(text)
    assert names["Tibbikin"].aliases == ("Tibb",)
    assert "Brambleton" in names


def test_places_and_people_are_told_apart() -> None:
    names = found(FABLE)
    assert {name: names[name].kind for name in ("Bramble Wood", "London", "Tortoise", "Owl")} == {
        "Bramble Wood": "place",
        "London": "place",
        "Tortoise": "person",
        "Owl": "person",
    }


def test_days_and_headings_name_nobody() -> None:
    assert not {"Monday", "Chapter", "One", "And The Hare"} & found(FABLE).keys()
    assert all(mention.start > FABLE.index("One Monday") for each in found(FABLE).values() for mention in each.mentions)


def test_who_has_no_name_is_found_in_a_fable() -> None:
    fable = "A fox met a crow. The fox praised the crow, and the crow sang. Then the fox had the cheese."
    assert [(name, each.kind, len(each.mentions)) for name, each in found(fable).items()] == [
        ("fox", "person", 3),
        ("crow", "person", 3),
    ]


def test_families_are_nobody() -> None:
    text = "We saw Bruin Fox and all the Foxes, and Bruin Fox saw us and the Foxes."
    assert "Foxes" not in found(text)


def test_the_shipped_story_is_about_its_heroine_and_her_country() -> None:
    text = shipped_sources()[0].data.decode()
    names = found(text)
    assert next(iter(names)) == "Bakhyt Camara"
    assert names["Bakhyt Camara"].kind == "person"
    assert names["Kazakhstan"].kind == "place"
    assert "Steppe Serenaders" in names


def test_other_scripts_and_languages_name_nobody() -> None:
    english = English()
    for text in ("狐狸住在老橋下。", "الثعلب يعيش تحت الجسر", "Лиса жила под мостом. Рядом жила Сова.", "", "..."):
        assert not EnglishNames(english).find(text, lambda: None)
    german = "Der Fuchs lebte unter der Brücke. Jeden Abend sah der Fuchs den Mond und die Sterne."
    assert not EnglishNames(english).find(german, lambda: None)
    assert english._child is None


def test_labels_decide_where_the_text_says_little() -> None:
    text = "They had brought Bramble to us. We liked Bramble. Then we left it all to Bramble."
    assert found(text)["Bramble"].kind == "thing"
    assert found(text, labelled(text, "Bramble", "person"))["Bramble"].kind == "person"
    assert found(text, labelled(text, "Bramble", "place"))["Bramble"].kind == "place"


def test_what_the_text_says_is_stronger_than_labels() -> None:
    text = "So he went to Bramble. In Bramble he slept, and in Bramble he ate, and he died in Bramble."
    assert found(text, labelled(text, "Bramble", "person")[:1])["Bramble"].kind == "place"


def test_a_name_of_common_words_is_found_wherever_it_stands_if_it_is_labelled() -> None:
    text = "He dug on an island, and another island. So they called it Honey Island. Nobody came to Honey Island. " * 2
    assert "Honey Island" not in found(text)
    island = found(text, labelled(text, "Honey Island", "place")[:1])["Honey Island"]
    assert (island.kind, len(island.mentions)) == ("place", 4)


def test_a_name_in_capitals_is_one_if_it_is_labelled() -> None:
    text = "Then they saw the TORTOISE, and she NEVER ran. They never saw the TORTOISE again."
    assert list(found(text, labelled(text, "TORTOISE|NEVER", "thing"))) == ["TORTOISE"]


def test_labels_on_other_words_are_passed_over() -> None:
    text = (
        "Tha'll see. So the old bush, the old, old bush, he sat by. And Old Bruin Fox and I. said it. Bruin Fox went."
    )
    labels = labelled(text, "bush|Tha'll|Said|I\\.|Old Bruin Fox", "person")
    assert found(text, labels).keys() == {"Bruin Fox"}


def test_spacy_and_the_rules_find_names_together(english: English) -> None:
    text = "Once Sherlock Holmes came to Paris. There Holmes met Dr. Watson. \u201cAh!\u201d said Watson.\n\n" + FABLE
    names = {each.name: each.kind for each in EnglishNames(english).find(text, lambda: None)}
    assert names.items() >= {
        "Sherlock Holmes": "person", "Paris": "place", "Dr. Watson": "person", "Bramble Wood": "place",
    }.items()  # fmt: skip
    assert "Mrs. Hare" in names


def test_pieces_are_the_whole_text_and_none_is_endless() -> None:
    for text in ("", "word " * 5000, "x" * 9000, FABLE * 30):
        spans = list(pieces(text))
        assert "".join(span.cut(text) for span in spans) == text
        assert all(len(span.cut(text)) <= 4000 for span in spans)


@given(st.lists(st.sampled_from([*FABLE.split(), "\n\n", "of", "the", "Mr.", "—", "É", "狐", "\u2019s", "St."])))
def test_each_mention_is_one_of_its_names(words: list[str]) -> None:
    text = " ".join(words)
    for entity in entities(text):
        names = {entity.name, *entity.aliases}
        assert {" ".join(mention.cut(text).split()) for mention in entity.mentions} == names
        assert list(entity.mentions) == sorted(set(entity.mentions))


def test_the_finder_says_which_it_is() -> None:
    revision = EnglishNames(English()).revision
    assert revision.startswith("names-")
    assert "spacy 3." in revision
