# SPDX-License-Identifier: EUPL-1.2
"""What she may be asked before she writes, and may always skip: `/ask/{service}`.

Owns which questions there are and their answers; their words are in the catalogue `find`, context `ask`.
Nobody is asked for a name, an address, a school or anything else that tells who she is. Knows no
conversation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.ids import ServiceId, Track
from chat.routing import AGE_BANDS, NEEDS, ROLES
from config.site import PublicService
from web.house import House
from web.languages import Languages
from web.visitor.voice import emergency_call, voice_of

DOMAIN: Final = "find"
CONTEXT: Final = "ask"
KEPT_S: Final = 3600
"""So long caches on the way may keep the words, in seconds."""

_FOR_THE_EXPOSED: Final = tuple(need for need in NEEDS if need != "stop_violence")
_FOR_THE_PERPETRATOR: Final = tuple(need for need in NEEDS if need != "shelter")


def needs_of(track: Track) -> tuple[str, ...]:
    """Return what somebody of a track may say that they need: nobody is asked about the other's."""
    return _FOR_THE_EXPOSED if track is Track.EXPOSED else _FOR_THE_PERPETRATOR


def roles() -> tuple[str, ...]:
    """Return who it may be about."""
    return ROLES


def age_bands() -> tuple[str, ...]:
    """Return the ages, in bands."""
    return AGE_BANDS


def municipalities_of(services: Iterable[PublicService]) -> list[str]:
    """Return the municipalities that services name, in order; others can be written too."""
    return sorted({name for service in services for name in service.suiting.municipalities})


def languages_of(services: Iterable[PublicService], languages: Languages) -> list[tuple[str, str]]:
    """Return the languages that somebody answers in, each with what it calls itself."""
    spoken = {code for service in services for code in service.languages}
    return [(code, languages.name(code)) for code in languages.codes if code in spoken]


async def ask(request: Request) -> Response:
    """Answer what one service asks before the start, with its words: the same for everybody."""
    house: House = request.app.state.house
    service = house.site.services.get(ServiceId(request.path_params["service"]))
    if service is None:
        return JSONResponse({"error": "unknown service"}, 404)
    voice = voice_of(request, house, service.language)
    spoken = languages_of([service], house.languages)
    answer = {
        "texts": house.languages.script_texts(voice.language, DOMAIN, CONTEXT),
        "need": needs_of(service.chat.track),
        "age_band": AGE_BANDS,
        "municipalities": municipalities_of(
            each for each in house.site.services.values() if each.chat.track is service.chat.track
        ),
        "languages": spoken if len(spoken) > 1 else [],
        "call": emergency_call(house, voice),
    }
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(msgspec.json.encode(answer), headers=headers, media_type="application/json")


routes = [Route("/ask/{service}", ask)]
