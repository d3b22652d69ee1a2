"""A reader whose relevance comes from a cross-encoder."""

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from storybot.errors import ReaderNotFound
from storybot.model import Caution, Findings, Window
from storybot.ports import Reader

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder
    from torch.nn import Module


class RerankedReader:
    """Answers as another reader does; ranks by any cross-encoder, from a folder or the local cache."""

    def __init__(self, reader: Reader, name: str) -> None:
        self._reader = reader
        self._name = name
        self._turn = threading.Lock()

    @cached_property
    def _model(self) -> "CrossEncoder":
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import CrossEncoder  # noqa: PLC0415 - seconds to import

        try:
            model: CrossEncoder = CrossEncoder(self._name, device="cpu", num_labels=1)
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ReaderNotFound(self._name, reason) from error
        return model

    def prepare(self) -> None:
        """Load both models."""
        self._reader.prepare()
        with self._turn:
            self._model  # noqa: B018 - loads

    def threshold(self, caution: Caution) -> float:
        """The reader's."""
        return self._reader.threshold(caution)

    def read(self, question: str, windows: Sequence[Window]) -> Findings:
        """The reader's answers, and the cross-encoder's relevance of the passages that it read."""
        findings = self._reader.read(question, windows)
        passages = list(findings.relevance)
        if not passages:
            return findings
        with self._turn:
            scores = self._model.predict(
                [(question, passage.text) for passage in passages], activation_fn=_plain(), show_progress_bar=False
            )
        relevance = dict(zip(passages, map(float, scores), strict=True))
        return Findings(relevance=relevance, readings=findings.readings)


def _plain() -> "Module":
    """No function of the score: log-odds as they are."""
    from torch.nn import Identity  # noqa: PLC0415 - takes seconds to import

    return Identity()
