# SPDX-License-Identifier: EUPL-1.2
"""What must be done however long the store is away: tried again until it is stored.

Owns the pause between two tries, and the works that nobody waits for. Knows nothing of what is stored.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from chat.errors import Unavailable
from chat.ports import Clock

_log = logging.getLogger(__name__)

RETRY_S = 1.0

Work = Callable[[], Awaitable[None]]
"""Must be right to do again after it was `Unavailable` half-way."""


@dataclass(slots=True, eq=False)
class Persistence:
    """Does what nobody may be left without, as long as the process lives."""

    clock: Clock
    _works: set[asyncio.Task[None]] = field(default_factory=set)

    async def until_stored(self, work: Work) -> None:
        """Do `work`, again after each pause while it is `Unavailable`."""
        while True:
            try:
                return await work()
            except Unavailable:
                await self.clock.sleep(RETRY_S)

    def go_on(self, work: Work) -> None:
        """Return at once, and do `work` after a pause until it is stored."""
        task = asyncio.create_task(self._alone(work))
        self._works.add(task)  # the loop itself holds a task only weakly
        task.add_done_callback(self._works.discard)

    async def stop(self) -> None:
        """Give up what is not stored by now."""
        works = list(self._works)
        for task in works:
            task.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    async def _alone(self, work: Work) -> None:
        try:
            await self.clock.sleep(RETRY_S)
            await self.until_stored(work)
        except Exception:  # noqa: BLE001 - nobody waits for it who could be told
            _log.exception("time_stands_still")
