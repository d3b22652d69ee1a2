"""How an answer is told: a language model may word it, and the story's own words stand in where it fails."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from storybot.citing import Citations
from storybot.errors import AnswererFailed
from storybot.model import Answer, Caution, Claim, Found, Hit, Notice, Piece, Pointer, Reading, Unsupported
from storybot.ports import Answerer, Pulse
from storybot.words import terms

# What a reader of an answer is told of how it came about.
BORNE_OUT_BY_NOTHING = "The language model said nothing that the story bears out. These are the story's own words."
SAID_NOTHING = "The language model gave no answer. These are the story's own words."
LEFT_OUT = "What the language model said beyond that is left out: the story doesn't bear it out."
GONE_MEANWHILE = "The document that answered was deleted while the answer was told. Ask again."
EMPTY = "There is no document here yet: add one, then ask again."
UNREAD = (
    "The reader knows Latin letters alone and has read nothing of this: the passages are those that the search found."
)
OWN_WORDS = "These are the story's own words."

SIDE_SHARE = 0.5
"""Share of the first reading's confidence that another document's must have, chosen on FairytaleQA: docs/lab-book.md.

A lower one shows an unrelated story in every seventh answer over 255 of them, and is right no more often.
"""

MOST_SIDES = 3
"""Documents whose answers are shown beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How questions are answered: how surely, in whose words, and what becomes of words that nothing bears out.

    wording: None where the story's own words answer.
    """

    caution: Caution = "balanced"
    wording: Answerer | None = None
    unsupported: Unsupported = "withhold"


def tell(  # noqa: PLR0913 - the parts of an answer
    question: str,
    hits: Sequence[Hit],
    readings: Sequence[Reading],
    *,
    wording: Answerer,
    quoting: Answerer,
    support: Callable[[Claim], tuple[Pointer, ...]],
    unsupported: Unsupported,
    pulse: Pulse,
) -> Iterator[Claim | Notice]:
    """What `wording` says as far as the text bears it out; what `quoting` says where nothing of it is.

    A claim that no text bears out is left out, or comes without pointers where `unsupported` is "mark".
    """
    trouble = ""
    told = withheld = 0
    shown = False
    try:
        for claim in wording.answer(question, hits, readings, pulse):
            pointers = support(claim)
            told, withheld = told + bool(pointers), withheld + (not pointers)
            if pointers or unsupported == "mark":
                yield replace(_joined(claim, after=shown), pointers=pointers)
                shown = True
    except AnswererFailed as error:
        trouble = str(error)
    if not told:
        failed = BORNE_OUT_BY_NOTHING if withheld else SAID_NOTHING
        yield Notice(text=f"{trouble} {OWN_WORDS}" if trouble else failed)
        for number, claim in enumerate(quoting.answer(question, hits, readings, pulse)):
            yield _joined(claim, after=True) if shown and number == 0 else claim
        return
    if trouble:
        yield Notice(text=trouble)
    if withheld and unsupported == "withhold":
        yield Notice(text=LEFT_OUT)


class SideBySide:
    """Lets an answerer tell what each document says, where several answer surely enough and say different things."""

    def __init__(self, answerer: Answerer, least: float) -> None:
        """least: the confidence that a document's best reading must have to be shown beside the first."""
        self._answerer = answerer
        self._least = least

    def answer(self, question: str, hits: Sequence[Hit], readings: Sequence[Reading], pulse: Pulse) -> Iterator[Claim]:
        """The answer; of several documents the claims of each, that of the best reading first."""
        sides = _sides(readings, self._least)
        if len(sides) == 1:
            yield from self._answerer.answer(question, hits, readings, pulse)
            return
        for place, document_id in enumerate(sides):
            own = [reading for reading in readings if reading.passage.document_id == document_id]
            for number, claim in enumerate(self._answerer.answer(question, hits, own, pulse)):
                yield replace(claim, text=f"; {claim.text}") if place and not number else claim


def _sides(readings: Sequence[Reading], least: float) -> list[str]:
    """Documents with different answers that are sure enough, that of the best reading first.

    One answer within another isn't different, nor is one of nothing but pronouns and the like.
    """
    said: dict[str, frozenset[str]] = {}
    least = max(least, SIDE_SHARE * readings[0].confidence)
    for reading in readings:
        words = frozenset(terms(reading.passage.quote(reading.answer)))
        document_id = reading.passage.document_id
        new = document_id not in said and not any(words <= other or other <= words for other in said.values())
        if not said or (new and reading.confidence >= least and len(said) < MOST_SIDES):
            said[document_id] = words
    return list(said)


def _joined(claim: Claim, *, after: bool) -> Claim:
    """The claim with a blank before it where something was told before, and without one where nothing was."""
    return replace(claim, text=f" {claim.text.lstrip()}" if after else claim.text.lstrip())


@dataclass(kw_only=True)
class Draft:
    """An answer as far as it has come."""

    question: str
    standalone: str
    confidence: float = 0.0
    evidence: tuple[Hit, ...] = ()
    pieces: list[Piece] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    citations: Citations = field(default_factory=lambda: Citations({}, lambda _: ()))
    stopped: bool = False

    def take(self, event: Found | Piece | Notice) -> None:
        """Add what has come."""
        if isinstance(event, Found):
            self.confidence = event.confidence
        elif isinstance(event, Piece):
            self.pieces.append(event)
        else:
            self.notices.append(event.text)

    def piece(self, claim: Claim) -> Piece:
        """The claim's words with the numbers of its citations."""
        return Piece(text=claim.text, numbers=self.citations.cite(claim.pointers))

    @property
    def document_ids(self) -> set[str]:
        """The documents that it quotes or shows."""
        return self.cited | {hit.passage.document_id for hit in self.evidence}

    @property
    def cited(self) -> set[str]:
        """The documents that it quotes."""
        return {citation.document_id for citation in self.citations.all}

    def answer(self, standing: Collection[str]) -> Answer:
        """The answer. What was removed while it was told is quoted no more. standing: ids of documents still there.

        Words that rest on no citation may be out of anything that was shown.
        """
        needed = self.cited if all(piece.supported for piece in self.pieces) else self.document_ids
        stands = needed <= set(standing)
        return Answer(
            question=self.question,
            standalone=self.standalone,
            pieces=tuple(self.pieces) if stands else (),
            citations=self.citations.all if stands else (),
            evidence=tuple(hit for hit in self.evidence if hit.passage.document_id in standing),
            confidence=self.confidence,
            notice=" ".join(self.notices) if stands else GONE_MEANWHILE,
            state=("stopped" if self.stopped else "told") if stands else "gone",
        )
