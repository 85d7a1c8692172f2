# SPDX-License-Identifier: EUPL-1.2
"""What a store does about what staff write for each other."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from chat.errors import Stale
from chat.ids import DutyId, OrganisationId
from chat.parts import Guest
from chat.ports import Store, Stored
from chat.staff_entries import SealedStaffEntry, StaffKind
from chat.staff_ports import StaffEntries
from tests.contract.conftest import AnotherNotebook, AnotherStore
from tests.contract.made import (
    JOUR,
    claiming,
    client_id,
    conversation,
    duty,
    duty_id,
    ending,
    live,
    returning,
    saying,
    start,
)

HERS = conversation(1).id
HOLDER, OTHER = duty_id(1), duty_id(2)


def note(seq: int, number: int | None = None, kind: StaffKind = StaffKind.NOTE) -> SealedStaffEntry:
    """Return a staff-only entry; `number` names its client id and its body."""
    number = seq if number is None else number
    return SealedStaffEntry(HERS, seq, kind, client_id(number), b"sealed note %d" % number)


async def held(store: Store) -> Stored:
    """Return a conversation that the first duty holds."""
    for number in (1, 2):
        await store.put_duty(duty(number, JOUR))
    await store.commit(claiming(await start(store, 1), 1))
    return await live(store, 1)


async def test_entries_come_back_as_they_were_in_order(store: Store, notebook: StaffEntries) -> None:
    """Notes and whispers share their numbers; nothing of the conversation moves with them."""
    before = await held(store)
    whisper = note(2, kind=StaffKind.WHISPER)
    await notebook.add(note(1), by=HOLDER)
    await notebook.add(whisper, by=HOLDER)
    assert await notebook.of(HERS) == [note(1), whisper]
    assert await notebook.of(conversation(2).id) == []
    assert await live(store, 1) == before
    entries = await store.entries(HERS, 0)
    assert [entry.seq for entry in entries] == [1]
    assert await store.said(HERS) == []


@pytest.mark.parametrize("seq", [0, 1, 3])
async def test_number_that_is_not_the_next_is_stale(store: Store, notebook: StaffEntries, seq: int) -> None:
    """None is taken twice, and none is left out."""
    await held(store)
    await notebook.add(note(1), by=HOLDER)
    with pytest.raises(Stale):
        await notebook.add(note(seq, 9), by=HOLDER)
    assert await notebook.of(HERS) == [note(1)]


async def test_two_at_once_from_two_processes_lose_none(
    store: Store, another_notebook: AnotherNotebook
) -> None:
    """Each takes the next number as often as it must: all are there, without a gap."""
    await held(store)
    notebooks = [await another_notebook(), await another_notebook()]

    async def writes(notebook: StaffEntries, number: int) -> None:
        while True:
            try:
                await notebook.add(note(len(await notebook.of(HERS)) + 1, number), by=HOLDER)
            except Stale:
                continue
            return

    await asyncio.gather(*(writes(notebooks[number % 2], number) for number in range(20)))
    stored = await notebooks[0].of(HERS)
    assert [entry.staff_seq for entry in stored] == list(range(1, 21))
    assert {entry.client_id for entry in stored} == {client_id(number) for number in range(20)}


async def test_only_who_takes_part_adds_one(store: Store, notebook: StaffEntries) -> None:
    """Decided in the very transaction: whoever has lost the conversation meanwhile adds nothing."""
    stored = await held(store)
    with pytest.raises(Stale):
        await notebook.add(note(1), by=OTHER)
    with pytest.raises(Stale):
        await notebook.add(note(1), by=DutyId(""))
    guest = replace(stored.conversation, guest=Guest(OTHER, "Alias 2", 1))
    await store.commit(replace(saying(stored, 1), conversation=replace(guest, seq=guest.seq + 1)))
    await notebook.add(note(1), by=OTHER)
    await store.commit(returning(await live(store, 1)))
    with pytest.raises(Stale):
        await notebook.add(note(2), by=HOLDER)
    assert await notebook.of(HERS) == [note(1)], "the next one finds it"


async def test_they_go_with_the_conversation(
    store: Store, notebook: StaffEntries, another_store: AnotherStore
) -> None:
    """The end leaves none, and none can be added to what is over."""
    await held(store)
    await notebook.add(note(1), by=HOLDER)
    other = await another_store()
    await other.commit(ending(await live(store, 1)))
    assert await notebook.of(HERS) == []
    with pytest.raises(Stale):
        await notebook.add(note(1), by=HOLDER)


async def test_entry_against_the_end_is_never_half(store: Store, another_notebook: AnotherNotebook) -> None:
    """On two connections: stored and then deleted with all, or refused."""
    notebook = await another_notebook()
    stored = await held(store)
    outcomes = await asyncio.gather(
        notebook.add(note(1), by=HOLDER), store.commit(ending(stored)), return_exceptions=True
    )
    assert outcomes[1] is None
    assert outcomes[0] is None or isinstance(outcomes[0], Stale)
    assert await notebook.of(HERS) == []


async def test_step_drops_them_in_its_transaction(store: Store, notebook: StaffEntries) -> None:
    """Where it goes to another organisation they do not follow; its entries do, and numbers begin anew."""
    stored = await held(store)
    await notebook.add(note(1), by=HOLDER)
    moved = replace(
        stored.conversation, organisation=OrganisationId("another"), seq=stored.conversation.seq + 1
    )
    change = replace(saying(stored, 1), conversation=moved, drops_notes=True)
    with pytest.raises(Stale):
        await store.commit(replace(change, expected=stored.version + 1))
    assert await notebook.of(HERS) == [note(1)], "what is refused drops nothing"
    await store.commit(change)
    assert await notebook.of(HERS) == []
    assert len(await store.entries(HERS, 0)) == 2
    await notebook.add(note(1, 7), by=HOLDER)
    await store.commit(saying(await live(store, 1), 2))
    assert await notebook.of(HERS) == [note(1, 7)], "any other step leaves them"
