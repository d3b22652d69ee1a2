"""Static files, at addresses that change with them: browsers keep them, and ask no more."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from storybot.assembly import shipped

_KEPT = "public, max-age=31536000, immutable"
_ASKED_FOR = "no-cache"
_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
_SHEET, _JOINT = ".css", "+"


def statics() -> str:
    """The address under which all static files stand: other files, another address."""
    return f"/static/{_digest()}"


def install(app: FastAPI) -> None:
    """Serve the files, all of which are held in memory; sheets also several as one: base+chat.css.

    A page may be older than the server: the files are served at any digest, but kept only by the true one.
    """

    async def static(request: Request) -> Response:
        path = request.path_params["path"]
        try:
            content = _content(path)
        except KeyError:
            raise HTTPException(404) from None
        true = request.path_params["digest"] == _digest()
        headers = {"Cache-Control": _KEPT if true else _ASKED_FOR}
        return Response(content, media_type=_TYPES[PurePosixPath(path).suffix], headers=headers)

    app.add_route("/static/{digest}/{path:path}", static, include_in_schema=False)


def _content(path: str) -> bytes:
    """Raises: KeyError."""
    if not path.endswith(_SHEET):
        return _files()[path]
    names = path.removesuffix(_SHEET).split(_JOINT)
    if len(set(names)) < len(names):
        raise KeyError(path)
    return b"".join(_files()[f"{name}{_SHEET}"] for name in names)


@cache
def _files() -> Mapping[str, bytes]:
    """What is in each file, by its path within the folder."""
    folder = shipped("web") / "static"
    paths = sorted(path for path in folder.rglob("*") if path.suffix in _TYPES)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@cache
def _digest() -> str:
    digest = hashlib.sha256()
    for name, content in _files().items():
        digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()[:8]
