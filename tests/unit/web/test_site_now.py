# SPDX-License-Identifier: EUPL-1.2
"""The site is renewed for as long as the server lives, whatever one reading of it does."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from chat.errors import Unavailable
from config.site import Site
from web.house import House
from web.site_now import SiteNow


def a_house(faults: list[Exception]) -> Any:
    """A house whose parts take whatever they are given."""
    bus = SimpleNamespace(listen=lambda _hear: lambda: None, ring=lambda _bell: None)
    chat = SimpleNamespace(
        also=[], bus=bus, rooms=SimpleNamespace(origin="here"), renew=lambda _services: None
    )
    office = SimpleNamespace(renew=lambda _judges, _destinations: None)
    return SimpleNamespace(chat=chat, office=office, site=None, note_fault=faults.append)


async def turn() -> None:
    """Let the others run."""
    await asyncio.sleep(0)


async def test_one_reading_that_fails_is_not_the_last() -> None:
    """Neither a store that is away nor a mistake of ours stops what keeps the openings of everybody."""
    faults: list[Exception] = []
    house = a_house(faults)
    after = Site(organisations={}, services={}, lines=(), source="after")
    failures: list[Exception] = [ValueError("a mistake of ours"), Unavailable("the store is away")]
    read = asyncio.Event()

    async def layer(_: Site) -> Site:
        if failures:
            raise failures.pop(0)
        read.set()
        return after

    baseline = Site(organisations={}, services={}, lines=())
    now = SiteNow(cast("House", house), baseline, layers=(layer,))
    running = asyncio.create_task(now.run())
    async with asyncio.timeout(5):
        while not read.is_set():
            now._wanted.set()
            await turn()
    await turn()
    assert house.site is after
    assert len(faults) == 1
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_is_stored_is_not_refused_because_it_cannot_be_read_now() -> None:
    """Whoever set it goes on; it is read again as soon as anything follows time."""
    faults: list[Exception] = []
    house = a_house(faults)

    async def layer(_: Site) -> Site:
        raise Unavailable("the store is away")

    now = SiteNow(cast("House", house), Site(organisations={}, services={}, lines=()), layers=(layer,))
    assert not await now.changed()
    assert len(faults) == 1
    assert now._wanted.is_set()
