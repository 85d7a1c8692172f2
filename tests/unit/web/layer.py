# SPDX-License-Identifier: EUPL-1.2
"""The outermost layer around a few routes, and how to ask it something without a server."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Scope

from web.security import (
    OwnOrigins,
    Perimeter,
    framed_headers,
    network_of,
    own_form,
)

TLS = OwnOrigins.from_urls(["https://chat.example/"])
DEMO = OwnOrigins.from_urls(["http://127.0.0.1:8000", "http://localhost:8000"])

Pairs = Sequence[tuple[str, str]]


def scope_of(
    headers: Pairs,
    *,
    kind: str = "http",
    method: str = "GET",
    path: str = "/",
    client: str | None = "192.0.2.7",
) -> Scope:
    """Return the scope of a request."""
    return {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": (client, 4711) if client else None,
    }


class Answer:
    """What came back."""

    def __init__(self, messages: list[Message]) -> None:
        self.messages = messages
        self.status: int = messages[0].get("status", 0)
        self.headers = {name.decode(): value.decode() for name, value in messages[0].get("headers", [])}
        self.body = b"".join(message.get("body", b"") for message in messages)


def ask(perimeter: Perimeter, scope: Scope, body: Iterable[bytes] = (b"",)) -> Answer:
    """Send one request through the layer; the body comes in these pieces."""
    pieces = list(body)
    sent: list[Message] = []

    async def receive() -> Message:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(perimeter(scope, receive, send))
    return Answer(sent)


async def page(request: Request) -> Response:
    """A page of the staff."""
    return HTMLResponse("<p>hej")


async def framed(request: Request) -> Response:
    """A page that one other site may frame."""
    return HTMLResponse("<p>hej", headers=framed_headers(["https://jour.example"]))


async def status(request: Request) -> Response:
    """JSON that caches may keep."""
    return JSONResponse({}, headers={"Cache-Control": "max-age=5"})


async def form(request: Request) -> Response:
    """Reads a form and says it back."""
    return JSONResponse(await own_form(request))


async def whence(request: Request) -> Response:
    """Tells what the layer left of where a request came from."""
    assert request.scope["client"] is None
    return PlainTextResponse(network_of(request.scope).hex())


ROUTES = [
    Route("/", page),
    Route("/framed", framed),
    Route("/status", status),
    Route("/form", form, methods=["POST"]),
    Route("/whence", whence),
    Route("/healthz", status),
]


def perimeter(own: OwnOrigins = TLS, proxies: Sequence[str] = ()) -> Perimeter:
    """Return the layer around a few routes."""
    networks = [ipaddress.ip_network(text) for text in proxies]
    return Perimeter(Starlette(routes=ROUTES), own=own, trusted_proxies=networks)
