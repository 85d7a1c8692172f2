# SPDX-License-Identifier: EUPL-1.2
"""One-time links: an account for somebody new, or a new password for somebody who has one.

Owns what a link is and how long it is good. Knows nothing of who may give what: whoever makes one has asked.
The token is in the link and nowhere else: only its digest is stored.
"""

from __future__ import annotations

import base64
import hashlib
import re

from chat.ids import DutyId, OrganisationId, Randomness, ServiceId, random_id
from chat.ports import Clock
from handover.ids import ReceiverId
from web.accounts.account import Account, AccountId, StaffRole, sign_in_name
from web.accounts.chosen import ChosenPasswords
from web.accounts.errors import NoInvitation
from web.accounts.invitation import LASTS, Invitation, Link
from web.accounts.ports import InvitationStore, Look

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Invitations:
    """All links that are out. Methods raise `chat.errors.Unavailable` when the store cannot be reached."""

    def __init__(
        self, *, store: InvitationStore, chosen: ChosenPasswords, clock: Clock, randomness: Randomness
    ) -> None:
        self._store = store
        self._chosen = chosen
        self._clock = clock
        self._randomness = randomness

    async def invite(
        self,
        label: str,
        role: StaffRole,
        services: frozenset[ServiceId],
        units: frozenset[ReceiverId],
        organisations: frozenset[OrganisationId],
        *,
        made_by: AccountId,
        look: Look,
    ) -> Link:
        """Make a link that makes a new account of this kind, if `look` finds nothing against it."""
        return await self._add(
            Invitation(
                id=random_id(self._randomness),
                label=label,
                role=role,
                services=services,
                units=units,
                organisations=organisations,
                made_by=made_by,
                expires_at=self._clock.now().replace(microsecond=0) + LASTS,
            ),
            look,
        )

    async def renew(self, account: Account, *, made_by: AccountId, look: Look) -> Link:
        """Make a link for a new password of an account, if `look` finds nothing against it.

        Earlier ones for it are good no more, and so is this one when the account becomes another.
        """
        return await self._add(
            Invitation(
                id=random_id(self._randomness),
                label=account.name,
                role=account.role,
                services=account.services,
                units=account.units,
                organisations=account.organisations,
                account=account.id,
                made_by=made_by,
                expires_at=self._clock.now().replace(microsecond=0) + LASTS,
            ),
            look,
        )

    async def _add(self, invitation: Invitation, look: Look) -> Link:
        token = base64.urlsafe_b64encode(self._randomness.bytes(32)).rstrip(b"=").decode()
        await self._store.add_invitation(invitation, _lookup(token), look)
        return Link(token, invitation)

    async def opened(self, token: str) -> Invitation:
        """Return what a link is for, and leave it good.

        Raises:
            NoInvitation: it never was, was used, taken back, or is too old.
        """
        found = None
        if _TOKEN.fullmatch(token):
            found = await self._store.invitation(_lookup(token), self._clock.now())
        if found is None:
            raise NoInvitation("this link is not good")
        return found

    async def join(self, token: str, name: str, password: str) -> Account:
        """Use a link for a new account. Of two who use it at once, exactly one does.

        Raises:
            NoInvitation: as `opened`, or it is for somebody who has an account. NameUnfit, PasswordUnfit,
            PasswordGuessable, NameTaken: the link stays good.
        """
        invitation = await self.opened(token)
        if invitation.account is not None:
            raise NoInvitation("this link is for somebody who has an account")
        fit_name = sign_in_name(name)
        account = Account(
            id=AccountId(random_id(self._randomness)),
            name=fit_name,
            role=invitation.role,
            services=invitation.services,
            units=invitation.units,
            organisations=invitation.organisations,
            password_hash=await self._chosen.hash(password, fit_name),
        )
        await self._store.use_for(account, _lookup(token), self._clock.now())
        return account

    async def choose(self, token: str, password: str) -> list[DutyId]:
        """Use a link for a new password; return the sign-ins that ended.

        Raises:
            NoInvitation: as `opened`, or it is for somebody new, or the account is disabled or has another
            role or other places than when the link was made. PasswordUnfit,
            PasswordGuessable: the link stays good.
        """
        invitation = await self.opened(token)
        if invitation.account is None:
            raise NoInvitation("this link is for somebody new")
        password_hash = await self._chosen.hash(password, invitation.label)
        return await self._store.use_for_password(password_hash, _lookup(token), self._clock.now())

    async def nobodys_password(self) -> str:
        """Return the hash of a password that nobody knows, for an account whose own is put out of use."""
        return await self._chosen.unjudged(self._randomness.bytes(32).hex())

    async def out(self) -> list[Invitation]:
        """Return all that are out and still good, those that end soonest first."""
        return await self._store.invitations(self._clock.now())

    async def take_back(self, id_: str, look: Look | None = None) -> bool:
        """Make a link good no more, if `look` finds nothing against it; False when there is none."""
        return await self._store.take_back(id_, look)

    async def forget_expired(self) -> None:
        """Delete the links that are too old: to be called now and then. They are dead before that."""
        await self._store.forget_invitations(self._clock.now())


def _lookup(token: str) -> bytes:
    return hashlib.sha256(b"jourchatt invitation " + token.encode()).digest()
