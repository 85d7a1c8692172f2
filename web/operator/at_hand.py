# SPDX-License-Identifier: EUPL-1.2
"""What lies at hand beside a conversation of one service: ready replies, lines, where to turn, routine cards.

Owns `/console/at-hand/{service}`: one answer for all of it, so that nothing is asked of the server while
somebody writes. Decides nothing and knows no conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.ids import ServiceId
from config.routines import Card, cards
from config.site import PublicService
from web.accounts.account import AT_CONSOLE
from web.house import House
from web.languages import direction, in_language, tag
from web.operator.elsewhere import Elsewhere
from web.replies.filling import filling
from web.replies.service import may_edit
from web.security import read_staff_cookie

DOMAIN: Final = "replies"
"""The catalogue of everything that the console says about it."""


async def at_hand(request: Request) -> Response:
    """Answer `GET /console/at-hand/{service}`: `of_service` as it is now, as JSON.

    401 without a session; 403 for another role, and for a service that is unknown or somebody else's: the two
    look the same.
    """
    house: House = request.app.state.house
    session = await house.accounts.session(read_staff_cookie(request))
    if session is None:
        return Response(status_code=401)
    name = ServiceId(request.path_params["service"])
    if session.role not in AT_CONSOLE or name not in house.may_serve(session):
        return Response(status_code=403)
    service = house.site.services[name]
    language = house.languages.pick_for_staff(request.query_params.get("lang"))
    edit = f"/replies/{service.id}?lang={language}" if may_edit(session, service) else ""
    told = {"edit": edit, **await of_service(house, service, language)}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def of_service(house: House, service: PublicService, language: str) -> dict[str, Any]:
    """Return what is at hand in one service, in the words of `language` and of those whom it answers.

    `{"own", "languages": {code: {"tag", "direction", "values"}}, "replies": [{"id", "words": {code: {"title",
    "text"}}}], "lines": [...as of `Elsewhere`], "cards": [{"about", "heading", "own", "duty", "do", "say",
    "avoid", "lines"}], "routine": version}`. Of a reply only what may be shown: hidden ones stay here.
    """
    replies = [reply for reply in await house.replies.of(service) if not reply.hidden]
    codes = {*service.languages, *(code for reply in replies for code in reply.words)}
    return {
        "own": service.language,
        "languages": {code: _language(house, service, code) for code in sorted(codes)},
        "replies": [
            {
                "id": reply.id,
                "words": {
                    code: {"title": wording.title, "text": wording.text}
                    for code, wording in reply.words.items()
                },
            }
            for reply in replies
        ],
        "lines": await Elsewhere(house, service, language).listed(),
        "cards": [_card(card, service, language) for card in cards()],
        "routine": service.routine_version,
    }


def _language(house: House, service: PublicService, code: str) -> dict[str, Any]:
    return {"tag": tag(code), "direction": direction(code), "values": filling(house, service, code)}


def _card(card: Card, service: PublicService, language: str) -> dict[str, Any]:
    own = service.routine.get(card.about)
    duty = service.organisation.reporting_text if card.duty else {}
    return {
        "about": card.about.value,
        "heading": _of(card.heading, language),
        "own": in_language(own, language, service.language)._asdict() if own else None,
        "duty": in_language(duty, language, service.language)._asdict() if duty else None,
        "do": _of(card.do, language),
        "say": {code: list(said) for code, said in card.say.items()},
        "avoid": _of(card.avoid, language),
        "lines": list(card.lines),
    }


def _of(texts: Mapping[str, Any], language: str) -> Any:  # noqa: ANN401 - a text, or a list of them
    """Return what stands in the staff's language; the cards are in each that staff have."""
    return texts.get(language, texts["sv"])


routes: Final = [Route("/console/at-hand/{service}", at_hand, methods=["GET"])]
