# SPDX-License-Identifier: EUPL-1.2
"""What accounts need from the world outside: a store and a password hash.

The audit log has its port in `audit.py`. Owns the protocols and the values that pass through them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chat.ids import DutyId
from handover.ids import ReceiverId
from web.accounts.account import Account, AccountId


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A sign-in as the store holds it: found by `lookup`, never by the token itself."""

    lookup: bytes
    duty: DutyId
    account: AccountId
    expires_at: datetime
    """UTC; kept to the second."""


class AccountStore(Protocol):
    """The truth about accounts. Every method raises `chat.errors.Unavailable` when it cannot be reached."""

    async def add(self, account: Account) -> None:
        """Store a new account.

        Raises:
            NameTaken: an account of this name exists.
        """

    async def by_name(self, name: str) -> Account | None:
        """Return the account of this name, disabled or not."""

    async def accounts(self) -> list[Account]:
        """Return every account, by name."""

    async def disable(self, name: str) -> None:
        """Disable an account and end its sign-ins, in one transaction.

        Raises:
            NoSuchAccount: there is no account of this name.
        """

    async def set_password(self, name: str, password_hash: str) -> None:
        """Give an account another password, enable it and end its sign-ins, in one transaction.

        Raises:
            NoSuchAccount: there is no account of this name.
        """

    async def set_units(self, name: str, units: Collection[ReceiverId]) -> None:
        """Give an account these receiving units instead of its own and end its sign-ins, in one transaction.

        Raises:
            NoSuchAccount: there is no account of this name.
        """

    async def begin(self, session: StoredSession, verified: str) -> bool:
        """Store a sign-in; False, and nothing stored, if the account is disabled or its hash not `verified`.

        The check and the insert are one transaction: a sign-in that was being checked while the account was
        disabled or reset does not come alive afterwards.
        """

    async def find(self, lookup: bytes, now: datetime) -> tuple[StoredSession, Account] | None:
        """Return the sign-in that has not expired, with its account, or None."""

    async def end(self, lookup: bytes) -> None:
        """Delete a sign-in, if it is there."""

    async def live(self, duties: Collection[DutyId], now: datetime) -> set[DutyId]:
        """Return which of these sign-ins are there and have not expired, by one query on an index."""

    async def forget_expired(self, now: datetime) -> None:
        """Delete the sign-ins that have expired."""


class Passwords(Protocol):
    """Hashes and checks passwords, a bounded number at a time, off the event loop."""

    async def hash(self, password: str) -> str:
        """Return the hash to store.

        Raises:
            Busy: the queue is full.
        """

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Tell whether the password has this hash. None, for an unknown name, takes as long and is False.

        Raises:
            Busy: the queue is full.
        """
