from hypothesis import given
from hypothesis import strategies as st

from storybot.assembly import shipped_sources
from storybot.finders.capitals import Capitals
from storybot.model import Entity

FABLE = """
CHAPTER ONE. The Fox And The Hare

One Monday Mr. Reynard Fox met Mrs. Hare near Bramble Wood. "Good day," said Reynard Fox. Mrs. Hare, who was in a
hurry, only nodded to Mr. Fox. Then Mr. Hare came out of Bramble Wood, and the Tortoise with him.

"Shall we run a race?" asked the Tortoise. Reynard laughed, but Mr. Hare ran to Bramble Wood. Nobody had ever seen
the Tortoise run. In the evening Reynard's brother came from London, where the Owl lived. "It is late," said the Owl.
"""


def found(text: str) -> dict[str, Entity]:
    return {entity.name: entity for entity in Capitals().find(text, lambda: None)}


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
    for text in ("狐狸住在老橋下。", "الثعلب يعيش تحت الجسر", "Лиса жила под мостом. Рядом жила Сова.", "", "..."):
        assert not found(text)
    assert not found("Der Fuchs lebte unter der Brücke. Jeden Abend sah der Fuchs den Mond und die Sterne.")


@given(st.lists(st.sampled_from([*FABLE.split(), "\n\n", "of", "the", "Mr.", "—", "É", "狐", "\u2019s", "St."])))
def test_each_mention_is_one_of_its_names(words: list[str]) -> None:
    text = " ".join(words)
    for entity in Capitals().find(text, lambda: None):
        names = {entity.name, *entity.aliases}
        assert {" ".join(mention.cut(text).split()) for mention in entity.mentions} == names
        assert list(entity.mentions) == sorted(set(entity.mentions))


def test_the_finder_says_which_it_is() -> None:
    assert Capitals().revision.startswith("capitals-")
