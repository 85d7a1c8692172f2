# SPDX-License-Identifier: EUPL-1.2
"""Accounts and sign-ins in the house's database.

Implements `AccountStore` on SQLAlchemy Core, for SQLite and PostgreSQL alike. Knows no
password and no token: only hashes and lookups reach it.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chat.ids import DutyId, OrganisationId, ServiceId
from handover.ids import ReceiverId
from web.accounts.account import Account, AccountId, StaffRole
from web.accounts.adapters.tables import accounts, sessions
from web.accounts.errors import NameTaken, NoSuchAccount
from web.accounts.ports import StoredSession


class Database(Protocol):
    """The house's database, as far as it is needed here: `chat/adapters/sql/database.py`.

    Both raise `chat.errors.Unavailable` for what trying again may mend.
    """

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection to read from."""

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection in a transaction: committed at the end of the block, rolled back by an error."""


class SqlAccountStore:
    """Accounts and sign-ins in tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, account: Account) -> None:
        """Insert an account; `NameTaken` when there is one."""
        row = {
            "id": account.id,
            "name": account.name,
            "role": account.role.value,
            "services": sorted(account.services),
            "units": sorted(account.units),
            "organisations": sorted(account.organisations),
            "password_hash": account.password_hash,
            "disabled": account.disabled,
        }
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(accounts).values(row))
        except IntegrityError:
            raise NameTaken("an account of this name exists") from None

    async def by_name(self, name: str) -> Account | None:
        """Select one account."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(accounts).where(accounts.c.name == name))).one_or_none()
        return _account(row) if row else None

    async def accounts(self) -> list[Account]:
        """Select all accounts."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(accounts).order_by(accounts.c.name))).all()
        return [_account(row) for row in rows]

    async def disable(self, name: str) -> None:
        """Set the flag and delete the sign-ins."""
        await self._change(name, {"disabled": True})

    async def set_password(self, name: str, password_hash: str) -> None:
        """Replace the hash, clear the flag and delete the sign-ins."""
        await self._change(name, {"password_hash": password_hash, "disabled": False})

    async def set_units(self, name: str, units: Collection[ReceiverId]) -> None:
        """Replace the units and delete the sign-ins."""
        await self._change(name, {"units": sorted(units)})

    async def _change(self, name: str, values: dict[str, Any]) -> None:
        own = select(accounts.c.id).where(accounts.c.name == name).scalar_subquery()
        async with self._database.write() as connection:
            changed = await connection.execute(update(accounts).where(accounts.c.name == name).values(values))
            if not changed.rowcount:
                raise NoSuchAccount("there is no account of this name")
            await connection.execute(delete(sessions).where(sessions.c.account == own))

    async def begin(self, session: StoredSession, verified: str) -> bool:
        """Insert a sign-in of an account that is still as it was verified."""
        current = (
            # The lock makes `_change` of another process wait, which then deletes what is inserted here.
            select(accounts.c.password_hash, accounts.c.disabled)
            .where(accounts.c.id == session.account)
            .with_for_update()
        )
        row = {
            "lookup": session.lookup,
            "duty": session.duty,
            "account": session.account,
            "expires_at": _seconds(session.expires_at),
        }
        async with self._database.write() as connection:
            found = (await connection.execute(current)).one_or_none()
            if found is None or found.disabled or found.password_hash != verified:
                return False
            await connection.execute(insert(sessions).values(row))
        return True

    async def find(self, lookup: bytes, now: datetime) -> tuple[StoredSession, Account] | None:
        """Select a sign-in with its account."""
        query = (
            select(accounts, sessions.c.duty, sessions.c.expires_at)
            .join(sessions, sessions.c.account == accounts.c.id)
            .where(sessions.c.lookup == lookup, sessions.c.expires_at > _seconds(now))
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        account = _account(row)
        expires_at = datetime.fromtimestamp(row.expires_at, UTC)
        return StoredSession(lookup, DutyId(row.duty), account.id, expires_at), account

    async def end(self, lookup: bytes) -> None:
        """Delete a sign-in."""
        async with self._database.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.lookup == lookup))

    async def live(self, duties: Collection[DutyId], now: datetime) -> set[DutyId]:
        """Select, of these sign-ins, those that are there."""
        query = select(sessions.c.duty).where(
            sessions.c.duty.in_(duties), sessions.c.expires_at > _seconds(now)
        )
        async with self._database.read() as connection:
            return {DutyId(duty) for duty in (await connection.execute(query)).scalars()}

    async def forget_expired(self, now: datetime) -> None:
        """Delete the sign-ins that have expired."""
        async with self._database.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.expires_at <= _seconds(now)))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _account(row: Row[Any]) -> Account:
    return Account(
        id=AccountId(row.id),
        name=row.name,
        role=StaffRole(row.role),
        services=frozenset(ServiceId(service) for service in row.services),
        units=frozenset(ReceiverId(unit) for unit in row.units),
        organisations=frozenset(OrganisationId(each) for each in row.organisations),
        password_hash=row.password_hash,
        disabled=row.disabled,
    )
