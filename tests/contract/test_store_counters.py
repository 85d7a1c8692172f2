# SPDX-License-Identifier: EUPL-1.2
"""The counters that every store keeps, as `chat.ports.Store` says."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from chat.ports import Store
from chat.statistics import Counted
from tests.contract.made import JOUR, OTHER, TODAY, count


async def test_counters_add_up_by_service_and_day(store: Store) -> None:
    """A service without any has none, and another day has its own."""
    await store.count([count(2), count(3), count(name=Counted.REFUSED_CLOSED)])
    await store.count([replace(count(10), day=TODAY + timedelta(days=1))])
    await store.count([])
    assert await store.counters([JOUR, OTHER], TODAY) == {
        JOUR: {"started": 5, "refused_closed": 1},
        OTHER: {},
    }


async def test_counters_add_up_over_several_days(store: Store) -> None:
    """The first and the last day count, the days around them do not."""
    for days in range(5):
        await store.count([replace(count(10**days), day=TODAY + timedelta(days=days))])
    first, last = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
    assert await store.counters([JOUR, OTHER], first, last) == {JOUR: {"started": 1_110}, OTHER: {}}
