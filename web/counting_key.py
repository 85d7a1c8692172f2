# SPDX-License-Identifier: EUPL-1.2
"""The key of the day under which networks and names are counted in memory.

Owns when it changes: at midnight UTC, with the daily key that it is derived from. So every process counts
under the same one without telling any other, and nobody can link what was counted yesterday.
"""

from __future__ import annotations

from datetime import date, datetime

from chat.errors import Unavailable
from chat.ports import DailyKeys
from chat.sealing import counting_key


class CountingKey:
    """The key for one purpose. `value` and `day` are of the newest day that `turn` has seen."""

    def __init__(self, keys: DailyKeys, purpose: str) -> None:
        self._keys = keys
        self._purpose = purpose
        self.day: date | None = None
        self.value = b""

    def turn(self, now: datetime) -> bool:
        """Take the key of the day; True when it is another than before, and nothing counted means anything.

        While the daily keys cannot be reached the one before goes on.

        Raises:
            chat.errors.Unavailable: there is none before.
        """
        if now.date() == self.day:
            return False
        try:
            _, daily_key = self._keys.today(now)
        except Unavailable:
            if self.day is None:
                raise
            return False
        self.day, self.value = now.date(), counting_key(daily_key, self._purpose)
        return True
