# SPDX-License-Identifier: EUPL-1.2
"""Where else somebody answers now, when she cannot be answered where she came: `/others/{service}`.

Owns which services are named there and in which order. Nothing moves her: they are links, and she chooses.
The two tracks are never shown to each other.
"""

from __future__ import annotations

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.hours import local_day
from chat.ids import ServiceId
from config.site import PublicService
from web.house import House
from web.visitor.voice import ServiceShown, Voice, voice_of

KEPT_S: Final = 10
"""As the public status: so long it may be yesterday's news, in seconds."""


async def answering_others(house: House, voice: Voice, service: PublicService) -> list[ServiceShown]:
    """Return where somebody answers the same people now.

    The same organisation's first, then those that it has an agreement with, then the others; in each the
    shortest queue first.
    """
    today, own = local_day(voice.now), service.organisation
    found: list[tuple[int, int, ServiceShown]] = []
    for other in house.site.services.values():
        if other.id == service.id or other.chat.track is not service.chat.track:
            continue
        status = await house.chat.lobby.status(other.id)
        if not (status.open and status.here):
            continue
        works_with = house.site.works_with(own.id, other.organisation.id, today)
        near = 0 if other.organisation.id == own.id else 1 if works_with else 2
        queue = ("none", "short", "long").index(status.waiting)
        found.append((near, queue, voice.service(other, status, own.name if works_with else "")))
    return [shown for _, _, shown in sorted(found, key=lambda each: each[:2])]


async def others(request: Request) -> Response:
    """Answer when this one is open and who else answers now, to a page that has been open for a while."""
    house: House = request.app.state.house
    service = house.site.services.get(ServiceId(request.path_params["service"]))
    if service is None:
        return JSONResponse({"error": "unknown service"}, 404)
    voice = voice_of(request, house, service)
    shown = await answering_others(house, voice, service)
    services = [
        {
            "name": each.name.text,
            "tag": each.name.tag,
            "direction": each.name.direction,
            "organisation": each.organisation,
            "partner": each.partner,
            "href": each.href,
            "state": each.state,
        }
        for each in shown
    ]
    status = await house.chat.lobby.status(service.id)
    note = voice.note(service, status)
    state = voice.state(status) if note is None else f"{voice.state(status)}. {note.text}"
    answer = {"state": state, "services": services}
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(msgspec.json.encode(answer), headers=headers, media_type="application/json")


routes = [Route("/others/{service}", others)]
