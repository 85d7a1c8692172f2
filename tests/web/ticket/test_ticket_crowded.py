# SPDX-License-Identifier: EUPL-1.2
"""Somebody on her network tries codes, many of them: she gets in, and so does everybody else."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from chat.ports import Stretching
from tests.web.handed import INTAKE, Tickets, tickets
from tests.web.ticket_page import Her, comes
from web.limits import CODES, CODES_WAITING

AT_ONCE = CODES.burst + 1
"""So many tries of one network are worked on: its allowance, and the one whose turn it is."""


class Gate:
    """Stretches at once, or holds everybody until it is opened."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.came: asyncio.Queue[bytes] = asyncio.Queue()

    async def stretch(self, secret: bytes, salt: bytes) -> bytes:
        """Return 32 bytes."""
        self.came.put_nowait(secret)
        await self.open.wait()
        return hashlib.sha256(secret + salt).digest()


def gated(at: Tickets, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Put a gate in the place of what makes guessing slow."""
    gate: Stretching = Gate()
    monkeypatch.setattr(at.run.house.office.handovers, "stretching", gate)
    assert isinstance(gate, Gate)
    return gate


async def guesses(at: Tickets, times: int) -> list[asyncio.Task[int]]:
    """Send so many wrong codes at the same moment from the network that she is on."""
    page = comes(at)
    await page.opens()
    [form] = page.forms()

    async def guess() -> int:
        one = comes(at)
        await one.sends(form.action, form.fields | {"code": "fel"})
        return one.status

    return [asyncio.create_task(guess()) for _ in range(times)]


async def test_sixty_wrong_codes_do_not_lock_her_out(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other none is refused for its network, and hers opens her page."""
    async with tickets(place, limits=True) as at:
        gated(at, monkeypatch)
        code = await at.hands_over(INTAKE)
        for _ in range(60):
            [guess] = await guesses(at, 1)
            assert await guess == 403
        her = comes(at)
        await her.enters(code)
        assert her.status == 200
        assert her.sees("Det du har skickat")


async def test_flood_from_one_network_slows_nobody_else(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds its share and no more; beyond its places it is told to come back; then she gets in too."""
    async with tickets(place, limits=True) as at:
        gate = gated(at, monkeypatch)
        code = await at.hands_over(INTAKE)
        gate.open.clear()
        gate.came = asyncio.Queue()
        flood = await guesses(at, AT_ONCE + CODES_WAITING + 20)
        refused = asyncio.as_completed(flood)
        assert [await next(refused) for _ in range(20)] == [429] * 20
        assert gate.came.qsize() == AT_ONCE

        her = comes(at)
        await her.enters(code)
        assert (her.status, her.headers["retry-after"]) == (429, "5")
        assert her.sees("Det är många som försöker just nu. Vänta en liten stund och försök igen.")
        assert her.is_at_the_empty_page()

        elsewhere = Her(at.run.at.url, source="127.1.2.3")
        entering = asyncio.create_task(elsewhere.enters(code))
        async with asyncio.timeout(20):
            while await gate.came.get() != code.encode():
                pass
        gate.open.set()
        await entering
        assert elsewhere.status == 200
        assert sorted(await asyncio.gather(*flood)) == [403] * (AT_ONCE + CODES_WAITING) + [429] * 20
        await her.enters(code)
        assert her.status == 200
