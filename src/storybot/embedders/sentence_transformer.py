"""Embeddings by sentence-transformers' models, on the fastest thing that runs them; loaded when first needed."""

import logging
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from storybot.embedders.exported import Unusable, open_exported, place
from storybot.embedders.runtimes import choose
from storybot.embedders.torch_model import TorchModel, model_folder
from storybot.embedders.turns import Turns
from storybot.model import Vectors
from storybot.settings import BackendName

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_LOG = logging.getLogger(__name__)

_BATCH_BYTES = 4_096
"""Of text in a batch, its longest as often as it has texts: about 1,024 tokens, a fifth of a second on two slow cores.

A question waits for one batch at the most, and larger ones are no faster (bench/backends.py).
"""

_SPECIAL_BYTES = 8
"""For the tokens that begin and end a text."""


class Model(Protocol):
    """A loaded model. One call of `embed_...` at a time."""

    @property
    def runtime(self) -> str:
        """What computes, and in which numbers."""

    @property
    def revision(self) -> str:
        """As the port's."""

    @property
    def dim(self) -> int:
        """As the port's."""

    @property
    def max_tokens(self) -> int:
        """As the port's."""

    @property
    def tokenizer(self) -> "Tokenizer":
        """Its tokenizer, without truncation and padding."""

    def embed_passages(self, texts: list[str]) -> Vectors:
        """Unit vectors (n, dim)."""

    def embed_query(self, text: str) -> Vectors:
        """Unit vector (dim,)."""


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers reads from a folder, a package or the local cache; never from a network.

    A plain transformer is exported once, into the folder `cache`, and then runs without torch: faster, and from the
    start. What can't be exported, and all where there is no cache, runs on torch.
    """

    def __init__(self, model: str, *, cache: Path | None = None, backend: BackendName = "auto") -> None:
        self._name = model
        self._cache = cache
        self._backend: BackendName = backend
        self._turns = Turns()
        self._loading = threading.Lock()

    @cached_property
    def _model(self) -> Model:
        with self._loading:
            if "_model" not in self.__dict__:  # written here, as a thread that waited must find it
                self.__dict__["_model"] = self._load()
            return cast("Model", self.__dict__["_model"])

    def _load(self) -> Model:
        runtimes = choose(self._backend)
        source = model_folder(self._name)
        if not runtimes or self._cache is None or source is None:
            return TorchModel(self._name)
        folder = place(self._cache, self._name, source)
        try:
            return open_exported(folder, runtimes)
        except Unusable as error:
            _LOG.info("The embedding model is exported: %s", error)
        model = TorchModel(self._name)
        try:
            from storybot.embedders.exporting import export  # noqa: PLC0415 - takes seconds to import

            export(model, folder, runtimes)
            return open_exported(folder, runtimes)
        except Unusable as error:
            _LOG.warning("Embeddings are made by torch, more slowly than they could be: %s", error)
            return model

    @property
    def runtime(self) -> str:
        """What computes the vectors, and in which numbers. Raises: ModelNotFound, as all that follows."""
        return self._model.runtime

    @property
    def revision(self) -> str:
        """The model's name and a fingerprint of its weights; `+int8` where eight bits make its vectors others."""
        return self._model.revision

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._model.dim

    @property
    def max_tokens(self) -> int:
        """Tokens of a passage that the model reads, without special tokens and the passage prompt."""
        return self._model.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""
        encoded = self._model.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encoded]

    def embed_passages(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """Unit vectors in batches of like length, the longest first."""
        for batch in _batches(texts):
            with self._turns.take(urgent=False):
                vectors = self._model.embed_passages([texts[place] for place in batch])
            yield batch, vectors

    def embed_query(self, text: str) -> Vectors:
        """Unit vector (dim,) of a question."""
        model = self._model
        with self._turns.take(urgent=True):
            return model.embed_query(text)


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Places of texts, the longest first, as many as fill a batch when they are padded to one length.

    Lengths are in UTF-8, where a token has about four bytes in any script.
    """
    lengths = [len(text.encode()) + _SPECIAL_BYTES for text in texts]
    order = sorted(range(len(texts)), key=lambda place: -lengths[place])
    start = 0
    while start < len(order):
        count = max(1, _BATCH_BYTES // lengths[order[start]])
        yield order[start : start + count]
        start += count
