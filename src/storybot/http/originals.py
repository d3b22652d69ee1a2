"""The file that a document was read from, handed out as it came: to be kept, never to be shown by the browser."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from fastapi.responses import Response

from storybot.model import Entry

_UNSAFE = re.compile(r'[^\w. ()-]|["\\]', re.ASCII)
"""What the plain form of a file's name leaves out."""


def original_response(entry: Entry, data: bytes) -> Response:
    """The file as a download, of no type that a browser would run or draw. Source: RFC 6266."""
    return Response(
        data,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": disposition(entry.name),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def disposition(name: str) -> str:
    """The header that makes a file of this name of a response: in ASCII for old clients, and as it is for others."""
    last = PurePosixPath(name).name or "document"
    plain = unicodedata.normalize("NFKD", last).encode("ascii", errors="ignore").decode()
    plain = _UNSAFE.sub("_", plain).strip(" .") or "document"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(last, safe='', errors='replace')}"
