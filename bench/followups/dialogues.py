"""Dialogues made of FairytaleQA by rule: consecutive questions of one character, the later ones without its name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from followups.characters import Cast, Gender, Mention, mentions

from storybot.evaluation.fairytaleqa import Question, Story

_LONGEST = 8
_NEAR = 20
"""Questions of a story from one of a dialogue to the next, at the most."""

_FORMS = {"he": ("he", "him", "his"), "she": ("she", "her", "her"), "they": ("they", "them", "their")}
_SUBJECT_BEFORE = re.compile(
    r"(?:^|\b(?:did|does|do|was|were|is|are|has|had|have|will|would|could|can|should|must|might|didn't|wasn't|when|after|before"
    r"|because|if|while|until|since|that|as|once|where|why|how|what|who|so|and|but|than)) $",
    re.IGNORECASE,
)
_DROPPED_BEFORE = re.compile(r" (?:to|for|with|from|at) $")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question that needs the ones before it. `name` is the character that it left out, `how` it did."""

    story: Story
    question: Question
    text: str
    name: str
    gender: Gender
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A question that stands alone, then follow-ups on the same character."""

    story: Story
    first: Question
    followups: tuple[FollowUp, ...]


def dialogues(stories: Sequence[Story]) -> list[Dialogue]:
    """All that the stories' questions make, in their order."""
    return [dialogue for story in stories for dialogue in _of_story(story)]


def _of_story(story: Story) -> Iterator[Dialogue]:
    """Each character's dialogues; its questions follow each other, those on others are left out."""
    cast = Cast(story.text)
    asked = [question for question in story.questions if question.gold]
    for name in dict.fromkeys(mention.name for question in asked for mention in mentions(question.text)):
        first: Question | None = None
        last = 0
        followups: list[FollowUp] = []
        for number, question in enumerate(asked):
            near = first is not None and len(followups) < _LONGEST and number - last <= _NEAR
            made = _follow(story, question, name, cast) if near else None
            if made:
                followups.append(made)
                last = number
            elif _topic(question.text, cast) == name and (not followups or not near):
                if first and followups:
                    yield Dialogue(story=story, first=first, followups=tuple(followups))
                first, last, followups = question, number, []
        if first and followups:
            yield Dialogue(story=story, first=first, followups=tuple(followups))


def _topic(question: str, cast: Cast) -> str:
    """The one character of the question, or the first of those who can't be taken for each other; "" for none."""
    named = list(mentions(question))
    genders = [cast.gender(mention.name) for mention in named]
    names = {mention.name for mention in named}
    alike = (
        {m.name for m, gender in zip(named, genders, strict=True) if gender in {genders[0], None}} if named else set()
    )
    return named[0].name if names and genders[0] and len(alike) == 1 else ""


def _follow(story: Story, question: Question, name: str, cast: Cast) -> FollowUp | None:
    """The question without the name; None where it isn't named, or another could be meant."""
    named = list(mentions(question.text))
    gender = cast.gender(name) if name else None
    own = [mention for mention in named if mention.name == name]
    if (
        not own
        or gender is None
        or re.search(r"\b(?:he|she|they|him|his|her|them|their)\b", question.text[: own[0].start])
    ):
        return None
    others = {cast.gender(m.name) for m in named if m.name != name and m.start < own[-1].start}
    if others & {gender, None} or re.search(rf"{re.escape(name)} and|and {re.escape(name)}", question.text):
        return None
    text, how = question.text, ""
    for mention in reversed(own):
        text, how = _without(text, mention, gender, first=mention is own[0], seed=len(question.text))
    return FollowUp(story=story, question=question, text=text, name=name, gender=gender, how=how)


def _without(text: str, mention: Mention, gender: Gender, *, first: bool, seed: int) -> tuple[str, str]:
    """The text with the mention replaced by a pronoun, or left out where that can be done, and how."""
    before, after = text[: mention.start], text[mention.end :]
    subject, object_, possessive = _FORMS[gender]
    if after.startswith(("'s ", "' ")):
        rest = after[after.index(" ") :]
        return (
            (f"{before}the{rest}", "the") if first and seed % 3 == 0 else (f"{before}{possessive}{rest}", "possessive")
        )
    if first and _DROPPED_BEFORE.search(before) and after.strip() == "?" and seed % 2 == 0:
        return _DROPPED_BEFORE.sub("", before) + "?", "dropped"
    if _SUBJECT_BEFORE.search(before):
        return f"{before}{subject if before else subject.capitalize()}{after}", "subject"
    return f"{before}{object_}{after}", "object"
