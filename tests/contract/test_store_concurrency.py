# SPDX-License-Identifier: EUPL-1.2
"""What every store keeps when many want something at once, in one process and from two."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

from msgspec.structs import replace

from chat.errors import AtCapacity, NotAllowed, Stale
from chat.ports import Change, Store
from tests.contract.conftest import AnotherStore
from tests.contract.made import (
    JOUR,
    NOW,
    TODAY,
    claiming,
    client_id,
    conversation,
    count,
    duty,
    duty_id,
    ending,
    live,
    said,
    saying,
    start,
    visitor_key,
)


async def outcomes(calls: Iterable[Coroutine[Any, Any, None]]) -> list[type[BaseException] | None]:
    """Make the calls at once and return what each raised, in their order."""
    ended = await asyncio.gather(*calls, return_exceptions=True)
    return [None if result is None else type(result) for result in ended]


async def test_appends_to_many_conversations_at_once_are_all_stored(store: Store) -> None:
    """200 conversations, five messages each, all together: every one has its five, in order."""
    numbers = range(200)
    await asyncio.gather(*(start(store, number) for number in numbers))

    async def talk(number: int) -> None:
        for turn in range(5):
            await store.commit(saying(await live(store, number), turn, b"%d.%d" % (number, turn)))

    await asyncio.gather(*(talk(number) for number in numbers))
    for number in numbers:
        entries = await store.entries(conversation(number).id, 0)
        assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
        assert [entry.body for entry in entries] == [b"%d.%d" % (number, turn) for turn in range(5)]


async def test_appends_to_one_conversation_at_once_are_gapless(store: Store) -> None:
    """60 writers who decide anew when they were too late: seq 1 to 60, each message once."""
    await start(store, 1)

    async def say(number: int) -> None:
        while True:
            try:
                await store.commit(saying(await live(store, 1), number, b"%d" % number))
            except Stale:
                continue
            return

    await asyncio.gather(*(say(number) for number in range(60)))
    entries = await store.entries(conversation(1).id, 0)
    assert [entry.seq for entry in entries] == list(range(1, 61))
    assert {entry.client_id for entry in entries} == {client_id(number) for number in range(60)}
    assert (await live(store, 1)).version == 60


async def test_steps_of_one_conversation_queued_together_follow_each_other(store: Store) -> None:
    """The second fits the version that the first will make; one decided on the old version is stale."""
    first = await start(store, 1)
    after = replace(first, conversation=replace(first.conversation, seq=1), version=1)
    found = await outcomes(
        [store.commit(saying(first, 1)), store.commit(saying(after, 2)), store.commit(saying(first, 3))]
    )
    assert found == [None, None, Stale]
    entries = await store.entries(first.conversation.id, 0)
    assert [entry.client_id for entry in entries] == [client_id(1), client_id(2)]


async def test_words_behind_a_step_of_the_same_queue_are_stored(store: Store) -> None:
    """Away, two words, back and a third, all in one transaction: state, version and seq are right."""
    first = await start(store, 1)
    away = replace(first.conversation, visitor_away_since=NOW)
    words = [replace(said(away, number), seq=number) for number in (1, 2)]
    back = replace(first.conversation, seq=2)
    found = await outcomes(
        [
            store.commit(Change(conversation=away, expected=0, deadline=NOW)),
            store.append(words, 1),
            store.commit(Change(conversation=back, expected=3, deadline=None)),
            store.append([replace(said(back, 3), seq=3)], 4),
        ]
    )
    assert found == [None] * 4
    assert await live(store, 1) == replace(first, conversation=replace(back, seq=3), version=5)
    assert [entry.seq for entry in await store.entries(first.conversation.id, 0)] == [1, 2, 3]


async def test_more_words_than_one_statement_takes_are_stored(store: Store) -> None:
    """A queue of hundreds of conversations, each with dozens of messages, is one transaction all the same."""
    ready = [await start(store, number) for number in range(160)]
    numbers = range(1, 33)
    each = [[replace(said(one.conversation, number), seq=number) for number in numbers] for one in ready]
    assert await outcomes([store.append(words, 0) for words in each]) == [None] * len(ready)
    for stored, words in zip(ready, each, strict=True):
        assert await store.entries(stored.conversation.id, 0) == words


async def test_refused_steps_do_not_touch_their_neighbours(store: Store) -> None:
    """Stale steps and appends, not allowed and at capacity fail alone in one queue."""
    await store.put_duty(duty(1, JOUR))
    ready = [await start(store, number) for number in range(6)]
    await store.commit(saying(ready[4], 7))
    found = await outcomes(
        [
            store.commit(saying(ready[0], 1)),
            store.commit(replace(saying(ready[1], 1), expected=9)),
            store.commit(claiming(ready[2], 9)),
            store.commit(claiming(ready[3], 1, capacity=0)),
            store.append([said(ready[4].conversation, 7)], 0),
            store.append([said(ready[5].conversation, 1)], 0),
        ]
    )
    assert found == [None, Stale, NotAllowed, AtCapacity, Stale, None]
    assert [(await live(store, number)).version for number in range(6)] == [1, 0, 0, 0, 1, 1]


async def test_whole_life_queued_together_leaves_only_counters(store: Store) -> None:
    """Start, message, wrap, claim and end in queues: each builds on the one before, and nothing is left."""
    await store.put_duty(duty(1, JOUR))
    await store.put_duty(duty(2, JOUR))
    new = conversation(1)
    grown = replace(new, seq=1)
    claimed = claiming(await start(store, 2), 1)  # made over below into a step of the new conversation
    active = replace(claimed.conversation, id=new.id, seq=2)
    joined = replace(claimed.entries[0], conversation=new.id, seq=2)
    found = await outcomes(
        [
            store.create(new, visitor_key(1), deadline=None, wraps={}, intake=None, counts=(count(),)),
            store.commit(
                Change(conversation=grown, expected=0, deadline=None, entries=(said(new, 1),), counts=())
            ),
            store.add_wraps(new.id, {duty_id(1): b"one", duty_id(2): b"two"}),
            store.renew(new.id, visitor_key(1, day=20001), instead_of=visitor_key(1).lookup),
            store.commit(replace(claimed, conversation=active, expected=1, entries=(joined,))),
        ]
    )
    assert found == [None] * 5
    assert await store.wrapped_for(new.id) == {duty_id(1)}
    stored = await live(store, 1)
    assert (stored.conversation, stored.version) == (active, 2)
    grown_again = saying(stored, 2)
    ended = replace(ending(stored), expected=3)
    found = await outcomes(
        [store.commit(grown_again), store.add_wraps(new.id, {duty_id(1): b"new"}), store.commit(ended)]
    )
    assert found == [None] * 3
    assert await store.load(new.id) is None
    assert await store.entries(new.id, 0) == []
    assert await store.wrapped_for(new.id) == set()
    assert await store.counters([JOUR], TODAY) == {JOUR: {"started": 2, "answered": 1, "ended": 1}}


async def test_two_claims_at_once_do_not_pass_the_capacity(store: Store) -> None:
    """With one place left and both claims in the same queue, exactly one gets it."""
    await store.put_duty(duty(1, JOUR))
    await store.commit(claiming(await start(store, 1), 1, capacity=2))
    rivals = [await start(store, 2), await start(store, 3)]
    found = await outcomes(store.commit(claiming(stored, 1, capacity=2)) for stored in rivals)
    assert found == [None, AtCapacity]
    assert len(await store.held_by(duty_id(1))) == 2


async def test_cancelled_caller_harms_nobody(store: Store) -> None:
    """Who stops waiting stops only waiting: the step and its neighbours are stored."""
    ready = [await start(store, number) for number in range(3)]
    calls = [asyncio.create_task(store.commit(saying(stored, 1))) for stored in ready]
    await asyncio.sleep(0)
    calls[1].cancel()
    ended = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(ended[1], asyncio.CancelledError)
    assert (ended[0], ended[2]) == (None, None)
    await store.commit(saying(await live(store, 0), 2))
    assert [(await live(store, number)).version for number in range(3)] == [2, 1, 1]


async def test_claim_race_between_two_processes_has_one_winner(
    store: Store, another_store: AnotherStore
) -> None:
    """In each of 200 rounds one of two processes wins, and the store names the winner."""
    other = await another_store()
    await store.put_duty(duty(1, JOUR))
    await other.put_duty(duty(2, JOUR))
    for number in range(200):
        stored = await start(store, number)
        found = await outcomes(
            [
                store.commit(claiming(stored, 1, capacity=1000)),
                other.commit(claiming(stored, 2, capacity=1000)),
            ]
        )
        assert sorted(found, key=repr) == sorted([None, Stale], key=repr)
        winner = duty_id(1 + found.index(None))
        assert (await live(other, number)).conversation.operator == winner


async def test_capacity_race_between_two_processes_fills_the_last_place_once(
    store: Store, another_store: AnotherStore
) -> None:
    """One operator with two consoles, one place left: in each of 50 rounds one claim is accepted."""
    other = await another_store()
    for number in range(0, 100, 2):
        await store.put_duty(duty(number, JOUR))
        left, right = await start(store, number), await start(store, number + 1)
        found = await outcomes(
            [
                store.commit(claiming(left, number, capacity=1)),
                other.commit(claiming(right, number, capacity=1)),
            ]
        )
        assert sorted(found, key=repr) == sorted([None, AtCapacity], key=repr)


async def test_two_processes_append_to_one_conversation_without_a_gap(
    store: Store, another_store: AnotherStore
) -> None:
    """Visitor and operator sit on different processes and talk at once."""
    stores = [store, await another_store()]
    await start(store, 1)

    async def talk(which: int) -> None:
        for turn in range(40):
            while True:
                try:
                    await stores[which].commit(saying(await live(stores[which], 1), 100 * which + turn))
                except Stale:
                    continue
                break

    await asyncio.gather(talk(0), talk(1))
    entries = await store.entries(conversation(1).id, 0)
    assert [entry.seq for entry in entries] == list(range(1, 81))
