# SPDX-License-Identifier: EUPL-1.2
"""She withdraws what a unit has read: the unit is told until it has looked, and finds its own case again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.handed import LaterClock
from tests.web.running import Running
from tests.web.ticketing import INTAKE, POLICE, comes_to_work, hand_over


def told(page: str) -> int:
    """Return how many have withdrawn, by the band on top of a page."""
    found = re.search(r"<strong>(\d+) person(?:er)? har ångrat sig sedan ni läste\.", page)
    return 0 if found is None else int(found[1])


def unfolded(page: str) -> str:
    """Return what of the inbox stands there without unfolding anything."""
    return re.sub(r'<details class="closed">.*?</details>', "", page, flags=re.DOTALL)


async def test_withdrawal_is_told_until_somebody_has_looked(run: Running) -> None:
    """Locked: that it is so, and not which. Unlocked: on top of the list with its case. Then it is folded."""
    her, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    await worker.sends(f"/tickets/{ticket}/accept", reference="SN 2026:1177", accept_text="", seen=0)
    before = told((await worker.sees("/tickets")).text)
    await her.withdraws(ticket)
    await worker.sends("/tickets/lock")
    locked = (await worker.sees("/tickets")).text
    assert told(locked) == before + 1
    assert "Läs vad det betyder." in locked
    for hidden in (ticket, ticket[:8], "SN 2026:1177"):
        assert hidden not in locked
    await worker.unlocks(INTAKE)
    page = unfolded((await worker.sees("/tickets")).text)
    assert told(page) == before + 1
    *_, link = re.finditer(rf'<a href="/tickets/{ticket}">(.*?)</a>', page, re.DOTALL)
    assert re.sub(r"\s+|<[^>]+>", " ", link[1]).split() == f"{ticket[:8]} , SN 2026:1177".split()
    assert "inte öppnad" not in page[: link.start()].lower()
    for _ in range(2):
        closed = (await worker.sees(f"/tickets/{ticket}")).text
        assert "Ert diarienummer:" in closed
        assert "SN 2026:1177" in closed
    page = (await worker.sees("/tickets")).text
    assert told(page) == before
    assert f'href="/tickets/{ticket}"' in page
    assert f'href="/tickets/{ticket}"' not in unfolded(page)


async def test_withdrawal_is_told_for_two_weeks_at_most(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has looked: on the thirteenth day it is told, on the fifteenth no more."""
    her, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    await her.withdraws(ticket)
    clock = LaterClock(run.house.clock)
    monkeypatch.setattr(run.house.office.inbox.stepping, "clock", clock)
    for days, there in ((13, True), (15, False)):
        clock.ahead = timedelta(days=days)
        page = (await worker.sees("/tickets")).text
        assert (f'href="/tickets/{ticket}"' in unfolded(page)) is there
        assert (told(page) > 0) is there


async def test_what_was_never_read_is_no_news(run: Running) -> None:
    """Recalled before anybody opened it: nothing to act on, so nothing is told."""
    her, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    before = told((await worker.sees("/tickets")).text)
    await her.withdraws(ticket)
    assert told((await worker.sees("/tickets")).text) == before


async def test_what_counts_as_received_is_told_too_and_asks_for_no_answer(run: Running) -> None:
    """The police still reads it; looking is enough, and a meeting on it takes no answer any more."""
    her, (_, ticket) = await hand_over(run, INTAKE, POLICE, coordinates=INTAKE)
    police = await comes_to_work(run, "teresa", POLICE)
    await police.sends(f"/tickets/{ticket}/open")
    coordinator = await comes_to_work(run, "ingrid", INTAKE)
    (own,) = [
        each.stored.ticket.id
        for each in (await her.pickup.view(her.visit)).sent
        if each.stored.ticket.id != ticket
    ]
    await coordinator.sends(f"/tickets/{own}/open")
    await coordinator.sends(f"/tickets/{own}/accept", reference="SN 1", accept_text="", seen=0)
    await coordinator.sends(f"/tickets/{own}/meeting", place="Torget", time="Fredag", text="", seen=1)
    assert "Vi kommer" in (await police.sees(f"/tickets/{ticket}")).text
    before = told((await police.sees("/tickets")).text)
    await her.withdraws(ticket)
    assert told((await police.sees("/tickets")).text) == before + 1
    page = (await police.sees(f"/tickets/{ticket}")).text
    assert "Torget" in page
    assert "Vi kommer" not in page
    answer = await police.sends(f"/tickets/{ticket}/comes", number=1, comes="yes")
    assert answer.status_code == 409
    assert told((await police.sees("/tickets")).text) == before
