# SPDX-License-Identifier: EUPL-1.2
"""One-time links in the house's database. Implements `InvitationStore`; knows no token, only its lookup."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from chat.ids import DutyId, OrganisationId, ServiceId
from handover.ids import ReceiverId
from web.accounts.account import Account, AccountId, StaffRole
from web.accounts.adapters.sql import ended, everybody, row_of
from web.accounts.adapters.tables import accounts, invitations
from web.accounts.errors import NameTaken, NoInvitation, NoSuchAccount
from web.accounts.invitation import Invitation
from web.accounts.ports import Look
from web.database import Database, seconds


class SqlInvitationStore:
    """One-time links in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_invitation(self, invitation: Invitation, lookup: bytes, look: Look) -> None:
        """Insert a link, and delete an earlier one for the same account."""
        row = {
            "lookup": lookup,
            "id": invitation.id,
            "label": invitation.label,
            "role": invitation.role.value,
            "services": sorted(invitation.services),
            "units": sorted(invitation.units),
            "organisations": sorted(invitation.organisations),
            "account": invitation.account,
            "made_by": invitation.made_by,
            "expires_at": seconds(invitation.expires_at),
        }
        async with self._database.write() as connection:
            there = await everybody(connection)
            if not any(each.id == invitation.made_by and not each.disabled for each in there):
                raise NoSuchAccount("whoever makes this link has no account any more")
            look(there)
            if invitation.account is not None:
                earlier = invitations.c.account == invitation.account
                await connection.execute(delete(invitations).where(earlier))
            await connection.execute(insert(invitations).values(row))

    async def invitation(self, lookup: bytes, now: datetime) -> Invitation | None:
        """Select one that is good."""
        query = select(invitations).where(*_good(lookup, now))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _invitation(row) if row else None

    async def invitations(self, now: datetime) -> list[Invitation]:
        """Select all that are good."""
        query = select(invitations).where(invitations.c.expires_at > seconds(now))
        order = (invitations.c.expires_at, invitations.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(*order))).all()
        return [_invitation(row) for row in rows]

    async def use_for(self, account: Account, lookup: bytes, now: datetime) -> None:
        """Delete the link and insert the account; the link stays when the name is taken."""
        for_new = (*_good(lookup, now), invitations.c.account.is_(None))
        try:
            async with self._database.write() as connection:
                used = await connection.execute(delete(invitations).where(*for_new))
                if used.rowcount != 1:
                    raise NoInvitation("this link is not good")
                await connection.execute(insert(accounts).values(row_of(account)))
        except IntegrityError:
            raise NameTaken("an account of this name exists") from None

    async def use_for_password(self, password_hash: str, lookup: bytes, now: datetime) -> list[DutyId]:
        """Delete the link, replace the hash and delete the sign-ins."""
        used = delete(invitations).where(*_good(lookup, now)).returning(*invitations.c)
        async with self._database.write() as connection:
            row = (await connection.execute(used)).one_or_none()
            own = AccountId(row.account) if row is not None and row.account else None
            holder = select(accounts).where(accounts.c.id == own).with_for_update()
            now_is = (await connection.execute(holder)).one_or_none()
            if own is None or row is None or now_is is None or now_is.disabled or not _same(now_is, row):
                raise NoInvitation("this link is not good")
            renewed = update(accounts).where(accounts.c.id == own).values(password_hash=password_hash)
            await connection.execute(renewed)
            return await ended(connection, own)

    async def take_back(self, id_: str, look: Look | None = None) -> bool:
        """Delete one."""
        async with self._database.write() as connection:
            if look is not None:
                look(await everybody(connection))
            gone = await connection.execute(delete(invitations).where(invitations.c.id == id_))
        return gone.rowcount == 1

    async def forget_invitations(self, now: datetime) -> None:
        """Delete what has expired."""
        async with self._database.write() as connection:
            await connection.execute(delete(invitations).where(invitations.c.expires_at <= seconds(now)))


def _good(lookup: bytes, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return invitations.c.lookup == lookup, invitations.c.expires_at > seconds(now)


def _same(account: Row[Any], invitation: Row[Any]) -> bool:
    """Tell whether an account still is what it was when a link for its new password was made."""
    return (account.role, set(account.services), set(account.units), set(account.organisations)) == (
        invitation.role,
        set(invitation.services),
        set(invitation.units),
        set(invitation.organisations),
    )


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        id=row.id,
        label=row.label,
        role=StaffRole(row.role),
        services=frozenset(ServiceId(service) for service in row.services),
        units=frozenset(ReceiverId(unit) for unit in row.units),
        organisations=frozenset(OrganisationId(each) for each in row.organisations),
        account=AccountId(row.account) if row.account else None,
        made_by=AccountId(row.made_by),
        expires_at=datetime.fromtimestamp(row.expires_at, UTC),
    )
