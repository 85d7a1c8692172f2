# SPDX-License-Identifier: EUPL-1.2
"""The beacon of the quick exit: always 204, and only the token counts."""

from __future__ import annotations

import pytest

from tests.web.raw import connected
from tests.web.running import Running

BODIES = {
    "empty": b"",
    "garbage": b"\x00\xff\xfe garbage",
    "json": b'{"token": "x"}',
    "almost a token": b"A" * 46,
    "one byte too many": b"A" * 257,
    "100 kB": b"A" * 100_000,
    "10 MB": b"A" * 10_000_000,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_leave_answers_204_to_any_body(run: Running, body: bytes) -> None:
    """Nothing can be asked here, whatever is sent."""
    answer = await run.ask("POST", "/leave", content=body)
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_leave_ends_the_conversation_of_the_token(run: Running, origin: str | None) -> None:
    """The operator sees that she left quickly; her socket is closed; the token is dead."""
    visitor, operator, conversation = await run.talk()
    headers = {"Origin": origin} if origin else None
    answer = await run.ask("POST", "/leave", headers=headers, content=visitor.token.encode())
    assert answer.status_code == 204
    ended = await operator.connection.expect("ended", conversation=conversation)
    assert ended["reason"] == "left_quickly"
    assert (await visitor.connection.expect("ended"))["reason"] == "left_quickly"
    assert await visitor.connection.closed() == 1000
    await visitor.connect()
    await visitor.connection.send("resume", token=visitor.token, after=0)
    assert await visitor.connection.closed() == 4001


async def test_page_that_went_some_other_way_is_not_a_quick_exit(run: Running) -> None:
    """Loaded again, or closed: nobody knows why, and the operator is not told of danger."""
    visitor, operator, conversation = await run.talk()
    answer = await run.ask("POST", "/leave?closed", content=visitor.token.encode())
    assert answer.status_code == 204
    ended = await operator.connection.expect("ended", conversation=conversation)
    assert ended["reason"] == "visitor"


async def test_leave_ends_nothing_twice(run: Running) -> None:
    """A second beacon finds nothing and says the same."""
    visitor = await run.visitor()
    for _ in range(2):
        answer = await run.ask("POST", "/leave", content=b" " + visitor.token.encode() + b"\n")
        assert answer.status_code == 204
    assert await visitor.connection.closed() == 1000


async def test_leave_with_more_than_a_token_ends_nothing(run: Running) -> None:
    """A token inside something longer is none."""
    visitor = await run.visitor()
    await run.ask("POST", "/leave", content=visitor.token.encode() + b" " * 300)
    await visitor.says("Jag är kvar.")


async def test_leave_survives_a_beacon_that_breaks_off(run: Running) -> None:
    """A page that is torn down in the middle of it ends nothing, and nothing is logged as an error."""
    async with connected(run.port) as raw:
        head = f"POST /leave HTTP/1.1\r\nHost: 127.0.0.1:{run.port}\r\nContent-Length: 46\r\n\r\nAA"
        raw.writer.write(head.encode())
        await raw.writer.drain()
    assert (await run.get("/healthz")).status_code == 200
    await run.quiet()
