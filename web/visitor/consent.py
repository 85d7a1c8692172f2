# SPDX-License-Identifier: EUPL-1.2
"""The words with which her page asks her for a yes: `/consent/texts`.

Owns no question and no answer: those go over her socket. The words are the same for everybody in one service,
and her page fetches them past her browser's own cache, when she is first asked.
"""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.ids import ServiceId
from web.house import House
from web.languages import SOURCE

DOMAIN = "consent"
"""The catalogue of these words."""

KEPT_S = 3600
"""So long caches on the way may keep them, in seconds."""


async def texts(request: Request) -> Response:
    """Answer the texts, by key, in the tone of the service that `service` names."""
    house: House = request.app.state.house
    language = house.languages.pick(request.query_params.get("lang"), SOURCE)
    service = house.site.services.get(ServiceId(request.query_params.get("service", "")))
    tone = service.tone if service is not None else ""
    answer = msgspec.json.encode(house.languages.script_texts(language, DOMAIN, tone=tone))
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(answer, headers=headers, media_type="application/json")


routes = [Route("/consent/texts", texts)]
