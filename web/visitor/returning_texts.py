# SPDX-License-Identifier: EUPL-1.2
"""The words about coming back, and about the agreed word: `/returning/texts`.

Owns no code and no word: those go over her socket. The texts are the same for everybody, and her page fetches
them past her browser's own cache, when she first asks for any of it.
"""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.house import House
from web.languages import SOURCE

DOMAIN = "returning"
"""The catalogue of these words, hers and the console's."""

CONTEXT = "visitor"
"""The message context of hers."""

KEPT_S = 3600
"""So long caches on the way may keep them, in seconds."""


async def texts(request: Request) -> Response:
    """Answer the texts, by key."""
    house: House = request.app.state.house
    language = house.languages.pick(request.query_params.get("lang"), SOURCE)
    answer = msgspec.json.encode(house.languages.script_texts(language, DOMAIN, CONTEXT))
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(answer, headers=headers, media_type="application/json")


routes = [Route("/returning/texts", texts)]
