"""What the reader learns from: questions, the windows a search brings for them, and where the answers stand."""

from dataclasses import dataclass

from storybot.model import Span, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A window for a question. Offsets are letters of `window.text`.

    sentences: the spans of its sentences. gains: how much each is worth finding (0: nothing). answers: where the
    answer's words stand; empty with `silent`: the window doesn't answer; empty without: unknown. foreign:
    of another story.
    """

    window: Window
    sentences: tuple[Span, ...]
    gains: tuple[float, ...]
    answers: tuple[Span, ...]
    silent: bool
    foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A question with its candidates, best first as the search ranked them. `kind` names where it comes from."""

    id: str
    kind: str
    text: str
    source: str
    candidates: tuple[Excerpt, ...]
    references: tuple[str, ...] = ()
    explicit: bool = True
