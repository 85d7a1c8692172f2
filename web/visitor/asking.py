# SPDX-License-Identifier: EUPL-1.2
"""What her page asks with before something tells who she is, and how it speaks of danger: `/rules/{service}`.

Owns what one service looks for, in one language. Nothing in it is about her: it is the same for all, and her
page fetches it past her browser's own cache. Knows no conversation.
"""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.ids import ServiceId
from config.identity import browser_identity, identity_source
from config.site import PublicService, Tone
from moderation.verdict import Kind, Verdict
from web.house import House
from web.languages import SOURCE, ScriptText
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
    language = house.languages.pick(request.query_params.get("lang"), service.language)
    answer = {
        "rules": browser_identity(
            language, house.site.lines, service.moderation.hosts, service.moderation.numbers
        ),
        "kinds": looked_for(service),
        "masks": _masks(language),
        "texts": _texts(house, language, service.tone),
        "call": emergency_call(house, voice_in(house, language, SOURCE)),
    }
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(msgspec.json.encode(answer), headers=headers, media_type="application/json")


def looked_for(service: PublicService) -> list[Kind]:
    """Return the kinds that she is asked about: all but those that the service lets stand."""
    policy = service.moderation.policy
    return [kind for kind in Kind if policy.of_visitor(kind) is not Verdict.ALLOW]


def _masks(language: str) -> dict[str, str]:
    """Return what stands in the place of each kind, as the server writes it in this language."""
    masks = identity_source()["masks"]
    words = masks.get(language) or masks.get(language.partition("-")[0]) or masks[SOURCE]
    return {kind: f"[{word}]" for kind, word in words.items()}


def _texts(house: House, language: str, tone: Tone) -> dict[str, ScriptText]:
    texts = house.languages.script_texts(language, "visitor", ASKING)
    if tone is Tone.INFORMAL:
        texts |= house.languages.script_texts(language, "visitor", f"{ASKING} {tone}")
    return texts


routes = [Route("/rules/{service}", rules)]
