"""A model that was exported once: its folder in the cache, and how it embeds without torch."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storybot.embedders.runtimes import Integers, Network, Runtime
from storybot.model import Vectors
from storybot.sessions import unusable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_LOG = logging.getLogger(__name__)

CARD = "card.json"
TOKENIZER = "tokenizer.json"

PROBE_PASSAGES = ("A Fox!", "The hen laid a silver egg; the fox, who lived under the old bridge, knew nothing of it.")
PROBE_QUESTION = "Who lived under the old bridge?"

_EDITION = "1"
"""Goes up when what is exported changes."""


class Unusable(Exception):
    """Nothing that can be run is in the cache; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is known of an exported model. `probe`: torch's vectors (n, dim) of the probe's passages and question.

    sha256: by file. The prompts stand before the passages and the questions.
    """

    revision: str
    dim: int
    max_tokens: int
    document_prompt: str
    query_prompt: str
    probe: Sequence[Sequence[float]]
    sha256: Mapping[str, str]

    def write(self, folder: Path) -> None:
        """Put it into the folder."""
        (folder / CARD).write_text(json.dumps(asdict(self)), "utf8")


class ExportedModel:
    """An exported model on one of the runtimes."""

    def __init__(self, folder: Path, card: Card, runtime: Runtime) -> None:
        """Load it, and see that it embeds as torch does. Raises: Unusable."""
        self._folder = folder
        self._card = card
        self.runtime = str(runtime)
        self.revision = card.revision + runtime.mark
        self.dim = card.dim
        self.max_tokens = card.max_tokens
        try:
            self._encoder = _tokenizer(folder)
            self._network: Network = runtime.open(folder)
            likeness = self._likeness()
        except unusable() as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            message = f"{runtime}: {reason}"
            raise Unusable(message) from error
        if not likeness >= runtime.least_likeness:
            message = f"{runtime}: its vectors miss torch's by a cosine of {likeness:.3f}"
            raise Unusable(message)

    @cached_property
    def tokenizer(self) -> "Tokenizer":
        """The model's tokenizer, without truncation and padding."""
        tokenizer = _tokenizer(self._folder)
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def embed_passages(self, texts: list[str]) -> Vectors:
        """Unit vectors (n, dim)."""
        return self._run([self._card.document_prompt + text for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """Unit vector (dim,)."""
        vector: Vectors = self._run([self._card.query_prompt + text])[0]
        return vector

    def _run(self, texts: list[str]) -> Vectors:
        encoded = self._encoder.encode_batch(texts)
        ids: Integers = np.array([each.ids for each in encoded], dtype=np.int64)
        mask: Integers = np.array([each.attention_mask for each in encoded], dtype=np.int64)
        return self._network(ids, mask)

    def _likeness(self) -> float:
        made = np.vstack([self.embed_passages(list(PROBE_PASSAGES)), self.embed_query(PROBE_QUESTION)])
        return float((made * np.array(self._card.probe, dtype=np.float32)).sum(axis=1).min())


def place(cache: Path, name: str, source: Path) -> Path:
    """The folder in the cache for the model `name` that lies in `source`: another one when a file of it changes."""
    files = sorted(path for path in source.rglob("*") if path.is_file())
    known = [(path.relative_to(source).as_posix(), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return cache / f"{Path(name).name}-{hashlib.sha256(repr((_EDITION, known)).encode()).hexdigest()[:12]}"


def open_exported(folder: Path, runtimes: Sequence[Runtime]) -> ExportedModel:
    """The exported model in the folder, on the first of the runtimes that serves. Raises: Unusable."""
    card, reasons = _read(folder), []
    for name in {TOKENIZER, *(runtime.file for runtime in runtimes)}:
        _check(folder / name, card.sha256.get(name))
    for runtime in runtimes:
        try:
            model = ExportedModel(folder, card, runtime)
        except Unusable as error:
            reasons.append(str(error))
        else:
            if reasons:
                _LOG.warning("Embeddings are made by %s: %s", runtime, "; ".join(reasons))
            return model
    raise Unusable("; ".join(reasons))


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(folder: Path) -> Card:
    try:
        return Card(**json.loads((folder / CARD).read_text("utf8")))
    except (OSError, ValueError, TypeError) as error:
        message = f"{folder / CARD}: {error}"
        raise Unusable(message) from error


def _check(path: Path, known: str | None) -> None:
    try:
        sound = digest(path) == known
    except OSError:
        sound = False
    if not sound:
        message = f"{path} isn't what was exported"
        raise Unusable(message)


def _tokenizer(folder: Path) -> "Tokenizer":
    from tokenizers import Tokenizer  # noqa: PLC0415 - imported when it is used

    return Tokenizer.from_file(str(folder / TOKENIZER))
