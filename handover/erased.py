# SPDX-License-Identifier: EUPL-1.2
"""Which tickets have ended, told to nobody but to whoever has the tickets.

Owns the marks that stand in the log of erased tickets, how its lines are read, and what a mark does to a
ticket that comes back from a backup. Knows neither where the log lies nor who writes it.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from handover.ids import TicketId
from handover.ticket import CLOSED_SHOWN, Ticket, TicketState

KEPT: Final = timedelta(days=31)
"""A line is kept so long: one day more than the oldest backup that may still be restored."""

_LABEL: Final = b"jourchatt erased ticket"
_MARK_BYTES: Final = 16
_DAY: Final = r"(@ \d{4}-\d{2}-\d{2}) [0-9a-f]{8}"
_ENDED: Final = r"([+-] \d{4}-\d{2}-\d{2} [0-9a-f]{32} [0-9a-f]{16}) [0-9a-f]{8}"
_LINE = re.compile(f"{_DAY}|{_ENDED}")
_ENDS: Final = (
    TicketState.ERASED,
    TicketState.WITHDRAWN,
    TicketState.DECLINED,
    TicketState.RETURNED,
    TicketState.EXPIRED,
)
"""Every way to end, `erased` first: after that there is nothing left to be anything else. Then her wish:
a crash may leave the line of another end that was never stored."""
_WHOLE: Final = {
    "+": f"+ 0000-00-00 {'0' * 32} {'0' * 16} {'0' * 8}",
    "-": f"- 0000-00-00 {'0' * 32} {'0' * 16} {'0' * 8}",
    "@": f"@ 0000-00-00 {'0' * 8}",
}
"""What the rest of a line looks like of which only the beginning was written."""


class Line(Struct, frozen=True):
    """One line of the log: a ticket has ended, or has not after all. `number` tells equal ones apart."""

    on: date
    mark: str
    number: str
    taken_back: bool = False

    def text(self) -> str:
        """Return the line as it is written."""
        return _checked(f"{'-' if self.taken_back else '+'} {self.on.isoformat()} {self.mark} {self.number}")


class Log(Struct, frozen=True):
    """What one log says. `days`: those on which it was written; `damaged`: how many lines cannot be read."""

    lines: frozenset[Line]
    days: frozenset[date]
    damaged: int = 0


class Erased(Struct, frozen=True):
    """What the logs of all hosts say together: marks and their days."""

    marks: Mapping[str, date]


def day_text(day: date) -> str:
    """Return the line that says that the log was kept on a day, so that a day that is missing is seen."""
    return _checked(f"@ {day.isoformat()}")


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


def read(lines: Iterable[str]) -> Log:
    """Return what the lines of one log say, in any order.

    A beginning of a line does no harm: nothing was stored as ended before the whole line was on the disk.
    """
    said, days, damaged = set[Line](), set[date](), 0
    for text in filter(None, lines):
        match _said(text):
            case Line() as line:
                said.add(line)
                days.add(line.on)
            case date() as day:
                days.add(day)
            case None:
                damaged += not _is_torn(text)
    return Log(frozenset(said), frozenset(days), damaged)


def together(logs: Iterable[Log]) -> Erased:
    """Return what has ended, as the logs of all hosts say."""
    lines = {line for log in logs for line in log.lines}
    taken_back = {(line.mark, line.number) for line in lines if line.taken_back}
    marks: dict[str, date] = {}
    for line in lines:
        if (line.mark, line.number) not in taken_back:
            marks[line.mark] = min(line.on, marks.get(line.mark, line.on))
    return Erased(marks)


def _checked(body: str) -> str:
    return f"{body} {zlib.crc32(body.encode()):08x}"


def _said(text: str) -> Line | date | None:
    """Return what a line says; None when it is not as it was written."""
    found = _LINE.fullmatch(text)
    body = "" if found is None else found[1] or found[2]
    if _checked(body) != text:
        return None
    sign, on, *named = body.split()
    try:
        day = date.fromisoformat(on)
    except ValueError:
        return None
    return Line(day, named[0], named[1], taken_back=sign == "-") if named else day


def _is_torn(text: str) -> bool:
    whole = _WHOLE.get(text[0], "")
    return len(text) < len(whole) and _LINE.fullmatch(text + whole[len(text) :]) is not None


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
