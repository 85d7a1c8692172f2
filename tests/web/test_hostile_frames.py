# SPDX-License-Identifier: EUPL-1.2
"""Bytes and JSON that no page of ours sends: the exact outcome of each, on both sockets."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.outside.connection import Connection, new_id
from tests.web.raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Raw, upgraded
from tests.web.running import Running

LIMIT = 32 * 1024
SIDES = ("/ws/visitor", "/ws/operator")
HELLO = b'{"type":"typing"}'


@asynccontextmanager
async def side(run: Running, path: str) -> AsyncGenerator[Raw]:
    """Open one of the two sockets, the console's with a sign-in."""
    headers = []
    if path == "/ws/operator":
        operator = await run.operator("anna")
        headers = [("Cookie", operator.cookie_header)]
    async with upgraded(run.port, path, *headers) as raw:
        yield raw


# --- transport -----------------------------------------------------------------------------------------

Send = Callable[[Raw], None]


def in_pieces(raw: Raw) -> None:
    """Cut a character in two and leave the second half out."""
    raw.frame(TEXT, b'{"type":"\xc3', fin=False)
    raw.frame(CONTINUATION, b'"}')


BROKEN: dict[str, tuple[int, Send]] = {
    "invalid UTF-8": (1007, lambda raw: raw.frame(TEXT, b"\xff\xfe")),
    "overlong UTF-8": (1007, lambda raw: raw.frame(TEXT, b'"\xc0\x80"')),
    "surrogate in UTF-8": (1007, lambda raw: raw.frame(TEXT, b'"\xed\xa0\x80"')),
    "character cut between fragments": (1007, in_pieces),
    "unmasked": (1002, lambda raw: raw.frame(TEXT, HELLO, masked=False)),
    "first reserved bit": (1002, lambda raw: raw.frame(TEXT, HELLO, reserved=4)),
    "all reserved bits": (1002, lambda raw: raw.frame(TEXT, HELLO, reserved=7)),
    "reserved opcode": (1002, lambda raw: raw.frame(0x3, HELLO)),
    "reserved control opcode": (1002, lambda raw: raw.frame(0xB)),
    "continuation of nothing": (1002, lambda raw: raw.frame(CONTINUATION, HELLO)),
    "fragmented ping": (1002, lambda raw: raw.frame(PING, b"", fin=False)),
    "ping of 126 bytes": (1002, lambda raw: raw.frame(PING, b"a" * 126)),
    "close of one byte": (1002, lambda raw: raw.frame(CLOSE, b"\x03")),
    "close with a reserved code": (1002, lambda raw: raw.frame(CLOSE, (1005).to_bytes(2, "big"))),
    "announced 17 MiB": (1009, lambda raw: raw.frame(TEXT, b"", announced=17 << 20)),
    "announced 2^63": (1009, lambda raw: raw.frame(TEXT, b"", announced=(1 << 63) - 1)),
    "one byte over": (1009, lambda raw: raw.frame(TEXT, b"a" * (LIMIT + 1))),
    "binary": (1003, lambda raw: raw.frame(BINARY, HELLO)),
}


@pytest.mark.parametrize("path", SIDES)
@pytest.mark.parametrize(("code", "send"), BROKEN.values(), ids=BROKEN)
async def test_broken_transport_is_closed(run: Running, path: str, code: int, send: Send) -> None:
    """With the exact code; a length is judged by what is announced, before any of it is read."""
    async with side(run, path) as raw:
        send(raw)
        assert await raw.close_code() == code


async def test_fragments_count_together(run: Running) -> None:
    """Many small ones are as large as one."""
    async with upgraded(run.port) as raw:
        raw.frame(TEXT, b"a", fin=False)
        for _ in range(40):
            raw.frame(CONTINUATION, b"a" * 1024, fin=False)
        assert await raw.close_code() == 1009


async def test_many_fragments_cost_little(run: Running) -> None:
    """20,000 of them: 1009, or they are put together in a moment; nobody else waits for it."""
    async with upgraded(run.port) as raw:
        started = time.process_time()
        raw.frame(TEXT, b"[", fin=False)
        for _ in range(19_998):
            raw.frame(CONTINUATION, b" ", fin=False)
        raw.frame(CONTINUATION, b"]")
        sent = time.process_time() - started
        got = await raw.read()
        assert got is not None
        assert got[0] == CLOSE or json.loads(got[1])["code"] == "bad_frame"
        # Both ends run here; the bound is wide because a test must not measure the machine.
        assert time.process_time() - started - sent < 5


async def test_message_in_pieces_is_one_message(run: Running) -> None:
    """Fragments with a ping between them are what the protocol allows."""
    async with upgraded(run.port) as raw:
        raw.frame(TEXT, HELLO[:5], fin=False)
        raw.frame(PING, b"there?")
        raw.frame(CONTINUATION, HELLO[5:])
        assert await raw.read() == (PONG, b"there?")
        assert (await raw.json())["code"] == "not_now"


async def test_ping_flood_harms_nobody_else(run: Running) -> None:
    """Others go on while one socket is flooded."""
    async with upgraded(run.port) as raw:
        for _ in range(10_000):
            raw.frame(PING, b"a" * 100)
        visitor, operator, conversation = await run.talk()
        await visitor.says("Hej.")
        await operator.hears(conversation, "Hej.")


async def test_whole_limit_may_be_used(run: Running) -> None:
    """A frame of exactly 32 KiB is read; fill it with spaces as the pages do."""
    async with upgraded(run.port) as raw:
        raw.frame(TEXT, HELLO.ljust(LIMIT))
        assert (await raw.json())["code"] == "not_now"


@pytest.mark.parametrize(
    "offer", ["permessage-deflate", "permessage-deflate; client_max_window_bits", "x-webkit-deflate-frame"]
)
@pytest.mark.parametrize("path", SIDES)
async def test_compression_is_never_agreed_on(run: Running, path: str, offer: str) -> None:
    """Whatever is offered: sizes would tell what was said."""
    async with upgraded(run.port, path, ("Sec-WebSocket-Extensions", offer)) as raw:
        assert "sec-websocket-extensions" not in raw.headers
        assert "server" not in raw.headers


@pytest.mark.parametrize("offer", [None, "other", "jourchatt.v2", "JOURCHATT.V1", "x, jourchatt.v1"])
async def test_subprotocol_is_ours_or_none(run: Running, offer: str | None) -> None:
    """Nothing else is agreed on."""
    headers = [("Sec-WebSocket-Protocol", offer)] if offer else []
    async with upgraded(run.port, "/ws/visitor", *headers) as raw:
        wanted = "jourchatt.v1" if offer and "jourchatt.v1" in offer else None
        assert raw.headers.get("sec-websocket-protocol") == wanted


async def test_peer_that_closes_is_answered(run: Running) -> None:
    """An orderly close comes back."""
    async with upgraded(run.port) as raw:
        raw.frame(CLOSE, (1000).to_bytes(2, "big"))
        assert await raw.close_code() == 1000


# --- JSON ----------------------------------------------------------------------------------------------


def say(text: str) -> str:
    """Return a `say` whose text is this JSON."""
    return f'{{"type":"say","id":"{new_id()}","text":{text}}}'


BAD_JSON = {
    "nothing": "",
    "spaces": "   ",
    "not JSON": "hej",
    "number": "1",
    "string": '"start"',
    "null": "null",
    "list": '[{"type":"leave"}]',
    "no type": "{}",
    "type is null": '{"type":null}',
    "type is a number": '{"type":1}',
    "type is an object": '{"type":{"type":"leave"}}',
    "unknown type": '{"type":"nonsense"}',
    "type in capitals": '{"type":"LEAVE"}',
    "type with a null": '{"type":"leave\\u0000"}',
    "two values": '{"type":"typing"}{"type":"typing"}',
    "trailing comma": '{"type":"typing",}',
    "comment": '{"type":"typing"}//',
    "byte order mark": '\ufeff{"type":"typing"}',
    "single quotes": "{'type':'typing'}",
    "unknown field": '{"type":"typing","to":"x"}',
    "constructor": '{"type":"typing","__proto__":{}}',
    "depth 5,000": '{"type":"say","id":"x","text":' + "[" * 5_000 + "]" * 5_000 + "}",
    "open depth 5,000": "[" * 5_000,
    "depth in an unknown field": '{"type":"typing","x":' + '{"a":' * 3_000 + "1" + "}" * 3_000 + "}",
    "NaN": '{"type":"resume","token":"x","after":NaN}',
    "Infinity": '{"type":"resume","token":"x","after":Infinity}',
    "huge exponent": '{"type":"resume","token":"x","after":1e999}',
    "2^53 + 1": '{"type":"resume","token":"x","after":9007199254740993}',
    "2^64": '{"type":"resume","token":"x","after":18446744073709551616}',
    "-2^64": '{"type":"resume","token":"x","after":-18446744073709551616}',
    "5,000 digits": '{"type":"resume","token":"x","after":' + "9" * 5_000 + "}",
    "null in a text": say('"a\\u0000b"'),
    "null written raw": say('"a\x00b"'),
    "null in a token": '{"type":"resume","token":"\\u0000","after":0}',
    "null in a name": '{"type":"typing","\\u0000":1}',
    "lone high surrogate": say('"\\ud83e"'),
    "lone low surrogate": say('"\\udd80"'),
    "surrogates turned round": say('"\\udd80\\ud83e"'),
    "raw line break": say('"a\nb"'),
    "bad escape": say('"\\x41"'),
    "cut escape": say('"\\u00"'),
    "cut": say('"Hej.'),
    "text is a number": say("1"),
    "text is a list": say('["Hej."]'),
    "text is null": say("null"),
    "id missing": '{"type":"say","text":"Hej."}',
}


@pytest.mark.parametrize("text", BAD_JSON.values(), ids=BAD_JSON)
async def test_bad_json_is_a_bad_frame(run: Running, text: str) -> None:
    """`nack bad_frame` that repeats nothing of it; the socket stays, for both sides."""
    visitor = await run.visitor()
    operator = await run.operator("anna", "linden")
    for connection in (visitor.connection, operator.connection):
        await connection.send_text(text)
        nack = await connection.expect("nack")
        assert (nack["code"], nack["retry"]) == ("bad_frame", False)
        assert set(nack) - {"id"} == {"type", "code", "text", "retry"}
    assert (await visitor.says("Hej."))["seq"] == 1


async def test_last_of_two_equal_keys_wins(run: Running) -> None:
    """Of a field, and of the type of it all."""
    visitor = await run.visitor()
    sent = new_id()
    text = f'{{"type":"say","id":"{sent}","text":"första","text":"sista"}}'
    await visitor.connection.send_text(text)
    assert (await visitor.connection.expect("ack"))["id"] == sent
    operator = await run.operator("anna", "linden", alias="Kim")
    accepted = await operator.accepts(run.listed(operator))
    assert accepted["entries"][0]["text"] == "sista"


async def test_pair_of_escaped_surrogates_is_one_character(run: Running) -> None:
    """Escapes are only another way to write it, and so is an escaped backslash before `u0000`."""
    visitor, operator, conversation = await run.talk()
    await visitor.connection.send_text(say('"\\ud83e\\udd80"'))
    await operator.hears(conversation, "\U0001f980")
    await visitor.connection.send_text(say('"\\\\u0000"'))
    await operator.hears(conversation, "\\u0000")


@pytest.mark.parametrize("path", SIDES)
async def test_twenty_bad_frames_are_abuse(run: Running, path: str) -> None:
    """19 are borne; the twentieth is answered and closes the socket with 4029."""
    operator = await run.operator("anna")
    cookie = operator.cookie_header if path == "/ws/operator" else ""
    connection = await Connection.open(run.at.url.replace("http", "ws", 1) + path, run.at.url, cookie)
    for _ in range(19):
        await connection.send_text("hej")
        await connection.expect("nack")
    await connection.send_text("hej")
    await connection.expect("nack")
    assert await connection.closed() == 4029


async def test_refused_frames_are_no_bad_frames(run: Running) -> None:
    """What is well formed but not allowed is not abuse, however often."""
    visitor = await run.visitor()
    for _ in range(25):
        await visitor.connection.send("say", id=new_id(), text="a" * 2_001)
        assert (await visitor.connection.expect("nack"))["code"] == "too_long"
    await visitor.says("Hej.")


async def test_garbage_before_a_request_harms_nobody(run: Running) -> None:
    """What is not HTTP is 400 or gone, and the next request is answered."""
    for garbage in (
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/9\r\n\r\n",
        b"\x00" * 4096,
        b"GET / HTTP/1.1\r\nHost",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", run.port)
        writer.write(garbage)
        writer.write_eof()
        async with asyncio.timeout(15):
            head = await reader.read(64)
        assert head == b"" or head.startswith(b"HTTP/1.1 400")
        writer.transport.abort()
    assert (await run.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    "extra",
    [b"X: " + b"a" * 200_000, b"\r\n".join(b"X-%d: a" % n for n in range(20_000))],
    ids=["one long header", "many headers"],
)
async def test_endless_head_is_refused(run: Running, extra: bytes) -> None:
    """A head without measure is 400 or 431, and is not kept."""
    reader, writer = await asyncio.open_connection("127.0.0.1", run.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n\r\n" % (run.port, extra))
    async with asyncio.timeout(15):
        try:
            head = await reader.read(64)
        except ConnectionError:
            head = b""
    assert head == b"" or head.split()[1] in {b"400", b"431"}
    writer.transport.abort()
