"""The reader's network: one encoder, and heads for relevance, evidence and the answer's words."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

WIDTH = 384
HEADS = 12
_HIDDEN = -1e4
"""Added to the attention that a token of padding gets."""

_SCALE = ".scale"


class ReaderNetwork(nn.Module):
    """Reads questions with windows. Source: MiniLM (Wang et al., 2020)."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        config = BertConfig(
            hidden_size=WIDTH,
            num_hidden_layers=layers,
            num_attention_heads=HEADS,
            intermediate_size=4 * WIDTH,
            # Without dropout and with plain attention a step of training is four times as fast (docs/lab-book.md).
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        config._attn_implementation = "eager"  # noqa: SLF001 - what the untyped keyword sets
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.pooler = nn.Linear(WIDTH, WIDTH)
        self.relevance = nn.Linear(WIDTH, 1)
        self.tokens = nn.Linear(WIDTH, 3)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Relevance of each window (n,), and the scores of each token (n, length, 3): start, end, evidence.

        The start and end of the first token, [CLS], are those of "it doesn't say".
        """
        # In the numbers of the computation: a mask in float32 would make the whole of attention float32, half as fast.
        dtype = torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32
        hidden = (1.0 - attention_mask[:, None, None, :].to(dtype)) * _HIDDEN
        states = self.encoder(
            input_ids=input_ids, attention_mask=hidden, token_type_ids=token_type_ids
        ).last_hidden_state
        relevance = self.relevance(torch.tanh(self.pooler(states[:, 0]))).squeeze(-1)
        return relevance, self.tokens(states)


def packed(state: Mapping[str, Tensor]) -> dict[str, npt.NDArray[np.int8] | npt.NDArray[np.float32]]:
    """Weights with their matrices in eight bits, a scale for each row."""
    made: dict[str, npt.NDArray[np.int8] | npt.NDArray[np.float32]] = {}
    for name, tensor in state.items():
        array = tensor.float().numpy()
        if array.ndim == 1:
            made[name] = array
            continue
        scale = np.maximum(np.abs(array).max(axis=1), np.finfo(np.float32).tiny) / 127
        made[name] = np.round(array / scale[:, None]).astype(np.int8)
        made[name + _SCALE] = scale.astype(np.float32)
    return made


def unpacked(arrays: Mapping[str, npt.NDArray[np.int8] | npt.NDArray[np.float32]]) -> dict[str, Tensor]:
    """What `packed` packed, in float32."""
    return {
        name: torch.tensor(
            array.astype(np.float32) * arrays[name + _SCALE][:, None] if name + _SCALE in arrays else array
        )
        for name, array in arrays.items()
        if not name.endswith(_SCALE)
    }
