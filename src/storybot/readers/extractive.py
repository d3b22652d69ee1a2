"""Any extractive question-answering model of transformers as a reader's weights."""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from storybot.errors import ReaderNotFound
from storybot.readers.networks import Calibration, Integers, Network, Scores

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True)
class ExtractiveWeights:
    """A model with start and end scores, from a folder or the local cache; never from a network.

    Its relevance is how much likelier than no answer its best answer is: such models have no score to rank by.
    """

    name: str

    @cached_property
    def _parts(self) -> tuple[Any, Any]:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer  # noqa: PLC0415 - seconds to import
        from transformers.utils import logging  # noqa: PLC0415

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            tokenizer = AutoTokenizer.from_pretrained(self.name)
            model, told = AutoModelForQuestionAnswering.from_pretrained(self.name, output_loading_info=True)
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ReaderNotFound(self.name, reason) from error
        if told["missing_keys"]:
            raise ReaderNotFound(self.name, "it wasn't trained to find answers: it has no scores of start and end")
        if not tokenizer.is_fast:
            raise ReaderNotFound(self.name, "its tokenizer tells no offsets (it isn't a 'fast' one)")
        return tokenizer, model.eval()

    @property
    def calibration(self) -> Calibration:
        """What is assumed of a model that nobody calibrated."""
        return Calibration()

    @property
    def latin_alone(self) -> bool:
        """Whether it was trained on Latin letters alone: who plugs it in knows its languages."""
        return False

    @cached_property
    def tokenizer(self) -> "Tokenizer":
        """The model's tokenizer."""
        from tokenizers import Tokenizer  # noqa: PLC0415 - comes with the model's library

        tokenizer = Tokenizer.from_str(self._parts[0].backend_tokenizer.to_str())
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def network(self) -> Network:
        """The model on torch."""
        import torch  # noqa: PLC0415 - seconds to import

        model = self._parts[1]
        takes_types = getattr(model.config, "type_vocab_size", 0) > 1

        def run(ids: Integers, mask: Integers, types: Integers) -> tuple[Scores, Scores]:
            given = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
            if takes_types:
                given["token_type_ids"] = torch.from_numpy(types)
            with torch.inference_mode():
                output = model(**given)
            start, end = output.start_logits.float().numpy(), output.end_logits.float().numpy()
            relevance = _margin(start, end, mask)
            return relevance.astype(np.float32), np.stack([start, end, np.zeros_like(start)], axis=2)

        return run


def _margin(start: Scores, end: Scores, mask: Integers) -> Scores:
    """The best start and a best end after it, over "it doesn't say": (n,) from scores (n, length)."""
    start, end = (np.where(mask > 0, scores, -np.inf) for scores in (start, end))
    ends = np.maximum.accumulate(end[:, :0:-1], axis=1)[:, ::-1]
    best: Scores = (start[:, 1:] + ends).max(axis=1) - start[:, 0] - end[:, 0]
    return best
