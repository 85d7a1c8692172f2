# SPDX-License-Identifier: EUPL-1.2
"""Host and Origin: sockets and forms are taken from our own pages only."""

from __future__ import annotations

import pytest

from tests.web.raw import Header, connected
from tests.web.running import Running

SOCKETS = ("/ws/visitor", "/ws/operator")

FOREIGN = {
    "missing": None,
    "empty": "",
    "null": "null",
    "foreign": "http://evil.example",
    "suffix": "{own}.evil.example",
    "longer port": "{own}0",
    "prefix": "http://evil.{host}",
    "other port": "http://127.0.0.1:1",
    "no port": "http://127.0.0.1",
    "other scheme": "https://{host}",
    "userinfo": "http://{host}@evil.example",
    "our name as userinfo": "http://x@{host}",
    "path": "{own}/",
    "other host of ours": "{other}",
    "upper case": "HTTP://{host}",
    "two": "{own} {own}",
}


def origin(run: Running, form: str | None) -> list[Header]:
    """Return the Origin header of one row of the table."""
    if form is None:
        return []
    host = f"127.0.0.1:{run.port}"
    return [("Origin", form.format(own=run.at.url, host=host, other=run.other))]


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize("form", FOREIGN.values(), ids=FOREIGN)
async def test_socket_of_foreign_origin_is_refused(run: Running, path: str, form: str | None) -> None:
    """The handshake is answered 403."""
    async with connected(run.port) as raw:
        await raw.ask(path, [("Host", f"127.0.0.1:{run.port}"), *origin(run, form)])
    assert raw.status == 403


@pytest.mark.parametrize("path", SOCKETS)
async def test_socket_with_two_origins_is_refused(run: Running, path: str) -> None:
    """A doubled header is no header of ours."""
    async with connected(run.port) as raw:
        await raw.ask(path, [("Host", f"127.0.0.1:{run.port}"), *origin(run, "{own}") * 2])
    assert raw.status in {400, 403}


@pytest.mark.parametrize("path", ["/staff/sign-in", "/staff/sign-out"])
@pytest.mark.parametrize("form", FOREIGN.values(), ids=FOREIGN)
async def test_form_of_foreign_origin_is_refused(run: Running, path: str, form: str | None) -> None:
    """The form is answered 403, and nobody is signed in."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", **dict(origin(run, form))}
    answer = await run.ask("POST", path, headers=headers, content=b"name=anna")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("path", SOCKETS)
async def test_both_host_names_of_the_demo_pass(run: Running, path: str, name: str) -> None:
    """Each is its own origin."""
    host = f"{name}:{run.port}"
    async with connected(run.port) as raw:
        await raw.ask(path, [("Host", host), ("Origin", f"http://{host}")])
    assert raw.status == 101


HOSTS = {
    "foreign": "evil.example",
    "foreign with our port": "evil.example:{port}",
    "no port": "127.0.0.1",
    "other port": "127.0.0.1:1",
    "suffix": "localhost.evil.example:{port}",
    "prefix": "evil.localhost:{port}",
    "userinfo": "localhost:{port}@evil.example",
    "trailing dot": "localhost.:{port}",
    "empty": "",
    "nonsense": "[::1",
}


@pytest.mark.parametrize("form", HOSTS.values(), ids=HOSTS)
async def test_wrong_host_is_refused(run: Running, form: str) -> None:
    """A page under a name that is not ours is 400, a socket 403, and neither repeats the name."""
    host = form.format(port=run.port)
    page = await run.get("/", {"Host": host})
    assert page.status_code == 400
    assert host == "" or host not in page.text
    async with connected(run.port) as raw:
        await raw.ask("/ws/visitor", [("Host", host), ("Origin", f"http://{host}")])
    assert raw.status in {400, 403}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_load_balancer_asks_by_any_name(run: Running, path: str) -> None:
    """Whether we are well is no secret, and is asked by address."""
    assert (await run.get(path, {"Host": "10.0.0.7"})).status_code == 200


async def test_forged_forwarding_headers_change_nothing(run: Running) -> None:
    """Without a trusted proxy a page links and redirects under its own name."""
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example;proto=https",
    }
    page = await run.get("/", forged)
    assert page.status_code == 200
    assert "evil.example" not in page.text
    assert "strict-transport-security" not in page.headers
    away = await run.get("/console", forged)
    assert away.headers["location"] == "/staff/sign-in"


PATHS = (
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/..%2fapp.py",
    "/static/visitor/..%2f..%2f..%2fapp.py",
    "/static/%2fetc/passwd",
    "/static//etc/passwd",
    "/static/visitor%00.css",
    "/static/",
    "/static/visitor",
)


@pytest.mark.parametrize("path", PATHS)
async def test_static_files_end_at_their_folder(run: Running, path: str) -> None:
    """No way out of it, and no list of what is in it."""
    async with connected(run.port) as raw:
        raw.writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{run.port}\r\n\r\n".encode())
        head = (await raw.reader.readuntil(b"\r\n\r\n")).decode()
    assert head.split()[1] in {"400", "404", "405"}


async def test_header_cannot_be_injected(run: Running) -> None:
    """A line break in an address comes back in no header."""
    page = await run.get("/chat/linden%0d%0aSet-Cookie:%20a=b?lang=sv%0d%0aSet-Cookie:%20a=b")
    assert page.status_code == 404
    assert "set-cookie" not in page.headers
