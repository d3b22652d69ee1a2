"""ONNX Runtime, as the reader and the embedder run their networks on it, and the silence of what runs networks."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(model: bytes | Path) -> "InferenceSession":
    """A network, from its file or the file's content. Raises: those of `unusable`."""
    silence()
    import onnxruntime  # noqa: PLC0415 - imported when it is used

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Threads that wait by spinning would take the processor from those of the other networks.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"]
    )


def silence() -> None:
    """Keep the libraries from telling their makers of this machine: both would, from their import on.

    Call it before either is imported: a later word to ONNX Runtime comes when it has left an id in the home folder.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def unusable() -> tuple[type[Exception], ...]:
    """What is raised where a library that runs networks isn't there, or can't load or run one.

    ONNX Runtime's errors have no common base; OpenVINO's is RuntimeError.
    """
    silence()
    try:
        from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - imported when it is used
    except ImportError:
        return (ImportError, OSError, RuntimeError)
    return (
        ImportError,
        OSError,
        RuntimeError,
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NoSuchFile,
        state.NotImplemented,
        state.RuntimeException,
    )
