"""One question to a language model, to see whether it answers as it should."""

from dataclasses import dataclass

from storybot.errors import StorybotError
from storybot.languages import gettext as _
from storybot.model import Hit, Passage, Reading, Span
from storybot.ports import Answerer

_SENTENCE = "The fox lived under the old bridge."
_QUESTION = "Where did the fox live?"
_SPAN = Span(0, len(_SENTENCE))
_PASSAGE = Passage(document_id="trial", span=_SPAN, heading="", text=_SENTENCE, sentences=(_SPAN,))
_HIT = Hit(passage=_PASSAGE, score=1.0)
_READING = Reading(passage=_PASSAGE, sentence=_SPAN, answer=Span(14, 34), confidence=0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Whether it answered with a sentence that points at the text; and what came, or what is wrong, in words."""

    answered: bool
    words: str


def tried(wording: Answerer) -> Trial:
    """What comes of a question about one sentence."""
    try:
        claims = list(wording.answer(_QUESTION, (_HIT,), (_READING,), lambda: None))
    except StorybotError as error:
        return Trial(answered=False, words=str(error))
    if not claims:
        return Trial(
            answered=False,
            words=_("The server is there, but its model gave no answer to an easy question. Try another model."),
        )
    text = "".join(claim.text for claim in claims).strip()
    if not any(claim.pointers for claim in claims):
        return Trial(
            answered=False,
            words=_(
                "It answered “{text}”, but without the number of the sentence that it rests on. Its sentences are "
                "checked all the same; another model may do better."
            ).format(text=text),
        )
    return Trial(answered=True, words=_("It works. It answered: “{text}”").format(text=text))
