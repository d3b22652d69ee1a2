"""From passages to windows: what a reader reads at once."""

from collections.abc import Callable, Iterable, Sequence

from storybot.model import Passage, Span, Window

READ_WINDOWS = 6
"""Windows that the reader reads for a question."""

WINDOW_WORDS = 120
"""A window grows while it holds no more words than that; with its question it mostly stays within 256 tokens."""

REACH = 4
"""How many passages before and after a hit a window may hold."""

_LETTERS_PER_WORD = 2
_MOST_LETTERS_PER_WORD = 8
"""A stretch counts as a word for each so many of its letters at the least: of other scripts than ASCII, and of any."""


def cover(hits: Iterable[Passage], around: Callable[[Passage], Sequence[Passage]]) -> list[Window]:
    """The first windows around the passages, best first, none around one that an earlier window holds.

    around: a passage with its neighbours in the order of the text; empty where it is gone.
    """
    windows: list[Window] = []
    covered: set[Passage] = set()
    for hit in hits:
        if len(windows) == READ_WINDOWS:
            break
        near = () if hit in covered else around(hit)
        if near:
            windows.append(widen(near, near.index(hit)))
            covered.update(windows[-1].passages)
    return windows


def surroundings(spans: Iterable[Span], letters: int) -> list[Span]:
    """The spans with so many letters before and after them, in order, those in one that overlap."""
    made: list[Span] = []
    for span in sorted(spans):
        start, end = max(0, span.start - letters), span.end + letters
        if made and start <= made[-1].end:
            made[-1] = Span(made[-1].start, max(end, made[-1].end))
        else:
            made.append(Span(start, end))
    return made


def widen(passages: Sequence[Passage], at: int) -> Window:
    """The window around `passages[at]`: passages of one document in the order of the text, grown by turns.

    What stands before comes first, since a story says "she" where the passage before has the name.
    """
    first, last = at, at + 1
    words = _size(passages[at])
    before, after = True, True
    while before or after:
        before = before and first > max(0, at - REACH)
        if before:
            size = _size(passages[first - 1])
            before = words + size <= WINDOW_WORDS
            first, words = (first - 1, words + size) if before else (first, words)
        after = after and last < min(len(passages), at + REACH + 1)
        if after:
            size = _size(passages[last])
            after = words + size <= WINDOW_WORDS
            last, words = (last + 1, words + size) if after else (last, words)
    return Window(passages=tuple(passages[first:last]))


def _size(passage: Passage) -> int:
    """Words of a passage, as a network's tokens see them: other scripts than Latin have a token for a letter or two."""
    others = sum(not letter.isascii() for letter in passage.text)
    return max(len(passage.text.split()), others // _LETTERS_PER_WORD, len(passage.text) // _MOST_LETTERS_PER_WORD)
