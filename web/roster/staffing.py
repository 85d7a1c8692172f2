# SPDX-License-Identifier: EUPL-1.2
"""When enough people are there, and where somebody is missing soon.

Owns what counts as staffed and the warnings that follow from it: pure. Knows no store and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from chat.hours import Span, joined
from chat.ids import ServiceId
from web.roster.shift import Shift, ShiftId

SOON: Final = timedelta(hours=24)
"""Whoever looks after a service is warned of the shifts that begin within this time."""


def staffed(shifts: Iterable[Shift], counts: Callable[[str], bool] = lambda _name: True) -> tuple[Span, ...]:
    """Return when the shifts of one service have enough people.

    At any moment those count who are on a shift then; where shifts overlap, the highest of their numbers has
    to be reached. `counts` tells whether somebody can come at all: an account may have been shut since.
    """
    return joined(_spans([each for each in shifts if not each.cancelled], counts))


def _spans(shifts: list[Shift], counts: Callable[[str], bool]) -> Iterator[Span]:
    coming = sorted(shifts, key=lambda each: each.starts_at, reverse=True)
    points = sorted({moment for each in shifts for moment in (each.starts_at, each.ends_at)})
    running: list[Shift] = []
    for start, end in pairwise(points):
        running = [each for each in running if each.ends_at > start]
        while coming and coming[-1].starts_at <= start:
            running.append(coming.pop())
        people = {name for each in running for name in each.on if counts(name)}
        if running and len(people) >= max(each.fewest for each in running):
            yield start, end


def opens(
    shift: Shift, beside: Iterable[Shift], now: datetime, counts: Callable[[str], bool] = lambda _name: True
) -> bool:
    """Tell whether a chat that is open while it is staffed would be open for less without this shift.

    `beside` are the shifts that have a moment in common with it.
    """
    others = [each for each in beside if each.id != shift.id]
    without = staffed(others, counts)
    return any(
        not any(since <= max(start, now) and end <= until for since, until in without)
        for start, end in staffed([*others, replace(shift, cancelled=False)], counts)
        if start < shift.ends_at and end > max(shift.starts_at, now)
    )


class Lack(StrEnum):
    """What is wrong with a shift that is soon or now."""

    NOBODY = "nobody"
    """Nobody is on it."""
    TOO_FEW = "too_few"
    """Fewer are on it than must be."""
    DROPPED_OUT = "dropped_out"
    """Enough are on it, and somebody who said late that they cannot come has left a place."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One shift that somebody should look after; names nobody."""

    lack: Lack
    shift: ShiftId
    service: ServiceId
    starts_at: datetime
    ends_at: datetime
    on: int
    fewest: int


def warnings(
    shifts: Iterable[Shift], now: datetime, counts: Callable[[Shift, str], bool] = lambda _shift, _name: True
) -> list[Warned]:
    """Return what is wrong with the shifts that run or begin within `SOON`, the earliest first."""
    found = [
        warned
        for each in shifts
        if not each.cancelled and each.ends_at > now and each.starts_at <= now + SOON
        if (warned := _warned(_without(each, counts))) is not None
    ]
    return sorted(found, key=lambda each: (each.starts_at, each.service))


def _without(shift: Shift, counts: Callable[[Shift, str], bool]) -> Shift:
    return replace(shift, held={name: hold for name, hold in shift.held.items() if counts(shift, name)})


def _warned(shift: Shift) -> Warned | None:
    if not shift.on:
        lack = Lack.NOBODY
    elif shift.is_short:
        lack = Lack.TOO_FEW
    elif shift.needs_somebody:
        lack = Lack.DROPPED_OUT
    else:
        return None
    return Warned(lack, shift.id, shift.service, shift.starts_at, shift.ends_at, len(shift.on), shift.fewest)
