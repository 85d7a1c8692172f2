# SPDX-License-Identifier: EUPL-1.2
"""Signing in and out: what the rest of the house calls.

Owns the order of the steps. Knows ports only, and nothing of HTTP: `web/accounts/pages.py` does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from chat.ids import DutyId, Randomness, random_id
from chat.ports import Clock, DailyKeys
from chat.sealing import Token, lookup
from chat.told import Told
from web.accounts import between, form_token
from web.accounts.account import (
    LONGEST_SESSION,
    Account,
    SignedIn,
    StaffSession,
    sign_in_name,
)
from web.accounts.attempts import Attempts
from web.accounts.chosen import ChosenPasswords
from web.accounts.errors import (
    Busy,
    CodeNeeded,
    CodeRefused,
    NameUnfit,
    NoSuchAccount,
    SignInRefused,
    StepOver,
)
from web.accounts.form_token import SignInForm
from web.accounts.invitations import Invitations
from web.accounts.ports import AccountStore, Passwords, StoredSession
from web.accounts.register import Register
from web.accounts.second_factors import Proof, SecondFactors


class Accounts(Register):
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
        chosen: ChosenPasswords,
        daily_keys: DailyKeys,
        clock: Clock,
        randomness: Randomness,
        factors: SecondFactors,
        invitations: Invitations,
        attempts: Attempts,
        limits: Callable[[bytes], bool] = lambda _network: True,
    ) -> None:
        super().__init__(store, chosen, randomness)
        self._passwords = passwords
        self._daily_keys = daily_keys
        self._clock = clock
        self._limits = limits
        self._attempts = attempts
        self.factors = factors
        self.invitations = invitations
        self.must_have_factor: Callable[[Account], bool] = lambda _account: False
        """Which accounts need a second factor: the site file says so, and it may change at any time."""

    def hear(self, told: Told) -> None:
        """Count sign-ins that were tried in another process."""
        self._attempts.hear(told, self._clock.now())

    # --- signing in and out

    async def sign_in(
        self, name: str, password: str, *, network: bytes, code: str = "", cookie: str = ""
    ) -> SignedIn:
        """Check a password and begin a session, with a token of its own whatever was there before.

        `network` is the truncated prefix of where it came from (`web.security.network_of`). `code` is looked
        at where the account has a second factor; without one, `cookie` is the browser's pre-session cookie,
        to which the step after this one is bound.

        Raises:
            SignInRefused: unknown name, wrong password or disabled account, after the same time. TooMany: not
            looked at; wait `retry_after` seconds. `Busy`, when the whole house is asked too much. CodeNeeded:
            the password is right; go on with `sign_in_with_code`. CodeRefused: it is right, the code is not.
        """
        account = await self._verified(name, password, network)
        if not account.second_factor:
            return await self._begun(account)
        if code:
            return await self._with_code(account, code, network)
        day_key = self._key_of_form(cookie)
        if day_key is None:
            raise StepOver("the sign-in page is too old")
        raise CodeNeeded(between.new_step(account, cookie, day_key, self._clock.now()))

    async def sign_in_with_code(self, step: str, code: str, *, network: bytes, cookie: str) -> SignedIn:
        """Look at the code that follows a right password, and begin a session.

        Raises:
            StepOver: `step` is too old, of another browser, or of an earlier password. CodeRefused: a wrong
            code. TooMany: not looked at.
        """
        account_id, day_key = between.account_of(step), self._key_of_form(cookie)
        account = await self._store.by_id(account_id) if account_id and day_key else None
        if account is None or day_key is None or account.disabled:
            raise StepOver("the password's step is not good")
        if not between.is_good(step, account, cookie, day_key, self._clock.now()):
            raise StepOver("the password's step is not good")
        return await self._with_code(account, code, network)

    async def _with_code(self, account: Account, code: str, network: bytes) -> SignedIn:
        try:
            proof = await self.factors.look_at(account.id, code, limited=self._limits(network))
        except CodeRefused:
            raise CodeRefused(account.name) from None
        return await self._begun(account, proof)

    async def prove(self, session: StaffSession, password: str, *, network: bytes) -> Account:
        """Check the password of somebody who has signed in, for what an open screen alone must not do.

        Raises:
            SignInRefused, TooMany, Busy: as `sign_in`.
        """
        return await self._verified(session.account, password, network)

    async def _verified(self, name: str, password: str, network: bytes) -> Account:
        try:
            known_name = sign_in_name(name)
        except NameUnfit:
            known_name = ""  # no account has this name; the rest takes its usual way and time
        attempt = self._attempts.begin(known_name, network, self._clock.now())
        try:
            account = await self._store.by_name(known_name)
            right = await self._passwords.verify(account.password_hash if account else None, password)
        except Busy:
            self._attempts.withdraw(attempt)
            raise
        finally:
            self._attempts.finish(attempt)
        if account is None or account.disabled or not right:
            raise SignInRefused("the name and the password do not belong together")
        self._attempts.succeeded(attempt)
        return account

    async def _begun(self, account: Account, proof: Proof | None = None) -> SignedIn:
        now = self._clock.now()
        day, day_key = self._daily_keys.today(now)
        token = Token.new(day, self._randomness)
        stored = StoredSession(
            lookup=lookup(token, day_key),
            duty=DutyId(random_id(self._randomness)),
            account=account.id,
            expires_at=now.replace(microsecond=0) + LONGEST_SESSION,
        )
        if not await self._store.begin(stored, account.password_hash, factor=proof is not None):
            raise SignInRefused("the account has changed meanwhile")
        return SignedIn(token.text(), _session(token, stored, account), proof is Proof.PAPER)

    async def session(self, token: str | None) -> StaffSession | None:
        """Return the session of a cookie's token; None for anything that is not live, whatever its form.

        Also for one whose account needs a second factor and has none: it reaches nothing (`unfinished`).
        """
        found = await self._found(token)
        return found[0] if found and not self._is_unfinished(found[1]) else None

    async def unfinished(self, token: str | None) -> StaffSession | None:
        """Return a session that lacks nothing but a second factor, and so may set one up, or sign out."""
        found = await self._found(token)
        return found[0] if found and self._is_unfinished(found[1]) else None

    def _is_unfinished(self, account: Account) -> bool:
        return not account.second_factor and self.must_have_factor(account)

    async def _found(self, token: str | None) -> tuple[StaffSession, Account] | None:
        parsed = Token.parse(token) if token else None
        found = self._lookup(parsed) if parsed else None
        if parsed is None or found is None:
            return None
        live = await self._store.find(found, self._clock.now())
        return (_session(parsed, *live), live[1]) if live else None

    async def sign_out(self, token: str) -> None:
        """End the session of this token, if it is one."""
        parsed = Token.parse(token)
        found = self._lookup(parsed) if parsed else None
        if found is not None:
            await self._store.end(found)

    async def live(self, ids: Collection[DutyId]) -> set[DutyId]:
        """Return which of these sign-ins are still valid. One query on an index; none when `ids` is empty."""
        return await self._store.live(ids, self._clock.now()) if ids else set()

    async def is_signed_in(self, duty: DutyId) -> bool:
        """Tell whether a sign-in is still valid."""
        return bool(await self.live([duty]))

    async def forget_expired(self) -> None:
        """Delete the sign-ins and links that have expired, now and then. They are dead before that."""
        await self._store.forget_expired(self._clock.now())
        await self.invitations.forget_expired()

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

    def _key_of_form(self, cookie: str) -> bytes | None:
        """Return the day's key of a pre-session cookie; None when it is malformed or that key is gone."""
        value = Token.parse(cookie)
        return self._daily_keys.for_day(value.day) if value else None

    def is_own_form(self, cookie: str | None, csrf: str) -> bool:
        """Tell whether a sign-in form came from a page that we gave to this browser."""
        return form_token.is_own(form_token.form_of(cookie, self._daily_keys.for_day), csrf)

    # --- one's own account

    async def change_password(
        self, session: StaffSession, before: str, after: str, *, network: bytes
    ) -> list[DutyId]:
        """Change one's own password; return one's other sign-ins, which have ended.

        Raises:
            PasswordUnfit, PasswordGuessable: with the rule in words. SignInRefused: the one before is wrong,
            or the account has changed meanwhile. TooMany, Busy: as `sign_in`.
        """
        account = await self._verified(session.account, before, network)
        hashed = await self.chosen.hash(after, account.name)
        try:
            return await self._store.own_password(account.id, account.password_hash, hashed, session.id)
        except NoSuchAccount:
            raise SignInRefused("the account has changed meanwhile") from None

    async def end_others(self, session: StaffSession) -> list[DutyId]:
        """End one's other sign-ins; return them.

        Raises:
            NoSuchAccount: the account is gone.
        """
        account = await self.named(session.account)
        return await self._store.end_others(account.id, session.id)


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
