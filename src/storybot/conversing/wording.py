"""The words for what became of a question: the same on the page, on the command line and in an export.

In English, as programs and exports have them; a page looks them up in the language that it speaks.
"""

from storybot.languages import marked

UNTITLED = marked("A conversation without a question")
"""A conversation before its first question."""

UNFOUND = marked("The story does not say.")
STOPPED = marked("Stopped here.")
GONE = marked("A document that this rested on has been deleted, and its words with it.")

UNSUPPORTED = marked("not in the story")
"""Behind words of an answer that no text bears out."""
