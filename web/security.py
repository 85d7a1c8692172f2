# SPDX-License-Identifier: EUPL-1.2
"""What every request passes before anything else: Host, Origin, size, and the headers of every answer.

Owns the outer ASGI layer `Perimeter`, the rule what our own origin is, the truncated prefix that stands for
where a request comes from, and the staff cookie. Knows no accounts and no conversations.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORM_LIMIT: Final = 64 * 1024
"""Bytes of a request's body."""

DISCARDED: Final = 16 * 1024 * 1024
"""Bytes of one too large that are read and thrown away: whoever is still sending hears no answer."""

STAFF_COOKIE: Final = "__Host-staff"
SIGN_IN_COOKIE: Final = "__Host-sign-in"
"""What a sign-in page gives before there is a session."""

# What `Perimeter` leaves in the scope for whoever comes after it.
_FROM_US: Final = "jourchatt.from_us"
_NETWORK: Final = "jourchatt.network"

_HOST = re.compile(r"(?P<name>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_ORIGIN = re.compile(r"https?://(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": 80, "https": 443}

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


# --- our own origin
# --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnOrigins:
    """The origins under which the house is reached, and nothing else is ours.

    They come from the public addresses in the settings, not from what a request says: behind a proxy that
    ends TLS the socket is plain http while every browser says https.
    """

    by_host: Mapping[str, str]
    """The origin (`https://chat.example`) of each host (`chat.example`), default ports left out."""

    @classmethod
    def from_urls(cls, urls: Iterable[str]) -> OwnOrigins:
        """Read addresses like `https://chat.example` or `http://localhost:8000`; a path is left out.

        Raises:
            ValueError: an address without scheme http or https or without a host.
        """
        by_host = {}
        for url in urls:
            scheme, _, rest = url.lower().partition("://")
            host = _host(rest.partition("/")[0], scheme) if scheme in _DEFAULT_PORTS else None
            if host is None:
                raise ValueError("a public address is http:// or https:// and a host name")
            by_host[host] = f"{scheme}://{host}"
        return cls(by_host)

    @property
    def secure(self) -> bool:
        """Whether all of them are https."""
        return all(origin.startswith("https:") for origin in self.by_host.values())

    @property
    def sockets(self) -> tuple[str, ...]:
        """The same origins as WebSockets name them."""
        return tuple(origin.replace("http", "ws", 1) for origin in self.by_host.values())

    def of(self, headers: Headers) -> str | None:
        """Return the origin that the Host header names; None when that is foreign, missing or given twice."""
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            return None
        # One host is ours under one scheme only, so either default port may be left out or not.
        for scheme in _DEFAULT_PORTS:
            origin = self.by_host.get(_host(hosts[0].lower(), scheme) or "")
            if origin is not None and origin.startswith(scheme + ":"):
                return origin
        return None


def _host(text: str, scheme: str) -> str | None:
    match = _HOST.fullmatch(text)
    if match is None:
        return None
    port = match["port"]
    return (
        match["name"]
        if port is None or int(port) == _DEFAULT_PORTS[scheme]
        else f"{match['name']}:{int(port)}"
    )


def own_origin(scope: Scope) -> bool:
    """Tell whether a form or a WebSocket comes from a page of ours, on the very host that it is sent to.

    A missing, doubled, `null` or look-alike Origin is foreign, and so is all that did not pass `Perimeter`.
    """
    return scope.get(_FROM_US) is True


async def own_form(request: Request) -> dict[str, str]:
    """Read the text fields of a form that one of our own pages sent; of a doubled field, the last.

    Whoever reads a form reads it here, so that no Origin goes unasked.

    Raises:
        HTTPException: 403 for a foreign Origin, 413 for a body beyond the limit, 400 for a malformed one and
            one that broke off.
    """
    if not own_origin(request.scope):
        raise HTTPException(403)
    try:
        async with request.form(max_files=0, max_fields=64) as form:
            return {name: value for name, value in form.items() if isinstance(value, str)}
    except ClientDisconnect:
        # Nobody hears the answer; without it the server would log an error for everybody who hangs up.
        raise HTTPException(400) from None


# --- where a request comes from
# ----------------------------------------------------------------------------------


def network_prefix(address: str) -> bytes:
    """Return what stands for an address: its first 3 (IPv4) or 7 bytes (IPv6, /56); empty if unknown."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return b""
    if isinstance(parsed, ipaddress.IPv6Address):
        return parsed.ipv4_mapped.packed[:3] if parsed.ipv4_mapped else parsed.packed[:7]
    return parsed.packed[:3]


def is_loopback(network: bytes) -> bool:
    """Tell whether a prefix is this machine's own: all of 127.0.0.0/8, or `::1`."""
    return (len(network) == 3 and network[0] == 127) or network == network_prefix("::1")


def network_of(scope: Scope) -> bytes:
    """Return the truncated prefix of where a request comes from: for limits in memory, never stored."""
    network = scope.get(_NETWORK, b"")
    return network if isinstance(network, bytes) else b""


def _seen_address(scope: Scope, trusted: Sequence[Network]) -> str:
    """Return the peer; for a trusted proxy, the nearest address it forwards for that is not one itself."""
    client = scope.get("client")
    address = client[0] if client else ""
    if not trusted or not _is_one_of(address, trusted):
        return address
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    for hop in reversed([hop.strip() for hop in forwarded.split(",") if hop.strip()]):
        address = hop
        if not _is_one_of(hop, trusted):
            break
    return address


def _is_one_of(address: str, networks: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in networks)


# --- headers
# -----------------------------------------------------------------------------------------------------


def content_security_policy(
    frame_ancestors: Sequence[str], *, sockets: Sequence[str] = (), leads_out: bool = False
) -> str:
    """Return the policy of a page of ours: nothing but our own origin, no inline script, Trusted Types.

    `frame_ancestors` are the exact origins that may frame the page; none means nobody. `sockets` are
    WebSocket origins to name beside `'self'`, for browsers from before it meant them too (Safari until 15).
    `leads_out`: a form of the page may be answered with a redirect to another site. Chromium holds every step
    of such a way against `form-action`, and whither a site out there leads on is not ours to know.

    Raises:
        ValueError: something that is not an exact origin, and might be more of a policy than it seems.
    """
    if not all(_ORIGIN.fullmatch(origin) for origin in frame_ancestors):
        raise ValueError("a frame ancestor is an exact origin")
    if not all(_ORIGIN.fullmatch(origin.replace("ws", "http", 1)) for origin in sockets):
        raise ValueError("a socket is an exact ws or wss origin")
    ancestors = " ".join(frame_ancestors) or "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            " ".join(("connect-src 'self'", *sockets)),
            "form-action 'self' https:" if leads_out else "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def framed_headers(frame_ancestors: Sequence[str], *, sockets: Sequence[str] = ()) -> dict[str, str]:
    """Return the headers of a page that other sites may frame, whatever their own Embedder-Policy is."""
    return {
        "Content-Security-Policy": content_security_policy(frame_ancestors, sockets=sockets),
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


ALWAYS: Final = (
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)
TRANSPORT_SECURITY: Final = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
_NOBODY_FRAMES: Final = content_security_policy(())
_KEPT_NOWHERE: Final = ("text/html", "application/json")


# --- the outer layer
# ---------------------------------------------------------------------------------------------


class Perimeter:
    """The outermost ASGI layer: it looks at every request first, and no answer leaves without its headers.

    It refuses a foreign Host (400), a WebSocket from a foreign Origin (403) and a body beyond `form_limit`
    (413). It takes the peer's address out of the scope and leaves the truncated prefix (`network_of`) in its
    place. Forwarding headers count only from a peer in `trusted_proxies` (addresses or networks), and only
    the address. A header that a route sets itself stands; `any_host` are the paths that a load balancer asks
    by address, `any_size` those that read no more of a body than they need.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        own: OwnOrigins,
        trusted_proxies: Iterable[Network] = (),
        form_limit: int = FORM_LIMIT,
        any_host: Iterable[str] = ("/healthz", "/readyz"),
        any_size: Iterable[str] = ("/leave",),
    ) -> None:
        self._app = app
        self._own = own
        self._trusted = tuple(trusted_proxies)
        self._form_limit = form_limit
        self._any_host = frozenset(any_host)
        self._any_size = frozenset(any_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or one WebSocket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        scope[_NETWORK] = network_prefix(_seen_address(scope, self._trusted))
        scope["client"] = None
        headers = Headers(scope=scope)
        origin = self._own.of(headers)
        scope[_FROM_US] = origin is not None and headers.getlist("origin") == [origin]
        if scope["type"] == "websocket":
            del headers  # this frame lives as long as the socket
            if own_origin(scope):
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})  # before the accept this is HTTP 403
            return
        app, bounded = self._app, scope["path"] not in self._any_size
        if origin is None and scope["path"] not in self._any_host:
            app = PlainTextResponse("This address is not known here.", 400)
        elif bounded and (announced := _announced(headers)) > self._form_limit:
            if announced <= DISCARDED:
                await _discard(receive)
            app = PlainTextResponse("Too large.", 413, {"Connection": "close"})
        secure = origin is not None and origin.startswith("https:")
        await app(scope, self._bounded(receive) if bounded else receive, _with_headers(send, secure=secure))

    def _bounded(self, receive: Receive) -> Receive:
        left = self._form_limit

        async def bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                if message.get("more_body", False):
                    await _discard(receive)
                raise HTTPException(413, headers={"Connection": "close"})
            return message

        return bounded


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 16 else DISCARDED + 1


async def _discard(receive: Receive) -> None:
    left, more = DISCARDED, True
    while more and left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        more = message.get("more_body", False)


def _with_headers(send: Send, *, secure: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ALWAYS:
                headers.setdefault(name, value)
            policy = headers.setdefault("Content-Security-Policy", _NOBODY_FRAMES)
            if "frame-ancestors 'none'" in policy:
                headers.setdefault("X-Frame-Options", "DENY")
            if headers.get("content-type", "").startswith(_KEPT_NOWHERE):
                headers.setdefault("Cache-Control", "no-store")
            if secure:
                headers.setdefault(*TRANSPORT_SECURITY)
        await send(message)

    return sending


# --- cookies
# -----------------------------------------------------------------------------------------------------


def set_staff_cookie(response: Response, token: str) -> None:
    """Give a browser the token of a sign-in, for as long as the browser runs."""
    give_cookie(response, STAFF_COOKIE, token)


def read_staff_cookie(connection: HTTPConnection | Scope) -> str | None:
    """Return the token that a request or WebSocket carries; None when there is none, or more than one."""
    return read_cookie(connection, STAFF_COOKIE)


def clear_staff_cookie(response: Response) -> None:
    """Take the token back."""
    clear_cookie(response, STAFF_COOKIE)


def set_sign_in_cookie(response: Response, value: str) -> None:
    """Give a browser the pre-session half of a sign-in form."""
    give_cookie(response, SIGN_IN_COOKIE, value)


def clear_sign_in_cookie(response: Response) -> None:
    """Take it back, once there is a session."""
    clear_cookie(response, SIGN_IN_COOKIE)


def read_cookie(connection: HTTPConnection | Scope, name: str) -> str | None:
    """Return one cookie's value as it was sent; None when it is absent, or there twice: one is planted."""
    scope = connection.scope if isinstance(connection, HTTPConnection) else connection
    pairs = ";".join(Headers(scope=scope).getlist("cookie")).split(";")
    values = [
        value.strip() for key, _, value in (pair.partition("=") for pair in pairs) if key.strip() == name
    ]
    return values[0] if len(values) == 1 else None


def give_cookie(response: Response, name: str, value: str) -> None:
    """Let a browser bring it back until it is closed: to us alone, and with no request of another site."""
    response.set_cookie(name, value, path="/", secure=True, httponly=True, samesite="strict")


def clear_cookie(response: Response, name: str) -> None:
    """Take it back, without a date: that would be another one each second, by the clock of the server."""
    response.set_cookie(name, max_age=0, path="/", secure=True, httponly=True, samesite="strict")
