# SPDX-License-Identifier: EUPL-1.2
"""What the way out can do for her, and what it cannot: a short page to read before the first word.

Owns its two addresses: `/safety`, and `/safety/{service}`, which leads back to that chat and may stand in its
frame. Knows no conversation and nobody.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.ids import ServiceId
from web.house import House
from web.visitor.voice import any_organisation, page_context, voice_of


async def safety(request: Request) -> Response:
    """Say what can be seen afterwards, and by whom; of an unknown service the page for all is shown."""
    house: House = request.app.state.house
    service = house.site.services.get(ServiceId(request.path_params.get("service", "")))
    voice = voice_of(request, house, service)
    language = voice.language
    organisation = any_organisation(house) if service is None else service.organisation
    path, back = ("/safety", "/") if service is None else (f"/safety/{service.id}", f"/chat/{service.id}")
    offered = house.languages.codes if service is None else service.languages
    title = house.languages.texts(language, "safety").gettext("title")
    # In a frame only where the chat itself may be in one.
    framed_by = () if service is None else organisation.host_origins
    context = page_context(house, voice, title, exit_url=organisation.exit_url) | {
        "languages": voice.choices(path, offered),
        "back": f"{back}?lang={language}",
        "to_chat": service is not None,
        "origins": framed_by,
    }
    return house.page(
        request, "visitor/safety/page.html", context, domain="safety", frame_ancestors=framed_by
    )


routes = [Route("/safety", safety), Route("/safety/{service}", safety)]
