"""The export of a model from torch into the cache: seconds, once."""

import shutil
import tempfile
import time
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from storybot.embedders.exported import PROBE_PASSAGES, PROBE_QUESTION, TOKENIZER, Card, Unusable, digest
from storybot.embedders.runtimes import INPUTS, Runtime
from storybot.embedders.torch_model import TorchModel
from storybot.sessions import silence

_PARTS = {"Transformer", "Pooling", "Dense", "Normalize"}
_OPSET = 17
_MULTIPLE = 8
"""Lengths of batches are rounded up to it: OpenVINO compiles for each new shape."""

_UNFINISHED = ".unfinished-"
_STALE_SECONDS = 3600

_LINE = "\n"
_FAILURES = (AttributeError, ImportError, OSError, RuntimeError, TypeError, ValueError)
"""What libraries raise that can't export a model."""


def export(model: TorchModel, folder: Path, runtimes: Iterable[Runtime]) -> None:
    """Write what the runtimes load into the folder, all or nothing; older exports of the model go.

    Raises: Unusable, also where the folder can't be written.
    """
    _require_plain(model)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=folder.parent, ignore_cleanup_errors=True) as made:
            _write(model, Path(made), {runtime.file for runtime in runtimes})
            _put(Path(made), folder)
        _sweep(folder)
    except _FAILURES as error:
        message = f"the export failed: {str(error).partition(_LINE)[0] or type(error).__name__}"
        raise Unusable(message) from error


def _write(model: TorchModel, folder: Path, wanted: set[str]) -> None:
    plain, eight = Runtime(library="onnx").file, Runtime(library="onnx", precision="int8").file
    _write_tokenizer(model, folder / TOKENIZER)
    _write_network(model, folder / plain)
    if eight in wanted:
        _write_int8(folder / plain, folder / eight)
    _card(model, {path.name: digest(path) for path in folder.iterdir()}).write(folder)


def _put(made: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was quicker, and its export is as good
            raise


def _require_plain(model: TorchModel) -> None:
    loaded = model.loaded
    parts = [type(part).__name__ for part in loaded]
    if not set(parts) <= _PARTS or parts[0] != "Transformer" or not loaded.tokenizer.is_fast:
        message = f"only a plain transformer is exported, and this model is {', '.join(parts)}"
        raise Unusable(message)
    if any(loaded.prompts.values()) and not all(getattr(part, "include_prompt", True) for part in loaded):
        message = "its vectors leave out the prompt"
        raise Unusable(message)


class _Network(nn.Module):
    """Token ids and mask (n, length) to unit vectors (n, dim)."""

    def __init__(self, model: TorchModel) -> None:
        super().__init__()
        self.model = model.loaded
        self.typed = "token_type_ids" in model.loaded.tokenizer.model_input_names

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        if self.typed:
            features["token_type_ids"] = torch.zeros_like(input_ids)
        return nn.functional.normalize(self.model(features)["sentence_embedding"], dim=1)


def _write_network(model: TorchModel, path: Path) -> None:
    tokens = torch.ones(2, _MULTIPLE, dtype=torch.int64)
    axes = {name: {0: "texts", 1: "length"} for name in INPUTS} | {"vectors": {0: "texts"}}
    # The newer exporter takes three times as long, and needs a package more. Both warn of what the probe would show.
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Network(model).eval(),
            (tokens, tokens),
            str(path),
            input_names=list(INPUTS),
            output_names=["vectors"],
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )


def _write_int8(plain: Path, path: Path) -> None:
    """Products with weights in eight bits, a scale for each column: one for all costs a tenth of the cosine."""
    silence()
    import onnx  # noqa: PLC0415 - imported when it is used
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    network = onnx.load(str(plain))
    # It would tell the root logger to prepare the network first, which changes nothing for this kind of network.
    onnx.helper.set_model_props(network, {"onnx.quant.pre_process": "onnxruntime.quant"})
    quantize_dynamic(
        network,
        str(path),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def _write_tokenizer(model: TorchModel, path: Path) -> None:
    own = model.loaded.tokenizer
    tokenizer = Tokenizer.from_str(own.backend_tokenizer.to_str())
    tokenizer.enable_truncation(model.length)
    tokenizer.enable_padding(
        direction=own.padding_side,
        pad_id=own.pad_token_id,
        pad_type_id=own.pad_token_type_id,
        pad_token=own.pad_token,
        pad_to_multiple_of=None if model.length % _MULTIPLE else _MULTIPLE,
    )
    path.write_text(tokenizer.to_str(), encoding="utf-8")  # `save` tells of a full disk by an error of no class


def _card(model: TorchModel, sha256: dict[str, str]) -> Card:
    probe = np.vstack([model.embed_passages(list(PROBE_PASSAGES)), model.embed_query(PROBE_QUESTION)])
    return Card(
        revision=model.revision,
        dim=model.dim,
        max_tokens=model.max_tokens,
        document_prompt=_prompt(model, "document", "passage", "corpus"),
        query_prompt=_prompt(model, "query"),
        probe=probe.tolist(),
        sha256=sha256,
    )


def _prompt(model: TorchModel, *names: str) -> str:
    """The prompt that sentence-transformers takes: the first of the names that the model has, else its default."""
    prompts: dict[str, str | None] = model.loaded.prompts
    chosen = next((name for name in names if name in prompts), model.loaded.default_prompt_name)
    return (prompts.get(chosen) or "") if chosen else ""


def _sweep(folder: Path) -> None:
    """Remove other exports of the same model, and what processes left unfinished that were killed."""
    stem = folder.name.rpartition("-")[0]
    for other in folder.parent.iterdir():
        stale = other.name.startswith(_UNFINISHED) and time.time() - other.stat().st_mtime > _STALE_SECONDS
        if stale or (other != folder and other.name.rpartition("-")[0] == stem):
            shutil.rmtree(other, ignore_errors=True)
