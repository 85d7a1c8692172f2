# SPDX-License-Identifier: EUPL-1.2
"""Second factors: setting one up, looking at a code, the codes on paper, and removing it.

Owns the order of the steps. Knows ports only, and neither passwords nor pages. Methods raise
`chat.errors.Unavailable` when store or key cannot be reached.
"""

from __future__ import annotations

from enum import StrEnum

from chat.errors import Unavailable
from chat.ids import DutyId, Randomness
from chat.ports import Clock
from chat.told import Told
from web.accounts import codes
from web.accounts.account import AccountId
from web.accounts.agreed_key import AgreedKey
from web.accounts.errors import CodeRefused, NoFactor, PhoneUnreadable
from web.accounts.guesses import Guesses
from web.accounts.ports import FactorStore, Look


class Proof(StrEnum):
    """What was shown for a second factor."""

    PHONE = "phone"
    PAPER = "paper"
    """A recovery code, now used up."""


class SecondFactors:
    """The second factors of all accounts."""

    def __init__(
        self, *, store: FactorStore, key: AgreedKey, clock: Clock, randomness: Randomness, guesses: Guesses
    ) -> None:
        self._store = store
        self.key = key
        self._clock = clock
        self._randomness = randomness
        self._guesses = guesses

    def hear(self, told: Told) -> None:
        """Count codes that were tried in another process."""
        self._guesses.hear(told, self._clock.now())

    def new_secret(self) -> str:
        """Return a secret that no account has yet."""
        return codes.new_secret(self._randomness)

    async def set_up(
        self, account: AccountId, secret: str, code: str, *, keep: DutyId | None
    ) -> tuple[list[str], list[DutyId]]:
        """Give an account a second factor; return ten recovery codes, shown once, and the sign-ins it ended.

        `code` is the phone's, so that nobody is locked out by a secret that was copied wrong; it counts as
        used.

        Raises:
            CodeRefused: it is not the code of this secret now. FactorThere: there is one already.
            KeyElsewhere: none can be set up at this host.
        """
        step = codes.step_of(secret, codes.plain(code), self._clock.now())
        if step is None:
            raise CodeRefused
        key = await self.key.for_sealing()
        sealed = codes.seal(secret, account, key, self._randomness)
        paper = codes.new_recovery_codes(self._randomness)
        digests = [codes.digest_of(each, account) for each in paper]
        ended = await self._store.add_factor(
            account, sealed, step, digests, check=codes.check_of(key), keep=keep
        )
        return paper, ended

    async def look_at(self, account: AccountId, code: str, *, limited: bool) -> Proof:
        """Look at the code of an account, and use it up.

        Raises:
            CodeRefused: wrong, too old or used before, or the account has no second factor. TooMany: a code
            of a phone was not looked at; a recovery code always is, it is beyond guessing.
        """
        plain = codes.plain(code)
        if codes.is_paper(plain):
            if await self._store.use_recovery(account, codes.digest_of(plain, account)):
                return Proof.PAPER
            raise CodeRefused
        if limited:
            self._guesses.begin(account, self._clock.now())
        if not await self._is_of_phone(account, plain):
            raise CodeRefused
        self._guesses.succeeded(account, self._clock.now())
        return Proof.PHONE

    async def _is_of_phone(self, account: AccountId, code: str) -> bool:
        stored = await self._store.factor(account)
        if stored is None:
            return False
        try:
            key = self.key.known()
        except Unavailable as error:
            raise PhoneUnreadable(str(error)) from error
        secret = codes.unseal(stored.sealed, account, key) if key else None
        if secret is None:
            raise PhoneUnreadable(
                "the key that second factors are sealed under is not the one they were sealed with"
            )
        step = codes.step_of(secret, code, self._clock.now())
        return step is not None and await self._store.use_step(account, step)

    async def new_recovery_codes(self, account: AccountId) -> list[str]:
        """Return ten new recovery codes; those before are good no more.

        Raises:
            NoFactor: the account has no second factor.
        """
        paper = codes.new_recovery_codes(self._randomness)
        await self._store.replace_recovery(account, [codes.digest_of(each, account) for each in paper])
        return paper

    async def recovery_codes_left(self, account: AccountId) -> int:
        """Return how many recovery codes are left.

        Raises:
            NoFactor: the account has no second factor.
        """
        stored = await self._store.factor(account)
        if stored is None:
            raise NoFactor("the account has no second factor")
        return stored.recovery_codes

    async def remove(
        self, account: AccountId, *, keep: DutyId | None = None, look: Look | None = None
    ) -> list[DutyId]:
        """Remove a second factor with its recovery codes; return the sign-ins that ended, all but `keep`.

        Raises:
            NoFactor: the account has none; and what `look` raises.
        """
        return await self._store.remove_factor(account, keep=keep, look=look)
