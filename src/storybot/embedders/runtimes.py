"""What an exported model can run on, and which of it suits this processor."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from storybot.model import Vectors
from storybot.sessions import open_session, silence
from storybot.settings import BackendName

Integers: TypeAlias = npt.NDArray[np.int64]
Network: TypeAlias = Callable[[Integers, Integers], Vectors]
"""Token ids and mask, each (n, length), to unit vectors (n, dim). One call at a time."""

Precision: TypeAlias = Literal["float32", "bfloat16", "int8"]

INPUTS = ("input_ids", "attention_mask")

_PROCESSOR = Path("/proc/cpuinfo")
_BFLOAT16 = {"avx512_bf16", "amx_bf16"}
_INT8 = {"avx512_vnni", "avx_vnni", "amx_int8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """A library and the numbers it computes in."""

    library: Literal["onnx", "openvino"]
    precision: Precision = "float32"

    @property
    def file(self) -> str:
        """Name of the file that it loads."""
        return "model-int8.onnx" if self.precision == "int8" else "model.onnx"

    @property
    def mark(self) -> str:
        """What it adds to a revision: nothing where its vectors can be compared with torch's."""
        return "+int8" if self.precision == "int8" else ""

    @property
    def least_likeness(self) -> float:
        """The least cosine to torch's vectors that it may have. Eight bits reach .98 to .99, the others 1.000."""
        return 0.97 if self.precision == "int8" else 0.999

    def __str__(self) -> str:
        return f"{'OpenVINO' if self.library == 'openvino' else 'ONNX Runtime'}, {self.precision}"

    def open(self, folder: Path) -> Network:
        """The network in the folder. Raises: those of `sessions.unusable`, RuntimeError."""
        path = folder / self.file
        return _openvino(path, self.precision) if self.library == "openvino" else _onnx(path)


def choose(backend: BackendName, processor: Path = _PROCESSOR) -> list[Runtime]:
    """What to try, the best first; where nothing of it serves, torch does.

    Passages a second as multiples of torch's: OpenVINO in bfloat16 3.9, ONNX Runtime in eight bits 3.7, where the
    processor has instructions for them; without, both libraries reach 1.4 to 1.7 in float32, and ONNX Runtime embeds a
    question in a third of OpenVINO's time (docs/lab-book.md).
    """
    features = _features(processor)
    bfloat16, int8 = bool(features & _BFLOAT16), bool(features & _INT8)
    plain = Runtime(library="onnx")
    if backend == "torch":
        return []
    if backend == "openvino":
        return [Runtime(library="openvino", precision="bfloat16" if bfloat16 else "float32"), plain]
    if backend == "auto" and bfloat16 and find_spec("openvino"):
        return [Runtime(library="openvino", precision="bfloat16"), plain]
    return [Runtime(library="onnx", precision="int8"), plain] if int8 else [plain]


def _features(processor: Path) -> set[str]:
    """What Linux says of an x86 processor; elsewhere nothing is known, and float32 serves."""
    try:
        lines = processor.read_text("utf8").splitlines()
    except OSError:
        return set()
    return next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set())


def _onnx(path: Path) -> Network:
    session = open_session(path)

    def run(ids: Integers, mask: Integers) -> Vectors:
        vectors: Vectors = session.run(None, dict(zip(INPUTS, (ids, mask), strict=True)))[0]
        return vectors

    return run


def _openvino(path: Path, precision: Precision) -> Network:
    silence()
    import openvino  # noqa: PLC0415 - imported when it is used

    numbers = "bf16" if precision == "bfloat16" else "f32"
    compiled = openvino.Core().compile_model(
        str(path), "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": numbers}
    )
    request = compiled.create_infer_request()

    def run(ids: Integers, mask: Integers) -> Vectors:
        vectors: Vectors = request.infer(dict(zip(INPUTS, (ids, mask), strict=True)))[0].copy()
        return vectors

    return run
