# SPDX-License-Identifier: EUPL-1.2
"""What every store keeps: conversations, entries, wraps, duties and counters, as `chat.ports.Store` says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chat.conversation import Phase
from chat.errors import AtCapacity, NotAllowed, Stale
from chat.ids import Role
from chat.ports import Change, Store
from tests.contract.made import (
    JOUR,
    NOW,
    OTHER,
    TODAY,
    claiming,
    client_id,
    conversation,
    count,
    duty,
    duty_id,
    ending,
    live,
    returning,
    said,
    saying,
    start,
    visitor_key,
)

# --- conversations ---


async def test_store_returns_a_new_conversation_as_it_was(store: Store) -> None:
    """Every field of a conversation, to the microsecond, and its version 0."""
    stored = await start(store, 1)
    assert (stored.conversation, stored.version) == (conversation(1), 0)
    assert stored.visitor_key == visitor_key(1)


async def test_store_keeps_every_field_of_a_step(store: Store) -> None:
    """What a step changes is there afterwards, and the version has grown by one."""
    stored = await start(store, 1)
    after = replace(
        stored.conversation,
        phase=Phase.OFFERED,
        acute=True,
        front=True,
        operator=duty_id(1),
        alias="Åsa",
        waiting_since=NOW + timedelta(minutes=1),
        offered_until=NOW + timedelta(seconds=30),
        passed_by=frozenset({duty_id(2), duty_id(3)}),
        visitor_away_since=NOW + timedelta(seconds=1),
        operator_away_since=NOW + timedelta(seconds=2),
    )
    await store.commit(Change(conversation=after, expected=0, deadline=NOW))
    stored = await live(store, 1)
    assert (stored.conversation, stored.version) == (after, 1)


async def test_store_knows_nothing_of_a_conversation_that_never_was(store: Store) -> None:
    """Every question about it has an empty answer."""
    name = conversation(1).id
    assert await store.load(name) is None
    assert await store.entries(name, 0) == []
    assert await store.intake(name) is None
    assert await store.wrapped_for(name) == set()
    await store.renew(name, visitor_key(1), instead_of=visitor_key(1).lookup)
    with pytest.raises(Stale):
        await store.commit(Change(conversation=conversation(1), expected=0, deadline=None))


async def test_store_finds_a_conversation_by_any_of_its_lookups(store: Store) -> None:
    """A token gives one lookup for each day that it may have been wrapped under."""
    await start(store, 1)
    found = await store.find([visitor_key(2).lookup, visitor_key(1).lookup])
    assert found is not None
    assert found.conversation.id == conversation(1).id
    assert await store.find([visitor_key(2).lookup]) is None
    assert await store.find([]) is None


async def test_store_renews_a_key_without_a_new_version(store: Store) -> None:
    """The old lookup is gone, the new one finds her, and a step under way is not stale."""
    await start(store, 1)
    await store.renew(conversation(1).id, visitor_key(1, day=20001), instead_of=visitor_key(1).lookup)
    assert await store.find([visitor_key(1).lookup]) is None
    found = await store.find([visitor_key(1, day=20001).lookup])
    assert found is not None
    assert (found.version, found.visitor_key) == (0, visitor_key(1, day=20001))


async def test_store_refuses_a_conversation_whose_id_is_taken(store: Store) -> None:
    """The one that is there stays as it is."""
    await start(store, 1)
    with pytest.raises(Stale):
        await store.create(
            conversation(1), visitor_key(2), deadline=None, wraps={}, intake=None, counts=(count(),)
        )
    assert (await live(store, 1)).visitor_key == visitor_key(1)
    assert await store.counters([JOUR], TODAY) == {JOUR: {"started": 1}}


async def test_store_refuses_a_step_decided_on_another_version(store: Store) -> None:
    """Nothing of a stale step is stored."""
    stored = await start(store, 1)
    await store.commit(saying(stored, 1))
    with pytest.raises(Stale):
        await store.commit(replace(saying(stored, 2), counts=(count(),)))
    assert len(await store.entries(stored.conversation.id, 0)) == 1
    assert await store.counters([JOUR], TODAY) == {JOUR: {"started": 1}}


# --- entries ---


async def test_entries_come_in_order_after_a_seq(store: Store) -> None:
    """Entries after the asked one, without the intake, each as it was stored."""
    await start(store, 1, intake=b"answers")
    stored = [await live(store, 1)]
    for number in range(5):
        await store.commit(saying(stored[-1], number, b"body %d" % number))
        stored.append(await live(store, 1))
    name = stored[0].conversation.id
    expected = [said(stored[number].conversation, number, b"body %d" % number) for number in range(5)]
    assert await store.entries(name, 0) == expected
    assert await store.entries(name, -1) == expected
    assert await store.entries(name, 3) == expected[3:]
    assert await store.entries(name, 5) == []


async def test_said_after_tells_of_many_conversations_what_is_new(store: Store) -> None:
    """Of each its version and what it has beyond a seq, in order; nothing of what is over or silent."""
    for number in range(70):
        await start(store, number, intake=b"answers")
    for number in (*range(68), 0):
        await store.commit(saying(await live(store, number), number, b"body"))
    await store.commit(ending(await live(store, 66)))
    names = {number: conversation(number).id for number in range(72)}
    told = await store.said_after({name: int(number == 67) for number, name in names.items()})
    assert set(told) == {names[number] for number in range(66)}
    entries = await store.entries(names[0], 0)
    assert [each.seq for each in entries] == [1, 2]
    assert told[names[0]] == (2, entries)
    assert await store.said_after({names[0]: 1, names[1]: -1}) == {
        names[0]: (2, entries[1:]),
        names[1]: (1, await store.entries(names[1], 0)),
    }
    assert await store.said_after({}) == {}


async def test_intake_is_kept_beside_the_entries(store: Store) -> None:
    """Her answers come back sealed; without answers there is nothing."""
    await start(store, 1, intake=b"answers")
    await start(store, 2)
    sealed = await store.intake(conversation(1).id)
    assert sealed is not None
    assert (sealed.seq, sealed.body) == (0, b"answers")
    assert await store.intake(conversation(2).id) is None


async def test_said_as_finds_an_entry_by_role_and_client_id(store: Store) -> None:
    """The same client id from the other side, or in another conversation, is another message."""
    stored = await start(store, 1)
    await start(store, 2)
    await store.commit(saying(stored, 7))
    name = stored.conversation.id
    assert await store.said_as(name, Role.VISITOR, client_id(7)) == said(stored.conversation, 7)
    assert await store.said_as(name, Role.OPERATOR, client_id(7)) is None
    assert await store.said_as(name, Role.VISITOR, client_id(8)) is None
    assert await store.said_as(conversation(2).id, Role.VISITOR, client_id(7)) is None


async def test_words_are_appended_in_order(store: Store) -> None:
    """What is said together is stored together: one seq and one version further for each."""
    stored = await start(store, 1)
    entries = [replace(said(stored.conversation, number), seq=number) for number in (1, 2, 3)]
    await store.append(entries, 0)
    assert await store.entries(conversation(1).id, 0) == entries
    after = await live(store, 1)
    assert (after.version, after.conversation.seq) == (3, 3)
    assert replace(after.conversation, seq=0) == stored.conversation


async def test_append_to_another_version_is_stale(store: Store) -> None:
    """Whoever has not seen the newest entry adds none, and so says nothing twice."""
    stored = await start(store, 1)
    await store.append([said(stored.conversation, 1)], 0)
    for expected in (0, 2):
        with pytest.raises(Stale):
            await store.append([said(stored.conversation, 1)], expected)
    assert len(await store.entries(conversation(1).id, 0)) == 1


async def test_append_to_what_has_ended_is_stale(store: Store) -> None:
    """There is nothing to add to, and nothing stays behind."""
    stored = await start(store, 1)
    await store.commit(ending(stored))
    with pytest.raises(Stale):
        await store.append([said(stored.conversation, 1)], 1)
    assert await store.entries(conversation(1).id, 0) == []


async def test_said_names_what_was_said_without_the_texts(store: Store) -> None:
    """In order; comings, goings and her answers before the start are not among it."""
    await store.put_duty(duty(1, JOUR))
    stored = await start(store, 1, intake=b"answers")
    await store.append([said(stored.conversation, 7)], 0)
    await store.commit(claiming(await live(store, 1), 1))
    await store.append([said((await live(store, 1)).conversation, 8, role=Role.OPERATOR)], 2)
    expected = [(1, Role.VISITOR, client_id(7)), (3, Role.OPERATOR, client_id(8))]
    assert await store.said(conversation(1).id) == expected
    assert await store.said(conversation(2).id) == []


# --- the end ---


async def test_ended_conversation_leaves_nothing(store: Store) -> None:
    """State, entries, intake, wraps, lookup and client ids are gone with the commit; counters stay."""
    await store.put_duty(duty(1, JOUR))
    stored = await start(store, 1, intake=b"answers", wraps={duty_id(1): b"wrap"}, deadline=NOW)
    await store.commit(saying(stored, 1))
    await store.commit(ending(await live(store, 1)))
    name = stored.conversation.id
    assert await store.load(name) is None
    assert await store.find([visitor_key(1).lookup]) is None
    assert await store.entries(name, 0) == []
    assert await store.intake(name) is None
    assert await store.said_as(name, Role.VISITOR, client_id(1)) is None
    assert await store.wrapped_for(name) == set()
    assert await store.waiting([JOUR]) == []
    assert await store.due(NOW) == []
    assert await store.counters([JOUR], TODAY) == {JOUR: {"started": 1, "ended": 1}}


async def test_ended_conversation_takes_nothing_more(store: Store) -> None:
    """A step that comes after the end is stale; a wrap or a new key is dropped."""
    await store.put_duty(duty(1, JOUR))
    stored = await start(store, 1)
    await store.commit(ending(stored))
    with pytest.raises(Stale):
        await store.commit(saying(stored, 1))
    with pytest.raises(Stale):
        await store.commit(ending(stored))
    await store.add_wraps(stored.conversation.id, {duty_id(1): b"wrap"})
    await store.renew(stored.conversation.id, visitor_key(1), instead_of=visitor_key(1).lookup)
    assert await store.wrapped_for(stored.conversation.id) == set()
    assert await store.find([visitor_key(1).lookup]) is None


# --- claims ---


async def test_claim_needs_a_duty_that_serves_the_service(store: Store) -> None:
    """Unknown and elsewhere look the same."""
    await store.put_duty(duty(1, OTHER))
    stored = await start(store, 1)
    for number in (1, 2):
        with pytest.raises(NotAllowed):
            await store.commit(claiming(stored, number))
    assert (await live(store, 1)).version == 0
    assert await store.entries(conversation(1).id, 0) == []


async def test_claim_stops_at_capacity_until_a_place_is_free(store: Store) -> None:
    """Active conversations count, of every service; a ringing one does not."""
    await store.put_duty(duty(1, JOUR, OTHER))
    await store.commit(claiming(await start(store, 1), 1, capacity=2))
    ringing = await start(store, 2)
    offered = replace(ringing.conversation, phase=Phase.OFFERED, operator=duty_id(1))
    await store.commit(Change(conversation=offered, expected=0, deadline=None))
    await store.commit(claiming(await start(store, 3, service=OTHER), 1, capacity=2))
    full = await start(store, 4)
    with pytest.raises(AtCapacity):
        await store.commit(claiming(full, 1, capacity=2))
    await store.commit(ending(await live(store, 1)))
    await store.commit(claiming(full, 1, capacity=2))


async def test_claim_leaves_the_winners_wrap_only(store: Store) -> None:
    """Everybody else loses the key in the same transaction."""
    for number in (1, 2, 3):
        await store.put_duty(duty(number, JOUR))
    wraps = {duty_id(number): b"wrap %d" % number for number in (1, 2, 3)}
    stored = await start(store, 1, wraps=wraps)
    await store.commit(claiming(stored, 2))
    assert await store.wrapped_for(stored.conversation.id) == {duty_id(2)}
    assert await store.wrap_for(stored.conversation.id, duty_id(2)) == b"wrap 2"
    assert await store.wrap_for(stored.conversation.id, duty_id(1)) is None


# --- wraps ---


async def test_wraps_are_added_and_replaced(store: Store) -> None:
    """The last wrap for a duty counts; one for a duty that is gone is dropped."""
    await store.put_duty(duty(1, JOUR))
    await store.put_duty(duty(2, JOUR))
    stored = await start(store, 1, wraps={duty_id(1): b"first", duty_id(9): b"nobody"})
    name = stored.conversation.id
    await store.add_wraps(name, {duty_id(1): b"second", duty_id(2): b"other", duty_id(9): b"nobody"})
    assert await store.wrapped_for(name) == {duty_id(1), duty_id(2)}
    assert await store.wrap_for(name, duty_id(1)) == b"second"
    await store.add_wraps(name, {})


async def test_wraps_while_active_are_the_operators_only(store: Store) -> None:
    """A late wrap for somebody who lost the claim is not taken."""
    await store.put_duty(duty(1, JOUR))
    await store.put_duty(duty(2, JOUR))
    await store.commit(claiming(await start(store, 1), 1))
    name = conversation(1).id
    await store.add_wraps(name, {duty_id(1): b"winner", duty_id(2): b"loser"})
    assert await store.wrapped_for(name) == {duty_id(1)}


async def test_wraps_go_when_the_conversation_returns_to_the_queue(store: Store) -> None:
    """The lost operator can read no further; a process with the key wraps anew."""
    await store.put_duty(duty(1, JOUR))
    await store.commit(claiming(await start(store, 1, wraps={duty_id(1): b"wrap"}), 1))
    await store.commit(returning(await live(store, 1)))
    name = conversation(1).id
    assert await store.wrapped_for(name) == set()
    await store.add_wraps(name, {duty_id(1): b"again"})
    assert await store.wrapped_for(name) == {duty_id(1)}


# --- overviews ---


async def test_waiting_lists_waiting_and_offered(store: Store) -> None:
    """Of the asked services only; an active one is not waiting."""
    await store.put_duty(duty(1, JOUR))
    await start(store, 1)
    offered = replace((await start(store, 2)).conversation, phase=Phase.OFFERED, operator=duty_id(1))
    await store.commit(Change(conversation=offered, expected=0, deadline=None))
    await store.commit(claiming(await start(store, 3), 1))
    await start(store, 4, service=OTHER)
    found = {one.id: one for one in await store.waiting([JOUR])}
    assert found == {conversation(1).id: conversation(1), offered.id: offered}
    assert await store.waiting([]) == []


async def test_held_by_and_loads_count_what_a_duty_has(store: Store) -> None:
    """Held is active or ringing; the load is active only, and nobody who serves is left out."""
    await store.put_duty(duty(1, JOUR, OTHER))
    await store.put_duty(duty(2, JOUR))
    await store.put_duty(duty(3))
    await store.commit(claiming(await start(store, 1), 1))
    await store.commit(claiming(await start(store, 2, service=OTHER), 1))
    offered = replace((await start(store, 3)).conversation, phase=Phase.OFFERED, operator=duty_id(1))
    await store.commit(Change(conversation=offered, expected=0, deadline=None))
    assert set(await store.held_by(duty_id(1))) == {conversation(number).id for number in (1, 2, 3)}
    assert await store.held_by(duty_id(2)) == []
    assert await store.loads([JOUR, OTHER]) == {duty_id(1): 2, duty_id(2): 0}
    assert await store.active_count([JOUR, OTHER]) == {JOUR: 1, OTHER: 1}
    assert await store.loads([]) == {}


async def test_due_lists_deadlines_that_have_come(store: Store) -> None:
    """To the microsecond; a step sets the deadline anew."""
    await start(store, 1, deadline=NOW)
    await start(store, 2, deadline=NOW + timedelta(microseconds=1))
    await start(store, 3)
    assert await store.due(NOW - timedelta(microseconds=1)) == []
    assert await store.due(NOW) == [conversation(1).id]
    assert len(await store.due(NOW + timedelta(days=1))) == 2
    await store.commit(saying(await live(store, 1), 1))
    assert await store.due(NOW) == []


async def test_mark_all_away_begins_every_patience_anew(store: Store) -> None:
    """Both sides are away from now on, every conversation is looked at, and older decisions are stale."""
    await store.put_duty(duty(1, JOUR))
    waiting = await start(store, 1)
    await store.commit(claiming(await start(store, 2), 1))
    later = NOW + timedelta(hours=1)
    await store.mark_all_away(later)
    one, two = (await live(store, 1)).conversation, (await live(store, 2)).conversation
    assert (one.visitor_away_since, one.operator_away_since) == (later, None)
    assert (two.visitor_away_since, two.operator_away_since) == (later, later)
    assert set(await store.due(later)) == {one.id, two.id}
    with pytest.raises(Stale):
        await store.commit(saying(waiting, 1))
