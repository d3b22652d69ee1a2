"""The nouns: frozen values that every ring of the house speaks in.

All offsets are Unicode code points of `Document.text`, all spans half-open.
"""

from storybot.model.answers import (
    Answer,
    Citation,
    Claim,
    Done,
    Event,
    Found,
    Notice,
    Piece,
    Pointer,
    TurnState,
    Understood,
    Unsupported,
)
from storybot.model.conversations import Conversation, Feedback, Kept, Turn
from storybot.model.findings import Caution, Findings, Hit, Mode, Reading, Step, Vectors, Window
from storybot.model.texts import (
    DEFAULT_COLLECTION,
    FINAL_STATES,
    Document,
    Entry,
    Job,
    JobState,
    Manifest,
    Passage,
    Scope,
    Section,
    Source,
    Span,
)

__all__ = [
    "DEFAULT_COLLECTION",
    "FINAL_STATES",
    "Answer",
    "Caution",
    "Citation",
    "Claim",
    "Conversation",
    "Document",
    "Done",
    "Entry",
    "Event",
    "Feedback",
    "Findings",
    "Found",
    "Hit",
    "Job",
    "JobState",
    "Kept",
    "Manifest",
    "Mode",
    "Notice",
    "Passage",
    "Piece",
    "Pointer",
    "Reading",
    "Scope",
    "Section",
    "Source",
    "Span",
    "Step",
    "Turn",
    "TurnState",
    "Understood",
    "Unsupported",
    "Vectors",
    "Window",
]
