"""How an answer is told that a language model words."""

from collections.abc import Iterator, Sequence

import pytest

from storybot.answering import BORNE_OUT_BY_NOTHING, LEFT_OUT, OWN_WORDS, SAID_NOTHING, tell
from storybot.errors import AnswerBroken, StorybotError
from storybot.model import Claim, Hit, Notice, Passage, Pointer, Reading, Span, Unsupported
from storybot.ports import Pulse

TEXT = "The fox lived there."
PASSAGE = Passage(document_id="d", span=Span(0, 20), heading="", text=TEXT, sentences=(Span(0, 20),))
POINTER = Pointer(passage=PASSAGE, sentence=Span(0, 20))
BROKEN = AnswerBroken("http://a/v1", "it fell asleep")


class Says:
    """An answerer that says these texts, and then fails if it is to."""

    def __init__(self, *texts: str, error: StorybotError | None = None) -> None:
        self._texts, self._error = texts, error

    def answer(self, _q: str, _h: Sequence[Hit], _r: Sequence[Reading], pulse: Pulse) -> Iterator[Claim]:
        pulse()
        yield from (Claim(text=text, pointers=(POINTER,)) for text in self._texts)
        if self._error:
            raise self._error


def heard(wording: Says, unsupported: Unsupported = "withhold") -> tuple[str, list[int], list[str]]:
    """The words, how many pointers each piece has, and the notices; a text with "true" in it is borne out."""
    told = list(
        tell(
            "Where?",
            (),
            (),
            wording=wording,
            quoting=Says("quoted", "; too"),
            support=lambda claim: claim.pointers if "true" in claim.text else (),
            unsupported=unsupported,
            pulse=lambda: None,
        )
    )
    claims = [each for each in told if isinstance(each, Claim)]
    notices = [each.text for each in told if isinstance(each, Notice)]
    return "".join(claim.text for claim in claims), [len(claim.pointers) for claim in claims], notices


@pytest.mark.parametrize(
    ("wording", "unsupported", "expected"),
    [
        (Says("A true one.", " Another true one."), "withhold", ("A true one. Another true one.", [1, 1], [])),
        (Says("False.", " A true one."), "withhold", ("A true one.", [1], [LEFT_OUT])),
        (Says("False.", " A true one."), "mark", ("False. A true one.", [0, 1], [])),
        (Says("False."), "withhold", ("quoted; too", [1, 1], [BORNE_OUT_BY_NOTHING])),
        (Says("False."), "mark", ("False. quoted; too", [0, 1, 1], [BORNE_OUT_BY_NOTHING])),
        (Says(), "withhold", ("quoted; too", [1, 1], [SAID_NOTHING])),
        (Says(error=BROKEN), "withhold", ("quoted; too", [1, 1], [f"{BROKEN} {OWN_WORDS}"])),
        (Says("False.", error=BROKEN), "withhold", ("quoted; too", [1, 1], [f"{BROKEN} {OWN_WORDS}"])),
        (Says("A true one.", error=BROKEN), "withhold", ("A true one.", [1], [str(BROKEN)])),
        (Says("A true one.", "False.", error=BROKEN), "withhold", ("A true one.", [1], [str(BROKEN), LEFT_OUT])),
    ],
)
def test_what_the_story_bears_out_is_told_and_the_rest_is_explained(
    wording: Says, unsupported: Unsupported, expected: tuple[str, list[int], list[str]]
) -> None:
    assert heard(wording, unsupported) == expected


def test_a_fault_of_our_own_is_not_hidden() -> None:
    with pytest.raises(StorybotError):
        heard(Says(error=StorybotError("no answerer's failure")))
