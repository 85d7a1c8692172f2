# SPDX-License-Identifier: EUPL-1.2
"""What the roster makes of the site: hours only while somebody is on a shift, and what is closed by hand.

Owns the layer that `SiteNow` asks once a minute and after each change. From here on no name of any account is
known: a service gets stretches of time and, while it is closed by hand, words.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from chat.errors import Unavailable
from chat.hours import STOCKHOLM, Span, local_day
from chat.ids import ServiceId
from chat.ports import Clock
from config.site import OpenWhen, PublicService, Site
from web.roster.able import Able, seen
from web.roster.closing import Closing
from web.roster.ports import RosterStore
from web.roster.shift import Shift
from web.roster.staffing import staffed

HORIZON: Final = timedelta(days=42)
"""So far ahead it is said when a service opens; a shift that is further off does not count yet."""
KEPT: Final = timedelta(days=30)
"""Shifts that have been over for longer are deleted, as the audit is."""


class Openings:
    """The layer, with what it read last: only services in which something has changed are read again."""

    def __init__(self, store: RosterStore, able: Able, clock: Clock) -> None:
        self._store = store
        self._able = able
        self._clock = clock
        self._read_as: dict[ServiceId, tuple[object, ...]] = {}
        self._spans: dict[ServiceId, tuple[Span, ...]] = {}
        self._tidied_on: date | None = None

    async def layer(self, site: Site) -> Site:
        """Return the site with narrower hours.

        Raises:
            chat.errors.Unavailable: the roster cannot be read now.
        """
        now = self._clock.now()
        await self._tidy(now)
        closings = {each.service: each for each in await self._store.closings() if each.ends_at > now}
        asked = [id_ for id_, each in site.services.items() if each.open_when is OpenWhen.STAFFED]
        spans = await self._staffed(asked, now) if asked else {}
        if not spans and not closings:
            return site
        services = {
            id_: narrowed(each, spans.get(id_), closings.get(id_)) for id_, each in site.services.items()
        }
        return replace(site, services=services)

    async def _staffed(
        self, asked: Sequence[ServiceId], now: datetime
    ) -> Mapping[ServiceId, tuple[Span, ...]]:
        today = local_day(now)
        # Whole days, so that nothing but a change or midnight makes other hours of them.
        since, until = _midnight(today - timedelta(days=1)), _midnight(today + HORIZON)
        stamps, able = await self._store.stamps(since), await self._able.now()
        read_as = {id_: (today, stamps.get(id_), able.get(id_)) for id_ in asked}
        shifts: dict[ServiceId, list[Shift]] = {
            id_: [] for id_ in asked if read_as[id_] != self._read_as.get(id_)
        }
        if shifts:
            for each in await self._store.between(shifts, since, until):
                shifts[each.service].append(each)
        self._spans = {id_: self._spans[id_] for id_ in asked if id_ not in shifts} | {
            id_: staffed(seen(own, able)) for id_, own in shifts.items()
        }
        self._read_as = dict(read_as)
        return self._spans

    async def _tidy(self, now: datetime) -> None:
        """Once a day delete what is too old; what is open does not wait for a disk that is full."""
        today = local_day(now)
        if self._tidied_on != today:
            with contextlib.suppress(Unavailable):
                await self._store.forget_before(now - KEPT)
                self._tidied_on = today


def narrowed(
    service: PublicService, staffed_: tuple[Span, ...] | None, closing: Closing | None
) -> PublicService:
    """Return a service that is open only while it is staffed (None: not asked) and not while it is closed."""
    if staffed_ is None and closing is None:
        return service
    closings = ((closing.starts_at, closing.ends_at),) if closing is not None else ()
    hours = replace(service.chat.hours, staffed=staffed_, closings=closings)
    return replace(
        service,
        chat=replace(service.chat, hours=hours),
        closed_words=dict(closing.words) if closing is not None else {},
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), STOCKHOLM)
