# SPDX-License-Identifier: EUPL-1.2
"""Signing in and out, and the list of accounts: what the rest of the house calls.

Owns the order of the steps. Knows ports only, and nothing of HTTP: `web/accounts/pages.py` does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from chat.ids import DutyId, OrganisationId, Randomness, ServiceId, random_id
from chat.ports import Clock, DailyKeys
from chat.sealing import Token, lookup
from handover.ids import ReceiverId
from web.accounts import form_token
from web.accounts.account import (
    LONGEST_SESSION,
    Account,
    AccountId,
    SignedIn,
    StaffRole,
    StaffSession,
    check_password,
    sign_in_name,
)
from web.accounts.attempts import Attempts
from web.accounts.errors import Busy, NameUnfit, NoSuchAccount, SignInRefused
from web.accounts.form_token import SignInForm
from web.accounts.ports import AccountStore, Passwords, StoredSession


class Accounts:
    """Staff accounts and their sign-ins.

    A sign-in lasts 16 hours at most and ends at sign-out, when its account is disabled and when its password
    is reset. Only the lookup of its token is stored. Methods that reach the store raise
    `chat.errors.Unavailable`.

    `limits` tells whether failed sign-ins from a network prefix make later ones wait.
    """

    def __init__(
        self,
        *,
        store: AccountStore,
        passwords: Passwords,
        daily_keys: DailyKeys,
        clock: Clock,
        randomness: Randomness,
        limits: Callable[[bytes], bool] = lambda _network: True,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._daily_keys = daily_keys
        self._clock = clock
        self._randomness = randomness
        self._attempts = Attempts(randomness, limits)

    # --- signing in and out

    async def sign_in(self, name: str, password: str, *, network: bytes) -> SignedIn:
        """Check a password and begin a session, with a token of its own whatever was there before.

        `network` is the truncated prefix of where it came from (`web.security.network_of`).

        Raises:
            SignInRefused: unknown name, wrong password or disabled account, after the same time. TooMany: not
            looked at; wait `retry_after` seconds. `Busy`, when the whole house is asked too much.
        """
        try:
            known_name = sign_in_name(name)
        except NameUnfit:
            known_name = ""  # no account has this name; the rest takes its usual way and time
        attempt = self._attempts.begin(known_name, network, self._clock.now())
        try:
            signed_in = await self._checked(known_name, password)
        except Busy:
            self._attempts.withdraw(attempt)
            raise
        finally:
            self._attempts.finish(attempt)
        if signed_in is None:
            raise SignInRefused("the name and the password do not belong together")
        self._attempts.succeeded(attempt)
        return signed_in

    async def _checked(self, name: str, password: str) -> SignedIn | None:
        account = await self._store.by_name(name)
        right = await self._passwords.verify(account.password_hash if account else None, password)
        if account is None or account.disabled or not right:
            return None
        return await self._begin(account)

    async def _begin(self, account: Account) -> SignedIn | None:
        now = self._clock.now()
        day, day_key = self._daily_keys.today(now)
        token = Token.new(day, self._randomness)
        stored = StoredSession(
            lookup=lookup(token, day_key),
            duty=DutyId(random_id(self._randomness)),
            account=account.id,
            expires_at=now.replace(microsecond=0) + LONGEST_SESSION,
        )
        if not await self._store.begin(stored, account.password_hash):
            return None
        return SignedIn(token.text(), _session(token, stored, account))

    async def session(self, token: str | None) -> StaffSession | None:
        """Return the session of a cookie's token; None for anything that is not live, whatever its form."""
        parsed = Token.parse(token) if token else None
        found = self._lookup(parsed) if parsed else None
        if parsed is None or found is None:
            return None
        live = await self._store.find(found, self._clock.now())
        return _session(parsed, *live) if live else None

    async def sign_out(self, token: str) -> None:
        """End the session of this token, if it is one."""
        parsed = Token.parse(token)
        found = self._lookup(parsed) if parsed else None
        if found is not None:
            await self._store.end(found)

    async def live(self, ids: Collection[DutyId]) -> set[DutyId]:
        """Return which of these sign-ins are still valid. One query on an index; none when `ids` is empty."""
        return await self._store.live(ids, self._clock.now()) if ids else set()

    async def forget_expired(self) -> None:
        """Delete the sign-ins that have expired: to be called now and then. They are dead before that."""
        await self._store.forget_expired(self._clock.now())

    def _lookup(self, token: Token) -> bytes | None:
        day_key = self._daily_keys.for_day(token.day)
        return lookup(token, day_key) if day_key else None

    # --- the sign-in form

    def sign_in_form(self, cookie: str | None) -> SignInForm:
        """Return the pre-session cookie and the CSRF token of a sign-in page; a good cookie is kept."""
        kept = form_token.form_of(cookie, self._daily_keys.for_day)
        if kept is not None:
            return kept
        day, day_key = self._daily_keys.today(self._clock.now())
        return form_token.new_form(day, day_key, self._randomness)

    def is_own_form(self, cookie: str | None, csrf: str) -> bool:
        """Tell whether a sign-in form came from a page that we gave to this browser."""
        return form_token.is_own(form_token.form_of(cookie, self._daily_keys.for_day), csrf)

    # --- the list of accounts

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
            NameUnfit, PasswordUnfit: with the rule in words.
            NameTaken: an account of this name exists.
        """
        fit_name = sign_in_name(name)
        check_password(password)
        account = Account(
            id=AccountId(random_id(self._randomness)),
            name=fit_name,
            role=role,
            services=frozenset(services),
            units=frozenset(units),
            organisations=frozenset(organisations),
            password_hash=await self._passwords.hash(password),
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
        """Make several accounts with one password, hashed once: for a demo or a training evening.

        Raises:
            NameUnfit, PasswordUnfit, NameTaken: as `add`.
        """
        check_password(password)
        password_hash = await self._passwords.hash(password)
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

    async def disable(self, name: str) -> None:
        """Let an account sign in no more, and end its sessions.

        Raises:
            NoSuchAccount: there is no account of this name.
        """
        await self._store.disable(_known(name))

    async def reset(self, name: str, password: str) -> None:
        """Give an account another password and end its sessions. A disabled account may sign in again.

        Raises:
            PasswordUnfit: with the rule in words.
            NoSuchAccount: there is no account of this name.
        """
        check_password(password)
        await self._store.set_password(_known(name), await self._passwords.hash(password))

    async def set_units(self, name: str, units: Iterable[ReceiverId]) -> None:
        """Give an account other receiving units and end its sessions: what they were begun for has changed.

        Raises:
            NoSuchAccount: there is no account of this name.
        """
        await self._store.set_units(_known(name), frozenset(units))

    async def named(self, name: str) -> Account:
        """Return the account of this name, disabled or not.

        Raises:
            NoSuchAccount: there is no account of this name.
        """
        account = await self._store.by_name(_known(name))
        if account is None:
            raise NoSuchAccount("there is no account of this name")
        return account

    async def list(self) -> list[Account]:
        """Return every account, by name."""
        return await self._store.accounts()


def _known(name: str) -> str:
    try:
        return sign_in_name(name)
    except NameUnfit:
        raise NoSuchAccount("there is no account of this name") from None


def _session(token: Token, stored: StoredSession, account: Account) -> StaffSession:
    return StaffSession(
        id=stored.duty,
        account=account.name,
        role=account.role,
        services=account.services,
        units=account.units,
        organisations=account.organisations,
        token=token,
        expires_at=stored.expires_at,
    )
