# SPDX-License-Identifier: EUPL-1.2
"""Which tickets have ended, told to nobody but to whoever has the tickets.

Owns the marks that stand in the log of erased tickets, how its lines are read, and what a mark does to a
ticket that comes back from a backup. Knows neither where the log lies nor who writes it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from handover.ids import TicketId
from handover.ticket import CLOSED_SHOWN, LIVE, Ticket, TicketState

KEPT: Final = timedelta(days=31)
"""A line is kept so long: one day more than the oldest backup that may still be restored."""

_LABEL: Final = b"jourchatt erased ticket"
_MARK_BYTES: Final = 16
_LINE = re.compile(r"([+-]) (\d{4}-\d{2}-\d{2}) ([0-9a-f]{32}) ([0-9a-f]{16})")
_ENDS: Final = tuple(sorted(set(TicketState) - LIVE, key=lambda state: state is not TicketState.ERASED))
"""Every way to end, `erased` first: after that there is nothing left to be anything else."""


class Line(Struct, frozen=True):
    """One line of the log: a ticket has ended, or has not after all. `number` tells equal ones apart."""

    on: date
    mark: str
    number: str
    taken_back: bool = False

    def text(self) -> str:
        """Return the line as it is written."""
        return f"{'-' if self.taken_back else '+'} {self.on.isoformat()} {self.mark} {self.number}"


class Erased(Struct, frozen=True):
    """What a log says: marks and their days. `unread`: how many of its lines cannot be read."""

    marks: Mapping[str, date]
    unread: int = 0


def has_ended(before: Ticket, after: Ticket) -> bool:
    """Tell whether a step ends a ticket, or erases one that has ended."""
    return after.state is not before.state and not after.is_live


def mark(ticket: TicketId, state: TicketState) -> str:
    """Return what stands in the log for a ticket that has ended so.

    A ticket's id is 128 random bits: without the tickets themselves nobody can try which one a mark is, or
    how it ended.
    """
    parts = (_LABEL, ticket.encode(), state.value.encode())
    named = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return hashlib.sha256(named).hexdigest()[: 2 * _MARK_BYTES]


def read(lines: Iterable[str]) -> Erased:
    """Return what the lines of one log say, or of several hosts' together, in any order."""
    noted: dict[tuple[str, str], date] = {}
    taken_back: set[tuple[str, str]] = set()
    unread = 0
    for line in filter(None, map(str.strip, lines)):
        found = _LINE.fullmatch(line)
        day = None if found is None else _day(found[2])
        if found is None or day is None:
            unread += 1
        elif found[1] == "+":
            noted[found[3], found[4]] = day
        else:
            taken_back.add((found[3], found[4]))
    marks: dict[str, date] = {}
    for (name, number), on in noted.items():
        if (name, number) not in taken_back:
            marks[name] = min(on, marks.get(name, on))
    return Erased(marks, unread)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def ended(ticket: Ticket, erased: Erased, now: datetime) -> Ticket:
    """Return a ticket from a backup as it has ended meanwhile; the same one where the log says nothing."""
    for state in _ENDS:
        on = erased.marks.get(mark(ticket.id, state))
        if on is not None and state is not ticket.state:
            at = min(datetime.combine(on, time(12), UTC), now).replace(microsecond=0)
            deadline = at if state is TicketState.ERASED else at + CLOSED_SHOWN
            return replace(ticket, state=state, closed_at=at, deadline=deadline)
        if on is not None:
            return ticket
    return ticket
