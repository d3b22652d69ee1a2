"""The process that reads English: `python -m storybot.english.child MODEL`, given tasks over its standard input."""

import os
import pickle
import signal
import sys
import traceback
from importlib.util import find_spec
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any

_NICENESS = 10


def main() -> None:
    """Do one batch after another, until no more come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the asker
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    tasks = BufferedReader(FileIO(sys.stdin.fileno(), closefd=False))
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not stand among the replies
        model = None
        while tasks.peek(1):
            try:
                model = model or _loaded(sys.argv[1])
                task, batch = pickle.load(tasks)  # noqa: S301 - from the process that started this one
                reply = ("", [task(model, text) for text in batch])
            except Exception:  # noqa: BLE001 - the last door: the asker tells of it
                reply = (traceback.format_exc(), [])
            pickle.dump(reply, replies)
            replies.flush()


def _loaded(package: str) -> Any:  # noqa: ANN401 - spaCy is imported here alone
    """The model in a package, none of whose code is run."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    # spaCy imports torch where it can, and needs it for other models only: 180 MB and two seconds.
    sys.modules["torch"] = None  # type: ignore[assignment]
    from spacy.util import load_model_from_path  # noqa: PLC0415 - torch first

    home = Path(spec.origin).parent
    return load_model_from_path(next(home.glob(f"{package}-*")))


if __name__ == "__main__":
    main()
