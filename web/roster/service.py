# SPDX-License-Identifier: EUPL-1.2
"""The roster of an installation: reading it, changing it, and closing a service before its time.

Owns who may do what, and that a change is decided on what is stored: load, decide, store if nobody was
faster, else again. Knows no page; what follows for the hours of a service is in `openings.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from chat.errors import Stale
from chat.hours import STOCKHOLM, Span
from chat.ids import Randomness, ServiceId, Track, random_id
from chat.ports import Clock
from config.site import PublicService
from moderation.verdict import Verdict
from web.accounts.account import AT_CONSOLE, StaffSession
from web.accounts.rights import Deed, may
from web.roster.able import Able
from web.roster.closing import Closing, doubts, fit_closing, fit_words
from web.roster.errors import CannotServe, MayNot, NoSuchShift, Unfit, Unsure
from web.roster.ports import RosterStore
from web.roster.shift import (
    Cancel,
    Change,
    Known,
    Leave,
    Offer,
    Plan,
    Remove,
    Restore,
    SeriesId,
    Shift,
    ShiftId,
    Take,
    TakeOver,
    changed,
    check_plan,
    comers,
    id_in,
    series_of,
)
from web.roster.staffing import SOON, Warned, opens, warnings

ROUNDS: Final = 8
"""So often somebody else may be faster before it is given up: whoever tries again then has better luck."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of new shifts."""

    series: SeriesId
    first: datetime
    there: int
    """So many were not made, for they were there already."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a page may show of a service's roster."""

    shifts: Sequence[Shift]
    closing: Closing | None


class Roster:
    """Shifts and closings of every service."""

    def __init__(self, store: RosterStore, able: Able, clock: Clock, randomness: Randomness) -> None:
        self._store = store
        self._able = able
        self._clock = clock
        self._randomness = randomness

    # --- reading

    async def shifts(self, services: Collection[ServiceId], days: timedelta) -> list[Shift]:
        """Return the shifts that are not over and begin within `days`, in order."""
        now = self._clock.now()
        return await self._store.between(services, now, now + days)

    async def of(self, service: ServiceId, first: date, length: timedelta) -> Told:
        """Return the shifts of a service that begin within `length` from a local day on, and its closing."""
        since = datetime.combine(first, time(), STOCKHOLM)
        until = datetime.combine(first + length, time(), STOCKHOLM)
        shifts = await self._store.between([service], since, until)
        # That one is cancelled is news to who was on it; with nobody on it, it is nothing any more.
        begun = [each for each in shifts if each.starts_at >= since and (each.held or not each.cancelled)]
        return Told(begun, await self._closing(service, self._clock.now()))

    async def mine(self, session: StaffSession) -> list[Shift]:
        """Return the shifts that somebody is on and that are not over, cancelled ones too, in order."""
        return (await self._store.of(session.account, self._clock.now()))[1]

    async def shift(self, service: ServiceId, id_: ShiftId) -> Shift | None:
        """Return one shift of a service, cancelled or not."""
        found = await self._store.shift(id_)
        return found if found is not None and found.service == service else None

    async def beside(self, shift: Shift) -> list[Shift]:
        """Return the shifts of its service that have a moment in common with one, itself among them."""
        return await self._store.between([shift.service], shift.starts_at, shift.ends_at)

    async def opens(self, shift: Shift) -> bool:
        """Tell whether a chat that is open while it is staffed would be open for less without a shift."""
        able = (await self._able.now()).get(shift.service, frozenset())
        return opens(shift, await self.beside(shift), self._clock.now(), able.__contains__)

    async def series(self, service: ServiceId, series: SeriesId) -> list[Shift]:
        """Return the shifts that were made in one go and are still to be, in order."""
        return await self._store.series(service, series)

    async def closing(self, service: ServiceId) -> Closing | None:
        """Return how a service is closed by hand now, if it is."""
        return await self._closing(service, self._clock.now())

    async def people_of(self, service: ServiceId) -> list[str]:
        """Return who may be on a shift of a service, by the name they sign in with."""
        return sorted((await self._able.now()).get(service, ()))

    async def warnings(self, services: Collection[ServiceId]) -> list[Warned]:
        """Return where somebody is missing now or soon; whoever looks after these services should know."""
        now = self._clock.now()
        shifts = await self._store.between(services, now, now + SOON + timedelta(seconds=1))
        if not shifts:
            return []
        able = await self._able.lately()
        return warnings(shifts, now, lambda shift, name: name in able.get(shift.service, ()))

    # --- changing

    async def change(
        self,
        session: StaffSession,
        service: PublicService,
        id_: ShiftId,
        change: Change,
        tracks: Mapping[ServiceId, Track],
    ) -> Shift:
        """Change one shift and return what it is then.

        Raises:
            MayNot: this sign-in may not do that there, or not for this person.
            CannotServe: a planner names somebody who may not answer for this service.
            NoSuchShift, Begun, NoPlace, NotOn, AlreadyOn, Overlaps, OtherTrack, Unfit: see `shift.changed`.
            chat.errors.Stale: others were faster, over and over again.
        """
        self._may_change(session, service, change)
        if isinstance(change, Take) and change.planned and change.who not in await self.people_of(service.id):
            raise CannotServe
        for _ in range(ROUNDS):
            shift = await self._store.shift(id_)
            if shift is None or shift.service != service.id:
                raise NoSuchShift
            if isinstance(change, Restore) and await self._is_there(shift):
                raise Unfit("there")
            now = self._clock.now()
            theirs = {name: await self._store.of(name, now) for name in comers(change, shift)}
            others = {name: found for name, (_, found) in theirs.items()}
            after = changed(shift, change, Known(now, others, tracks))
            if await self._store.save(after, {name: count for name, (count, _) in theirs.items()}):
                return replace(after, version=after.version + 1)
        raise Stale

    async def _is_there(self, shift: Shift) -> bool:
        """Tell whether another shift of the same times has been made in the place of a cancelled one."""
        return any(
            each.id != shift.id
            and not each.cancelled
            and (each.starts_at, each.ends_at) == (shift.starts_at, shift.ends_at)
            for each in await self.beside(shift)
        )

    async def make(
        self, session: StaffSession, service: PublicService, spans: Sequence[Span], wanted: int, fewest: int
    ) -> Made:
        """Make a shift of each span, one at least; what is there at the same times already is not made again.

        Raises:
            MayNot: this sign-in may not plan there.
            Unfit: one of them cannot be, or all of them are there; none is made.
        """
        _must(session, service, Deed.PLAN)
        now = self._clock.now()
        for start, end in spans:
            check_plan(Plan(start, end, wanted, fewest), now)
        series = series_of(ShiftId(random_id(self._randomness)))
        made = await self._store.add(
            [
                Shift(
                    id=id_in(series, position),
                    service=service.id,
                    starts_at=start,
                    ends_at=end,
                    wanted=wanted,
                    fewest=fewest,
                )
                for position, (start, end) in enumerate(spans)
            ]
        )
        if not made:
            raise Unfit("there")
        return Made(series, spans[0][0], len(spans) - made)

    async def withdraw(self, session: StaffSession, service: PublicService, id_: ShiftId) -> int:
        """Cancel every shift that was made with one and has not begun, and return how many.

        Raises:
            MayNot: this sign-in may not plan there.
            NoSuchShift: there is none of them.
        """
        _must(session, service, Deed.PLAN)
        cancelled = await self._store.cancel_series(service.id, series_of(id_), self._clock.now())
        if not cancelled:
            raise NoSuchShift
        return cancelled

    def _may_change(self, session: StaffSession, service: PublicService, change: Change) -> None:
        """Everybody decides for themselves; planners for all."""
        match change:
            case Take(who=who, planned=False) | Leave(who=who) | Offer(who=who) | TakeOver(who=who):
                _must(session, service, Deed.SEE_ROSTER)
                serves = session.role in AT_CONSOLE and service.id in session.services
                if who != session.account or not serves:
                    raise MayNot
            case Take() | Remove() | Cancel() | Restore() | Plan():
                _must(session, service, Deed.PLAN)

    # --- closing before time

    async def close(
        self,
        session: StaffSession,
        service: PublicService,
        until: datetime | None,
        words: Mapping[str, str],
        *,
        sure: bool = False,
        aliases: Collection[str] = (),
    ) -> Closing:
        """Close a service from now until a moment, or until the end of the opening that runs or comes next.

        `sure`: they were asked, and mean it. `aliases`: of those who are on duty there.

        Raises:
            MayNot: this sign-in may not close it.
            NothingToClose: it does not open within a year.
            Unfit: the moment or the words cannot be.
            Unsure: it may not be what was meant; nothing is closed yet.
        """
        _must(session, service, Deed.CLOSE)
        judge = service.chat.judge

        def tells_who(text: str) -> bool:
            return judge.of_operator(text).verdict is Verdict.REFUSE

        hours = replace(service.chat.hours, closings=())
        now = self._clock.now().replace(microsecond=0)
        fit = fit_words(words, tells_who, await self.people_of(service.id))
        closing = fit_closing(service.id, hours, now, until, fit)
        doubtful = [] if sure else doubts(closing, by_clock=until is not None, aliases=aliases)
        if doubtful:
            raise Unsure(doubtful, closing.ends_at)
        await self._store.close(closing)
        return closing

    async def reopen(self, session: StaffSession, service: PublicService) -> bool:
        """Take a closing back; False when it is over already.

        Raises:
            MayNot: this sign-in may not.
        """
        _must(session, service, Deed.CLOSE)
        found = await self._closing(service.id, self._clock.now())
        return found is not None and await self._store.reopen(service.id)

    async def _closing(self, service: ServiceId, now: datetime) -> Closing | None:
        found = [each for each in await self._store.closings() if each.service == service]
        return next((each for each in found if each.ends_at > now), None)


def _must(session: StaffSession, service: PublicService, deed: Deed) -> None:
    theirs = service.id in session.services or service.organisation.id in session.organisations
    if not theirs or not may(session, deed):
        raise MayNot
