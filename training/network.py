"""The reader's network as training begins with it."""

from pathlib import Path

import start
from torch import nn

from storybot.readers.network import ReaderNetwork

_START_SCALE = 0.5
"""The cross-encoder's score is a log-odds; halved, it is a fair score for a choice among candidates."""


def begin(folder: Path) -> ReaderNetwork:
    """The network as the cross-encoder left it, its new heads near zero; token embeddings are not trained."""
    network = ReaderNetwork(start.LAYERS)
    state = start.weights(folder)
    network.pooler.load_state_dict({kind: state.pop(f"pooler.dense.{kind}") for kind in ("weight", "bias")})
    network.relevance.load_state_dict(
        {kind: state.pop(f"classifier.{kind}") * _START_SCALE for kind in ("weight", "bias")}
    )
    network.encoder.load_state_dict(state)
    nn.init.normal_(network.tokens.weight, std=0.02)
    nn.init.zeros_(network.tokens.bias)
    network.encoder.embeddings.word_embeddings.weight.requires_grad_(False)  # noqa: FBT003 - torch takes no name
    return network
