# SPDX-License-Identifier: EUPL-1.2
"""How long somebody who guesses codes must wait.

Owns the memory of wrong codes, by account, in this process only. Only who has the right password comes this
far: so it is counted for the account wherever they come from, and no stranger can make anybody wait. Five
wrong ones are free; then there is a wait, 1 s at first, doubled with each further one, never more than 15
minutes, all forgotten after a day: a hundred guesses a day of a million codes, of which three count at a
time.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from web.accounts.account import AccountId
from web.accounts.errors import TooMany

FREE: Final = 5
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(days=1)
REMEMBERED: Final = 10_000


@dataclass(slots=True)
class _Wrong:
    count: int
    last: datetime


class Guesses:
    """The wrong codes of the last day."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[AccountId, _Wrong] = OrderedDict()

    def begin(self, account: AccountId, now: datetime) -> None:
        """Take up a code, and count it as wrong at once, so that many together do not slip through.

        Raises:
            TooMany: it must wait; nothing was counted.
        """
        known = self._wrong.get(account)
        if known is None or now - known.last >= FORGOTTEN_AFTER:
            known = _Wrong(0, now)
        if known.count >= FREE:
            delay = min(timedelta(seconds=2 ** min(known.count - FREE, 10)), LONGEST_WAIT)
            wait = known.last + delay - now
            if wait > timedelta():
                raise TooMany(-(-wait // timedelta(seconds=1)))
        self._wrong[account] = _Wrong(known.count + 1, now)
        self._wrong.move_to_end(account)
        if len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)

    def succeeded(self, account: AccountId) -> None:
        """The code was right, or could not be looked at: nothing is held against the account."""
        self._wrong.pop(account, None)
