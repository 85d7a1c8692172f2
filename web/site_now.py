# SPDX-License-Identifier: EUPL-1.2
"""What the site is now: what its file says, and what its organisations have set since.

Owns when it is read again: after a change here, when another process says so, and once a minute, because time
passes. What was set, and what it makes of a site, belongs to the rooms that the layers come from. The site
file itself is read at the start only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

from chat.errors import Fault
from chat.live.chat import Chat
from chat.ports import Bell, Doorbell
from config.site import Site
from handover.office import Office

_log = logging.getLogger(__name__)

Layer = Callable[[Site], Awaitable[Site]]
"""What one room makes of the site that it is given. Raises `chat.errors.Unavailable` when it cannot tell."""

LOOK_AGAIN_S: Final = 60.0


class House(Protocol):
    """What is renewed with the site."""

    site: Site
    chat: Chat
    office: Office

    def note_fault(self, error: Exception) -> str | None:
        """Log what is ours to mend; return the id under which it was."""


class SiteNow:
    """Keeps `house.site`, and what the chat and the office know of it, as it is now."""

    def __init__(self, house: House, baseline: Site, layers: Sequence[Layer]) -> None:
        self._house = house
        self._baseline = baseline
        self._layers = layers
        self._one_at_a_time = asyncio.Lock()
        self._wanted = asyncio.Event()

    async def renew(self) -> None:
        """Read again what has been set, and go on with it.

        Raises:
            chat.errors.Unavailable: it cannot be read now; the site stays as it was.
        """
        async with self._one_at_a_time:
            site = self._baseline
            for layer in self._layers:
                site = await layer(site)
            if site == self._house.site:
                return
            self._house.site = site
            self._house.chat.renew(site.chat_services())
            judges = {id_: each.chat.judge for id_, each in site.services.items()}
            self._house.office.renew(judges, site.destinations())

    async def changed(self) -> bool:
        """Something was set here, and is stored: go on with it, and tell the other processes.

        False when it cannot be read now: that is logged, and `run` tries it again. It is stored all the same,
        so nobody is refused because of it.
        """
        rooms = self._house.chat.rooms
        self._house.chat.bus.ring(Doorbell(bell=Bell.SITE, origin=rooms.origin))
        renewed = await self._renewed()
        if not renewed:
            self._wanted.set()
        return renewed

    async def run(self) -> None:
        """Follow time and the other processes, for ever."""
        self._house.chat.also.append(self._hear)
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN_S):
                        await self._wanted.wait()
                self._wanted.clear()
                await self._renewed()
        finally:
            self._house.chat.also.remove(self._hear)

    def _hear(self, doorbell: Doorbell) -> None:
        if doorbell.bell is Bell.SITE:
            self._wanted.set()

    async def _renewed(self) -> bool:
        """Renew; False, with a line in the log, when the site stays as it was for now."""
        try:
            await self.renew()
        except Fault as error:
            self._house.note_fault(error)
            return False
        except Exception:  # noqa: BLE001 - one reading that failed must not be the last
            _log.exception("site_not_renewed")
            return False
        return True
