# SPDX-License-Identifier: EUPL-1.2
"""Made-up requests, byte for byte, to a whole server: below 500 or dropped, and no error in the log."""

from __future__ import annotations

import asyncio
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.web.raw import connected
from tests.web.running import Running

pytestmark = pytest.mark.fuzz

METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "TRACE", "get", "\u00e5"])
PLACES = [
    *(
        "/",
        "/chat/linden",
        "/status/linden",
        "/leave",
        "/staff/sign-in",
        "/staff/sign-out",
        "/console",
        "/supervisor",
    ),
    *(
        "/supervisor/board",
        "/supervisor/sanctions/lift",
        "/tickets",
        "/tickets/unlock",
        "/tickets/AAAAAAAAAAAAAAAAAAAAAA/write",
        "/ticket",
        "/widget.js",
        "/static/visitor/chat.js",
        "/ws/visitor",
        "/healthz",
    ),
    *("/demo/", "/chat/linden/plain", "/chat/", "//", "*", "http://x/", "?", "/static/", ""),
]
PARTS = [
    "%00",
    "%ff",
    "%0d%0a",
    "..",
    "%2e%2e%2f",
    "?lang=",
    "sv",
    "ar",
    "&",
    "=",
    "\u00e5",
    "{",
    "'",
    "#",
    "/",
    ";",
]
paths = st.builds(
    lambda place, parts: place + "".join(parts),
    st.sampled_from(PLACES),
    st.lists(st.sampled_from(PARTS), max_size=5),
)
words = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=30)
headers = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *(
                    "Host",
                    "Origin",
                    "Cookie",
                    "Content-Type",
                    "Content-Length",
                    "Transfer-Encoding",
                    "Range",
                    "Upgrade",
                ),
                *(
                    "Connection",
                    "Sec-WebSocket-Key",
                    "Sec-WebSocket-Version",
                    "If-None-Match",
                    "If-Modified-Since",
                ),
                *("Accept-Language", "Accept-Encoding", "Expect", "X-Forwarded-For", "Authorization"),
            ]
        ),
        words
        | st.sampled_from(
            [
                *(
                    "<host>",
                    "<own>",
                    "chunked",
                    "websocket",
                    "Upgrade",
                    "13",
                    "bytes=0-",
                    "bytes=9-1,2-3,4-",
                    "-1",
                    "5",
                ),
                *(
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "100-continue",
                    "gzip;q=x",
                ),
                *("__Host-staff=x; __Host-staff=y", "sv;q=9,*;q=-1", "Sun, 99 Foo 2026", '"*"', "x" * 24),
            ]
        ),
    ),
    max_size=5,
)
bodies = st.binary(max_size=60) | st.sampled_from(
    [b"", b"5\r\na=b&c\r\n0\r\n\r\n", b"csrf=x", b"zz\r\n", b"--x--\r\n"]
)


@given(method=METHODS, path=paths, given_headers=headers, ours=st.booleans(), body=bodies)
@settings(
    max_examples=examples(120),
    # One server for all examples; each is a connection of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_any_request_is_answered_below_500_or_dropped(  # noqa: PLR0917 - the parts of a request
    run: Running,
    written: io.StringIO,
    method: str,
    path: str,
    given_headers: list[tuple[str, str]],
    ours: bool,
    body: bytes,
) -> None:
    """See the module."""
    before = len(written.getvalue())
    host = f"127.0.0.1:{run.port}"
    own = [("Host", host), ("Origin", run.at.url)] if ours else []
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in [*own, *given_headers]),
        "",
        "",
    ]
    text = "\r\n".join(lines).replace("<host>", host).replace("<own>", run.at.url)
    async with connected(run.port) as raw:
        raw.writer.write(text.encode("latin-1") + body)
        raw.writer.write_eof()
        async with asyncio.timeout(15):
            head = await raw.reader.read(64)
    assert head == b"" or int(head.split()[1]) < 500 or head.split()[1] == b"501"
    await run.quiet()
    logged = [json.loads(line) for line in written.getvalue()[before:].splitlines()]
    assert [line for line in logged if line["level"] != "WARNING" or "errors" in line] == []
