# SPDX-License-Identifier: EUPL-1.2
"""The application: which address leads where.

Owns the route table and the outermost layer. Knows every side by its routes only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.errors import Unavailable
from web.accounts import pages as accounts_pages
from web.audit import pages as audit_pages
from web.barometer import pages as barometer_pages
from web.chair import pages as chair_pages
from web.errors import ROOTS, Outcome, outcome
from web.figures import pages as figures_pages
from web.files import files, static
from web.house import House
from web.operator import pages as operator_pages
from web.operator.socket import OperatorSocket
from web.people.routes import routes as people_routes
from web.receiver.pages import routes as receiver_routes
from web.replies import pages as replies_pages
from web.roster import pages as roster_pages
from web.security import OwnOrigins, Perimeter
from web.staffing import pages as staffing_pages
from web.supervisor import pages as supervisor_pages
from web.visitor.pages import missing
from web.visitor.routes import visitor_routes
from web.visitor.socket import VisitorSocket

STORE_ANSWERS_S: Final = 5.0
"""Whoever asks whether we are ready waits no longer than this for a store that hangs."""
STAFF: Final = ("/staff", "/console", "/supervisor")
"""Where the pages of the staff begin that have none of their own for this."""
_OF_THE_MOMENT: Final = {"Cache-Control": "no-store"}


def create_app(house: House, own: OwnOrigins, more: Sequence[BaseRoute] = ()) -> ASGIApp:
    """Return the application over an open house, reached under `own` origins and no others."""
    files()  # Read now: a script that cannot be sent is to be noticed at the start.
    app = Starlette(
        routes=routes_of(house, more), exception_handlers={**dict.fromkeys(ROOTS, refuse), 404: nowhere}
    )
    app.state.house = house
    # Behind a proxy it would lead to plain http, form and all: the scheme it knows is that of the way inside.
    app.router.redirect_slashes = False
    sockets: dict[str, ASGIApp] = {
        "/ws/visitor": VisitorSocket(house),
        "/ws/operator": OperatorSocket(house),
    }

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        # Sockets go straight to their side: every layer between costs something at each frame (measured).
        if scope["type"] == "websocket" and scope["path"] in sockets:
            await sockets[scope["path"]](scope, receive, send)
        else:
            await app(scope, receive, send)

    return Perimeter(inside, own=own, trusted_proxies=house.settings.trusted_proxies)


def routes_of(house: House, more: Sequence[BaseRoute] = ()) -> list[BaseRoute]:
    """Return every route of the application."""
    return [
        *visitor_routes(house),
        *accounts_pages.routes,
        *operator_pages.routes,
        *supervisor_pages.routes,
        *staffing_pages.routes,
        *replies_pages.routes,
        *figures_pages.routes,
        *barometer_pages.routes,
        *roster_pages.routes,
        *audit_pages.routes,
        *chair_pages.routes,
        *people_routes,
        *receiver_routes,
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/static/{path:path}", static),
        *more,
    ]


async def nowhere(request: Request, _: Exception) -> Response:
    """Answer an address that leads nowhere: a page with a way on to whoever wants one, else two words."""
    is_page = request.method == "GET" and _wants_page(request) and not request.url.path.startswith(STAFF)
    return missing(request, request.app.state.house) if is_page else PlainTextResponse("Not Found", 404)


async def refuse(request: Request, error: Exception) -> Response:
    """Answer an error that no page has handled, by the one table.

    A person of the staff who waits for a page gets one when it is our fault; programs get a word.
    """
    house: House = request.app.state.house
    fault = house.note_fault(error)
    said = outcome(error)
    house.refused[said.code] += 1
    is_for_staff = request.url.path.startswith(STAFF) and _wants_page(request)
    if is_for_staff and said.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _fault_page(request, house, said, fault)
    return PlainTextResponse(f"{said.code}\n" if fault is None else f"{said.code} {fault}\n", said.status)


def _wants_page(request: Request) -> bool:
    """Tell whether a browser has asked, for somebody to read: programs and scripts name no HTML."""
    return "text/html" in request.headers.get("accept", "")


def _fault_page(request: Request, house: House, said: Outcome, fault: str | None) -> Response:
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    context = {
        "language": house.languages.pick_for_staff(request.query_params.get("lang")),
        "later": said.retry,
        "again": address if request.method == "GET" else None,
        "fault": fault,
    }
    return house.page(request, "staff/fault.html", context, status=said.status, domain="staff")


async def healthz(_: Request) -> Response:
    """Tell that the process answers."""
    return PlainTextResponse("ok\n", headers=_OF_THE_MOMENT)


async def readyz(request: Request) -> Response:
    """Tell whether new people may be sent here: the store answers and the server is not about to stop.

    Without the bus they may: a message takes two seconds then, and every other server would say the same.
    """
    word, status = await _ready(request.app.state.house)
    return PlainTextResponse(f"{word}\n", status, _OF_THE_MOMENT)


async def _ready(house: House) -> tuple[str, int]:
    if house.draining:
        return "draining", 503
    try:
        async with asyncio.timeout(STORE_ANSWERS_S):
            await house.accounts.answers()
    except (Unavailable, TimeoutError):
        return "the store does not answer", 503
    return ("degraded" if house.chat.bus.is_away() else "ok"), 200
