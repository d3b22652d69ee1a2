"""The words for what became of a question: the same on the page, on the command line and in an export."""

UNTITLED = "A conversation without a question"
"""A conversation before its first question."""

UNFOUND = "The story does not say."
STOPPED = "Stopped here."
GONE = "A document that this rested on has been deleted, and its words with it."

UNSUPPORTED = "not in the story"
"""Behind words of an answer that no text bears out."""
