"""What a document is about, told without a language model: each item is a place in its text."""

from dataclasses import dataclass
from typing import Literal

from storybot.model.texts import Span

EntityKind = Literal["person", "place", "thing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Somebody or something that has a name, and where the text names it.

    `name`: the fullest of its names. `aliases`: its other names, the commonest first. `mentions`: in order.
    """

    kind: EntityKind
    name: str
    aliases: tuple[str, ...]
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A stretch of the document, and the sentences that tell best what it is about, in order."""

    heading: str
    span: Span
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question that a sentence answers, and the place in that sentence of the words that do."""

    question: str
    answer: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A question that the document answers, and the sentence that does."""

    question: str
    sentence: Span
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What a document is about.

    `recipe`: names how it was made; another recipe, another overview. `entities`: the most often named first.
    `summary`: the sentences that tell best what the whole is about, in order. `chapters`: in order, those with a
    summary of their own. `prompts`: questions worth asking, the best first.
    """

    document_id: str
    recipe: str
    entities: tuple[Entity, ...]
    summary: tuple[Span, ...]
    chapters: tuple[Chapter, ...]
    prompts: tuple[Prompt, ...]
