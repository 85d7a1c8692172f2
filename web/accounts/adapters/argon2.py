# SPDX-License-Identifier: EUPL-1.2
"""Passwords under Argon2id, in the one pool of the process.

Implements `web.accounts.ports.Passwords`. Owns the form of a stored hash; what it costs stands with the pool.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from chat.adapters.argon2 import MEMORY_KIB, PARALLELISM, TIME_COST, Argon2Pool
from chat.errors import Unavailable
from web.accounts.errors import Busy

RETRY_AFTER = 5
"""Seconds: the whole queue is done sooner on any machine that fits the job."""

# The form of a real hash, with a salt and a digest of zero bytes: checking against it costs what any check
# costs, and nothing in the world has this digest.
NOBODY = f"$argon2id$v=19$m={MEMORY_KIB},t={TIME_COST},p={PARALLELISM}${'A' * 22}${'A' * 43}"

_Result = TypeVar("_Result")


class Argon2Passwords:
    """Hashes and checks passwords in the pool."""

    def __init__(self, pool: Argon2Pool) -> None:
        self._hasher = PasswordHasher(TIME_COST, MEMORY_KIB, PARALLELISM, type=Type.ID)
        self._pool = pool

    async def hash(self, password: str) -> str:
        """Return the encoded hash, with a salt of its own."""
        return await self._in_turn(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Tell whether the password has this hash; None takes as long and is False."""
        known = await self._in_turn(lambda: self._matches(password_hash or NOBODY, _bytes(password)))
        return known and password_hash is not None

    async def _in_turn(self, work: Callable[[], _Result]) -> _Result:
        try:
            return await self._pool.run(work)
        except Unavailable:
            raise Busy(RETRY_AFTER) from None

    def _matches(self, password_hash: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    # Keyboards differ in how they compose å; a lone surrogate must not become an error that carries what was
    # typed.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
