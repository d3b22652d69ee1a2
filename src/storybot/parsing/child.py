"""The process that reads files: `python -m storybot.parsing.child MEGABYTES`, asked over its standard input."""

import os
import signal
import sys
import traceback
from pathlib import Path

from storybot.errors import InputError, SourceTooHard
from storybot.model import Source
from storybot.parsing import label, parse
from storybot.parsing.frames import Frame, read, refusal, told, write

_MEGABYTE = 1_000_000
_ENOUGH = 400 * _MEGABYTE
"""A process that has grown past that is ended after its reply: what a parser took it seldom gives back."""

_GRACE_SECONDS = 5
"""The asker ends a reading that takes too long; if that one is gone, an alarm does, so much later."""


def main() -> None:
    """Read file after file, until no more are asked for."""
    megabytes = int(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the asker
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not stand among the replies
        _limit_memory(megabytes)
        while (request := read(sys.stdin.buffer, most=sys.maxsize)) is not None:
            _set_alarm(request.fields["seconds"] + _GRACE_SECONDS)
            reply = _reply(request, megabytes)
            _set_alarm(0)
            reply.fields["full"] = _peak_bytes() > _ENOUGH
            write(replies, reply)


def _reply(request: Frame, megabytes: int) -> Frame:
    fields = request.fields
    source = Source(name=fields["name"], collection=fields["collection"], data=request.body)
    try:
        return told(parse(source, max_bytes=fields["max_bytes"]))
    except InputError as error:
        return refusal(error)
    except (MemoryError, RecursionError):
        return refusal(SourceTooHard(label(source.name), reason=f"it takes more than {megabytes} MB of memory"))
    except Exception:  # noqa: BLE001 - the last door: the asker logs it, and the user hears of a damaged file
        return Frame(fields={"failed": traceback.format_exc()})


def _limit_memory(megabytes: int) -> None:
    """Let this process grow by no more than that, where the system can hold it to it."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    pages = Path("/proc/self/statm")
    used = int(pages.read_text().split()[0]) * resource.getpagesize() if pages.exists() else 0
    most = used + megabytes * _MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _peak_bytes() -> int:
    """The most memory that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():  # where it is, `ru_maxrss` begins with the size of the process that started this one
        lines = status.read_text().splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _set_alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


if __name__ == "__main__":
    main()
