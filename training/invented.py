"""Questions that a story doesn't answer: of facts that it doesn't tell, and of people whom it doesn't know."""

import random
import re
from collections.abc import Iterator, Sequence

from storybot.evaluation.fairytaleqa import Story
from storybot.model import Passage

_FACTS: tuple[tuple[str, str], ...] = (
    ("How old is {name}?", "age aged old years year"),
    ("How old was the {role}?", "age aged old years year"),
    ("How many children does {name} have?", "children child son sons daughter daughters"),
    ("How many brothers did the {role} have?", "brother brothers sons"),
    ("How many sisters does {name} have?", "sister sisters daughters"),
    ("What is the name of the {role}?", "name named called names"),
    ("What was the {role}'s name?", "name named called names"),
    ("Where did {name} go to school?", "school study studied learn learned taught teacher"),
    ("Who was {name}'s teacher?", "teacher taught teach school learn learned master"),
    ("Who is {name}'s husband?", "husband wife married marry wedding bride bridegroom"),
    ("Who did the {role} marry?", "husband wife married marry wedding bride bridegroom"),
    ("Where was {name} born?", "born birth"),
    ("When was the {role} born?", "born birth"),
    ("What color was the {role}'s hair?", "hair hairs locks curls beard"),
    ("What color were {name}'s shoes?", "shoe shoes boots slippers"),
    ("What color was the {role}'s hat?", "hat hats cap crown helmet"),
    ("What did {name} eat for supper?", "eat ate supper dinner food bread meat meal feast"),
    ("What did the {role} drink?", "drink drank water wine milk beer thirsty"),
    ("How tall was the {role}?", "tall feet foot high height big small size"),
    ("How much did the {role} pay?", "pay paid money gold silver price cost pieces coins bought buy sold"),
    ("Which instrument did {name} play?", "play played harp fiddle flute pipe drum violin music"),
    ("Which song did the {role} sing?", "song songs sing sang sung singing"),
    ("What did the {role} dream about?", "dream dreamed dreamt dreams asleep sleep"),
    ("What day of the week was it?", "monday tuesday wednesday thursday friday saturday sunday week"),
    ("What year did it happen?", "year years"),
    ("What did {name} say in the letter?", "letter letters wrote write written"),
    ("What is the {role}'s dog called?", "dog dogs hound"),
    ("How did {name} die?", "die died dead death kill killed"),
    ("Who killed the {role}?", "die died dead death kill killed slew"),
    ("Why did the {role} cry?", "cry cried weep wept tears sobbed crying weeping"),
    ("Why did {name} leave home?", "leave left went away gone home journey"),
    ("What was the weather like?", "rain sun wind snow cold warm storm weather cloud clouds hot"),
    ("What did the {role} sell?", "sell sold selling market buy bought"),
    ("How long did {name} sleep?", "sleep slept asleep night"),
)
_ROLES = tuple(
    "king queen prince princess mother father son daughter brother sister wife husband uncle aunt grandmother "
    "grandfather giant witch wizard fairy dwarf soldier merchant farmer hunter fisherman priest teacher doctor sailor "
    "knight robber judge baker tailor miller cook fox wolf bear cat dog lion hare mouse frog cow goat monkey horse "
    "president singer crowd captain servant shepherd boy girl man woman".split()
)
_STRANGERS = ("Peter", "Maria", "Oliver", "Fatima", "Ivan", "Clara", "Boris", "Susan", "Aiko", "Carlos", "Henry", "Wei")
_NUMBERS = tuple("two three four five six seven eight nine ten twelve twenty hundred".split())
_FACTS_PER_STORY = 14
_WORD = re.compile(r"\w+|\W+")


def invented(text: str, own: Sequence[Passage], chance: random.Random) -> Iterator[tuple[str, int]]:
    """Questions of facts with the place of a passage, around which the words of such a fact don't stand."""
    names = names_in(text) or ["Peter"]
    for template, telling in chance.sample(_FACTS, _FACTS_PER_STORY):
        place = chance.randrange(len(own))
        around = _words(own, place)
        roles = [role for role in _ROLES if role in around] or ["king"]
        near = [name for name in names if name.lower() in around] or names
        question = template.format(name=chance.choice(near), role=chance.choice(roles))
        if not around & set(telling.split()):
            yield question, place


def swapped(story: Story, own: Sequence[Passage], chance: random.Random) -> Iterator[tuple[str, int]]:
    """Every third question, asked of somebody or of a number that doesn't stand there."""
    for asked in story.questions[::3]:
        words = _WORD.findall(asked.text)
        place = next(
            (at for at, passage in enumerate(own) if asked.gold and passage.span.start >= asked.gold[0].start), 0
        )
        around = _words(own, place)
        spots = []
        for at, word in enumerate(words):
            pool = _pool(word, first=at == 0)
            choices = [each for each in pool if each.lower() not in around and each.lower() not in asked.text.lower()]
            if choices and words.count(word) == 1:
                spots.append((at, choices))
        if spots:
            at, choices = chance.choice(spots)
            words[at] = chance.choice(choices)
            yield "".join(words), place


def names_in(text: str) -> list[str]:
    """Words that begin with a capital inside of sentences, more than once."""
    found = re.findall(r"(?<=[a-z,] )([A-Z][a-z]{2,})", text)
    return sorted({word for word in found if found.count(word) > 1})


def _pool(word: str, *, first: bool) -> Sequence[str]:
    if word.lower() in _ROLES:
        return _ROLES
    if word.lower() in _NUMBERS:
        return _NUMBERS
    return _STRANGERS if word[:1].isupper() and not first and len(word) > 2 else ()  # noqa: PLR2004


def _words(own: Sequence[Passage], place: int) -> set[str]:
    near = own[max(0, place - 4) : place + 5]
    return {word.lower() for passage in near for word in re.findall(r"\w+", passage.text)}
