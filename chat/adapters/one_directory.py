# SPDX-License-Identifier: EUPL-1.2
"""Whether all processes of one host use one key directory.

Owns the looking, by what the key of the day is known by. Two directories would be two keys: somebody who
comes back in another process would not be known there, and no message would be read. Knows no Redis.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from chat.adapters.covering import check_of
from chat.adapters.daily_keys import DailyKeyDirectory, day_number
from chat.adapters.shared_keys import ROWS_KEPT
from chat.adapters.sql.agreed import Agreed, AgreedKeys
from chat.errors import Unavailable
from chat.ports import Clock
from chat.sealing import DAYS_KEPT

_log = logging.getLogger(__name__)

ROUND_S: Final = 60.0


@dataclass(slots=True, eq=False)
class OneDirectory:
    """The directory of this process, held against what the others have told of theirs."""

    directory: DailyKeyDirectory
    agreed: AgreedKeys
    clock: Clock

    async def ready(self) -> None:
        """Return when it is the one that all use.

        Raises:
            Unavailable: it is another one, or nobody can tell; the text is one plain sentence.
        """
        await self._tell()
        today, key = self.directory.today(self.clock.now())
        told = (await self.agreed.all()).get(today)
        if told is not None and told.check != check_of(key):
            raise Unavailable(
                "The server that uses this database already has its daily keys in another directory: give"
                " all of them the same JOURCHATT_KEYS."
            )

    async def run(self) -> None:
        """Tell the key of each day, before the day comes, until cancelled."""
        while True:
            await self.clock.sleep(ROUND_S)
            try:
                await self._tell()
            except Exception as error:  # noqa: BLE001 - one round that failed must not be the last
                _log.warning("keys_not_agreed", exc_info=error)

    async def _tell(self) -> None:
        now = self.clock.now()
        today = day_number(now)
        told = await self.agreed.all()
        for day in (today, today + 1):
            if day not in told:
                # Nothing is covered here: the keys go no other way than by the directory.
                await self.agreed.propose(Agreed(day, check_of(self.directory.made(day)), b""))
        last = today - DAYS_KEPT - ROWS_KEPT
        if any(day <= last for day in told) and self.clock.trusted():
            await self.agreed.forget(last)
