# SPDX-License-Identifier: EUPL-1.2
"""A conversation that is given away, in the store: what is kept of it, and who may take it, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chat.errors import AtCapacity, NotAllowed, Stale
from chat.ids import OrganisationId
from chat.parts import Crossing, Transfer, TransferEnd
from chat.ports import Change, Store, Stored
from tests.contract.made import JOUR, NOW, OTHER, claiming, duty, duty_id, ending, live, start

ELSEWHERE = OrganisationId("elsewhere")
OFFER = Transfer(
    service=OTHER,
    organisation=ELSEWHERE,
    name="Öppenvården",
    duty=duty_id(2),
    alias="Gry",
    history=False,
    at=NOW,
    until=NOW + timedelta(seconds=120),
    passed_by=frozenset({duty_id(3), duty_id(4)}),
)


async def offered(store: Store, number: int = 1) -> Stored:
    """Return a conversation that duty 1 holds and that is offered to the other service."""
    await store.put_duty(duty(1, JOUR))
    await start(store, number)
    await store.commit(claiming(await live(store, number), 1))
    await store.commit(stepping(await live(store, number), transfer=OFFER))
    return await live(store, number)


def stepping(stored: Stored, **told: object) -> Change:
    """Return a step that changes these fields and says nothing."""
    after = replace(stored.conversation, **told)
    return Change(conversation=after, expected=stored.version, deadline=None)


def taking(stored: Stored, number: int, capacity: int = 3) -> Change:
    """Return the step in which a duty takes it over."""
    before = stored.conversation
    after = replace(
        before,
        service=OTHER,
        organisation=ELSEWHERE,
        operator=duty_id(number),
        alias=f"Alias {number}",
        transfer=None,
        reads_after=before.seq + 1,
        crossed=(*before.crossed, Crossing(before.seq + 1, before.organisation)),
        seq=before.seq + 2,
    )
    claimed = duty_id(number)
    freed = ((duty_id(1), NOW),)
    return Change(
        conversation=after,
        expected=stored.version,
        deadline=None,
        claimed_by=claimed,
        capacity=capacity,
        freed=freed,
    )


async def test_offer_is_kept_whole_and_found_while_it_is_open(store: Store) -> None:
    """What is stored is what is read, also why it ended; then nobody finds it any more."""
    stored = await offered(store)
    assert stored.conversation.transfer == OFFER
    assert await store.offered([OTHER]) == [stored.conversation]
    assert await store.offered([JOUR]) == []
    over = replace(OFFER, ended=TransferEnd.DECLINED)
    await store.commit(stepping(stored, transfer=over))
    assert (await live(store, 1)).conversation.transfer == over
    assert await store.offered([OTHER]) == []


async def test_taking_it_over_is_one_commit(store: Store) -> None:
    """The old one's wrap and load go, the new one's load comes, and the border is kept."""
    stored = await offered(store)
    name = stored.conversation.id
    await store.add_wraps(name, {duty_id(1): b"wrap"})
    await store.put_duty(duty(2, OTHER))
    await store.commit(taking(stored, 2))
    after = (await live(store, 1)).conversation
    assert after.crossed == (Crossing(stored.conversation.seq + 1, stored.conversation.organisation),)
    assert (after.service, after.organisation, after.reads_after) == (
        OTHER,
        ELSEWHERE,
        stored.conversation.seq + 1,
    )
    assert await store.wrapped_for(name) == set()
    assert await store.loads([JOUR, OTHER]) == {duty_id(1): 0, duty_id(2): 1}
    await store.add_wraps(name, {duty_id(1): b"wrap", duty_id(2): b"wrap"})
    assert await store.wrapped_for(name) == {duty_id(2)}
    await store.commit(ending(await live(store, 1)))
    assert await store.load(name) is None


async def test_only_who_is_on_duty_there_and_has_a_place_takes_it(store: Store) -> None:
    """As for a claim, in the same transaction."""
    stored = await offered(store)
    await store.put_duty(duty(2, JOUR))
    with pytest.raises(NotAllowed):
        await store.commit(taking(stored, 2))
    await store.put_duty(duty(3, OTHER))
    with pytest.raises(AtCapacity):
        await store.commit(taking(stored, 3, capacity=0))
    assert (await live(store, 1)).conversation == stored.conversation


async def test_of_two_at_once_one_takes_it(store: Store) -> None:
    """The other is stale, and holds nothing more than before."""
    stored = await offered(store)
    for number in (2, 3):
        await store.put_duty(duty(number, OTHER))
    both = await asyncio.gather(
        *(store.commit(taking(stored, number)) for number in (2, 3)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in both) == ["NoneType", "Stale"]
    assert any(isinstance(each, Stale) for each in both)
    assert sorted((await store.loads([OTHER])).values()) == [0, 1]
