"""What runs a reader's network: ONNX Runtime where it computes right, else torch."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from storybot.errors import ReaderDamaged
from storybot.sessions import open_session, unusable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_LOG = logging.getLogger(__name__)

Integers: TypeAlias = npt.NDArray[np.int64]
Scores: TypeAlias = npt.NDArray[np.float32]
Network: TypeAlias = Callable[[Integers, Integers, Integers], tuple[Scores, Scores]]
"""Token ids, mask and types, each (n, length), to relevance (n,) and token scores (n, length, 3): start, end, evidence.

The start and end scores of a row's first token are those of "it doesn't say".
"""

_CARD = "reader.json"
_SHIPPED = Path(__file__).with_name("weights")

_TOLERANCE = 0.5
"""By how much, in log-odds, the network may miss the relevance that its card notes for a question and a text.

Eight-bit products saturate on processors without instructions for them, and miss by more.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Fitted numbers: `training/calibrate.py` writes them for the shipped weights.

    A candidate's score is its margin and `choice` times its relevance; the odds that the best is right have the
    logarithm `slope` times its score and `bias`. thresholds: by caution. The defaults suit a network that nothing is
    known of.
    """

    choice: float = 0.0
    slope: float = 1.0
    bias: float = 0.0
    thresholds: Mapping[str, float] = field(default_factory=lambda: {"cautious": 0.7, "balanced": 0.5, "bold": 0.3})


class Weights(Protocol):
    """A network with its tokenizer."""

    @property
    def network(self) -> Network:
        """The network. Raises: ReaderNotFound, ReaderDamaged."""

    @property
    def tokenizer(self) -> "Tokenizer":
        """Its tokenizer, without truncation and padding. Raises: ReaderNotFound, ReaderDamaged."""

    @property
    def calibration(self) -> Calibration:
        """What its scores mean. Raises: ReaderDamaged."""

    @property
    def latin_alone(self) -> bool:
        """Whether it was trained on Latin letters alone."""


@dataclass(frozen=True)
class ShippedWeights:
    """The weights in a folder: `reader.json` (the card), `reader.onnx`, `reader.safetensors` and `tokenizer.json`."""

    folder: Path = _SHIPPED

    @property
    def latin_alone(self) -> bool:
        """Whether it was trained on Latin letters alone: on English stories."""
        return True

    @cached_property
    def card(self) -> dict[str, Any]:
        """What is known of the weights: checksums, calibration, a probe."""
        try:
            card: dict[str, Any] = json.loads((self.folder / _CARD).read_text("utf8"))
        except (OSError, ValueError) as error:
            raise ReaderDamaged(str(self.folder / _CARD), str(error)) from error
        lacking = {"calibration", "layers", "probe", "sha256"} - card.keys()
        if lacking:
            raise ReaderDamaged(str(self.folder / _CARD), f"it lacks {', '.join(sorted(lacking))}")
        return card

    @cached_property
    def calibration(self) -> Calibration:
        """The card's."""
        return Calibration(**self.card["calibration"])

    @cached_property
    def tokenizer(self) -> "Tokenizer":
        """The tokenizer."""
        from tokenizers import Tokenizer  # noqa: PLC0415 - comes with the model's library

        tokenizer = Tokenizer.from_str(self._checked("tokenizer.json").decode())
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def network(self) -> Network:
        """ONNX Runtime's network if it gives the probe its noted relevance; else torch's, of the same weights."""
        try:
            network = self.onnx()
            missed = abs(self._probe(network) - self.card["probe"]["relevance"])
        except unusable() as error:
            reason = str(error)
        else:
            if missed <= _TOLERANCE:
                return network
            reason = f"it misses the probe's relevance by {missed:.2f}"
        _LOG.warning("The reader runs on torch, more slowly than on ONNX Runtime: %s", reason)
        return self.torch()

    def onnx(self) -> Network:
        """The network in eight bits, on ONNX Runtime. Raises: ImportError."""
        session = open_session(self._checked("reader.onnx"))

        def run(ids: Integers, mask: Integers, types: Integers) -> tuple[Scores, Scores]:
            relevance, scores = session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": types})
            return relevance, scores

        return run

    def torch(self) -> Network:
        """The network in float32, on torch."""
        import torch  # noqa: PLC0415 - seconds to import
        from safetensors.numpy import load  # noqa: PLC0415

        from storybot.readers.network import ReaderNetwork, unpacked  # noqa: PLC0415 - seconds to import

        network = ReaderNetwork(layers=self.card["layers"]).eval()
        network.load_state_dict(unpacked(load(self._checked("reader.safetensors"))))

        def run(ids: Integers, mask: Integers, types: Integers) -> tuple[Scores, Scores]:
            with torch.inference_mode():
                relevance, scores = network(*(torch.from_numpy(each) for each in (ids, mask, types)))
            return relevance.numpy(), scores.numpy()

        return run

    def _probe(self, network: Network) -> float:
        encoding = self.tokenizer.encode(self.card["probe"]["question"], self.card["probe"]["text"])
        ids, mask, types = (
            np.array([each], dtype=np.int64) for each in (encoding.ids, encoding.attention_mask, encoding.type_ids)
        )
        return float(network(ids, mask, types)[0][0])

    def _checked(self, name: str) -> bytes:
        """The file's bytes, if they are those that the card knows."""
        path = self.folder / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ReaderDamaged(str(path), error.strerror or str(error)) from error
        if hashlib.sha256(content).hexdigest() != self.card["sha256"][name]:
            raise ReaderDamaged(str(path), "its checksum is wrong")
        return content
