# SPDX-License-Identifier: EUPL-1.2
"""Table: requests over HTTP that no page of ours sends, and the exact status of the answer.

In a row, `<own>`, `<other>`, `<host>` and `<port>` stand for our origin, the demo's second one, our host and
our port; `<csrf>` and `<others-csrf>` for the token of the own and of another sign-in; `<form>` and
`<others-form>` for those of a sign-in page before there is a session. Knows no server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Request:
    """One request and its outcome. `signed_in`: with the cookie of a live sign-in."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    signed_in: bool = False


ORIGINS: Mapping[str, str | None] = {
    "missing": None,
    "empty": "",
    "null": "null",
    "foreign": "http://evil.example",
    "ours with a foreign end": "<own>.evil.example",
    "ours with a longer port": "<own>0",
    "ours with a prefix": "http://evil.<host>",
    "another port": "http://127.0.0.1:1",
    "no port": "http://127.0.0.1",
    "another scheme": "https://<host>",
    "scheme of a socket": "ws://<host>",
    "ours as userinfo": "http://<host>@evil.example",
    "userinfo before ours": "http://x@<host>",
    "a path": "<own>/",
    "a question": "<own>?",
    "the demo's other host": "<other>",
    "capitals": "HTTP://<host>",
    "two in one": "<own> <own>",
    "two with a comma": "<own>, http://evil.example",
    "another spelling of loopback": "http://127.1:<port>",
    "loopback as a number": "http://2130706433:<port>",
    "loopback in IPv6": "http://[::ffff:127.0.0.1]:<port>",
    "full-width digits": "http://１２７.0.0.1:<port>",
    "a dot at the end": "http://127.0.0.1.:<port>",
}
"""An Origin. Outcome: HTTP 403 for both sockets and both forms, and no cookie."""

HOSTS: Mapping[str, str] = {
    "foreign": "evil.example",
    "foreign with our port": "evil.example:<port>",
    "no port": "127.0.0.1",
    "another port": "127.0.0.1:1",
    "ours with a foreign end": "localhost.evil.example:<port>",
    "ours with a prefix": "evil.localhost:<port>",
    "ours as userinfo": "localhost:<port>@evil.example",
    "a dot at the end": "localhost.:<port>",
    "two with a comma": "<host>, evil.example",
    "empty": "",
    "nonsense": "[::1",
}
"""A Host. Outcome: 400 for a page, which does not repeat it, and 400 or 403 for a socket."""

STATIC_PATHS: tuple[str, ...] = (
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/..%2fapp.py",
    "/static/..%5capp.py",
    "/static/..\\app.py",
    "/static/%252e%252e/app.py",
    "/static/..%c0%afapp.py",
    "/static/....//app.py",
    "/static/visitor/..%2f..%2f..%2fapp.py",
    "/static/visitor/../../app.py",
    "/static/%2fetc/passwd",
    "/static//etc/passwd",
    "/static/file:///etc/passwd",
    "/static/visitor%00.css",
    "/static/visitor/visitor.css%00",
    "/static/" + "a" * 5_000,
    "/static/" + "../" * 1_000 + "etc/passwd",
    "/static/%ff%fe",
    "/static/",
    "/static/visitor",
)
"""Outcome: 400, 404 or 405 (the first where the path is no path at all), and nothing of a file."""

_SIGN_IN = "/staff/sign-in"
_SIGN_OUT = "/staff/sign-out"
_OURS = {**FORM, "Origin": "<own>"}
_KNOWN = b"name=anna&password=<password>"

FORMS: Mapping[str, Request] = {
    "sign-in without a token": Request("POST", _SIGN_IN, 403, _OURS, _KNOWN),
    "sign-in with an empty token": Request("POST", _SIGN_IN, 403, _OURS, _KNOWN + b"&csrf="),
    "sign-in with a made-up token": Request("POST", _SIGN_IN, 403, _OURS, _KNOWN + b"&csrf=" + b"x" * 43),
    "sign-in with a long token": Request("POST", _SIGN_IN, 403, _OURS, _KNOWN + b"&csrf=" + b"%c3%a5" * 500),
    "sign-in with a token and no cookie": Request("POST", _SIGN_IN, 403, _OURS, _KNOWN + b"&csrf=<form>"),
    "sign-in with another browser's token": Request(
        "POST", _SIGN_IN, 403, {**_OURS, "Cookie": "<form-cookie>"}, _KNOWN + b"&csrf=<others-form>"
    ),
    "sign-in with its two cookies": Request(
        "POST",
        _SIGN_IN,
        403,
        {**_OURS, "Cookie": "<form-cookie>; <others-form-cookie>"},
        _KNOWN + b"&csrf=<form>",
    ),
    "sign-out without a token": Request("POST", _SIGN_OUT, 403, _OURS, b"", signed_in=True),
    "sign-out with a made-up token": Request(
        "POST", _SIGN_OUT, 403, _OURS, b"csrf=" + b"x" * 43, signed_in=True
    ),
    "sign-out with another session's token": Request(
        "POST", _SIGN_OUT, 403, _OURS, b"csrf=<others-csrf>", signed_in=True
    ),
    "sign-out with its token in the address": Request(
        "POST", _SIGN_OUT + "?csrf=<csrf>", 403, _OURS, b"", signed_in=True
    ),
    "JSON": Request("POST", _SIGN_IN, 403, {"Origin": "<own>", "Content-Type": "application/json"}, b"{}"),
    "multipart that is broken": Request(
        "POST", _SIGN_IN, 403, {**_OURS, "Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\nbroken"
    ),
    "multipart without a boundary": Request(
        "POST", _SIGN_IN, 400, {**_OURS, "Content-Type": "multipart/form-data"}, b"no boundary"
    ),
    "multipart with a file": Request(
        "POST",
        _SIGN_IN,
        400,
        {**_OURS, "Content-Type": "multipart/form-data; boundary=x"},
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\na\r\n--x--\r\n',
    ),
    "bytes that are no text": Request("POST", _SIGN_IN, 403, _OURS, b"%ff%fe=\xff\x00"),
    "null characters": Request("POST", _SIGN_IN, 403, _OURS, b"name=a%00b&password=%00&csrf=%00"),
    "5,000 fields": Request("POST", _SIGN_IN, 400, _OURS, b"a=1&" * 5_000),
    "70 kB": Request("POST", _SIGN_IN, 413, _OURS, b"name=" + b"a" * 70_000),
    "10 MB": Request("POST", _SIGN_IN, 413, _OURS, b"name=" + b"a" * 10_000_000),
    "10 MB to the sign-out": Request(
        "POST", _SIGN_OUT, 413, _OURS, b"csrf=" + b"a" * 10_000_000, signed_in=True
    ),
    "10 MB to a page": Request("POST", "/", 413, _OURS, b"a" * 10_000_000),
    "10 MB to the beacon": Request("POST", "/leave", 204, {}, b"A" * 10_000_000),
    "10 MB to the counters": Request("POST", "/asked", 413, {}, b"A" * 10_000_000),
}
"""Forms. Outcome: the status, and never a `__Host-staff` cookie; a sign-in that there was goes on."""

REQUESTS: Mapping[str, Request] = {
    **{
        f"{method} {path}": Request(method, path, 405)
        for method, path in (
            ("PUT", "/"),
            ("GET", "/asked"),
            ("POST", "/reading/linden"),
            ("DELETE", "/chat/linden"),
            ("PATCH", "/status/linden"),
            ("GET", "/leave"),
            ("DELETE", "/leave"),
            ("OPTIONS", "/leave"),
            ("PUT", _SIGN_IN),
            ("GET", _SIGN_OUT),
            ("POST", "/console"),
            ("POST", "/static/visitor/visitor.css"),
            ("TRACE", "/"),
            ("NONSENSE", "/"),
        )
    },
    "answers without a form of ours": Request("POST", "/", 403, FORM, b"need=talk"),
    "socket without an upgrade": Request("GET", "/ws/visitor", 404),
    "console without a sign-in": Request("GET", "/console", 303),
    **{
        f"console with the cookie {name}": Request(
            "GET", "/console", 303, {"Cookie": f"__Host-staff={value}"}
        )
        for name, value in {
            "empty": "",
            "made up": "x",
            "of the right length": "A" * 46,
            "of 10,000 characters": "A" * 10_000,
            "of a quote": '"',
            "of a path": "../..",
            "of a visitor's token": "<token>",
        }.items()
    },
    "console with the cookie twice": Request(
        "GET", "/console", 303, {"Cookie": "<staff-cookie>; __Host-staff=x"}
    ),
    "console with the cookie of another name": Request("GET", "/console", 303, {"Cookie": "staff=<staff>"}),
    "unknown service": Request("GET", "/chat/nowhere", 404),
    "service as a path": Request("GET", "/chat/..%2f..%2fconsole", 404),
    "service with a null character": Request("GET", "/chat/linden%00", 404),
    "service that is no UTF-8": Request("GET", "/chat/%ff%fe", 404),
    "status of an unknown service": Request("GET", "/status/nowhere", 404),
    "unknown language": Request("GET", "/chat/linden?lang=%00%ff", 200),
    "language of 10,000 characters": Request("GET", "/chat/linden?lang=" + "a" * 10_000, 200),
    "language as markup": Request("GET", "/?lang=%3Cscript%3Ealert(1)%3C/script%3E", 200),
    "line break in an address": Request("GET", "/chat/linden%0d%0aSet-Cookie:%20planted=1", 404),
    "line break in a question": Request("GET", "/chat/linden?lang=sv%0d%0aSet-Cookie:%20planted=1", 200),
    "line break in a redirect": Request("GET", "/chat/x%0d%0aSet-Cookie:%20planted=1/plain", 303),
    "another site in a redirect": Request("GET", "//evil.example/plain", 404),
}
"""Everything else. Outcome: the status; nothing is planted, repeated as markup or led elsewhere."""

FORWARDED: Mapping[str, str] = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "1",
    "X-Original-URL": "/console",
    "X-Rewrite-URL": "/console",
    "X-HTTP-Method-Override": "DELETE",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
}
"""Outcome: the very same answer as without them, from a peer that is no trusted proxy."""

_POST = b"POST /leave HTTP/1.1\r\nHost: <host>\r\n"
_SENT_FORM = (
    b"POST /staff/sign-in HTTP/1.1\r\nHost: <host>\r\nOrigin: <own>\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)
_CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"

GARBAGE: Mapping[str, tuple[bytes, ...]] = {
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00",),
    "another HTTP": (b"GET / HTTP/9\r\n\r\n",),
    "null bytes": (b"\x00" * 4096,),
    "half a head": (b"GET / HTTP/1.1\r\nHost",),
    "two lengths": (_POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",),
    "negative length": (_POST + b"Content-Length: -1\r\n\r\n",),
    "unknown coding": (_POST + b"Transfer-Encoding: xyz\r\n\r\n0",),
    "broken chunk": (_POST + _CHUNKED + b"zz\r\n",),
    "chunk that breaks off": (_POST + _CHUNKED + b"ff\r\nabc",),
    "broken chunk after the answer": (
        b"PUT / HTTP/1.1\r\nHost: <host>\r\n" + _CHUNKED,
        b"zz\r\n",
    ),
    "broken chunk in a form": (
        _SENT_FORM + _CHUNKED + b"3\r\na=b\r\n",
        b"zz\r\n",
    ),
    "form that breaks off": (_SENT_FORM + b"Content-Length: 100\r\n\r\nname=hemligt",),
    "null in a header": (b"GET / HTTP/1.1\r\nHost: x\x00y\r\n\r\n",),
    "bare line break in a header": (
        b"GET / HTTP/1.1\r\nHost: <host>\r\nX: a\rSet-Cookie: planted=1\r\n\r\n",
    ),
    "space before the colon": (b"GET / HTTP/1.1\r\nHost : <host>\r\n\r\n",),
    "no host": (b"GET / HTTP/1.1\r\n\r\n",),
}
"""Bytes that are no request, in the order of their writes. Outcome: a 4xx or 501, or gone."""

ENDLESS: Mapping[str, bytes] = {
    "one long header": b"X: " + b"a" * 200_000,
    "many headers": b"\r\n".join(b"X-%d: a" % number for number in range(20_000)),
    "many cookies": b"Cookie: " + b"; ".join(b"__Host-staff=%d" % number for number in range(20_000)),
}
"""What a head may be made too long with. Outcome: 400, 431 or gone."""
