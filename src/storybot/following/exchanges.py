"""What an earlier turn of a conversation brought."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What an earlier turn brought: its question as it was understood, its answer, the texts around what it cited."""

    question: str
    answer: str | None = None
    texts: tuple[str, ...] = ()
