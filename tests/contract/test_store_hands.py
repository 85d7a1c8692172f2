# SPDX-License-Identifier: EUPL-1.2
"""A raised hand in the store: who is found, who may come and take over, and the wraps of whoever is out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chat.duty import Duty
from chat.errors import AtCapacity, NotAllowed, Stale
from chat.ids import ServiceId
from chat.parts import Guest
from chat.ports import Change, Store, Stored
from tests.contract.made import JOUR, NOW, OTHER, claiming, duty, duty_id, ending, live, start

RAISED = NOW + timedelta(seconds=5)


def supervising(number: int, *services: ServiceId) -> Duty:
    """Return a duty that supervises `services` and serves none."""
    return replace(duty(number), supervising=frozenset(services))


async def raised(store: Store, number: int = 1) -> Stored:
    """Return a conversation that duty 1 holds, with a hand up."""
    await store.put_duty(duty(1, JOUR))
    await start(store, number)
    await store.commit(claiming(await live(store, number), 1))
    stored = await live(store, number)
    after = replace(stored.conversation, hand_since=RAISED)
    await store.commit(Change(conversation=after, expected=stored.version, deadline=None))
    return await live(store, number)


def coming(stored: Stored, number: int, capacity: int = 3) -> Change:
    """Return the step in which a supervisor comes."""
    guest = Guest(duty_id(number), f"Alias {number}", 0, is_supervisor=True)
    after = replace(stored.conversation, guest=guest, hand_since=None)
    return Change(
        conversation=after,
        expected=stored.version,
        deadline=None,
        supervised_by=duty_id(number),
        capacity=capacity,
    )


def taking_over(stored: Stored, number: int, capacity: int = 3) -> Change:
    """Return the step in which the supervisor holds it."""
    after = replace(stored.conversation, guest=None, operator=duty_id(number), alias=f"Alias {number}")
    return Change(
        conversation=after,
        expected=stored.version,
        deadline=None,
        supervised_by=duty_id(number),
        capacity=capacity,
        freed=((duty_id(1), NOW),),
    )


async def test_duty_that_supervises_serves_no_queue(store: Store) -> None:
    """It is kept whole and found by its name alone: no list of who serves a service knows it."""
    one = supervising(2, JOUR, OTHER)
    await store.put_duty(one)
    await store.put_duty(duty(1, JOUR))
    assert await store.duty(duty_id(2)) == one
    assert {each.id for each in await store.duties([JOUR, OTHER])} == {duty_id(1)}
    assert set(await store.loads([JOUR, OTHER])) == {duty_id(1)}
    assert one in await store.all_duties()
    await store.put_duty(replace(one, supervising=frozenset()))
    found = await store.duty(duty_id(2))
    assert found is not None
    assert found.supervising == frozenset()


async def test_hand_is_kept_and_found_by_its_service(store: Store) -> None:
    """Since when, and no other conversation; it is gone with the step that lowers it, and with the end."""
    stored = await raised(store)
    await start(store, 2)
    assert stored.conversation.hand_since == RAISED
    assert await store.hands([JOUR]) == [stored.conversation]
    assert await store.hands([OTHER]) == []
    assert await store.hands([]) == []
    await store.commit(ending(stored))
    assert await store.hands([JOUR]) == []


async def test_supervisor_is_kept_as_one(store: Store) -> None:
    """A guest of another kind than those she has let in; `held_by` knows them."""
    stored = await raised(store)
    await store.put_duty(supervising(2, JOUR))
    await store.commit(coming(stored, 2))
    kept = (await live(store, 1)).conversation
    assert kept.guest == Guest(duty_id(2), "Alias 2", 0, is_supervisor=True)
    assert kept.hand_since is None
    assert await store.held_by(duty_id(2)) == [kept.id]
    assert await store.hands([JOUR]) == []


async def test_only_its_own_supervisor_with_a_place_comes(store: Store) -> None:
    """Nobody who serves the queue, supervises elsewhere or is gone, and nobody whose hands are full."""
    stored = await raised(store)
    await store.put_duty(supervising(2, OTHER))
    await store.put_duty(duty(3, JOUR))
    await store.put_duty(supervising(5, JOUR))
    for number in (2, 3, 4):
        with pytest.raises(NotAllowed):
            await store.commit(coming(stored, number))
    with pytest.raises(AtCapacity):
        await store.commit(coming(stored, 5, capacity=0))
    assert (await live(store, 1)).conversation.guest is None
    await store.commit(coming(stored, 5, capacity=1))
    another = await raised(store, 2)
    with pytest.raises(AtCapacity):
        await store.commit(coming(another, 5, capacity=1))


async def test_taking_over_leaves_one_wrap(store: Store) -> None:
    """In the same step: the old holder's is gone, the new one's stays, and only that one is taken later."""
    stored = await raised(store)
    name = stored.conversation.id
    await store.put_duty(supervising(2, JOUR))
    await store.commit(coming(stored, 2))
    wraps = {duty_id(number): b"wrap %d" % number for number in (1, 2, 3)}
    await store.add_wraps(name, wraps)
    assert await store.wrapped_for(name) == {duty_id(1), duty_id(2)}
    await store.commit(taking_over(await live(store, 1), 2, capacity=1))
    assert await store.wrapped_for(name) == {duty_id(2)}
    await store.add_wraps(name, wraps)
    assert await store.wrapped_for(name) == {duty_id(2)}
    assert await store.held_by(duty_id(1)) == []
    assert await store.held_by(duty_id(2)) == [name]
    assert (await store.loads([JOUR])) == {duty_id(1): 0}


async def test_whoever_is_no_supervisor_any_more_takes_nothing_over(store: Store) -> None:
    """Off duty or gone in the meantime: refused, and nothing has changed."""
    stored = await raised(store)
    await store.put_duty(supervising(2, JOUR))
    await store.commit(coming(stored, 2))
    here = await live(store, 1)
    await store.put_duty(supervising(2))
    with pytest.raises(NotAllowed):
        await store.commit(taking_over(here, 2))
    assert (await live(store, 1)).conversation.operator == duty_id(1)


async def test_one_of_many_comes_or_it_ends(store: Store) -> None:
    """Supervisors and an end on the same version: one step stands, all others are stale."""
    stored = await raised(store)
    for number in range(2, 12):
        await store.put_duty(supervising(number, JOUR))
    steps = [coming(stored, 2 + number % 10, capacity=2_000) for number in range(200)]
    steps.insert(100, ending(stored))
    outcomes = await asyncio.gather(*(store.commit(step) for step in steps), return_exceptions=True)
    assert outcomes.count(None) == 1
    assert {type(outcome) for outcome in outcomes if outcome is not None} == {Stale}
