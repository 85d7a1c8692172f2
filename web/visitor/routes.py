# SPDX-License-Identifier: EUPL-1.2
"""Which address of hers leads where: every page, and what her page fetches.

Owns the list. Each part keeps its own addresses.
"""

from __future__ import annotations

from starlette.routing import Route

from web.house import House
from web.visitor import (
    asked,
    asking,
    consent,
    elsewhere,
    find,
    pages,
    questions,
    reading,
    returning_texts,
    safety,
    statement,
    warm,
)
from web.visitor.leave import leave
from web.visitor.plain.pages import PlainPages
from web.visitor.ticket import TicketPages


def visitor_routes(house: House) -> list[Route]:
    """Return the routes of her side over an open house."""
    return [
        *find.routes,
        *pages.routes,
        *PlainPages(house).routes,
        *questions.routes,
        *reading.routes,
        *elsewhere.routes,
        *asking.routes,
        *consent.routes,
        *warm.routes,
        *returning_texts.routes,
        *asked.routes,
        *TicketPages(house).routes,
        *safety.routes,
        *statement.routes,
        Route("/leave", leave, methods=["POST"]),
    ]
