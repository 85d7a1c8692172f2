# SPDX-License-Identifier: EUPL-1.2
"""What a store does about the codes that visitors come back with, and about agreed words."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from chat.errors import Stale
from chat.parts import Word, WordState
from chat.ports import Change, Rekeyed, Store
from tests.contract.conftest import AnotherStore
from tests.contract.made import (
    JOUR,
    NOW,
    claiming,
    conversation,
    duty,
    ending,
    live,
    rekeying,
    return_key,
    returning,
    start,
    visitor_key,
)


async def test_code_finds_its_conversation_until_it_is_changed(store: Store) -> None:
    """A code is found from its step on; with the next one, or none, nothing is found by it any more."""
    stored = await start(store, 1)
    await start(store, 2)
    assert await store.find_return([return_key(1).lookup]) is None
    await store.commit(rekeying(stored, Rekeyed(return_key(1))))
    found = await store.find_return([return_key(9).lookup, return_key(1).lookup])
    assert found is not None
    assert (found.conversation.id, found.return_key) == (conversation(1).id, return_key(1))
    assert (found.visitor_key, found.conversation.code_until) == (visitor_key(1), NOW)
    await store.commit(rekeying(found, Rekeyed(return_key(3), visitor_key(3))))
    assert await store.find_return([return_key(1).lookup]) is None
    assert await store.find([visitor_key(1).lookup]) is None
    changed = await live(store, 1)
    assert (changed.return_key, changed.visitor_key) == (return_key(3), visitor_key(3))
    await store.commit(rekeying(changed, Rekeyed(None)))
    assert await store.find_return([return_key(3).lookup]) is None
    assert (await live(store, 1)).visitor_key == visitor_key(3)


async def test_of_two_who_change_the_keys_one_is_stale(store: Store, another_store: AnotherStore) -> None:
    """On two connections, from the same version: one stands whole, the other not at all."""
    stored = await start(store, 1)
    other = await another_store()
    outcomes = await asyncio.gather(
        store.commit(rekeying(stored, Rekeyed(return_key(1), visitor_key(5)))),
        other.commit(rekeying(stored, Rekeyed(return_key(2), visitor_key(6)))),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Stale]
    now = await live(store, 1)
    assert (now.return_key, now.visitor_key) in {
        (return_key(1), visitor_key(5)),
        (return_key(2), visitor_key(6)),
    }


async def test_renewal_brings_no_old_token_back(store: Store) -> None:
    """Whether it comes after the change or in the same commit: the new token counts."""
    stored = await start(store, 1)
    renewal = visitor_key(1, day=20001)
    await asyncio.gather(
        store.renew(stored.conversation.id, renewal, instead_of=visitor_key(1).lookup),
        store.commit(rekeying(stored, Rekeyed(return_key(1), visitor_key(5)))),
        store.renew(stored.conversation.id, renewal, instead_of=visitor_key(1).lookup),
    )
    assert (await live(store, 1)).visitor_key == visitor_key(5)


async def test_code_goes_with_its_conversation(store: Store) -> None:
    """An end leaves nothing to be found, also when it is stored together with the code."""
    stored = await start(store, 1)
    await store.commit(rekeying(stored, Rekeyed(return_key(1))))
    await store.commit(ending(await live(store, 1)))
    assert await store.find_return([return_key(1).lookup]) is None


async def test_word_is_kept_beside_the_state(store: Store) -> None:
    """Its bytes and where it stands come back as they were; a later step leaves the bytes alone."""
    stored = await start(store, 1)
    word = Word(WordState.AGREED, 2)
    agreed = replace(stored.conversation, word=word, returns=3)
    await store.commit(Change(conversation=agreed, expected=stored.version, deadline=None, word=b"sealed"))
    await store.commit(Change(conversation=agreed, expected=stored.version + 1, deadline=None))
    now = await live(store, 1)
    assert (now.conversation.word, now.conversation.returns, now.word) == (word, 3, b"sealed")


@pytest.mark.parametrize("at_once", [False, True])
async def test_installation_has_one_salt(store: Store, another_store: AnotherStore, *, at_once: bool) -> None:
    """The first one counts, for every process and for good."""
    other = await another_store()
    if at_once:
        one, two = await asyncio.gather(store.return_salt(b"a" * 16), other.return_salt(b"b" * 16))
    else:
        one = await store.return_salt(b"a" * 16)
        two = await other.return_salt(b"b" * 16)
        assert one == b"a" * 16
    assert one == two == await store.return_salt(b"c" * 16)


async def test_time_of_the_first_answer_comes_back(store: Store) -> None:
    """To the microsecond, also once it is nobody's again; before there is none."""
    await store.put_duty(duty(1, JOUR))
    stored = await start(store, 1)
    assert stored.conversation.answered_at is None
    await store.commit(claiming(stored, 1))
    answered_at = claiming(stored, 1).conversation.answered_at
    assert answered_at is not None
    assert (await live(store, 1)).conversation.answered_at == answered_at
    await store.commit(returning(await live(store, 1)))
    assert (await live(store, 1)).conversation.answered_at == answered_at
