# SPDX-License-Identifier: EUPL-1.2
"""Passwords under the real Argon2id: the agreed cost for everybody, and a bound on how many at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from argon2 import Parameters, Type, extract_parameters

from chat.adapters.argon2 import AT_ONCE, QUEUE, Argon2Pool
from web.accounts.adapters.argon2 import NOBODY, Argon2Passwords
from web.accounts.errors import Busy

AGREED = Parameters(
    type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=3, memory_cost=65536, parallelism=1
)


@pytest.fixture
def passwords() -> Iterator[Argon2Passwords]:
    """A pool that is closed afterwards."""
    pool = Argon2Pool()
    yield Argon2Passwords(pool)
    pool.close()


async def test_hash_has_the_agreed_cost(passwords: Argon2Passwords) -> None:
    """Argon2id, t = 3, 64 MiB, p = 1, and the hash opens with its password only."""
    hashed = await passwords.hash("nio gula cyklar")
    assert extract_parameters(hashed) == AGREED
    assert await passwords.verify(hashed, "nio gula cyklar")
    assert not await passwords.verify(hashed, "nio gula cykla")


async def test_unknown_name_costs_the_same(
    passwords: Argon2Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For nobody, a hash of the very same cost is computed, and no password opens it."""
    assert extract_parameters(NOBODY) == AGREED
    computed: list[str] = []
    matches = passwords._matches

    def note(password_hash: str, password: bytes) -> bool:
        computed.append(password_hash)
        return matches(password_hash, password)

    monkeypatch.setattr(passwords, "_matches", note)
    assert not await passwords.verify(None, "")
    assert computed == [NOBODY]


async def test_password_is_the_same_however_it_is_composed(passwords: Argon2Passwords) -> None:
    """An å of one or two code points is one letter, and what is no text at all is only wrong."""
    hashed = await passwords.hash("tio ro\u0308da cyklar")
    assert await passwords.verify(hashed, "tio röda cyklar")
    assert not await passwords.verify(hashed, "\ud800\0")
    assert not await passwords.verify("no hash", "tio röda cyklar")


async def test_more_than_the_queue_holds_is_refused_at_once(
    passwords: Argon2Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are checked, twenty wait, the next is told to come back; a place is free when a thread is."""
    going_on = threading.Event()

    def held(_hash: str, _password: bytes) -> bool:
        return going_on.wait(30)

    monkeypatch.setattr(passwords, "_matches", held)
    tasks = [asyncio.create_task(passwords.verify("h", "p")) for _ in range(AT_ONCE + QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as refused:
        await passwords.verify("h", "p")
    assert refused.value.retry_after > 0
    tasks[0].cancel()
    await asyncio.gather(tasks[0], return_exceptions=True)
    with pytest.raises(Busy):
        # Whoever stopped waiting has left a thread at work: its place is not free yet.
        await passwords.verify("h", "p")
    going_on.set()
    assert all(await asyncio.gather(*tasks[1:]))
    assert await passwords.verify("h", "p")
