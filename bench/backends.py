"""What runs the embedding model how fast, how truly, and from when on.

    python bench/backends.py [--data EVAL_DATA] [--passages 480] [--rounds 3]

`--data` names the folder that holds fairytaleqa/; without it the shipped story is embedded many times over. Passages a
second are given as multiples of torch's in the same round, the median of the rounds: other programs slow all alike.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from house import indexing, sources

from storybot.chunking import chunk
from storybot.embedders.exported import ExportedModel, open_exported, place
from storybot.embedders.exporting import export
from storybot.embedders.runtimes import Runtime
from storybot.embedders.sentence_transformer import _batches
from storybot.embedders.torch_model import TorchModel, model_folder
from storybot.model import Source, Vectors
from storybot.parsing import parse
from storybot.settings import BackendName

MODEL = "all-MiniLM-L6-v2"
RUNTIMES = [
    Runtime(library="onnx"),
    Runtime(library="openvino"),
    Runtime(library="openvino", precision="bfloat16"),
    Runtime(library="onnx", precision="int8"),
]
BACKENDS: tuple[BackendName, ...] = ("torch", "onnx", "openvino")
STARTS = 3
FIRST_VECTOR = f"""
import sys
from pathlib import Path
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
SentenceTransformerEmbedder({MODEL!r}, cache=Path(sys.argv[1]), backend=sys.argv[2]).embed_query("A fox?")
"""


def main() -> None:
    """Print the export's time and the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path)
    options.add_argument("--passages", type=int, default=480)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    texts = sources(chosen.data)
    with tempfile.TemporaryDirectory() as cache:
        torchs, folder = exported(Path(cache))
        models: list[TorchModel | ExportedModel] = [torchs, *(open_exported(folder, [each]) for each in RUNTIMES)]
        table(models, passages(texts, torchs)[: chosen.passages], chosen.rounds)
        for backend in BACKENDS:
            print(f"first vector in a new process, {backend}: {first_vector(Path(cache), backend):.2f} s")
    for backend in BACKENDS:
        indexing(texts[:4], backend, rounds=chosen.rounds)


def exported(cache: Path) -> tuple[TorchModel, Path]:
    """The model on torch, and the folder that it was exported to."""
    source = model_folder(MODEL)
    assert source
    began = time.perf_counter()
    model = TorchModel(MODEL)
    loaded = time.perf_counter()
    folder = place(cache, MODEL, source)
    export(model, folder, RUNTIMES[:1])
    print(f"torch's model loaded in {loaded - began:.1f} s, exported in {time.perf_counter() - loaded:.1f} s")
    export(model, folder, RUNTIMES)
    return model, folder


def passages(texts: list[Source], model: TorchModel) -> list[str]:
    """The passages of the texts."""

    def count(strings: list[str]) -> list[int]:
        return [len(each.ids) for each in model.tokenizer.encode_batch(strings, add_special_tokens=False)]

    documents = [parse(text, max_bytes=10**9) for text in texts]
    return [each.text for document in documents for each in chunk(document, lambda s: count(list(s)), model.max_tokens)]


def table(models: list[TorchModel | ExportedModel], texts: list[str], rounds: int) -> None:
    """Print throughput and likeness to torch of each model, and what a question takes."""
    times: list[list[float]] = [[] for _ in models]
    slowest: list[list[float]] = [[] for _ in models]
    likeness = [np.ones(0)] * len(models)
    truth: Vectors = np.zeros((len(texts), models[0].dim), dtype=np.float32)
    for _ in range(rounds):
        for number, model in enumerate(models):
            vectors, batch_times = embed(model, texts)
            truth = truth if number else vectors
            times[number].append(sum(batch_times))
            slowest[number].append(max(batch_times))
            likeness[number] = (vectors * truth).sum(axis=1)
    print(f"{len(texts)} passages, {len(os.sched_getaffinity(0))} cores, {rounds} rounds")
    print("| runtime | passages/s | times torch | cosine mean / min | longest batch | question |")
    print("| --- | --- | --- | --- | --- | --- |")
    for model, took, batches, like in zip(models, times, slowest, likeness, strict=True):
        ratio = statistics.median(torchs / ours for torchs, ours in zip(times[0], took, strict=True))
        print(
            f"| {model.runtime} | {len(texts) / min(took):.0f} | {ratio:.2f} | {like.mean():.3f} / {like.min():.3f} "
            f"| {min(batches):.2f} s | {question_ms(model):.0f} ms |"
        )


def embed(model: TorchModel | ExportedModel, texts: list[str]) -> tuple[Vectors, list[float]]:
    """Vectors of the texts, and the seconds that each batch took."""
    vectors: Vectors = np.zeros((len(texts), model.dim), dtype=np.float32)
    took = []
    for places in _batches(texts):
        began = time.perf_counter()
        vectors[places] = model.embed_passages([texts[each] for each in places])
        took.append(time.perf_counter() - began)
    return vectors, took


def question_ms(model: TorchModel | ExportedModel) -> float:
    """The median time of a question."""
    took = []
    for number in range(20):
        began = time.perf_counter()
        model.embed_query(f"What did the {'old ' * (number % 4)}grandmother play in the evening?")
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def first_vector(cache: Path, backend: str) -> float:
    """Seconds from the start of a process to its first vector, the quickest of some."""
    took = []
    for _ in range(STARTS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", FIRST_VECTOR, str(cache), backend], check=True)
        took.append(time.perf_counter() - began)
    return min(took)


if __name__ == "__main__":
    main()
