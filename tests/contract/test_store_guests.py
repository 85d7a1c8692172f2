# SPDX-License-Identifier: EUPL-1.2
"""A guest in the store: what is kept of one, exactly one who comes, and a wrap that goes with them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chat.entries import EntryKind, SealedEntry
from chat.errors import AtCapacity, NotAllowed, Stale
from chat.ids import Role
from chat.parts import Guest, Invitation
from chat.ports import Change, Store, Stored
from tests.contract.made import (
    JOUR,
    NOW,
    OTHER,
    claiming,
    duty,
    duty_id,
    ending,
    live,
    returning,
    start,
)

INVITATION = Invitation(OTHER, "Öppenvården", history=True, at=NOW + timedelta(seconds=7))


async def invited(store: Store, number: int = 1) -> Stored:
    """Return a conversation that is held by duty 1, with an invitation to the other service."""
    await store.put_duty(duty(1, JOUR))
    await start(store, number)
    await store.commit(claiming(await live(store, number), 1))
    await store.commit(stepping(await live(store, number), invitation=INVITATION))
    return await live(store, number)


def stepping(stored: Stored, **told: object) -> Change:
    """Return a step that changes these fields and says nothing."""
    after = replace(stored.conversation, **told)
    return Change(conversation=after, expected=stored.version, deadline=None)


def joining(stored: Stored, number: int, capacity: int = 3) -> Change:
    """Return the step in which a duty comes as a guest."""
    before = stored.conversation
    alias, seq = f"Alias {number}", before.seq + 1
    after = replace(before, seq=seq, guest=Guest(duty_id(number), alias, 0))
    told = SealedEntry(before.id, seq, EntryKind.GUEST_JOINED, Role.SERVICE, None, None, alias, "Öppenvården")
    return Change(
        conversation=after,
        expected=stored.version,
        deadline=None,
        entries=(told,),
        joined_by=duty_id(number),
        capacity=capacity,
    )


def leaving(stored: Stored) -> Change:
    """Return the step in which the guest goes."""
    return stepping(stored, guest=None, invitation=None)


async def test_invitation_and_guest_are_kept_whole(store: Store) -> None:
    """What is stored is what is read, at each step; the entry tells where they came from."""
    stored = await invited(store)
    assert stored.conversation.invitation == INVITATION
    assert await store.invited([OTHER]) == [stored.conversation]
    assert await store.invited([JOUR]) == []
    await store.put_duty(duty(2, OTHER))
    await store.commit(joining(stored, 2))
    stored = await live(store, 1)
    assert stored.conversation.guest == Guest(duty_id(2), "Alias 2", 0)
    assert await store.invited([OTHER]) == []
    assert [entry.organisation for entry in await store.entries(stored.conversation.id, 0)] == [
        None,
        "Öppenvården",
    ]
    away = Guest(duty_id(2), "Alias 2", 0, away_since=NOW)
    await store.commit(stepping(stored, guest=away))
    assert (await live(store, 1)).conversation.guest == away


async def test_guest_holds_a_place_and_is_found(store: Store) -> None:
    """`held_by` and `loads` know both who holds a conversation and who is a guest in it."""
    stored = await invited(store)
    await store.put_duty(duty(2, OTHER))
    await store.commit(joining(stored, 2))
    assert await store.held_by(duty_id(2)) == [stored.conversation.id]
    assert await store.loads([JOUR, OTHER]) == {duty_id(1): 1, duty_id(2): 1}
    await store.commit(leaving(await live(store, 1)))
    assert await store.held_by(duty_id(2)) == []
    assert await store.loads([JOUR, OTHER]) == {duty_id(1): 1, duty_id(2): 0}


async def test_guest_must_serve_the_invited_service_and_have_a_place(store: Store) -> None:
    """Nobody from elsewhere, nobody who is gone, nobody whose hands are full."""
    stored = await invited(store)
    await store.put_duty(duty(2, JOUR))
    await store.put_duty(duty(3, OTHER))
    for number in (2, 4):
        with pytest.raises(NotAllowed):
            await store.commit(joining(stored, number))
    with pytest.raises(AtCapacity):
        await store.commit(joining(stored, 3, capacity=0))
    assert (await live(store, 1)).conversation.guest is None
    await start(store, 2, service=OTHER)
    await store.commit(claiming(await live(store, 2), 3))
    with pytest.raises(AtCapacity):
        await store.commit(joining(stored, 3, capacity=1))


async def test_a_guest_counts_when_the_same_batch_claims(store: Store) -> None:
    """Coming and claiming at once cannot pass the capacity together."""
    stored = await invited(store)
    await store.put_duty(duty(3, OTHER))
    await start(store, 2, service=OTHER)
    outcomes = await asyncio.gather(
        store.commit(joining(stored, 3, capacity=1)),
        store.commit(claiming(await live(store, 2), 3, capacity=1)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [AtCapacity]


async def test_one_of_many_comes(store: Store) -> None:
    """A thousand try at once on the same version: one is in, all others are stale."""
    stored = await invited(store)
    for number in range(2, 12):
        await store.put_duty(duty(number, OTHER))
    tries = [store.commit(joining(stored, 2 + number % 10, capacity=2_000)) for number in range(1_000)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert outcomes.count(None) == 1
    assert {type(outcome) for outcome in outcomes if outcome is not None} == {Stale}


async def test_wraps_are_taken_for_holder_and_guest_and_go_with_the_guest(store: Store) -> None:
    """Nobody else's wrap is taken while it is active; the guest's is gone in the step in which they leave."""
    stored = await invited(store)
    name = stored.conversation.id
    for number in (2, 3):
        await store.put_duty(duty(number, OTHER))
    wraps = {duty_id(number): b"wrap %d" % number for number in (1, 2, 3)}
    await store.add_wraps(name, wraps)
    assert await store.wrapped_for(name) == {duty_id(1)}
    await store.commit(joining(stored, 2))
    await store.add_wraps(name, wraps)
    assert await store.wrapped_for(name) == {duty_id(1), duty_id(2)}
    await store.commit(leaving(await live(store, 1)))
    assert await store.wrapped_for(name) == {duty_id(1)}
    await store.add_wraps(name, wraps)
    assert await store.wrapped_for(name) == {duty_id(1)}


async def test_nothing_is_left_when_the_holder_is_lost_or_it_ends(store: Store) -> None:
    """No wrap, no place, no invitation."""
    for number, change in ((1, returning), (2, ending)):
        stored = await invited(store, number)
        await store.put_duty(duty(2, OTHER))
        await store.commit(joining(stored, 2))
        name = stored.conversation.id
        await store.add_wraps(name, {duty_id(1): b"one", duty_id(2): b"two"})
        gone = change(await live(store, number))
        alone = replace(gone.conversation, guest=None, invitation=None)
        await store.commit(replace(gone, conversation=alone))
        assert await store.wrapped_for(name) == set()
        assert await store.held_by(duty_id(2)) == []
        assert await store.invited([OTHER]) == []


async def test_everybody_away_is_a_guest_too(store: Store) -> None:
    """After a start a guest has no socket either; a conversation without one gets none."""
    stored = await invited(store)
    await store.put_duty(duty(2, OTHER))
    await store.commit(joining(stored, 2))
    await start(store, 2)
    await store.mark_all_away(NOW)
    guest = (await live(store, 1)).conversation.guest
    assert guest is not None
    assert guest.away_since == NOW
    assert (await live(store, 2)).conversation.guest is None
