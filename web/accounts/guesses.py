# SPDX-License-Identifier: EUPL-1.2
"""How long somebody who guesses codes must wait.

Owns the memory of wrong codes, by account. Only who has the right password comes this far: so it is counted
for the account wherever they come from, and no stranger can make anybody wait. Five wrong ones are free; then
there is a wait, 1 s at first, doubled with each further one, never more than 15 minutes, all forgotten after
a day: a hundred guesses a day of a million codes, of which three count at a time.

What another process has counted it tells by a hash of the account under a key of the day; that part is
forgotten at midnight UTC.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from chat.told import Told
from web.accounts.account import AccountId
from web.accounts.errors import TooMany
from web.counting_key import CountingKey
from web.tellings import Tellings

K = TypeVar("K", AccountId, bytes)

FREE: Final = 5
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(days=1)
REMEMBERED: Final = 10_000


class Sort(StrEnum):
    """What processes tell each other of codes."""

    WRONG = "code_wrong"
    RIGHT = "code_right"


@dataclass(slots=True)
class _Wrong:
    count: int
    last: datetime

    def is_forgotten(self, now: datetime) -> bool:
        """Tell whether it was long enough ago."""
        return now - self.last >= FORGOTTEN_AFTER


class Guesses:
    """The wrong codes of the last day."""

    def __init__(self, key: CountingKey, tellings: Tellings) -> None:
        self._key = key
        self._tellings = tellings
        self._wrong: OrderedDict[AccountId, _Wrong] = OrderedDict()
        self._elsewhere: OrderedDict[bytes, _Wrong] = OrderedDict()

    def begin(self, account: AccountId, now: datetime) -> None:
        """Take up a code, and count it as wrong at once, so that many together do not slip through.

        Raises:
            TooMany: it must wait; nothing was counted.
        """
        name = self._name_of(account, now)
        here, elsewhere = self._wrong.get(account), self._elsewhere.get(name)
        known = [each for each in (here, elsewhere) if each is not None and not each.is_forgotten(now)]
        count = sum(each.count for each in known)
        if count >= FREE:
            delay = min(timedelta(seconds=2 ** min(count - FREE, 10)), LONGEST_WAIT)
            wait = max(each.last for each in known) + delay - now
            if wait > timedelta():
                raise TooMany(-(-wait // timedelta(seconds=1)))
        _count(self._wrong, account, now)
        self._tellings.tell(Sort.WRONG, name)

    def succeeded(self, account: AccountId, now: datetime) -> None:
        """The code was right, or could not be looked at: nothing is held against the account."""
        name = self._name_of(account, now)
        self._wrong.pop(account, None)
        self._elsewhere.pop(name, None)
        self._tellings.tell(Sort.RIGHT, name)

    def hear(self, told: Told, now: datetime) -> None:
        """Count what another process has told."""
        name = told.key
        self._turn(now)
        if told.sort == Sort.WRONG:
            _count(self._elsewhere, name, now)
            return
        self._elsewhere.pop(name, None)
        for account in [each for each in self._wrong if self._name_of(each, now) == name]:
            del self._wrong[account]

    def _name_of(self, account: AccountId, now: datetime) -> bytes:
        self._turn(now)
        return hmac.digest(self._key.value, account.encode(), "sha256")[:16]

    def _turn(self, now: datetime) -> None:
        if self._key.turn(now):
            self._elsewhere.clear()


def _count(wrong: OrderedDict[K, _Wrong], key: K, now: datetime) -> None:
    known = wrong.get(key)
    count = 0 if known is None or known.is_forgotten(now) else known.count
    wrong[key] = _Wrong(count + 1, now)
    wrong.move_to_end(key)
    if len(wrong) > REMEMBERED:
        wrong.popitem(last=False)
