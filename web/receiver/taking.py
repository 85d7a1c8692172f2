# SPDX-License-Identifier: EUPL-1.2
"""Taking a ticket along: on paper, and as a file for another system.

Owns the print view, the JSON file and the address of its schema. Only what has been opened can be taken;
both are recorded.
"""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from handover.errors import Locked, TooLate
from handover.export import json_schema
from handover.inbox import Opened
from web.accounts.audit import Audited
from web.attachment import JSON, attached
from web.receiver.desk import Desk, address_of, today
from web.receiver.reading import name_coordinator
from web.receiver.wording import document


async def on_paper(desk: Desk) -> Response:
    """Answer `GET /tickets/{ticket}/print`: the ticket as it is printed; 303 to it if it is not open."""
    opened = await _opened(desk)
    if opened is None:
        return desk.to(address_of((await desk.ticket()).ticket.id))
    unit = desk.receiver(opened.stored)
    shown = document(opened, unit, desk.language, desk.now)
    await name_coordinator(desk, opened, shown["letters"])
    context = {"ticket": shown, "today": today(desk)}
    await desk.record(Audited.EXPORTED, unit.id)
    return desk.page("receiver/print.html", context)


async def as_file(desk: Desk) -> Response:
    """Answer `GET /tickets/{ticket}/ticket.json`: the file; 303 to the ticket if it is not open."""
    opened = await _opened(desk)
    if opened is None:
        return desk.to(address_of((await desk.ticket()).ticket.id))
    await desk.record(Audited.EXPORTED, opened.stored.ticket.receiver)
    body = msgspec.json.format(msgspec.json.encode(opened.export()), indent=2)
    name = f"ticket-{opened.stored.ticket.id}.json"
    return attached(body, JSON, name)


async def schema(_: Request) -> Response:
    """Answer `GET /tickets/schema/ticket-1.json`: what the file looks like, about nobody."""
    return Response(
        msgspec.json.format(msgspec.json.encode(json_schema()), indent=2), media_type="application/json"
    )


async def _opened(desk: Desk) -> Opened | None:
    stored = await desk.ticket()
    if not desk.units.is_unlocked(desk.who.id, stored.ticket.receiver):
        raise Locked
    if stored.ticket.opened_at is None or not stored.ticket.is_readable:
        return None
    try:
        opened, _ = await desk.inbox.open(desk.who, stored.ticket.id)
    except TooLate:
        return None
    return opened
