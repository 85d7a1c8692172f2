# SPDX-License-Identifier: EUPL-1.2
"""Every row of `tests/web/hostile/requests.py` against a whole server, with its exact outcome.

Whatever a row does: afterwards pages, sockets and sign-ins go on, and nothing of the row has been logged.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncGenerator
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio

from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.hostile.filling import addresses, fill, of_operator, of_visitor
from tests.web.hostile.requests import (
    ENDLESS,
    FORM,
    FORMS,
    FORWARDED,
    GARBAGE,
    HOSTS,
    ORIGINS,
    REQUESTS,
    STATIC_PATHS,
    Request,
)
from tests.web.raw import connected
from tests.web.running import PASSWORDS, Running
from tests.web.test_sign_in import Person

SOCKETS = ("/ws/visitor", "/ws/operator")
WORD = "hemligheten-41c7"
NO_HTTP = ("uvicorn.error", "WARNING", None)
"""All that is ever logged here: that something was no HTTP."""


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def others(bystanders: tuple[Visitor, Operator, str], written: io.StringIO) -> AsyncGenerator[None]:
    """Two who talk with each other all the while; the server has nothing to say about a row."""
    visitor, operator, conversation = bystanders
    before = len(written.getvalue())
    yield
    await visitor.says(WORD)
    await operator.hears(conversation, WORD)
    assert (await visitor.notice()) != ""
    lines = map(json.loads, written.getvalue()[before:].splitlines())
    assert [line for line in lines if (line["logger"], line["level"], line.get("errors")) != NO_HTTP] == []


async def shakes_hands(run: Running, path: str, headers: list[tuple[str, str]]) -> int:
    """Ask for a socket and return the status."""
    async with connected(run.port) as raw:
        await raw.ask(path, headers)
        return raw.status


@pytest.mark.parametrize("form", ORIGINS.values(), ids=ORIGINS)
async def test_foreign_origin_opens_nothing(run: Running, form: str | None) -> None:
    """403 for both sockets, also with a live cookie, and for both forms; nobody is signed in or out."""
    anna = await run.operator("anna")
    values = addresses(run)
    given = [] if form is None else [("Origin", fill(form, values))]
    cookie = ("Cookie", anna.cookie_header)
    for path in SOCKETS:
        assert await shakes_hands(run, path, [("Host", values["host"]), cookie, *given]) == 403
    # A header is bytes; those beyond ASCII go as UTF-8.
    headers = {name.encode(): value.encode() for name, value in [*FORM.items(), cookie, *given]}
    async with httpx.AsyncClient(trust_env=False) as http:
        for path in ("/staff/sign-in", "/staff/sign-out"):
            body = f"csrf={anna.csrf}".encode()
            answer = await http.post(run.at.url + path, headers=headers, content=body)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
    assert await run.session_of(anna) is not None


@pytest.mark.parametrize("path", SOCKETS)
async def test_socket_with_two_origins_is_refused(run: Running, path: str) -> None:
    """A doubled header is no header of ours."""
    host = ("Host", f"127.0.0.1:{run.port}")
    assert await shakes_hands(run, path, [host, *[("Origin", run.at.url)] * 2]) in {400, 403}


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("path", SOCKETS)
async def test_both_host_names_of_the_demo_pass(run: Running, path: str, name: str) -> None:
    """Each is its own origin."""
    host = f"{name}:{run.port}"
    assert await shakes_hands(run, path, [("Host", host), ("Origin", f"http://{host}")]) == 101


@pytest.mark.parametrize("form", HOSTS.values(), ids=HOSTS)
async def test_foreign_host_is_refused(run: Running, form: str) -> None:
    """400 for a page, which does not repeat it, and 400 or 403 for a socket."""
    host = fill(form, addresses(run))
    page = await run.get("/", {"Host": host})
    assert page.status_code == 400
    assert host == "" or host not in page.text
    assert await shakes_hands(run, "/ws/visitor", [("Host", host), ("Origin", f"http://{host}")]) in {
        400,
        403,
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_load_balancer_asks_by_any_name(run: Running, path: str) -> None:
    """Whether we are well is no secret, and is asked by address."""
    assert (await run.get(path, {"Host": "10.0.0.7"})).status_code == 200


@pytest.mark.parametrize("path", STATIC_PATHS, ids=range(len(STATIC_PATHS)))
async def test_static_files_end_at_their_folder(run: Running, path: str) -> None:
    """No way out of it, and no list of what is in it."""
    async with connected(run.port) as raw:
        raw.writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{run.port}\r\n\r\n".encode())
        head = (await raw.reader.readuntil(b"\r\n\r\n")).decode()
        assert head.split()[1] in {"400", "404", "405"}
        body = await raw.reader.read(4096)
    assert b"root:" not in body
    assert b"import" not in body


async def values_of(run: Running) -> tuple[Operator, dict[str, str]]:
    """Return somebody who is signed in, and everything that the rows leave open."""
    anna, maria = await run.operator("anna"), await run.operator("maria")
    form, others = Person(run.at, run.staff("anna")), Person(run.at, run.staff("anna"))
    values = addresses(run) | await of_visitor(await run.visitor()) | of_operator(anna)
    values |= {"others-csrf": maria.csrf, "password": quote(PASSWORDS["anna"])}
    values |= {"form": await form.opens(), "others-form": await others.opens()}
    values |= {"form-cookie": form.cookie_header, "others-form-cookie": others.cookie_header}
    return anna, values


async def answer_to(
    run: Running, row: Request, signed_in: Operator, values: dict[str, str]
) -> httpx.Response:
    """Send the request of a row."""
    headers = {name: fill(value, values) for name, value in row.headers.items()}
    if row.signed_in:
        headers["Cookie"] = signed_in.cookie_header
    body = row.body
    if body is not None and len(body) < 10_000:
        body = fill(body.decode("latin-1"), values).encode("latin-1")
    return await run.ask(row.method, fill(row.path, values), headers=headers, content=body)


@pytest.mark.parametrize("row", FORMS.values(), ids=FORMS)
async def test_form_that_is_not_ours_does_nothing(run: Running, row: Request) -> None:
    """The exact status, no session's cookie, and the sign-in that there was goes on."""
    anna, values = await values_of(run)
    answer = await answer_to(run, row, anna, values)
    assert answer.status_code == row.status
    assert "__Host-staff" not in answer.headers.get("set-cookie", "")
    assert await run.session_of(anna) is not None


@pytest.mark.parametrize("row", REQUESTS.values(), ids=REQUESTS)
async def test_request_of_another_kind_has_its_outcome(run: Running, row: Request) -> None:
    """The exact status; nothing is planted, repeated as markup or led elsewhere."""
    anna, values = await values_of(run)
    answer = await answer_to(run, row, anna, values)
    assert answer.status_code == row.status
    assert "planted" not in answer.headers.get("set-cookie", "")
    assert "<script>alert" not in answer.text
    assert answer.headers.get("location", "/").startswith("/")
    assert not answer.headers.get("location", "/").startswith("//")


@pytest.mark.parametrize("headers", [{name: value} for name, value in FORWARDED.items()] + [FORWARDED])
async def test_forged_forwarding_headers_change_nothing(run: Running, headers: dict[str, str]) -> None:
    """A page, a redirect and a socket are what they are without them."""
    for path in ("/", "/console"):
        plain, forged = await run.get(path), await run.get(path, headers)
        assert (forged.status_code, forged.text) == (plain.status_code, plain.text)
        assert set(forged.headers) == set(plain.headers)
        assert forged.headers.get("location") == plain.headers.get("location")
    host = f"127.0.0.1:{run.port}"
    own = [("Host", host), ("Origin", f"http://{host}")]
    assert await shakes_hands(run, "/ws/visitor", [*own, *headers.items()]) == 101


@pytest.mark.parametrize("writes", GARBAGE.values(), ids=GARBAGE)
async def test_garbage_instead_of_a_request_harms_nobody(run: Running, writes: tuple[bytes, ...]) -> None:
    """What is not HTTP is refused or gone, also when it begins as a request that is being answered."""
    async with connected(run.port) as raw:
        head = b""
        for part in writes:
            raw.writer.write(fill(part.decode("latin-1"), addresses(run)).encode("latin-1"))
            if part is not writes[-1] and b"PUT" in part:
                head = await raw.reader.readuntil(b"\r\n\r\n")
        raw.writer.write_eof()
        async with asyncio.timeout(15):
            head += await raw.reader.read(4096)
    assert head == b"" or head.split()[1] in {b"400", b"405", b"501"}
    assert b"planted" not in head


@pytest.mark.parametrize("extra", ENDLESS.values(), ids=ENDLESS)
async def test_endless_head_is_refused(run: Running, extra: bytes) -> None:
    """A head without measure is not kept."""
    async with connected(run.port) as raw:
        raw.writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n\r\n" % (run.port, extra))
        async with asyncio.timeout(15):
            try:
                head = await raw.reader.read(64)
            except ConnectionError:
                head = b""
    assert head == b"" or head.split()[1] in {b"400", b"431"}
