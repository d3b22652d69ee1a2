"""Make the files that ship.

    python training/export.py --work FOLDER [--weights FILE]

FOLDER is what `fit.py` worked in. Writes reader.onnx (eight bits), reader.safetensors (eight bits), tokenizer.json and
their checksums into src/storybot/readers/weights/; `calibrate.py` completes the card.
"""

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import start
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from storybot.readers.network import HEADS, WIDTH, ReaderNetwork, packed, unpacked

OUT = Path(__file__).parents[1] / "src/storybot/readers/weights"
_FILES = ("reader.onnx", "reader.safetensors", "tokenizer.json")
_PROBE = {
    "question": "Who lived under the old bridge?",
    "text": "The hen laid a silver egg. The fox lived under the old bridge, and every evening it looked at the moon.",
}


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--weights", type=Path, help="a state or a checkpoint of fit.py; default: FOLDER/reader.pt")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    state = torch.load(arguments.weights or arguments.work / "reader.pt")
    state = state.get("network", state)
    arguments.out.mkdir(parents=True, exist_ok=True)
    network = ReaderNetwork(start.LAYERS).eval()
    network.load_state_dict(state)
    save_file({k: np.ascontiguousarray(v) for k, v in packed(state).items()}, arguments.out / "reader.safetensors")
    # From the rounded weights, so that both files hold the same ones.
    network.load_state_dict(unpacked(packed(state)))
    write_onnx(network, arguments.out / "reader.onnx")
    shutil.copyfile(start.fetch(arguments.work) / "tokenizer.json", arguments.out / "tokenizer.json")
    write_card(arguments.out, network)


def write_onnx(network: ReaderNetwork, file: Path) -> None:
    """The network for ONNX Runtime: fused, its products in eight bits, weights by column."""
    example = {name: torch.ones(2, 8, dtype=torch.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
    axes = {name: {0: "windows", 1: "length"} for name in (*example, "tokens")} | {"relevance": {0: "windows"}}
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            network,
            tuple(example.values()),
            str(plain),
            input_names=list(example),
            output_names=["relevance", "tokens"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        options = FusionOptions("bert")
        model = optimize_model(
            str(plain), "bert", num_heads=HEADS, hidden_size=WIDTH, optimization_options=options, opt_level=1
        )
        model.save_model_to_file(str(fused))
        print(model.get_fused_operator_statistics())
        floats = {"DefaultTensorType": onnx.TensorProto.FLOAT}  # shapes of fused operators aren't inferred
        quantize_dynamic(str(fused), str(file), weight_type=QuantType.QInt8, per_channel=True, extra_options=floats)


def write_card(folder: Path, network: ReaderNetwork) -> None:
    """Checksums and the probe; the calibration of older weights doesn't hold."""
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _FILES}
    card: dict[str, Any] = {"layers": start.LAYERS, "sha256": sums, "calibration": {}}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    encoding = tokenizer.encode(_PROBE["question"], _PROBE["text"])
    with torch.no_grad():
        relevance, _ = network(
            *(torch.tensor([each]) for each in (encoding.ids, encoding.attention_mask, encoding.type_ids))
        )
    card["probe"] = {**_PROBE, "relevance": round(float(relevance[0]), 3)}
    (folder / "reader.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf8")
    print(card["probe"], {name: (folder / name).stat().st_size for name in _FILES})


if __name__ == "__main__":
    main()
