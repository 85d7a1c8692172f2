# SPDX-License-Identifier: EUPL-1.2
"""What accounts need from the world outside: stores, a password hash, and a key.

The audit log has its port in `audit.py`. Owns the protocols and the values that pass through them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chat.ids import DutyId
from handover.ids import ReceiverId
from web.accounts.account import Account, AccountId
from web.accounts.invitation import Invitation

Decide = Callable[[Account, Sequence[Account]], Account]
"""What becomes of an account, decided on how it and all others are at that moment; or raises."""
Look = Callable[[Sequence[Account]], None]
"""Looks at how all accounts are at the moment of storing, and raises what speaks against it."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A sign-in as the store holds it: found by `lookup`, never by the token itself."""

    lookup: bytes
    duty: DutyId
    account: AccountId
    expires_at: datetime
    """UTC; kept to the second."""


@dataclass(frozen=True, slots=True)
class StoredFactor:
    """A second factor as the store holds it."""

    sealed: bytes = field(repr=False)
    last_step: int
    """The step of the last code that was used: it and all before are good no more."""
    recovery_codes: int
    """How many are left."""


@dataclass(frozen=True, slots=True)
class KeyAgreed:
    """What tells which key counts that second factors are sealed under."""

    check: bytes | None
    """What it is known by; None as long as none was agreed on."""
    sealed: Sequence[tuple[AccountId, bytes]] = field(repr=False)
    """All second factors, each with its account: they open under the key, or they do not."""


class AccountStore(Protocol):
    """The truth about accounts. Every method raises `chat.errors.Unavailable` when it cannot be reached.

    What ends sign-ins returns them.
    """

    async def answers(self) -> None:
        """Ask for the least there is: anybody may make the house do so, as often as they like."""

    async def add(self, account: Account) -> None:
        """Store a new account.

        Raises:
            NameTaken: an account of this name exists.
        """

    async def by_name(self, name: str) -> Account | None:
        """Return the account of this name, disabled or not."""

    async def by_id(self, id_: AccountId) -> Account | None:
        """Return the account of this id, disabled or not."""

    async def accounts(self) -> list[Account]:
        """Return every account, by name."""

    async def disable(self, name: str) -> list[DutyId]:
        """Disable an account, end its sign-ins and the links that it made or has, in one transaction.

        Raises:
            NoSuchAccount: there is no account of this name.
        """

    async def set_password(self, name: str, password_hash: str) -> list[DutyId]:
        """Give an account another password, enable it and end its sign-ins and links, in one transaction.

        Raises:
            NoSuchAccount: there is no account of this name.
        """

    async def set_units(self, name: str, units: Collection[ReceiverId]) -> list[DutyId]:
        """Give an account these receiving units instead of its own and end its sign-ins, in one transaction.

        Raises:
            NoSuchAccount: there is no account of this name.
        """

    async def alter(self, id_: AccountId, decide: Decide) -> list[DutyId]:
        """Change role, services, units, organisations, password or state of an account, and end its sign-ins.

        In one transaction, one at a time: whoever is decided about stays so until it is stored. The links for
        a new password of this account go, whatever has changed: they were given for how it was. With the
        state or with rights that have changed go those that it made.

        Raises:
            NoSuchAccount: there is no account of this id; and what `decide` raises.
        """

    async def own_password(self, id_: AccountId, before: str, after: str, keep: DutyId) -> list[DutyId]:
        """Give an enabled account whose hash is `before` another one, and end all its sign-ins but `keep`.

        Raises:
            NoSuchAccount: it is not as it was.
        """

    async def end_others(self, id_: AccountId, keep: DutyId) -> list[DutyId]:
        """End all sign-ins of an account but one."""

    async def begin(self, session: StoredSession, verified: str, *, factor: bool = False) -> bool:
        """Store a sign-in; False, and nothing stored, if the account is disabled or not as it was verified.

        `verified` is the hash, `factor` whether a second factor was asked for. The check and the insert are
        one transaction: a sign-in that was being checked while the account was disabled or reset, or got a
        second factor, does not come alive afterwards.
        """

    async def find(self, lookup: bytes, now: datetime) -> tuple[StoredSession, Account] | None:
        """Return the sign-in that has not expired, with its account, or None."""

    async def end(self, lookup: bytes) -> None:
        """Delete a sign-in, if it is there."""

    async def live(self, duties: Collection[DutyId], now: datetime) -> set[DutyId]:
        """Return which of these sign-ins are there and have not expired, by one query on an index."""

    async def forget_expired(self, now: datetime) -> None:
        """Delete the sign-ins that have expired."""


class FactorStore(Protocol):
    """Second factors. Every method raises `chat.errors.Unavailable` when the store cannot be reached."""

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
        """Store a second factor with its recovery codes; return the sign-ins that ended, all but `keep`.

        `check` is what the key is known by that it is sealed under.

        Raises:
            FactorThere: the account has one. KeyElsewhere: another key counts at that moment.
        """

    async def factor(self, account: AccountId) -> StoredFactor | None:
        """Return an account's second factor."""

    async def use_step(self, account: AccountId, step: int) -> bool:
        """Note that the code of a step was used; False if that one or a later one was before."""

    async def use_recovery(self, account: AccountId, digest: bytes) -> bool:
        """Delete a recovery code; False if it is not there."""

    async def replace_recovery(self, account: AccountId, digests: Collection[bytes]) -> None:
        """Replace the recovery codes of an account.

        Raises:
            NoFactor: it has no second factor.
        """

    async def remove_factor(
        self, account: AccountId, *, keep: DutyId | None, look: Look | None = None
    ) -> list[DutyId]:
        """Delete a second factor and its recovery codes; return the sign-ins that ended, all but `keep`.

        Raises:
            NoFactor: the account has none; and what `look` raises, in the same transaction.
        """


class FactorKeyStore(Protocol):
    """Which key second factors are sealed under. Every method raises `chat.errors.Unavailable`."""

    async def key_agreed(self) -> KeyAgreed:
        """Return what was agreed, of one moment."""

    async def agree_on_key(self, check: bytes) -> bytes:
        """Let this key count, unless one does; return what the one that counts is known by."""

    async def agree_anew(self, check: bytes) -> None:
        """Let this key count, whatever did before.

        Raises:
            FactorsLeft: there are second factors; nothing has changed.
        """


class FactorKey(Protocol):
    """The key that second factors are sealed under. Both raise `chat.errors.Unavailable`."""

    def known(self) -> bytes | None:
        """Return the key; None when there is none."""

    def made(self) -> bytes:
        """Return the key, made now if there is none."""


class InvitationStore(Protocol):
    """One-time links, by their lookup. Every method raises `chat.errors.Unavailable`."""

    async def add_invitation(self, invitation: Invitation, lookup: bytes, look: Look) -> None:
        """Store a link, instead of earlier ones for the same account.

        `look` is asked in the same transaction: what somebody could give when a page was read is no reason.

        Raises:
            NoSuchAccount: whoever makes it is disabled, or gone; and what `look` raises.
        """

    async def invitation(self, lookup: bytes, now: datetime) -> Invitation | None:
        """Return a link that is good."""

    async def invitations(self, now: datetime) -> list[Invitation]:
        """Return all that are good, those that end soonest first."""

    async def use_for(self, account: Account, lookup: bytes, now: datetime) -> None:
        """Delete a link and store the new account, in one transaction.

        Raises:
            NoInvitation: it is good no more. NameTaken: nothing has changed.
        """

    async def use_for_password(self, password_hash: str, lookup: bytes, now: datetime) -> list[DutyId]:
        """Delete a link and give its account another password, in one transaction; return what ended.

        Raises:
            NoInvitation: it is good no more, or the account is disabled, or not what it was when the link
                was made.
        """

    async def take_back(self, id_: str, look: Look | None = None) -> bool:
        """Delete a link; False when there is none. Raises what `look` raises, in the same transaction."""

    async def forget_invitations(self, now: datetime) -> None:
        """Delete what has expired."""


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
