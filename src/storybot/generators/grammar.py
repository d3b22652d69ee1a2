"""What is asked of the parser: its words, each with what it is to the others."""

from collections.abc import Iterable, Iterator
from typing import Protocol


class Word(Protocol):
    """A word of a parsed sentence; tags and names of roles are those of the parser's English models."""

    @property
    def i(self) -> int:
        """Its place among the words."""

    @property
    def idx(self) -> int:
        """Where its letters begin."""

    @property
    def text(self) -> str:
        """Its letters."""

    @property
    def lower_(self) -> str:
        """Its letters, small."""

    @property
    def lemma_(self) -> str:
        """Its base form."""

    @property
    def pos_(self) -> str:
        """Its part of speech. Source: Universal POS tags."""

    @property
    def tag_(self) -> str:
        """Its part of speech and form. Source: Penn Treebank."""

    @property
    def dep_(self) -> str:
        """What it is to its head. Source: ClearNLP dependencies, Choi & Palmer 2012."""

    @property
    def whitespace_(self) -> str:
        """The blank after it, or nothing."""

    @property
    def is_punct(self) -> bool:
        """Whether it is a mark."""

    @property
    def is_space(self) -> bool:
        """Whether it is but blanks."""

    @property
    def is_sent_start(self) -> bool | None:
        """Whether it is the first."""

    @property
    def head(self) -> "Word":
        """What it hangs on; the root hangs on itself."""

    @property
    def children(self) -> Iterable["Word"]:
        """What hangs on it, in order."""

    @property
    def subtree(self) -> Iterable["Word"]:
        """Itself and all that hangs on it, at any depth, in order."""

    @property
    def conjuncts(self) -> Iterable["Word"]:
        """What is joined to it by "and" or a comma."""

    @property
    def doc(self) -> "Parsed":
        """The words of its sentence."""


class Parser(Protocol):
    """Parses English."""

    def __call__(self, text: str, *, disable: Iterable[str] = ()) -> "Parsed":
        """The words of a text, without the steps that are disabled."""


class Parsed(Protocol):
    """The words of a sentence, in order."""

    def __iter__(self) -> Iterator[Word]:
        """Word by word."""

    def __getitem__(self, place: int, /) -> Word:
        """The word at a place."""

    def __len__(self) -> int:
        """How many there are."""
