# SPDX-License-Identifier: EUPL-1.2
"""The one way from a password that somebody has chosen to the hash that is stored.

Owns that each is judged first, wherever it was typed: a link, one's own page, the command line. How slow the
hash is, and which passwords are common, it is given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Iterable

from web.accounts.account import check_password
from web.accounts.errors import PasswordGuessable
from web.accounts.guessable import why_guessable, words_near
from web.accounts.ports import Passwords


class ChosenPasswords:
    """New passwords."""

    def __init__(self, passwords: Passwords, common: Callable[[], Container[str]]) -> None:
        self._passwords = passwords
        self._common = common
        self.names: Callable[[], Iterable[str]] = lambda: ()
        """Names and addresses of the site as it is now: what somebody tries who wants to get in here."""

    async def hash(self, password: str, account: str) -> str:
        """Return the hash of a password that somebody has chosen for the account of this name.

        Raises:
            PasswordUnfit: too short or too long. PasswordGuessable: among the first that are tried. Busy: the
            queue is full.
        """
        check_password(password)
        near = words_near([account, *self.names()])
        # On a thread: the list is read at the first call.
        why = await asyncio.to_thread(lambda: why_guessable(password, near, self._common()))
        if why is not None:
            raise PasswordGuessable(why)
        return await self._passwords.hash(password)

    async def unjudged(self, password: str) -> str:
        """Return the hash of one that nobody chose: made by chance, or printed for everybody.

        Raises:
            PasswordUnfit, Busy: as `hash`.
        """
        check_password(password)
        return await self._passwords.hash(password)
