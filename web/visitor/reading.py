# SPDX-License-Identifier: EUPL-1.2
"""What somebody who waits may read, and the words of the waiting room and the end: `/reading/{service}`.

Owns how a service's pieces reach her page. Nothing in it is about her: it is the same for all. Knows no
conversation.
"""

from __future__ import annotations

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.ids import ServiceId
from config.site import PublicService, ReadingPiece
from web.house import House
from web.languages import in_language
from web.visitor.page_texts import split_texts

DOMAIN: Final = "waiting"
CONTEXT: Final = "room"
"""The message context of the waiting room's words, in the catalogue of what comes later."""
KEPT_S: Final = 3600
"""So long caches on the way may keep it, in seconds."""


async def reading(request: Request) -> Response:
    """Answer the pieces of one service in one language, and the words around them."""
    house: House = request.app.state.house
    service = house.site.services.get(ServiceId(request.path_params["service"]))
    if service is None:
        return JSONResponse({"error": "unknown service"}, 404)
    language = house.languages.pick(request.query_params.get("lang"), service.language, service.languages)
    answer = {
        "texts": house.languages.script_texts(language, DOMAIN, CONTEXT, service.tone)
        | split_texts(house, service, language)[1],
        "pieces": pieces_of(service, language),
    }
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(msgspec.json.encode(answer), headers=headers, media_type="application/json")


def pieces_of(service: PublicService, language: str) -> list[dict[str, object]]:
    """Return the pieces of a service: each with `title`, `paragraphs`, `tag` and `direction`."""
    return [_shown(piece, service, language) for piece in service.reading]


def _shown(piece: ReadingPiece, service: PublicService, language: str) -> dict[str, object]:
    """Return a piece as paragraphs: title and text in one language, which may be another than the page's."""
    title, text = (in_language(each, language, service.language) for each in (piece.title, piece.text))
    if title.tag != text.tag:
        title, text = (
            in_language(each, service.language, service.language) for each in (piece.title, piece.text)
        )
    paragraphs = [" ".join(part.split()) for part in text.text.split("\n\n")]
    return {
        "title": title.text,
        "paragraphs": [each for each in paragraphs if each],
        "tag": text.tag,
        "direction": text.direction,
    }


routes = [Route("/reading/{service}", reading)]
