"""ONNX Runtime, as the reader and the embedder run their networks on it."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(model: bytes | Path) -> "InferenceSession":
    """A network, from its file or the file's content. Raises: those of `unusable`."""
    import onnxruntime  # noqa: PLC0415 - imported when it is used

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Threads that wait by spinning would take the processor from those of the other networks.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"]
    )


def unusable() -> tuple[type[Exception], ...]:
    """What is raised where ONNX Runtime isn't there, or can't load or run a network: its errors have no common base."""
    try:
        from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - imported when it is used
    except ImportError:
        return (ImportError,)
    return (
        ImportError,
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NoSuchFile,
        state.NotImplemented,
        state.RuntimeException,
    )
