# SPDX-License-Identifier: EUPL-1.2
"""Who takes more than a share: of sockets, of time, of a server's attention."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chat.errors import Unavailable
from tests.outside.connection import new_id
from tests.web.passing import passes
from tests.web.raw import PATIENCE, TEXT, connected, until, upgraded
from tests.web.running import Running, running
from tests.web.test_limits import talk_to_a_wall
from web import outbox, server, socket, timed
from web.accounts.service import Accounts
from web.bootstrap import open_house
from web.server_options import CannotStart

LIMIT = 32 * 1024
EMOJI = "\U0001f980"


def text(kind: str, **fields: Any) -> bytes:
    """Return a frame."""
    return json.dumps({"type": kind, **fields}).encode()


# --- what is read again --------------------------------------------------------------------------------


async def test_visitor_reads_a_thousand_entries_again(run: Running) -> None:
    """Far more than an outbox holds, without gap or double."""
    visitor = await run.visitor()
    for start in range(0, 1_000, 100):
        ids = [new_id() for _ in range(100)]
        for sent in ids:
            await visitor.connection.send("say", id=sent, text=f"Hej {start}")
        for sent in ids:
            await visitor.connection.expect("ack", id=sent)
    assert (await visitor.resumes())["seq"] == 1_000
    assert [(await visitor.connection.expect("said"))["seq"] for _ in range(1_000)] == list(range(1, 1_001))


async def test_operator_opens_a_long_talk_in_parts(run: Running) -> None:
    """Each part is one whole frame within the limit; together they are the talk, without gap or double."""
    visitor, operator, conversation = await run.meeting()
    said = [f"{number} {EMOJI * 1_990}" for number in range(150)]
    for one in said:
        await visitor.says(one)
    sizes: list[int] = []
    entries: list[dict[str, Any]] = []
    await operator.connection.close()
    async with upgraded(run.port, "/ws/operator", ("Cookie", operator.cookie_header)) as raw:
        raw.frame(TEXT, text("hello", csrf=operator.csrf))
        raw.frame(TEXT, text("accept", conversation=conversation))
        while len(entries) < len(said) + 1:
            frame = await raw.read()
            assert frame is not None
            assert frame[0] == TEXT
            sizes.append(len(frame[1]))
            read = json.loads(frame[1])
            if read["type"] == "accepted":
                entries += read["entries"]
                assert read["seq"] == entries[-1]["seq"]
    assert max(sizes) <= LIMIT
    assert [entry["seq"] for entry in entries] == list(range(1, len(said) + 2))
    assert [entry["text"] for entry in entries if entry["type"] == "said"] == said


# --- floods --------------------------------------------------------------------------------------------


async def test_flood_of_typing_does_not_drop_the_other_one(run: Running) -> None:
    """A burst of frames of the moment is thinned out; words still come, and nobody is closed."""
    visitor, operator, conversation = await run.talk()
    async with upgraded(run.port) as raw:
        raw.frame(TEXT, text("resume", token=visitor.token, after=0))
        assert (await raw.json())["type"] == "welcome"
        for _ in range(5_000):
            raw.frame(TEXT, text("typing"))
        raw.frame(TEXT, text("say", id=new_id(), text="Jag är kvar."))
        await operator.hears(conversation, "Jag är kvar.")


class Deaf:
    """A peer that takes nothing until it is told to, and then one frame at a time."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.takes = asyncio.Semaphore(0)

    async def receive(self) -> socket.Message:
        """Have connected, and say nothing."""
        return {"type": "websocket.connect"}

    async def send(self, message: socket.Message) -> None:
        """Take one frame."""
        if message["type"] != "websocket.accept":
            await self.takes.acquire()
            self.taken.append(message.get("text", str(message.get("code"))))


async def test_frames_of_the_moment_never_fill_the_outbox(run: Running) -> None:
    """However many there are, words have room behind them; words alone may close a peer."""
    peer = Deaf()
    one = socket.Socket(peer.receive, peer.send, socket.Hub(), "c")
    await one.accept({}, b"beat")
    for _ in range(10 * outbox.OUTBOX_FRAMES):
        one.put(b"typing", droppable=True)
    one.put(b"words")
    one.close(socket.NORMAL)
    for _ in range(outbox.OUTBOX_FRAMES):
        peer.takes.release()
    await one.closed()
    one.gone()
    assert peer.taken.count("typing") == outbox.DROPPABLE_FRAMES
    assert peer.taken[-2:] == ["words", "1000"]


@pytest.mark.parametrize("at_hand", [0, 3, 7, 31])
async def test_peer_that_never_stops_sending_lets_others_have_their_turn(run: Running, at_hand: int) -> None:
    """Frames that have all come already are not answered in one go, however many are taken together."""
    turns = 0

    async def receive() -> socket.Message:
        return {"type": "websocket.receive", "text": "x"}

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    one = socket.Socket(receive, Deaf().send, socket.Hub(), "c")
    left = 0

    def next_now() -> str | None:
        nonlocal left
        left -= 1
        return "x" if left >= 0 else None

    one._next_now = next_now
    taken = 0
    while taken < 1_000:
        await one.next()
        left = at_hand
        taken += 1 + len(one.at_hand())
    beside.cancel()
    assert turns >= 1_000 // (socket.TOGETHER + socket.FRAMES_AT_A_TIME)


async def test_slow_peer_that_keeps_taking_is_not_cut_off(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is for one frame, not for all that waits."""
    monkeypatch.setattr(socket, "SEND_S", 2.0)
    peer = Deaf()
    one = socket.Socket(peer.receive, peer.send, socket.Hub(), "c")
    await one.accept({}, b"beat")
    for number in range(8):
        one.put(str(number).encode())
    one.close(socket.NORMAL)
    for taken in range(9):
        await asyncio.sleep(0)
        passes(1.2)
        peer.takes.release()
        await until(lambda taken=taken: len(peer.taken) > taken)  # type: ignore[misc]
    await one.closed()
    one.gone()
    assert not one.aborted
    assert peer.taken == [*map(str, range(8)), "1000"]


# --- who stays without a seat --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/ws/visitor", "/ws/operator"])
async def test_socket_without_a_seat_is_closed(
    run: Running, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A first frame of any kind does not keep it; who has a seat stays."""
    visitor, operator, _ = await run.talk()
    monkeypatch.setattr(socket, "SEAT_S", 1.0)  # less is not enough for those two on a busy machine
    await visitor.resumes()
    await operator.connects()
    async with upgraded(run.port, path, ("Cookie", operator.cookie_header)) as raw:
        raw.frame(TEXT, text("typing") if path == "/ws/visitor" else text("end", conversation="x"))
        assert (await raw.json())["code"] == "not_now"
        assert await raw.close_code() == 1008
    await visitor.says("Jag sitter kvar.")
    assert operator.connection.socket.close_code is None


async def test_newest_socket_of_a_crowded_network_is_let_in(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest without a seat has to go; whoever sits in a conversation stays and counts for nothing."""
    monkeypatch.setattr(socket, "SEATLESS_OF_A_NETWORK", 2)
    monkeypatch.setattr(socket, "CROWDED", 0)
    async with running(place, limits=True) as run:
        visitor = await run.visitor()
        async with upgraded(run.port) as oldest, upgraded(run.port) as next_one, upgraded(run.port) as newest:
            assert await oldest.close_code() == 1008
            for raw in (next_one, newest):
                raw.frame(TEXT, text("typing"))
                assert (await raw.json())["code"] == "not_now"
        await visitor.says("Jag sitter kvar.")


async def test_nobody_is_sent_away_while_there_is_room(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many others of her network come, her page may go on working for its start."""
    monkeypatch.setattr(socket, "SEATLESS_OF_A_NETWORK", 2)
    async with (
        running(place, limits=True) as run,
        upgraded(run.port) as hers,
        upgraded(run.port),
        upgraded(run.port),
        upgraded(run.port),
    ):
        hers.frame(TEXT, text("typing"))
        assert (await hers.json())["code"] == "not_now"


async def test_too_many_sockets_at_all_are_refused(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """503, wherever they come from."""
    monkeypatch.setattr(socket, "SOCKETS", 0)
    async with connected(run.port) as raw:
        host = f"127.0.0.1:{run.port}"
        await raw.ask("/ws/visitor", [("Host", host), ("Origin", f"http://{host}")])
        assert raw.status == 503


# --- half a request ------------------------------------------------------------------------------------


HALVES = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: ",
    "half a body": b"POST /leave HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nabc",
}


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
async def test_half_a_request_is_dropped(run: Running, monkeypatch: pytest.MonkeyPatch, half: bytes) -> None:
    """Nobody holds a connection without asking for anything."""
    monkeypatch.setattr(timed, "REQUEST_S", 0.2)
    async with connected(run.port) as raw:
        raw.writer.write(half)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await raw.reader.readexactly(1 << 20)


async def test_half_a_second_request_is_dropped(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor on a connection that has had one answer; a whole one is answered before."""
    async with connected(run.port) as raw:
        raw.writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await raw.reader.readuntil(b"ok\n")).startswith(b"HTTP/1.1 200")
        monkeypatch.setattr(timed, "REQUEST_S", 0.2)
        raw.writer.write(b"GET /heal")
        async with asyncio.timeout(PATIENCE):
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await raw.reader.readexactly(1)


async def test_socket_outlives_the_clock_of_its_handshake(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is for the request alone."""
    monkeypatch.setattr(timed, "REQUEST_S", 2.0)
    visitor = await run.visitor()
    passes(3.0)
    await visitor.says("Jag är kvar.")


# --- what is named -------------------------------------------------------------------------------------


async def test_alias_loses_the_spaces_around_it(run: Running) -> None:
    """And is any name otherwise, in any script."""
    operator = await run.operator("anna")
    await operator.connection.send(
        "duty", on=True, services=["linden"], alias=" Åsa-Lo 2 \u0633\u0627\u0631\u0627 "
    )
    shown = await operator.connection.expect("duty", on=True)
    assert shown["alias"] == "Åsa-Lo 2 \u0633\u0627\u0631\u0627"


async def test_bad_frame_is_refused_by_its_id(run: Running) -> None:
    """Half a surrogate pair: the page learns which message cannot be sent, on both sides."""
    visitor, operator, conversation = await run.talk()
    sent = new_id()
    await visitor.connection.send_text(f'{{"type":"say","id":"{sent}","text":"\\ud800"}}')
    nack = await visitor.connection.expect("nack")
    assert (nack["code"], nack["id"], nack["retry"]) == ("bad_frame", sent, False)
    frame = f'{{"type":"say","conversation":"{conversation}","id":"{sent}","text":"\\ud800"}}'
    await operator.connection.send_text(frame)
    nack = await operator.connection.expect("nack")
    assert (nack["code"], nack["id"], nack["conversation"]) == ("bad_frame", sent, conversation)


async def test_addresses_that_are_to_come_lead_somewhere(run: Running) -> None:
    """`/tickets` lets sign out or leads to the sign-in."""
    operator = await run.operator("anna")
    answer = await operator.request("GET", "/tickets")
    assert answer.status_code == 403
    assert "/staff/sign-out" in answer.text
    answer = await run.get("/tickets")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")


async def test_service_that_has_left_the_site_is_nobodys(place: Path) -> None:
    """An account may still name it; the console of that account cannot go on duty there."""
    async with running(place) as run:
        operator = await run.operator("anna")
        house = run.house
        left = {id_: service for id_, service in house.site.services.items() if id_ != "linden"}
        house.site = replace(house.site, services=left)
        await operator.connects()
        await operator.connection.send("duty", on=True, services=["linden"], alias="Kim")
        assert (await operator.connection.expect("nack"))["code"] == "not_allowed"


# --- ours ----------------------------------------------------------------------------------------------


async def test_second_server_over_the_same_data_does_not_start(place: Path) -> None:
    """People in two of them would not hear each other; when the first is gone, the next may."""
    async with running(place) as run:
        with pytest.raises(CannotStart, match="Another server is using the data directory"):
            async with open_house(run.house.settings, run.house.site):
                pass
    async with open_house(run.house.settings, run.house.site):
        pass


async def test_fault_is_shown_and_logged_under_one_id(
    run: Running, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reports it can be helped; nothing else of it is shown."""

    async def fail(*_: object) -> None:
        raise Unavailable("hemligt")

    monkeypatch.setattr(type(run.house.accounts), "session", fail)
    answer = await run.get("/console")
    code, fault = answer.text.split()
    assert (answer.status_code, code) == (503, "unavailable")
    assert f'"fault": "{fault}"' in written.getvalue()


async def test_housekeeping_goes_on_after_a_failure_of_any_kind(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What failed once is tried again."""
    monkeypatch.setattr(server, "HOUSEKEEPING_S", 0.01)
    failed = 0
    again = asyncio.Event()

    async def broken(_: object) -> None:
        nonlocal failed
        failed += 1
        if failed > 2:
            again.set()
        raise ZeroDivisionError

    monkeypatch.setattr(Accounts, "forget_expired", broken)
    async with running(place), asyncio.timeout(PATIENCE):
        await again.wait()


async def test_peer_that_takes_nothing_ends_quietly(
    run: Running, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its handler is cut off, which is no error of ours."""
    visitor, operator, conversation = await run.talk()
    before = len(written.getvalue())
    with monkeypatch.context() as impatient:
        impatient.setattr(socket, "SEND_S", 0.05)
        await talk_to_a_wall(run, visitor, operator, conversation)
    await operator.connection.close()
    await run.quiet()
    assert "ERROR" not in written.getvalue()[before:]
