# SPDX-License-Identifier: EUPL-1.2
"""Who a service's conversations may be handed over to, as an operator chooses among them.

Owns `/console/receivers/{service}`, and the words for why a receiver cannot be chosen today. Decides nothing:
`Handovers.options` does. Knows no conversation.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.ids import ServiceId
from config.site import Channel, Line, PublicService
from handover.service import Option
from web.accounts.account import AT_CONSOLE
from web.handing_over import where_in
from web.house import House
from web.languages import in_language, isolated
from web.security import read_staff_cookie

DOMAIN: Final = "handover"
"""The catalogue of everything that the console says about a handover."""


async def receivers(request: Request) -> Response:
    """Answer `GET /console/receivers/{service}`: `of_service` as it is now, as JSON.

    401 without a session; 403 for another role, and for a service that is unknown or somebody else's: the two
    look the same.
    """
    house: House = request.app.state.house
    session = await house.accounts.session(read_staff_cookie(request))
    if session is None:
        return Response(status_code=401)
    service = ServiceId(request.path_params["service"])
    if session.role not in AT_CONSOLE or service not in house.may_serve(session):
        return Response(status_code=403)
    language = house.languages.pick_for_staff(request.query_params.get("lang"))
    told = await of_service(house, house.site.services[service], language)
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def of_service(house: House, service: PublicService, language: str) -> dict[str, Any]:
    """Return the receivers of a service's track, those that can be chosen today first, and the lines to call.

    `{"receivers": [{"id", "name", "organisation", "hours", "police", "notice": [paragraph…], "why"}…],
    "lines": [{"name", "address", "note"}…]}`; `why` is empty for a receiver that can be chosen.
    """
    where = where_in(service, service.chat.track, language)
    options = await house.office.handovers.options(where)
    options.sort(key=lambda option: not option.is_open)
    # 112 stands elsewhere on the screen: this is where to turn instead of to a receiver.
    lines = [
        line for line in house.site.lines_for(service) if line.channel is Channel.PHONE and not line.emergency
    ]
    return {
        "receivers": [_shown(house, option, language) for option in options],
        "lines": [_line(line, language, service.language) for line in lines],
    }


def _shown(house: House, option: Option, language: str) -> dict[str, Any]:
    receiver = option.receiver
    return {
        "id": receiver.id,
        "name": receiver.name_in(language),
        "organisation": option.organisation,
        "hours": receiver.hours_in(language),
        "police": receiver.police,
        "notice": receiver.notice_in(language)[1],
        "why": _why(house, option, language),
    }


def _why(house: House, option: Option, language: str) -> str:
    """Return in words what keeps a receiver from being chosen; empty when nothing does."""
    if option.is_open:
        return ""
    texts = house.languages.texts(language, DOMAIN)
    if not option.agreed:
        return texts.gettext("why.no_agreement") % {"organisation": isolated(option.organisation)}
    return texts.gettext("why.no_key")


def _line(line: Line, language: str, own: str) -> dict[str, str]:
    return {
        "name": in_language(line.name, language, own).text,
        "address": line.address,
        "note": in_language(line.note, language, own).text,
    }


routes: Final = [Route("/console/receivers/{service}", receivers, methods=["GET"])]
