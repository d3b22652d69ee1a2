"""Definite phrases that call somebody by what they are: "the band", "the singer"."""

import re

from storybot.following import lexicon
from storybot.following.clauses import base
from storybot.following.mentions import PEOPLE, Mention, mentions, words_of
from storybot.following.pronouns import called
from storybot.following.salience import Scene

_PLAIN = re.compile(r"the [^\W_]+")
_AGENT = re.compile(r"(?:er|or)$")
_LEAST_LETTERS = 3


def resolve(question: str, scene: Scene) -> str:
    """The question with the names of those that it calls otherwise than the last turns and their texts do.

    A phrase that stands there is found as it is.
    """
    named = mentions(question)
    for mention in named:
        if not _PLAIN.fullmatch(mention.text) or mention.name or scene.holds(mention.head):
            continue
        meant = _group(scene) if mention.head in lexicon.GROUPS else _agent(mention.head, scene)
        if meant and meant.key not in {other.key for other in named}:
            rest = question[mention.end :].removeprefix("'s") if mention.owner else question[mention.end :]
            return question[: mention.start] + called(meant, "possessive" if mention.owner else "object") + rest
    return question


def _group(scene: Scene) -> Mention | None:
    """The name that several people bear."""
    names = [each.mention for each in scene.candidates if each.mention.name]
    return next((name for name in names if "they" in scene.pronouns(name) and name.head), None)


def _agent(noun: str, scene: Scene) -> Mention | None:
    """The person who does in the texts what the noun says: she sang, so she is the singer."""
    stem = _AGENT.sub("", noun)
    if stem == noun or len(stem) < _LEAST_LETTERS:
        return None
    names = [each.mention for each in scene.candidates if each.mention.name]
    person = next((name for name in names if scene.pronouns(name) <= PEOPLE), None)
    known = {*scene.pronouns(person), *(word.lower for word in words_of(person.text))} if person else set()
    for sentence in scene.sentences() if person else ():
        words = [word.lower for word in words_of(sentence)]
        if known & set(words) and any(base(word) in {stem, stem + "e"} for word in words):
            return person
    return None
