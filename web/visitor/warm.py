# SPDX-License-Identifier: EUPL-1.2
"""The words with which her page asks whether somebody may come or take over: `/warm/texts`. Also who is here.

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

DOMAIN = "warm"
"""The catalogue of these words, hers and the console's."""

MOVING = "transfer"
"""The catalogue of the words about going on elsewhere."""

CONTEXT = "visitor"
"""The message context of hers."""

KEPT_S = 3600
"""So long caches on the way may keep them, in seconds."""


async def answer_texts(request: Request) -> Response:
    """Answer the texts, by key, in the tone of the service that `service` names."""
    house: House = request.app.state.house
    language = house.languages.pick(request.query_params.get("lang"), SOURCE)
    service = house.site.services.get(ServiceId(request.query_params.get("service", "")))
    tone = service.tone if service is not None else ""
    texts = house.languages.script_texts(language, DOMAIN, CONTEXT, tone)
    moving = house.languages.script_texts(language, MOVING, CONTEXT, tone)
    answer = msgspec.json.encode({"guest": texts, "move": moving})
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(answer, headers=headers, media_type="application/json")


routes = [Route("/warm/texts", answer_texts)]
