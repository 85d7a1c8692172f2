# SPDX-License-Identifier: EUPL-1.2
"""Second factors in the house's database, and what tells which key opens them.

Implements `FactorStore` and `FactorKeyStore`; knows no secret, no code and no key.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chat.ids import DutyId
from web.accounts.account import AccountId
from web.accounts.adapters.sql import ended, everybody
from web.accounts.adapters.tables import accounts, factor_key, recovery_codes, second_factors
from web.accounts.errors import FactorsLeft, FactorThere, KeyElsewhere, NoFactor
from web.accounts.ports import KeyAgreed, Look, StoredFactor
from web.database import Database

CHECK: Final = select(factor_key.c.check)
"""What the key is known by that counts; at most one row."""
SEALED: Final = select(second_factors.c.account, second_factors.c.sealed)
"""All second factors, each with its account."""


class SqlFactorStore:
    """Second factors and recovery codes in tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_factor(
        self,
        account: AccountId,
        sealed: bytes,
        step: int,
        digests: Collection[bytes],
        *,
        check: bytes,
        keep: DutyId | None,
    ) -> list[DutyId]:
        """Insert all of it, and delete the sign-ins that came without it."""
        row = {"account": account, "sealed": sealed, "last_step": step}
        try:
            async with self._database.write() as connection:
                # Locked: no other key comes to count before this is stored.
                if await connection.scalar(CHECK.with_for_update()) != check:
                    raise KeyElsewhere
                # The lock makes a sign-in of another process wait, which then finds that a code is needed.
                await connection.execute(
                    select(accounts.c.id).where(accounts.c.id == account).with_for_update()
                )
                await connection.execute(insert(second_factors).values(row))
                await _put_codes(connection, account, digests)
                return await ended(connection, account, keep)
        except IntegrityError:
            raise FactorThere("the account has a second factor") from None

    async def factor(self, account: AccountId) -> StoredFactor | None:
        """Select a second factor and count its recovery codes."""
        left = (
            select(func.count())
            .select_from(recovery_codes)
            .where(recovery_codes.c.account == account)
            .scalar_subquery()
        )
        query = select(second_factors.c.sealed, second_factors.c.last_step, left.label("left_over")).where(
            second_factors.c.account == account
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return StoredFactor(row.sealed, row.last_step, row.left_over) if row else None

    async def use_step(self, account: AccountId, step: int) -> bool:
        """Move the last step on, unless somebody was faster."""
        later = (second_factors.c.account == account, second_factors.c.last_step < step)
        async with self._database.write() as connection:
            used = await connection.execute(update(second_factors).where(*later).values(last_step=step))
        return used.rowcount == 1

    async def use_recovery(self, account: AccountId, digest: bytes) -> bool:
        """Delete a recovery code."""
        own = (recovery_codes.c.account == account, recovery_codes.c.digest == digest)
        async with self._database.write() as connection:
            used = await connection.execute(delete(recovery_codes).where(*own))
        return used.rowcount == 1

    async def replace_recovery(self, account: AccountId, digests: Collection[bytes]) -> None:
        """Delete and insert."""
        there = select(second_factors.c.account).where(second_factors.c.account == account).with_for_update()
        async with self._database.write() as connection:
            if (await connection.execute(there)).one_or_none() is None:
                raise NoFactor("the account has no second factor")
            await connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))
            await _put_codes(connection, account, digests)

    async def remove_factor(
        self, account: AccountId, *, keep: DutyId | None, look: Look | None = None
    ) -> list[DutyId]:
        """Delete all of it, and the sign-ins."""
        async with self._database.write() as connection:
            if look is not None:
                look(await everybody(connection))
            gone = await connection.execute(delete(second_factors).where(second_factors.c.account == account))
            if not gone.rowcount:
                raise NoFactor("the account has no second factor")
            await connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))
            return await ended(connection, account, keep)

    async def key_agreed(self) -> KeyAgreed:
        """Select both in one moment."""
        async with self._database.read() as connection:
            check = await connection.scalar(CHECK)
            rows = (await connection.execute(SEALED)).all()
        return KeyAgreed(check, [(row.account, row.sealed) for row in rows])

    async def agree_on_key(self, check: bytes) -> bytes:
        """Insert it unless there is one, and select what there is."""
        async with self._database.write() as connection:
            there = await connection.scalar(CHECK.with_for_update())
            if there is None:
                await connection.execute(insert(factor_key).values(number=1, check=check))
        return check if there is None else there

    async def agree_anew(self, check: bytes) -> None:
        """Delete and insert."""
        async with self._database.write() as connection:
            await connection.execute(delete(factor_key))
            if (await connection.execute(SEALED.limit(1))).first() is not None:
                raise FactorsLeft
            await connection.execute(insert(factor_key).values(number=1, check=check))


async def _put_codes(connection: AsyncConnection, account: AccountId, digests: Collection[bytes]) -> None:
    rows = [{"account": account, "digest": digest} for digest in digests]
    await connection.execute(insert(recovery_codes), rows)
