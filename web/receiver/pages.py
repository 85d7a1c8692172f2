# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the receiver's side.

Owns the table alone: which address is answered by what.
"""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from handover.export import SCHEMA_NAME
from web.accounts.pages import TICKETS
from web.receiver import answering, listing, reading, samrad, taking
from web.receiver.desk import FormHandler, Handler, sent, shown


def _get(path: str, handler: Handler) -> Route:
    return Route(TICKETS + path, shown(handler), methods=["GET"])


def _post(path: str, handler: FormHandler) -> Route:
    return Route(TICKETS + path, sent(handler), methods=["POST"])


routes: Final = [
    _get("", listing.show),
    _post("/unlock", listing.unlock),
    _post("/lock", listing.lock),
    Route(f"{TICKETS}/schema/{SCHEMA_NAME}", taking.schema, methods=["GET"]),
    _get("/{ticket}", reading.show),
    _get("/{ticket}/print", taking.on_paper),
    _get("/{ticket}/ticket.json", taking.as_file),
    _get("/{ticket}/samrad", samrad.show),
    _post("/{ticket}/open", reading.open_),
    _post("/{ticket}/unlock", reading.unlocked),
    _post("/{ticket}/write", answering.write),
    _post("/{ticket}/accept", answering.accept),
    _post("/{ticket}/decline", answering.decline),
    _post("/{ticket}/comes", answering.meeting),
    _post("/{ticket}/contacts", samrad.contacts),
    _post("/{ticket}/meeting", samrad.meeting),
]
