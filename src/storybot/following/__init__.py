"""From a follow-up to a question that stands alone, by rules, in milliseconds, without a language model."""

from collections.abc import Sequence
from dataclasses import dataclass

from storybot.following import definites, ellipsis, pronouns
from storybot.following.exchanges import Exchange, without_headings
from storybot.following.salience import Scene
from storybot.scripts import main_script
from storybot.words import terms

__all__ = ["REACH", "Exchange", "Understanding", "understand"]

REACH = 6
"""How many of the last turns a follow-up may lean on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A question as it stands alone, and the questions to search with: the best first, that one among them."""

    question: str
    readings: tuple[str, ...]


def understand(question: str, history: Sequence[Exchange]) -> Understanding:
    """What the question means after `history`, the latest last; the question itself where it stands alone.

    The rules are of English: a question in another script than Latin is taken to stand alone.
    """
    if not history or main_script(question) != "latin":
        return Understanding(question=question, readings=(question,))
    near = [without_headings(exchange) for exchange in history[-REACH:]]
    scene = Scene(near)
    meant = ellipsis.circumstance(question, near[-1]) or _resolved(question, near, scene)
    if meant == question:
        return Understanding(question=question, readings=(question,))
    meant = ellipsis.without_lead(meant)
    beside = f"{meant} {near[-1].answer}" if near[-1].answer else meant
    raw = question if terms(question) else meant
    return Understanding(question=meant, readings=tuple(dict.fromkeys([meant, raw, beside])))


def _resolved(question: str, near: Sequence[Exchange], scene: Scene) -> str:
    named = definites.resolve(pronouns.resolve(question, scene), scene)
    return ellipsis.complete(named, near, scene)
