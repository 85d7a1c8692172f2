# SPDX-License-Identifier: EUPL-1.2
"""Which key second factors are sealed under, where several hosts have a file each.

Owns the rule: what counts is decided in the store, once, by what the key is known by (`codes.check_of`). A
host whose file is missing or another makes none of its own; it seals nothing. Knows ports only.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from enum import StrEnum

from chat.errors import Unavailable
from web.accounts import codes
from web.accounts.errors import FactorsLeft, KeyElsewhere
from web.accounts.ports import FactorKey, FactorKeyStore, KeyAgreed

_log = logging.getLogger(__name__)


class KeyState(StrEnum):
    """How the file here stands to what was agreed."""

    FITS = "fits"
    """It counts, or would: nothing speaks against using or making it."""
    MISSING = "missing"
    """A key counts, and there is no file here."""
    ANOTHER = "another"
    """A key counts, and the file here is not it."""


def judge(agreed: KeyAgreed, key: bytes | None) -> KeyState:
    """Tell how a key stands to what was agreed.

    Where nothing is (an installation from before, or one that was restored) the factors themselves tell.
    """
    if agreed.check is None and not agreed.sealed:
        return KeyState.FITS
    if key is None:
        return KeyState.MISSING
    if agreed.check is None:
        fits = locked(agreed.sealed, key) < len(agreed.sealed)
    else:
        fits = codes.check_of(key) == agreed.check
    return KeyState.FITS if fits else KeyState.ANOTHER


def locked(sealed: Collection[tuple[str, bytes]], key: bytes | None) -> int:
    """Return how many second factors a key does not open, each given with its account."""
    return sum(key is None or codes.unseal(each, account, key) is None for account, each in sealed)


class AgreedKey:
    """The key file of this host, held against what the store says. Methods raise `Unavailable`."""

    def __init__(self, store: FactorKeyStore, file: FactorKey) -> None:
        self._store = store
        self._file = file

    def known(self) -> bytes | None:
        """Return the key of the file, agreed or not: a factor opens under it or does not."""
        return self._file.known()

    async def state(self) -> KeyState:
        """Tell how the file here stands to what was agreed, and change nothing."""
        return judge(await self._store.key_agreed(), self._file.known())

    async def settle(self) -> None:
        """Let the file here count, if nothing speaks against it. For the start: it logs, and never raises."""
        try:
            agreed, key = await self._store.key_agreed(), self._file.known()
            state = judge(agreed, key)
            if state is KeyState.FITS and key is not None and agreed.check is None:
                check = codes.check_of(key)
                if await self._store.agree_on_key(check) != check:
                    state = KeyState.ANOTHER
        except Unavailable:
            _log.warning("factor_key_unread")
            return
        if state is KeyState.MISSING:
            _log.warning("factor_key_missing")
        elif state is KeyState.ANOTHER:
            _log.warning("factor_key_another")

    async def for_sealing(self) -> bytes:
        """Return the key that counts; the first one of all is made now.

        Raises:
            KeyElsewhere: another one counts than the file here, or there is no file.
        """
        agreed, key = await self._store.key_agreed(), self._file.known()
        if judge(agreed, key) is not KeyState.FITS:
            raise KeyElsewhere
        key = key or self._file.made()
        check = codes.check_of(key)
        if agreed.check is None and await self._store.agree_on_key(check) != check:
            raise KeyElsewhere
        return key

    async def begin_anew(self) -> None:
        """Let the file here count, made now if there is none, whatever was agreed before.

        Raises:
            FactorsLeft: there are second factors, which it might not open.
        """
        if (await self._store.key_agreed()).sealed:
            raise FactorsLeft  # before a file is made
        await self._store.agree_anew(codes.check_of(self._file.made()))
