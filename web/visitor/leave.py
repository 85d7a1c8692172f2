# SPDX-License-Identifier: EUPL-1.2
"""The beacon of the quick exit: `POST /leave` with the token in the body.

With the query `closed` the page went some other way, and nobody knows why: then she did not leave quickly.

Owns one answer: 204, whatever was sent. The token alone decides, so that nothing can be asked about a
conversation here, and a page that is being torn down needs no header.
"""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from web.house import House

LONGEST_TOKEN = 256


async def leave(request: Request) -> Response:
    """End the conversation of the token in the body, if it is one."""
    house: House = request.app.state.house
    token = await _token(request)
    try:
        if token is not None:
            await house.chat.visitors.leave_by_token(token, quickly="closed" not in request.query_params)
    except Exception as error:  # noqa: BLE001 - a page that is gone can do nothing with an error
        house.note_fault(error)
    return Response(status_code=204)


async def _token(request: Request) -> str | None:
    """Return the body, of which no more is read than a token has; None when there is more, or less came."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST_TOKEN:
                return None
    except ClientDisconnect:
        return None
    return body.decode("ascii", "replace").strip()
