# SPDX-License-Identifier: EUPL-1.2
"""One shift: when it is, who has which place on it, and every change of that.

Owns the values and the rules: pure, with the time and everybody's other shifts as arguments. People are named
as they sign in, never by an alias. Knows no store, no sign-in and no page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from chat.ids import ServiceId, Track
from web.roster.errors import (
    AlreadyOn,
    Begun,
    NoPlace,
    NoSuchShift,
    NotOn,
    OtherTrack,
    Overlaps,
    Refused,
    Unfit,
)

ShiftId = NewType("ShiftId", str)
SeriesId = NewType("SeriesId", str)
"""Shifts that were made in one go: what the ids of all of them begin with."""

SERIES_LENGTH: Final = 18

SHORTEST: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=16)
"""As long as a sign-in lasts: nobody is on duty longer in one go."""
AHEAD: Final = timedelta(days=366)
"""No shift begins later than this."""
LATE: Final = timedelta(days=2)
"""From so long before the beginning on, whoever cannot come leaves a place that needs somebody."""
MOST_PLACES: Final = 20


class Hold(StrEnum):
    """How somebody stands to a place."""

    TAKEN = "taken"
    OFFERED = "offered"
    """Still theirs, and anybody may take it over."""
    ABSENT = "absent"
    """They cannot come, and said so late: the place is open, and needs somebody."""


def id_in(series: SeriesId, position: int) -> ShiftId:
    """Return the id of one shift of a series, from 0 to 9,999."""
    return ShiftId(f"{series}{position:04}")


def series_of(id_: ShiftId) -> SeriesId:
    """Return the series of a shift. One that was made before there were any is alone in its own."""
    return SeriesId(id_[:SERIES_LENGTH])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One stretch of time in one service, in UTC, with its places."""

    id: ShiftId
    service: ServiceId
    starts_at: datetime
    ends_at: datetime
    wanted: int
    """How many places there are."""
    fewest: int
    """So many must be there for it to count as staffed."""
    held: Mapping[str, Hold] = field(default_factory=dict)
    """How everybody stands to it, by the name they sign in with."""
    cancelled: bool = False
    version: int = 0
    """How often it has been changed."""

    @property
    def on(self) -> tuple[str, ...]:
        """Who is to be there, by name; nobody on a cancelled one."""
        if self.cancelled:
            return ()
        return tuple(sorted(name for name, hold in self.held.items() if hold is not Hold.ABSENT))

    @property
    def absent(self) -> tuple[str, ...]:
        """Who said late that they cannot come, by name."""
        return tuple(sorted(name for name, hold in self.held.items() if hold is Hold.ABSENT))

    @property
    def places(self) -> int:
        """How many places are open."""
        return 0 if self.cancelled else max(0, self.wanted - len(self.on))

    @property
    def needs_somebody(self) -> bool:
        """Tell whether somebody dropped out of a place that is still open."""
        return self.places > 0 and bool(self.absent)

    @property
    def is_short(self) -> bool:
        """Tell whether fewer are on it than must be."""
        return not self.cancelled and len(self.on) < self.fewest

    def overlaps(self, other: Shift) -> bool:
        """Tell whether there is a moment that both cover."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Plan:
    """What a planner decides of one shift."""

    starts_at: datetime
    ends_at: datetime
    wanted: int
    fewest: int


def check_plan(plan: Plan, now: datetime) -> None:
    """Look whether a shift may be like this.

    Raises:
        Unfit: with the reason.
    """
    if not SHORTEST <= plan.ends_at - plan.starts_at <= LONGEST:
        raise Unfit("length")
    if plan.ends_at <= now:
        raise Unfit("past")
    if plan.starts_at > now + AHEAD:
        raise Unfit("far")
    if not 1 <= plan.fewest <= plan.wanted <= MOST_PLACES:
        raise Unfit("number")


# --- changes ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Take:
    """Take an open place. `planned`: a planner puts the person there, also while the shift runs."""

    who: str
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """Give a place back, however late: `LATE` decides what becomes of it."""

    who: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask somebody else to take a place over, or ask no longer."""

    who: str
    offered: bool


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Take the place that somebody has offered."""

    who: str
    whose: str


@dataclass(frozen=True, slots=True)
class Remove:
    """A planner takes somebody off, without a trace."""

    who: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """A planner cancels the shift. Who was on it still sees that it is cancelled."""


@dataclass(frozen=True, slots=True)
class Restore:
    """A planner takes that back: who was on it is on it again, unless they have something else by now."""


Change = Take | Leave | Offer | TakeOver | Remove | Cancel | Restore | Plan


@dataclass(frozen=True, slots=True)
class Known:
    """What a change is decided on beside the shift itself."""

    now: datetime
    others: Mapping[str, Collection[Shift]]
    """The shifts of each of `comers`, this one perhaps among them."""
    tracks: Mapping[ServiceId, Track]


def comers(change: Change, shift: Shift) -> tuple[str, ...]:
    """Return whose other shifts have to be known before a change is decided."""
    match change:
        case Take(who=who) | TakeOver(who=who):
            return (who,)
        case Plan():
            return shift.on
        case Restore():
            return tuple(sorted(name for name, hold in shift.held.items() if hold is not Hold.ABSENT))
        case _:
            return ()


def changed(shift: Shift, change: Change, known: Known) -> Shift:
    """Return what a change makes of a shift.

    Raises:
        NoSuchShift, Begun, NoPlace, NotOn, AlreadyOn, Overlaps, OtherTrack, Unfit: nothing has changed.
    """
    if shift.cancelled and not isinstance(change, Restore):
        raise NoSuchShift
    if known.now >= shift.ends_at:
        raise Begun
    match change:
        case Take(who=who, planned=planned):
            return _taken(shift, who, known, planned=planned)
        case TakeOver(who=who, whose=whose):
            return _taken_over(shift, who, whose, known)
        case Leave(who=who):
            _must_be_on(shift, who)
            late = shift.starts_at - known.now < LATE
            return _with(shift, {who: Hold.ABSENT}) if late else _off(shift, who)
        case Offer(who=who, offered=offered):
            return _offered(shift, who, known, offered=offered)
        case Remove(who=who):
            if who not in shift.held:
                raise NotOn
            return _off(shift, who)
        case Cancel():
            return replace(shift, cancelled=True)
        case Restore():
            return _restored(shift, known)
        case Plan():
            return _planned(shift, change, known)


def _taken(shift: Shift, who: str, known: Known, *, planned: bool) -> Shift:
    if who in shift.on:
        raise AlreadyOn
    if known.now >= shift.starts_at and not planned:
        raise Begun
    if shift.places == 0:
        raise NoPlace
    _must_be_free(who, shift, known)
    # Whoever comes stands in for one who dropped out: that one is missed no longer, and named no longer.
    missed = next(iter(shift.absent), who) if who not in shift.absent else who
    return _with(_off(shift, missed), {who: Hold.TAKEN})


def _taken_over(shift: Shift, who: str, whose: str, known: Known) -> Shift:
    if known.now >= shift.starts_at:
        raise Begun
    if who in shift.on:
        raise AlreadyOn
    if shift.held.get(whose) is not Hold.OFFERED:
        raise NoPlace
    _must_be_free(who, shift, known)
    return _with(_off(shift, whose), {who: Hold.TAKEN})


def _offered(shift: Shift, who: str, known: Known, *, offered: bool) -> Shift:
    _must_be_on(shift, who)
    if known.now >= shift.starts_at:
        raise Begun
    return _with(shift, {who: Hold.OFFERED if offered else Hold.TAKEN})


def _planned(shift: Shift, plan: Plan, known: Known) -> Shift:
    check_plan(plan, known.now)
    if plan.wanted < len(shift.on):
        raise Unfit("fewer")
    moved = replace(
        shift, starts_at=plan.starts_at, ends_at=plan.ends_at, wanted=plan.wanted, fewest=plan.fewest
    )
    for name in shift.on:
        _must_be_free(name, moved, known)
    return moved


def _restored(shift: Shift, known: Known) -> Shift:
    held = {
        name: hold
        for name, hold in shift.held.items()
        if hold is Hold.ABSENT or _hindrance(name, shift, known) is None
    }
    return replace(shift, cancelled=False, held=held)


def _must_be_on(shift: Shift, who: str) -> None:
    if who not in shift.on:
        raise NotOn


def _must_be_free(who: str, shift: Shift, known: Known) -> None:
    hindrance = _hindrance(who, shift, known)
    if hindrance is not None:
        raise hindrance


def _hindrance(who: str, shift: Shift, known: Known) -> Refused | None:
    """Nobody is in two places at once, and nobody works on both tracks."""
    theirs = [each for each in known.others[who] if each.id != shift.id and who in each.on]
    if any(shift.overlaps(each) for each in theirs):
        return Overlaps()
    own = known.tracks.get(shift.service)
    if any(known.tracks.get(each.service, own) is not own for each in theirs):
        return OtherTrack()
    return None


def _with(shift: Shift, held: Mapping[str, Hold]) -> Shift:
    return replace(shift, held={**shift.held, **held})


def _off(shift: Shift, who: str) -> Shift:
    return replace(shift, held={name: hold for name, hold in shift.held.items() if name != who})
