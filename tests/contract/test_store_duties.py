# SPDX-License-Identifier: EUPL-1.2
"""The contract of a store's duties: put, replaced, freed, away and removed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chat.errors import AtCapacity, NotNow
from chat.ids import ServiceId
from chat.ports import Store
from chat.statistics import Count, Counted
from tests.contract.conftest import AnotherStore
from tests.contract.made import JOUR, NOW, OTHER, TODAY, claiming, duty, duty_id, ending, live, start


async def test_duty_is_put_replaced_and_removed(store: Store) -> None:
    """Every field comes back but a new idle time, see `freed`; removing it takes its wraps along."""
    await store.put_duty(duty(1, JOUR, OTHER))
    assert await store.duty(duty_id(1)) == duty(1, JOUR, OTHER)
    changed = replace(
        duty(1), alias="Öh", away_since=NOW, languages=frozenset(), idle_since=NOW + timedelta(days=1)
    )
    await store.put_duty(changed)
    assert await store.duty(duty_id(1)) == replace(changed, idle_since=duty(1).idle_since)
    stored = await start(store, 1, wraps={duty_id(1): b"wrap"})
    await store.remove_duty(duty_id(1))
    await store.remove_duty(duty_id(1))
    assert await store.duty(duty_id(1)) is None
    assert await store.wrapped_for(stored.conversation.id) == set()


async def test_duty_is_idle_since_it_was_freed(store: Store) -> None:
    """A step that gives a conversation up says since when; a later put leaves it so."""
    await store.put_duty(duty(1, JOUR))
    await store.commit(claiming(await start(store, 1), 1))
    freed_at = NOW + timedelta(minutes=7)
    step = ending(await live(store, 1))
    await store.commit(replace(step, freed=((duty_id(1), freed_at),)))
    await store.put_duty(duty(1, JOUR))
    stored = await store.duty(duty_id(1))
    assert stored is not None
    assert stored.idle_since == freed_at


async def test_mark_all_away_reaches_duties(store: Store) -> None:
    """Whoever was on duty has no socket from now on; who was away stays so since then."""
    await store.put_duty(duty(1, JOUR))
    await store.put_duty(replace(duty(2), away_since=NOW))
    later = NOW + timedelta(hours=1)
    await store.mark_all_away(later)
    away = {one.id: one.away_since for one in await store.all_duties()}
    assert away == {duty_id(1): later, duty_id(2): NOW}


async def test_put_duty_keeps_its_wraps(store: Store) -> None:
    """A replaced duty is the same reader."""
    await store.put_duty(duty(1, JOUR))
    stored = await start(store, 1, wraps={duty_id(1): b"wrap"})
    await store.put_duty(replace(duty(1, JOUR), away_since=NOW))
    assert await store.wrapped_for(stored.conversation.id) == {duty_id(1)}


async def test_duties_are_found_by_any_of_their_services(store: Store) -> None:
    """Each once, whole; those that serve nothing only among all."""
    everybody = [duty(1, JOUR), duty(2, JOUR, OTHER), duty(3, OTHER), duty(4)]
    for one in everybody:
        await store.put_duty(one)

    def ordered(duties: list[object]) -> list[object]:
        return sorted(duties, key=repr)

    assert ordered([*await store.duties([JOUR])]) == ordered([*everybody[:2]])
    assert ordered([*await store.duties([JOUR, OTHER])]) == ordered([*everybody[:3]])
    assert await store.duties([]) == []
    assert ordered([*await store.all_duties()]) == ordered([*everybody])


async def test_own_cap_and_pause_come_back_and_stop_claims(store: Store) -> None:
    """Both are checked with the claim itself: a console that has not heard of them yet changes nothing."""
    await store.put_duty(replace(duty(1, JOUR), capacity=1))
    await store.commit(claiming(await start(store, 1), 1))
    second = await start(store, 2)
    with pytest.raises(AtCapacity):
        await store.commit(claiming(second, 1))
    paused = replace(duty(1, JOUR), capacity=7, paused_since=NOW)
    await store.put_duty(paused)
    assert await store.duty(duty_id(1)) == paused
    with pytest.raises(NotNow):
        await store.commit(claiming(second, 1))
    await store.put_duty(replace(paused, paused_since=None))
    for number in (2, 3):
        await store.commit(claiming(second if number == 2 else await start(store, number), 1))
    with pytest.raises(AtCapacity):  # seven are wished for, and three allowed
        await store.commit(claiming(await start(store, 4), 1))


async def test_cap_holds_for_claims_in_one_commit(store: Store) -> None:
    """Four at once by somebody who wants two: two are taken."""
    await store.put_duty(replace(duty(1, JOUR), capacity=2))
    ready = [await start(store, number) for number in range(1, 5)]
    outcomes = await asyncio.gather(
        *(store.commit(claiming(stored, 1)) for stored in ready), return_exceptions=True
    )
    assert [type(one) for one in outcomes if one is not None] == [AtCapacity] * 2


def begun(*services: ServiceId, ahead: int = 0) -> list[Count]:
    """Return the shifts that begin in some services, today or some days later."""
    return [Count(each, TODAY + timedelta(days=ahead), Counted.SHIFTS) for each in services]


async def shifts(store: Store, ahead: int = 0) -> list[int]:
    """Return the shifts that were counted in the jour and in the other service."""
    found = await store.counters([JOUR, OTHER], TODAY + timedelta(days=ahead))
    return [found[each].get(Counted.SHIFTS, 0) for each in (JOUR, OTHER)]


async def test_shift_is_counted_once_for_duty_service_and_day(store: Store) -> None:
    """However often it is put, also after it was removed; the next day is another one."""
    await store.put_duty(duty(1, JOUR))
    assert await shifts(store) == [0, 0]
    await store.put_duty(duty(1, JOUR), begun=begun(JOUR))
    await store.put_duty(duty(1, JOUR, OTHER), begun=begun(JOUR, OTHER))
    await store.remove_duty(duty_id(1))
    await store.put_duty(duty(1, OTHER), begun=begun(OTHER))
    assert await shifts(store) == [1, 1]
    await store.put_duty(duty(2, JOUR), begun=begun(JOUR))
    assert await shifts(store) == [2, 1]
    for _ in range(2):
        await store.put_duty(duty(1, JOUR), begun=begun(JOUR, ahead=1))
    assert (await shifts(store), await shifts(store, 1)) == ([2, 1], [1, 0])


async def test_shifts_that_begin_in_two_processes_count_once(
    store: Store, another_store: AnotherStore
) -> None:
    """Many duties, each put by both at the same moment."""
    other = await another_store()
    await asyncio.gather(
        *(
            each.put_duty(duty(number, JOUR, OTHER), begun=begun(*services))
            for number in range(20)
            for each, services in ((store, (JOUR, OTHER)), (other, (OTHER, JOUR)))
        )
    )
    assert await shifts(store) == [20, 20]
