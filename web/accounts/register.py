# SPDX-License-Identifier: EUPL-1.2
"""The list of accounts: adding to it and changing it, as the command line and the first start do.

Owns what makes an account fit. Knows no sign-in and no right: what an administrator may do in the browser is
decided in `web/people`.
"""

from __future__ import annotations

from collections.abc import Iterable

from chat.ids import DutyId, OrganisationId, Randomness, ServiceId, random_id
from handover.ids import ReceiverId
from web.accounts.account import Account, AccountId, StaffRole, sign_in_name
from web.accounts.chosen import ChosenPasswords
from web.accounts.errors import NameUnfit, NoSuchAccount
from web.accounts.ports import AccountStore, Decide


class Register:
    """All accounts. Methods raise `chat.errors.Unavailable` when the store cannot be reached.

    What ends sign-ins returns them: whoever has a house revokes them, and its watch finds the rest.
    """

    def __init__(self, store: AccountStore, chosen: ChosenPasswords, randomness: Randomness) -> None:
        self._store = store
        self.chosen = chosen
        self._randomness = randomness

    async def add(
        self,
        name: str,
        password: str,
        role: StaffRole,
        services: Iterable[ServiceId],
        units: Iterable[ReceiverId] = (),
        *,
        organisations: Iterable[OrganisationId] = (),
    ) -> Account:
        """Make a new account.

        Raises:
            NameUnfit, PasswordUnfit, PasswordGuessable: with the rule in words.
            NameTaken: an account of this name exists.
        """
        fit_name = sign_in_name(name)
        account = Account(
            id=AccountId(random_id(self._randomness)),
            name=fit_name,
            role=role,
            services=frozenset(services),
            units=frozenset(units),
            organisations=frozenset(organisations),
            password_hash=await self.chosen.hash(password, fit_name),
        )
        await self._store.add(account)
        return account

    async def add_all(
        self,
        people: Iterable[
            tuple[str, StaffRole, Iterable[ServiceId], Iterable[ReceiverId], Iterable[OrganisationId]]
        ],
        password: str,
    ) -> None:
        """Make several accounts with one password, hashed once, for a demo.

        It is printed for everybody, and so it is not judged as one that somebody keeps.

        Raises:
            NameUnfit, PasswordUnfit, NameTaken: as `add`.
        """
        password_hash = await self.chosen.unjudged(password)
        for name, role, services, units, organisations in people:
            await self._store.add(
                Account(
                    id=AccountId(random_id(self._randomness)),
                    name=sign_in_name(name),
                    role=role,
                    services=frozenset(services),
                    units=frozenset(units),
                    organisations=frozenset(organisations),
                    password_hash=password_hash,
                )
            )

    async def disable(self, name: str) -> list[DutyId]:
        """Let an account sign in no more, and end its sessions.

        Raises:
            NoSuchAccount: there is no account of this name.
        """
        return await self._store.disable(_known(name))

    async def reset(self, name: str, password: str) -> list[DutyId]:
        """Give an account another password and end its sessions. A disabled account may sign in again.

        Raises:
            PasswordUnfit, PasswordGuessable: with the rule in words.
            NoSuchAccount: there is no account of this name.
        """
        known = _known(name)
        return await self._store.set_password(known, await self.chosen.hash(password, known))

    async def set_units(self, name: str, units: Iterable[ReceiverId]) -> list[DutyId]:
        """Give an account other receiving units and end its sessions: what they were begun for has changed.

        Raises:
            NoSuchAccount: there is no account of this name.
        """
        return await self._store.set_units(_known(name), frozenset(units))

    async def named(self, name: str) -> Account:
        """Return the account of this name, disabled or not.

        Raises:
            NoSuchAccount: there is no account of this name.
        """
        account = await self._store.by_name(_known(name))
        if account is None:
            raise NoSuchAccount("there is no account of this name")
        return account

    async def by_id(self, id_: AccountId) -> Account | None:
        """Return the account of this id, disabled or not."""
        return await self._store.by_id(id_)

    async def alter(self, id_: AccountId, decide: Decide) -> list[DutyId]:
        """Change an account as `decide` says, on how all are at that moment, and end its sign-ins.

        Raises:
            NoSuchAccount: there is no account of this id; and what `decide` raises.
        """
        return await self._store.alter(id_, decide)

    async def answers(self) -> None:
        """Look whether the store can be reached, at the least cost there is."""
        await self._store.answers()

    async def list(self) -> list[Account]:
        """Return every account, by name."""
        return await self._store.accounts()


def _known(name: str) -> str:
    try:
        return sign_in_name(name)
    except NameUnfit:
        raise NoSuchAccount("there is no account of this name") from None
