"""Static files, and how long a browser may keep them."""

import os
import re
from pathlib import PurePath

from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

LASTING = re.compile(r"\.[0-9a-f]{8}\.\w+$")
"""A name that holds a digest of its content: other content has another address."""

_KEPT = "public, max-age=31536000, immutable"
_ASKED_FOR = "no-cache"


class Statics(StaticFiles):
    """Files of a folder. Who has one asks whether it is still the same, but for those that can't be another."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or that it is still the same."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = _KEPT if LASTING.search(PurePath(full_path).name) else _ASKED_FOR
        return response
