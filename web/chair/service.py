# SPDX-License-Identifier: EUPL-1.2
"""What the organisations of an installation have set of the site, and changing it.

Owns who may change it, that nothing is stored which could not be read, and that of two who change the same
matter both learn of it. What it makes of the site is `Chair.layer`. Knows no page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from chat.errors import Stale
from chat.hours import OpeningHours, local_day
from chat.ids import OrganisationId
from chat.ports import Clock
from config.errors import Mistake
from config.overlay import NOTHING, Overlay, Overlays, without_strays
from config.site import Site
from config.site_file import Reading, SiteFile
from web.accounts.account import StaffSession
from web.accounts.rights import Deed, may
from web.chair.errors import Changed, MayNot, NoSuchVersion, Unfit, Wrong
from web.chair.ports import VersionStore
from web.chair.version import Spot, Values, Version, at_spot, with_values

ROUNDS = 8
"""So often somebody else may be faster with another matter before it is given up."""


class Chair:
    """What organisations have set, over one site file."""

    def __init__(self, store: VersionStore, file: SiteFile | None, clock: Clock) -> None:
        self._store = store
        self._file = file
        self._clock = clock
        self._read: tuple[Overlays, date, Reading] | None = None
        self.set_aside: Mapping[OrganisationId, tuple[Mistake, ...]] = {}
        """Of whom nothing holds now, because it cannot be read any more together with the site file."""
        self.strays: Mapping[OrganisationId, tuple[Mistake, ...]] = {}
        """What was set and has no place now, as of a service that has left the file. All else holds."""

    @cached_property
    def baseline(self) -> Mapping[str, Any]:
        """What the site file says, as it stands there."""
        return self._file.values() if self._file is not None else {}

    @property
    def digest(self) -> str:
        """What tells the site file from every other; empty without one."""
        return self._file.digest if self._file is not None else ""

    async def layer(self, site: Site) -> Site:
        """Return the site with what was set; read again only when something was."""
        if self._file is None:
            return site
        overlays = {id_: each.overlay for id_, each in (await self._store.newest()).items() if each.overlay}
        today = local_day(self._clock.now())
        if not overlays:
            self.set_aside = self.strays = {}
            return site
        if self._read is None or self._read[:2] != (overlays, today):
            self._read = (overlays, today, await self._reading(self._file, today, overlays))
        reading = self._read[2]
        self.set_aside, self.strays = reading.set_aside, reading.strays
        # The file alone could be read at the start, so there is a site, unless time has broken the file.
        return reading.site or site

    async def now(self, organisation: OrganisationId) -> Version:
        """Return the newest version of one organisation; number 0 where it has set nothing.

        Without what has no place any more: the next change leaves that behind.
        """
        found = (await self._store.newest()).get(organisation)
        if found is None:
            return Version(organisation=organisation, number=0)
        return replace(found, overlay=without_strays(self.baseline, organisation, found.overlay))

    async def history(self, organisation: OrganisationId) -> list[Version]:
        """Return what is kept of its versions, newest first."""
        return await self._store.history(organisation)

    async def tried(self, organisation: OrganisationId, overlay: Overlay) -> Site:
        """Return the site as it would be if this were set, and nothing of others.

        Raises:
            Unfit: it could not be read; the words are those of `jourchatt check`.
            MayNot: there is no site file to read again.
        """
        if self._file is None:
            raise MayNot
        today = local_day(self._clock.now())
        reading = await self._reading(self._file, today, {organisation: overlay})
        mistakes = reading.strays.get(organisation) or reading.set_aside.get(organisation, reading.mistakes)
        if mistakes or reading.site is None:
            raise Unfit([Wrong("", "other", f"{each.path}: {each.what}") for each in mistakes])
        return reading.site

    async def change(
        self, session: StaffSession, organisation: OrganisationId, after: int, values: Values
    ) -> None:
        """Set fields of one organisation, or of its services. `after`: the version that was read before.

        Raises:
            MayNot: this sign-in may not.
            Changed: somebody else has set the same fields since.
            Unfit: the site could not be read with it.
        """
        may_change(session, organisation)
        for _ in range(ROUNDS):
            newest = await self.now(organisation)
            if newest.number != after and await self._differs(newest, after, [spot for spot, _ in values]):
                raise Changed
            wanted = with_values(newest.overlay, values)
            if wanted == newest.overlay:
                return
            if await self._stored(session, newest, wanted):
                return
        raise Stale

    async def bring_back(
        self, session: StaffSession, organisation: OrganisationId, after: int, number: int
    ) -> None:
        """Set everything as it was in an earlier version; number 0 is as the site file says.

        Raises:
            MayNot: this sign-in may not.
            Changed: somebody else has set something since version `after`.
            NoSuchVersion: that one is not kept.
            Unfit: the site cannot be read with it any more.
        """
        may_change(session, organisation)
        newest = await self.now(organisation)
        if newest.number != after:
            raise Changed
        if not await self._stored(session, newest, await self.set_in(organisation, number)):
            raise Changed

    async def _reading(self, file: SiteFile, today: date, overlays: Overlays) -> Reading:
        """Read in a thread: conversations go on meanwhile."""
        now = self._clock.now()

        def read() -> Reading:
            reading = file.read(today, overlays)
            for service in reading.site.services.values() if reading.site is not None else ():
                # The first who names a red day loads the calendar, which takes a second: here, not in a page.
                for expression in (line.hours for line in service.organisation.lines):
                    OpeningHours.parse(expression).is_open(now)
                service.chat.hours.is_open(now)
            return reading

        return await asyncio.to_thread(read)

    async def set_in(self, organisation: OrganisationId, number: int) -> Overlay:
        """Return what was set in one version; number 0: nothing.

        Raises:
            NoSuchVersion: that one is not kept.
        """
        if number == 0:
            return NOTHING
        for version in await self._store.history(organisation):
            if version.number == number:
                return without_strays(self.baseline, organisation, version.overlay)
        raise NoSuchVersion

    async def _differs(self, newest: Version, after: int, spots: Collection[Spot]) -> bool:
        try:
            before = await self.set_in(newest.organisation, after)
        except NoSuchVersion:
            return True
        return any(at_spot(before, spot) != at_spot(newest.overlay, spot) for spot in spots)

    async def _stored(self, session: StaffSession, newest: Version, wanted: Overlay) -> bool:
        id_ = newest.organisation
        if wanted:
            await self.tried(id_, wanted)
        return await self._store.save(
            Version(
                organisation=id_,
                number=newest.number + 1,
                account=session.account,
                day=local_day(self._clock.now()),
                overlay=wanted,
            )
        )


def may_change(session: StaffSession, organisation: OrganisationId) -> None:
    """Raise MayNot unless a sign-in may change what an organisation says."""
    if organisation not in session.organisations or not may(session, Deed.EDIT_SITE):
        raise MayNot
