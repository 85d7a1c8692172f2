# SPDX-License-Identifier: EUPL-1.2
"""The chat behind a real nginx, which has the file that we tell people to use."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.deployment.certificate import Certificate
from tests.deployment.conftest import Stage
from tests.deployment.nginx import LOGGED, NAME, PROGRAM, Nginx
from tests.deployment.recorder import recording
from tests.outside import connection as outside
from tests.outside.connection import SUBPROTOCOL, Connection, new_id
from tests.outside.operator import Operator
from tests.outside.served import Served
from tests.outside.server import Addresses
from tests.outside.visitor import Visitor
from tests.servers.program import free_port

HERS = "127.0.0.77"
"""An address that she comes from: all of 127.0.0.0/8 is this machine's own."""
FORGED = "203.0.113.9"
WORDS = "granatäpple-i-snön"
PAGES = (
    "/",
    "/chat/linden",
    "/chat/linden/plain",
    "/status/linden",
    "/widget.js",
    "/staff/sign-in",
    "/static/visitor/visitor.css",
    "/console",
    "/no-such-page",
)
HOP_BY_HOP = {"connection", "date", "keep-alive", "server", "transfer-encoding"}

pytestmark = pytest.mark.skipif(
    PROGRAM is None or shutil.which("curl") is None,
    reason="nginx is not tested here: sudo apt install nginx-light curl",
)


async def test_chat_behind_nginx(stage: Stage) -> None:
    """All of it works as without it, and nginx has written no address and no word in any file."""
    nginx, server, at = stage.nginx, stage.server, stage.at
    await _pages_are_ours(server, nginx)
    await _speaks_http2(nginx)
    visitor, operator, conversation = await _talk(at)
    await _frames_up_to_the_bound(visitor, operator, conversation)
    await _bodies(at)
    await _forged_addresses_are_not_believed(at)
    await _others_are_refused(nginx)
    await _server_goes_and_comes(server, nginx, visitor, operator, conversation)
    assert nginx.wrote(HERS, FORGED, "127.0.0.", WORDS, visitor.token) == []
    assert not (nginx.folder / "temporary").exists()


async def _pages_are_ours(server: Served, nginx: Nginx) -> None:
    """Every header and byte comes through once, whatever the browser can unpack."""
    direct_headers = {"Host": f"{NAME}:{nginx.port}"}
    async with outside.browser() as http:
        for path in PAGES:
            for coding in ("gzip, br, zstd", "identity"):
                asked = {"Accept-Encoding": coding}
                direct = await http.get(server.at.url + path, headers={**direct_headers, **asked})
                through = await http.get(nginx.url + path, headers=asked)
                assert through.status_code == direct.status_code, path
                assert _compared(through) == _compared(direct), path
                assert len(through.content) == len(direct.content), path
        for path in ("/healthz", "/readyz", "/metrics"):
            _is_neutral(await http.get(nginx.url + path), 404)
        plain = await http.get(f"http://127.0.0.1:{nginx.plain_port}/chat/linden", headers={"Host": NAME})
        assert (plain.status_code, plain.headers["location"]) == (301, f"{nginx.url}/chat/linden")


def _compared(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return the headers with their number, of a cookie all but its value."""
    return sorted(
        (name, value.partition(";")[2] if name == "set-cookie" else value)
        for name, value in answer.headers.multi_items()
        if name not in HOP_BY_HOP
    )


def _is_neutral(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status
    assert "Sidan kan inte visas just nu" in answer.text
    for telling in ("nginx", "chat", "jour", "våld", NAME):
        assert telling not in answer.text.lower()
    for name, value in (
        ("content-security-policy", "default-src 'none'"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ("cache-control", "no-store"),
        ("content-type", "text/html; charset=utf-8"),
    ):
        assert answer.headers.get_list(name) == [value]


async def _speaks_http2(nginx: Nginx) -> None:
    with nginx.connects(protocols=("h2", "http/1.1")) as tls:
        assert (tls.selected_alpn_protocol(), tls.version()) == ("h2", "TLSv1.3")
    asked = ["curl", "--silent", "--fail", "--http2", "--cacert", str(nginx.authority), f"{nginx.url}/"]
    asked += ["--write-out", " over %{http_version}"]
    page = await asyncio.to_thread(subprocess.run, asked, capture_output=True, text=True, check=True)
    assert "<title>" in page.stdout
    assert page.stdout.endswith(" over 2")


async def _talk(at: Addresses) -> tuple[Visitor, Operator, str]:
    """Somebody signs in with a `__Host-` cookie, and the two of them talk."""
    operator = Operator(at, at.operators_of("linden")[0])
    given = (await operator.request("GET", "/staff/sign-in")).headers.get_list("set-cookie")
    assert [line.partition("=")[0] for line in given] == ["__Host-sign-in"]
    await operator.signs_in()
    assert "__Host-staff" in operator.cookies
    await operator.connects()
    await operator.goes_on_duty("linden", alias="Kim")
    visitor = await Visitor.starts(at, "linden", source=HERS)
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await visitor.says(WORDS)
    await operator.hears(conversation, WORDS)
    await operator.says(conversation, "Jag läser.")
    await visitor.hears("Jag läser.")
    return visitor, operator, conversation


async def _frames_up_to_the_bound(visitor: Visitor, operator: Operator, conversation: str) -> None:
    """A frame of 32 KiB goes through whole, a longer one closes the socket, and she comes back."""
    client_id = new_id()
    frame = f'{{"type":"say","id":"{client_id}","text":"Ett."}}'
    await visitor.connection.send_text(frame.ljust(32 * 1024))
    await visitor.connection.expect("ack", id=client_id)
    await operator.hears(conversation, "Ett.")
    await visitor.connection.send_text("".ljust(32 * 1024 + 1))
    assert await visitor.connection.closed() == 1009
    await visitor.connection.close()
    await visitor.resumes(after=4)


async def _bodies(at: Addresses) -> None:
    """A whole form passes without a file, one too large is refused: first by the chat, then by nginx."""
    async with outside.browser() as http:

        async def sent(size: int) -> httpx.Response:
            form = f"name=x&password={WORDS}".ljust(size, "x")
            kind = {"Origin": at.url, "Content-Type": "application/x-www-form-urlencoded"}
            return await http.post(f"{at.url}/staff/sign-in", content=form.encode(), headers=kind)

        whole, larger, huge = [await sent(size) for size in (60_000, 100_000, 10_000_000)]
    assert whole.status_code == 403  # it was read: it has no token
    assert (larger.status_code, larger.text) == (413, "Too large.")
    _is_neutral(huge, 413)


async def _forged_addresses_are_not_believed(at: Addresses) -> None:
    """Whoever names another address each time has one allowance all the same, and costs nobody theirs."""
    notice = await Visitor(at, "eken").notice()
    first = None
    for number in range(32):
        forged = {"X-Forwarded-For": f"203.0.{number}.9", "Forwarded": f"for={FORGED}", "X-Real-IP": FORGED}
        socket = await connect(
            at.ws_visitor,
            origin=Origin(at.url),
            subprotocols=[SUBPROTOCOL],
            additional_headers=forged,
            compression=None,
            local_addr=("127.9.9.9", 0),
            proxy=None,
        )
        connection = Connection(socket)
        await connection.send("start", service="eken", language="sv", notice=notice)
        first = await connection.expect_one_of("welcome", "nack")
        if first["type"] == "welcome":
            await connection.send("leave")
            await connection.expect("ended")
        await connection.close()
    assert first is not None
    assert first.get("code") == "work", first
    somebody = Visitor(at, "eken", source="127.8.8.8")
    await somebody.connect()
    welcome = await somebody.asks_to_start(service="eken", language="sv", notice=notice)
    assert welcome["type"] == "welcome"
    await somebody.leaves()
    await somebody.connection.close()


async def _others_are_refused(nginx: Nginx) -> None:
    """Another name gets no certificate and no page; another origin no socket."""
    with pytest.raises(OSError, match=r"unrecognized name|alert|reset"):
        nginx.connects("foreign.example")
    async with outside.browser() as http:
        with pytest.raises(httpx.TransportError):
            await http.get(nginx.url, headers={"Host": "foreign.example"})
        with pytest.raises(httpx.TransportError):
            await http.get(f"http://127.0.0.1:{nginx.plain_port}/", headers={"Host": "foreign.example"})
        foreign = await http.post(
            f"{nginx.url}/staff/sign-in", data={"name": "x"}, headers={"Origin": "https://foreign.example"}
        )
    assert foreign.status_code == 403


async def _server_goes_and_comes(
    server: Served, nginx: Nginx, visitor: Visitor, operator: Operator, conversation: str
) -> None:
    """While the server is away nginx says a neutral sentence; afterwards the talk goes on."""
    assert await asyncio.to_thread(server.term) == 0
    async with outside.browser() as http:
        _is_neutral(await http.get(f"{nginx.url}/chat/linden"), 502)
    for person in (visitor, operator):
        await person.connection.closed()
        await person.connection.close()
    await asyncio.to_thread(server.start)
    await visitor.resumes(after=4)
    await operator.connects()
    await operator.resumes(conversation)
    await visitor.says("Jag är kvar.")
    await operator.hears(conversation, "Jag är kvar.")
    await visitor.leaves()
    for person in (visitor, operator):
        await person.connection.close()


async def test_search_finds_what_nginx_writes_by_itself(tmp_path: Path, certificate: Certificate) -> None:
    """With the logs as they come with nginx the address is found; and what the chat is told is hers alone."""
    first, second = free_port(), free_port()
    with Nginx(tmp_path / "nginx", certificate, [first, second], changes=LOGGED) as nginx:
        async with recording(first) as at_first, recording(second) as at_second:
            forged = {"X-Forwarded-For": FORGED, "X-Real-IP": FORGED, "Forwarded": f"for={FORGED}"}
            forged |= {"X-Forwarded-Host": "foreign.example", "X-Forwarded-Proto": "http"}
            for source in (HERS, *(f"127.{number}.1.1" for number in range(1, 20))):
                transport = httpx.AsyncHTTPTransport(local_address=source, verify=outside.NO_CERTIFICATES)
                async with httpx.AsyncClient(transport=transport) as http:
                    for _ in range(2):
                        await http.get(f"{nginx.url}/", headers={**forged, "Origin": nginx.url})
    heads = [*at_first, *at_second]
    assert min(len(at_first), len(at_second)) > 0, "all came to one of the two"
    for head in heads:
        assert [value for name, value in head if name == "host"] == [f"{NAME}:{nginx.port}"]
        assert [value for name, value in head if name == "origin"] == [nginx.url]
        assert not {"x-real-ip", "forwarded", "x-forwarded-host", "x-forwarded-proto"} & {
            name for name, _ in head
        }
    told = [
        [value for head in at for name, value in head if name == "x-forwarded-for"]
        for at in (at_first, at_second)
    ]
    assert HERS in told[0] + told[1]
    assert not set(told[0]) & set(told[1]), "one address came to both"
    assert FORGED not in told[0] + told[1]
    assert nginx.wrote(HERS) != []
