# SPDX-License-Identifier: EUPL-1.2
"""What her page asks with before something tells who she is, and how it speaks of danger: `/rules/{service}`.

Owns what one service looks for, in one language. Nothing in it is about her: it is the same for all, and her
page fetches it past her browser's own cache. Knows no conversation.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.ids import ServiceId
from config.identity import browser_identity, identity_source
from config.site import PublicService
from moderation.verdict import Kind, Verdict
from web.house import House
from web.languages import SOURCE
from web.visitor.voice import emergency_call, voice_in

KEPT_S = 3600
"""So long caches on the way may keep it, in seconds."""

ASKING = "asking"
"""The message context of the texts that come with the rules."""


async def rules(request: Request) -> Response:
    """Answer the rules, what is done about each kind, and the words of the questions."""
    house: House = request.app.state.house
    service = house.site.services.get(ServiceId(request.path_params["service"]))
    if service is None:
        return JSONResponse({"error": "unknown service"}, 404)
    language = house.languages.pick(request.query_params.get("lang"), service.language, service.languages)
    written = _written(request.query_params, language)
    answer = {
        "rules": browser_identity(
            written,
            house.site.lines,
            service.moderation.hosts,
            service.moderation.numbers,
        ),
        "kinds": looked_for(service),
        "masks": _masks(written),
        "texts": house.languages.script_texts(language, "visitor", ASKING, service.tone),
        "call": emergency_call(house, voice_in(house, language, SOURCE)),
    }
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(msgspec.json.encode(answer), headers=headers, media_type="application/json")


def looked_for(service: PublicService) -> list[Kind]:
    """Return the kinds that she is asked about: all but those that the service lets stand."""
    policy = service.moderation.policy
    return [kind for kind in Kind if policy.of_visitor(kind) is not Verdict.ALLOW]


def _written(asked: Mapping[str, str], language: str) -> str:
    """Return the language of what she writes, which may be another than her page's: `written`, else `lang`.

    The server looks for names, and names what it has taken out, in the language of the conversation.
    """
    for wish in (asked.get("written", ""), asked.get("lang", ""), language):
        base = wish.partition("-")[0].lower()
        if base in identity_source()["masks"]:
            return base
    return SOURCE


def _masks(written: str) -> dict[str, str]:
    """Return what stands in the place of each kind, as the server writes it in this language."""
    return {kind: f"[{word}]" for kind, word in identity_source()["masks"][written].items()}


routes = [Route("/rules/{service}", rules)]
