# SPDX-License-Identifier: EUPL-1.2
"""A sign-in that has ended leaves nothing behind: no console, no duty, nobody who waits for it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from chat.ids import DutyId
from tests.web.raw import PATIENCE, TEXT, upgraded
from tests.web.running import running
from web import socket
from web.house import House
from web.operator import watch


async def test_sign_out_with_the_console_offline_gives_her_back(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She stands in the queue again at once, whatever the watch does, and nothing is left of the duty."""
    monkeypatch.setattr(watch, "WATCH_S", 60.0)
    async with running(place) as run:
        visitor, operator, _ = await run.talk("maria")
        await operator.connection.close()
        answer = await operator.request("POST", "/staff/sign-out", {"csrf": operator.csrf})
        assert answer.status_code == 303
        await visitor.connection.expect("left")
        assert not await run.house.chat.operators.duties()


async def test_account_disabled_with_the_console_offline_gives_her_back(place: Path) -> None:
    """Disabled beside the server: found by the watch."""
    async with running(place) as run:
        visitor, operator, _ = await run.talk("anna")
        await operator.connection.close()
        await run.house.accounts.disable("anna")
        await visitor.connection.expect("left")
        assert not await run.house.chat.operators.duties()


async def test_one_look_of_the_watch_closes_what_was_ended_elsewhere(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here it may look once more and no more.

    It looks twice in the second that is promised, which `python -m bench.revoked` measures.
    """
    assert watch.WATCH_S <= 0.5
    asks, may_look, looks = asyncio.Event(), asyncio.Semaphore(0), watch._dead

    async def when_it_may(house: House) -> set[DutyId]:
        asks.set()
        await may_look.acquire()
        return await looks(house)

    async with running(place) as run:
        operator = await run.operator("birgitta")
        monkeypatch.setattr(watch, "_dead", when_it_may)
        async with asyncio.timeout(PATIENCE):
            await asks.wait()
        await run.house.accounts.disable("birgitta")
        may_look.release()
        assert await operator.connection.closed() == 4001


async def test_console_that_never_says_hello_is_closed_with_its_sign_in(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """4001 before the time for a first frame is over, which is never here."""
    monkeypatch.setattr(socket, "FIRST_FRAME_S", 3600.0)
    async with running(place) as run:
        operator = await run.operator("anna")
        await operator.connection.close()
        await run.quiet()
        async with upgraded(run.port, "/ws/operator", ("Cookie", operator.cookie_header)) as raw:
            await run.house.accounts.disable("anna")
            assert await raw.close_code() == 4001


async def test_hello_after_the_sign_in_has_ended_is_4001(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sign-in is looked at again: what it was at the handshake says nothing."""
    monkeypatch.setattr(watch, "WATCH_S", 60.0)
    async with running(place) as run:
        operator = await run.operator("anna")
        async with upgraded(run.port, "/ws/operator", ("Cookie", operator.cookie_header)) as raw:
            await run.house.accounts.disable("anna")
            raw.frame(TEXT, json.dumps({"type": "hello", "csrf": operator.csrf}).encode())
            assert await raw.close_code() == 4001


async def test_watch_goes_on_after_a_failure_of_any_kind(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that fails is logged, and the next one finds what has ended."""
    monkeypatch.setattr(watch, "WATCH_S", 0.05)
    failed = asyncio.Event()
    async with running(place) as run:
        operator = await run.operator("anna")
        live = run.house.accounts.live

        async def broken(*_: object) -> None:
            failed.set()
            raise ZeroDivisionError

        monkeypatch.setattr(run.house.accounts, "live", broken)
        async with asyncio.timeout(PATIENCE):
            await failed.wait()
        monkeypatch.setattr(run.house.accounts, "live", live)
        await run.house.accounts.disable("anna")
        assert await operator.connection.closed() == 4001


async def test_slow_revocation_holds_up_no_other(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sign-ins end; the first one's never comes to an end, the second one's does."""
    async with running(place) as run:
        slow, quick = await run.operator("anna"), await run.operator("maria")
        session = await run.session_of(slow)
        assert session is not None
        revoke = run.house.chat.operators.revoke

        async def stuck(_: object, duty: str) -> None:
            if duty == session.id:
                await asyncio.Event().wait()
            await revoke(duty)  # type: ignore[arg-type]

        monkeypatch.setattr(type(run.house.chat.operators), "revoke", stuck)
        await run.house.accounts.disable("anna")
        assert await slow.connection.closed() == 4001
        await run.house.accounts.disable("maria")
        assert await quick.connection.closed() == 4001
        monkeypatch.undo()
