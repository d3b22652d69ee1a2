"""Fables that the contract of `Engine` is tested with."""

from contracts.oracle import Story, story
from storybot.model import Hit, Scope

ALL = Scope()
FOX = story("fox", "The fox saw the grapes.", "The grapes hung high.", "He went away hungry.", heading="The Fox")
CROW = story("crow", "The crow held a piece of cheese.", "The fox praised her voice.", heading="The Crow")
LION = story("lion", "The lion spared the mouse.", "The mouse gnawed the net.", collection="fables")
STORIES = (CROW, FOX, LION)


def texts(hits: list[Hit]) -> list[str]:
    return [hit.passage.text for hit in hits]


def long_story(name: str) -> Story:
    return story(name, *(f"Line {number} of {name} speaks of foxes and of grapes." for number in range(300)))
