# SPDX-License-Identifier: EUPL-1.2
"""Accounts and sign-ins in the house's database.

Implements `AccountStore` on SQLAlchemy Core, for SQLite and PostgreSQL alike. Knows no password and no token:
only hashes and lookups reach it. What else is kept of accounts stands beside this module.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chat.ids import DutyId, OrganisationId, ServiceId
from handover.ids import ReceiverId
from web.accounts.account import Account, AccountId, StaffRole
from web.accounts.adapters.tables import accounts, invitations, second_factors, sessions
from web.accounts.errors import NameTaken, NoSuchAccount
from web.accounts.ports import Decide, StoredSession
from web.database import Database, seconds

_WITH_FACTOR: Select[Any] = select(accounts, second_factors.c.account.label("factor")).outerjoin(
    second_factors, second_factors.c.account == accounts.c.id
)


class SqlAccountStore:
    """Accounts and sign-ins in tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answers(self) -> None:
        """Select nothing of any table."""
        async with self._database.read() as connection:
            await connection.execute(select(literal(1)))

    async def add(self, account: Account) -> None:
        """Insert an account; `NameTaken` when there is one."""
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(accounts).values(row_of(account)))
        except IntegrityError:
            raise NameTaken("an account of this name exists") from None

    async def by_name(self, name: str) -> Account | None:
        """Select one account."""
        return await self._one(accounts.c.name == name)

    async def by_id(self, id_: AccountId) -> Account | None:
        """Select one account."""
        return await self._one(accounts.c.id == id_)

    async def _one(self, condition: ColumnElement[bool]) -> Account | None:
        async with self._database.read() as connection:
            row = (await connection.execute(_WITH_FACTOR.where(condition))).one_or_none()
        return _account(row) if row else None

    async def accounts(self) -> list[Account]:
        """Select all accounts."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_WITH_FACTOR.order_by(accounts.c.name))).all()
        return [_account(row) for row in rows]

    async def disable(self, name: str) -> list[DutyId]:
        """Set the flag, delete the sign-ins and the links."""
        return await self._change(name, {"disabled": True})

    async def set_password(self, name: str, password_hash: str) -> list[DutyId]:
        """Replace the hash, clear the flag, delete the sign-ins and the links."""
        return await self._change(name, {"password_hash": password_hash, "disabled": False})

    async def set_units(self, name: str, units: Collection[ReceiverId]) -> list[DutyId]:
        """Replace the units, delete the sign-ins and the links."""
        return await self._change(name, {"units": sorted(units)})

    async def _change(self, name: str, values: dict[str, Any]) -> list[DutyId]:
        own = select(accounts.c.id).where(accounts.c.name == name)
        async with self._database.write() as connection:
            changed = await connection.execute(update(accounts).where(accounts.c.name == name).values(values))
            if not changed.rowcount:
                raise NoSuchAccount("there is no account of this name")
            id_ = AccountId((await connection.execute(own)).scalar_one())
            links = or_(invitations.c.account == id_, invitations.c.made_by == id_)
            await connection.execute(delete(invitations).where(links))
            return await ended(connection, id_)

    async def alter(self, id_: AccountId, decide: Decide) -> list[DutyId]:
        """Read everybody, let it be decided, and store what has become of one."""
        async with self._database.write() as connection:
            there = await everybody(connection)
            before = next((each for each in there if each.id == id_), None)
            if before is None:
                raise NoSuchAccount("there is no account of this id")
            after = decide(before, there)
            await connection.execute(update(accounts).where(accounts.c.id == id_).values(row_of(after)))
            # A link was given for how the account was: it would open what the account has grown to.
            await connection.execute(delete(invitations).where(invitations.c.account == id_))
            if after.disabled or (before.role, before.organisations) != (after.role, after.organisations):
                await connection.execute(delete(invitations).where(invitations.c.made_by == id_))
            return await ended(connection, id_)

    async def own_password(self, id_: AccountId, before: str, after: str, keep: DutyId) -> list[DutyId]:
        """Replace the hash, and delete the other sign-ins and the links for a new password."""
        as_it_was = (accounts.c.id == id_, accounts.c.password_hash == before, accounts.c.disabled.is_(False))
        async with self._database.write() as connection:
            changed = await connection.execute(update(accounts).where(*as_it_was).values(password_hash=after))
            if not changed.rowcount:
                raise NoSuchAccount("the account is not as it was")
            await connection.execute(delete(invitations).where(invitations.c.account == id_))
            return await ended(connection, id_, keep)

    async def end_others(self, id_: AccountId, keep: DutyId) -> list[DutyId]:
        """Delete the other sign-ins."""
        async with self._database.write() as connection:
            return await ended(connection, id_, keep)

    async def begin(self, session: StoredSession, verified: str, *, factor: bool = False) -> bool:
        """Insert a sign-in of an account that is still as it was verified."""
        has_factor = exists().where(second_factors.c.account == session.account)
        current = (
            # The lock makes `_change` of another process wait, which then deletes what is inserted here.
            select(accounts.c.password_hash, accounts.c.disabled, has_factor.label("factor"))
            .where(accounts.c.id == session.account)
            .with_for_update()
        )
        row = {
            "lookup": session.lookup,
            "duty": session.duty,
            "account": session.account,
            "expires_at": seconds(session.expires_at),
        }
        async with self._database.write() as connection:
            found = (await connection.execute(current)).one_or_none()
            if found is None or found.disabled or found.password_hash != verified:
                return False
            if bool(found.factor) is not factor:
                return False
            await connection.execute(insert(sessions).values(row))
        return True

    async def find(self, lookup: bytes, now: datetime) -> tuple[StoredSession, Account] | None:
        """Select a sign-in with its account."""
        query = (
            _WITH_FACTOR.add_columns(sessions.c.duty, sessions.c.expires_at)
            .join(sessions, sessions.c.account == accounts.c.id)
            .where(sessions.c.lookup == lookup, sessions.c.expires_at > seconds(now))
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
            sessions.c.duty.in_(duties), sessions.c.expires_at > seconds(now)
        )
        found = await self._database.run_question(
            lambda connection: connection.execute(query).scalars().all()
        )
        return {DutyId(duty) for duty in found}

    async def forget_expired(self, now: datetime) -> None:
        """Delete the sign-ins that have expired."""
        async with self._database.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.expires_at <= seconds(now)))


async def ended(connection: AsyncConnection, account: AccountId, keep: DutyId | None = None) -> list[DutyId]:
    """Delete the sign-ins of an account, all but one, and return those that were there."""
    gone = delete(sessions).where(sessions.c.account == account).returning(sessions.c.duty)
    if keep is not None:
        gone = gone.where(sessions.c.duty != keep)
    return [DutyId(duty) for duty in (await connection.execute(gone)).scalars()]


async def everybody(connection: AsyncConnection) -> list[Account]:
    """Return all accounts, and let every other decision about any of them wait until this one is stored."""
    # SQLite has one writer at a time anyway.
    query = select(accounts).order_by(accounts.c.id).with_for_update()
    return [_account(row) for row in (await connection.execute(query)).all()]


def row_of(account: Account) -> dict[str, Any]:
    """Return the columns of an account; whether it has a second factor stands in another table."""
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role.value,
        "services": sorted(account.services),
        "units": sorted(account.units),
        "organisations": sorted(account.organisations),
        "password_hash": account.password_hash,
        "disabled": account.disabled,
    }


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
        second_factor=getattr(row, "factor", None) is not None,
    )
