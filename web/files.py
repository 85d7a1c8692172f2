# SPDX-License-Identifier: EUPL-1.2
"""The files of the pages, as they are: scripts, styles, pictures.

Owns which of them a browser may keep. Knows no page and nobody.
"""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ROOT = Path(__file__).parent / "static"
TELLING = ("visitor/consent/", "visitor/warm")
"""How the paths begin of what asks her for a yes, and is fetched only then: that it lies in a cache would
tell that she was asked. Chromium keeps the names of scripts that have run (`docs/threat-model.md`)."""


class Files(StaticFiles):
    """Serves `ROOT`; what is `TELLING` is kept nowhere."""

    def __init__(self) -> None:
        super().__init__(directory=ROOT)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, or with what is said when there is none."""
        response = await super().get_response(path, scope)
        if path.startswith(TELLING):
            response.headers["Cache-Control"] = "no-store"
        return response
