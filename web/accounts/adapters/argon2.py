# SPDX-License-Identifier: EUPL-1.2
"""Passwords under Argon2id: t = 3, 64 MiB, p = 1, two at a time behind a queue of twenty.

Implements `web.accounts.ports.Passwords`. The bound keeps a flood of sign-ins from taking the memory and the
cores that the chats need; whoever comes later is told to come back, and nobody waits for long.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from web.accounts.errors import Busy

TIME_COST = 3
MEMORY_KIB = 64 * 1024
PARALLELISM = 1

AT_ONCE = 2
QUEUE = 20
RETRY_AFTER = 5
"""Seconds: the whole queue is done sooner on any machine that fits the job."""

# The form of a real hash, with a salt and a digest of zero bytes: checking against it costs what any check
# costs, and nothing in the world has this digest.
NOBODY = f"$argon2id$v=19$m={MEMORY_KIB},t={TIME_COST},p={PARALLELISM}${'A' * 22}${'A' * 43}"

_Result = TypeVar("_Result")


class Argon2Passwords:
    """The pool. `close` it at the end of the process."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(TIME_COST, MEMORY_KIB, PARALLELISM, type=Type.ID)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._held = 0

    async def hash(self, password: str) -> str:
        """Return the encoded hash, with a salt of its own."""
        return await self._in_turn(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Tell whether the password has this hash; None takes as long and is False."""
        known = await self._in_turn(lambda: self._matches(password_hash or NOBODY, _bytes(password)))
        return known and password_hash is not None

    def close(self) -> None:
        """Wait for what is being checked and end the threads."""
        self._pool.shutdown()

    async def _in_turn(self, work: Callable[[], _Result]) -> _Result:
        if self._held >= AT_ONCE + QUEUE:
            raise Busy(RETRY_AFTER)
        self._held += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._release)
        # Shielded: whoever stops waiting leaves a thread at work, and its place is free only when it is done.
        return await asyncio.shield(future)

    def _release(self, _done: asyncio.Future[_Result]) -> None:
        self._held -= 1

    def _matches(self, password_hash: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    # Keyboards differ in how they compose å; a lone surrogate must not become an error that carries what was
    # typed.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
