# SPDX-License-Identifier: EUPL-1.2
"""The supervisor's board: figures of each service now and today, never anything about one visitor.

Owns `/supervisor`, the figures that keep it fresh and the form that lifts a sanction. Knows no conversation
and no account of another.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from chat.hours import STOCKHOLM
from chat.ids import ServiceId
from web.accounts.account import StaffRole, StaffSession
from web.accounts.rights import Deed, may
from web.house import House
from web.languages import clock_time, in_language
from web.security import read_staff_cookie
from web.staff_page import AtPage, at_form, at_page
from web.supervisor import alerts, handovers, unsafe
from web.supervisor.partnerships import partnerships
from web.supervisor.rows import MANY, rows_now


async def supervisor(request: Request) -> Response:
    """Answer `GET /supervisor`: the board, 303 to the sign-in, or 403 for an account of another role."""
    at = await at_page(request, Deed.SEE_BOARD)
    if isinstance(at, Response):
        return at
    house, session, language = at.house, at.session, at.language
    board = await _board(house, session, language, at.query)
    agreements = await partnerships(house, session, language)
    shown = {
        "names": _names(house, session, language),
        "board": board,
        "many": len(board["rows"]) >= MANY,
        "headings": handovers.headings(house, language) | alerts.headings(house, language),
        "to_see_to": handovers.to_see_to(house, agreements, language),
        "answers": session.role is StaffRole.SUPERVISOR,
        "agreements": agreements,
        "lifted": _lifted(at, request),
    }
    return at.page(request, "staff/supervisor.html", shown, domain="staff")


async def board(request: Request) -> Response:
    """Answer `GET /supervisor/board`: the figures as JSON, 401 without a session, 403 for another role."""
    house: House = request.app.state.house
    session = await house.accounts.session(read_staff_cookie(request))
    if session is None or not may(session, Deed.SEE_BOARD):
        return Response(status_code=401 if session is None else 403)
    language = house.languages.pick_for_staff(request.query_params.get("lang"))
    query = f"?lang={language}" if "lang" in request.query_params else ""
    return JSONResponse(await _board(house, session, language, query))


async def lift(request: Request) -> Response:
    """Answer `POST /supervisor/sanctions/lift`: 303 to a board that tells what was lifted, if any.

    403 for another role and for a form of another session.
    """
    at = await at_form(request, Deed.SEE_BOARD)
    if isinstance(at, Response):
        return at
    service = await unsafe.lift(at.house, at.session, at.fields.get("id", ""))
    kept = {"lang": at.language} if at.query else {}
    told = {"lifted": service} if service is not None else {}
    query = urlencode({**kept, **told})
    return RedirectResponse(f"/supervisor?{query}" if query else "/supervisor", 303)


def _lifted(at: AtPage, request: Request) -> str:
    """Return the words about what a press has just lifted for one of the session's services, if anything."""
    names = _names(at.house, at.session, at.language)
    service = names.get(ServiceId(request.query_params.get("lifted", "")))
    texts = at.house.languages.texts(at.language, "staff")
    return texts.gettext("board.lifted") % {"service": service} if service is not None else ""


def _names(house: House, session: StaffSession, language: str) -> dict[ServiceId, str]:
    """Return what the services of a sign-in are called: theirs alone, however many there are."""
    own = {id_: house.site.services[id_] for id_ in house.may_serve(session)}
    return {id_: in_language(each.name, language, each.language).text for id_, each in own.items()}


async def _board(house: House, session: StaffSession, language: str, query: str) -> dict[str, Any]:
    """Return the board in words: `rows`, `alerts`, `sanctions`, `handed`, and `at`, the local time of day."""
    services, names = list(house.may_serve(session)), _names(house, session, language)
    return {
        "rows": await rows_now(house, services, language),
        "alerts": await alerts.in_words(house, session, names, language, query),
        "sanctions": unsafe.sanctions_in_words(house, services, names, language),
        "handed": await handovers.handed(house, session, language),
        "at": clock_time(house.clock.now().astimezone(STOCKHOLM), language),
    }


routes: Final = [
    Route("/supervisor", supervisor, methods=["GET"]),
    Route("/supervisor/board", board, methods=["GET"]),
    Route("/supervisor/sanctions/lift", lift, methods=["POST"]),
]
