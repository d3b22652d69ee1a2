"""The words for what became of a question: the same on the page, on the command line and in an export."""

UNTITLED = "A conversation without a question"
"""A conversation before its first question."""

UNFOUND = "The story does not say."
STOPPED = "Stopped here."
GONE = "The document that this answer quoted has been deleted."

UNSUPPORTED = "not in the story"
"""Behind words of an answer that no text bears out."""
