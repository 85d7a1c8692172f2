# SPDX-License-Identifier: EUPL-1.2
"""Argon2id for the whole process: t = 3, 64 MiB, p = 1, two at a time behind a queue of twenty.

Owns the pool and its bound: no flood of sign-ins, codes or passphrases takes the memory and the cores that
the chats need. Whoever comes later is told to come back, and nobody waits for long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import Type
from argon2.low_level import hash_secret_raw

from chat.errors import Unavailable

TIME_COST = 3
MEMORY_KIB = 64 * 1024
PARALLELISM = 1
KEY_BYTES = 32

AT_ONCE = 2
QUEUE = 20

_Result = TypeVar("_Result")


class Argon2Pool:
    """The pool. `close` it at the end of the process."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._held = 0

    async def run(self, work: Callable[[], _Result]) -> _Result:
        """Return what `work` returns, when it is its turn.

        Raises:
            Unavailable: the queue is full.
        """
        if self._held >= AT_ONCE + QUEUE:
            raise Unavailable("too many wait for Argon2 already")
        self._held += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._release)
        # Shielded: whoever stops waiting leaves a thread at work, and its place is free only when it is done.
        return await asyncio.shield(future)

    async def stretch(self, secret: bytes, salt: bytes) -> bytes:
        """Return the 32 bytes that this secret and salt give.

        Raises:
            Unavailable: the queue is full.
        """
        return await self.run(lambda: stretched(secret, salt))

    def close(self) -> None:
        """Wait for what is being worked on and end the threads."""
        self._pool.shutdown()

    def _release(self, _done: asyncio.Future[_Result]) -> None:
        self._held -= 1


def stretched(secret: bytes, salt: bytes) -> bytes:
    """Return the 32 bytes that this secret and salt give, on the thread of the caller."""
    return hash_secret_raw(secret, salt, TIME_COST, MEMORY_KIB, PARALLELISM, KEY_BYTES, Type.ID)
