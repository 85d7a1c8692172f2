# SPDX-License-Identifier: EUPL-1.2
"""Whether a log of erased tickets tells everything since a backup was made.

Owns when a log is in doubt, and the words for it. Knows no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from handover.erased import Log

MOST_SILENT: Final = timedelta(days=7)
"""So long may a log have ended before it is used: a lost machine is replaced within a week. Later, it is
likelier that nobody has copied it."""

_DAY: Final = timedelta(days=1)


def days(first: date, last: date) -> Iterator[date]:
    """Give every day from `first` to `last`."""
    while first <= last:
        yield first
        first += _DAY


def last_day(log: Log, today: date) -> date | None:
    """Return the last day on which the log was kept; what a wrong clock noted ahead does not count."""
    return max((day for day in log.days if day <= today), default=None)


def doubt(log: Log, since: date, today: date) -> str | None:
    """Return what is wrong with a log for a backup of the day `since`; None when it tells everything.

    What is returned goes on after the name of the log.
    """
    if log.damaged:
        lines = "a line that is" if log.damaged == 1 else f"{log.damaged} lines that are"
        return f"has {lines} damaged"
    last = last_day(log, today)
    if last is None:
        return "is empty"
    if last < since:
        return f"ends on {last}, before the backup of {since}"
    missing = [day for day in days(since, last) if day not in log.days]
    if missing:
        return f"says nothing of {_named(missing)}"
    if today - last > MOST_SILENT:
        return f"ends on {last}, {(today - last).days} days ago"
    return None


def _named(missing: list[date]) -> str:
    first, last = missing[0], missing[-1]
    if first == last:
        return f"{first}"
    return f"{first} to {last}" if len(missing) == (last - first).days + 1 else f"{len(missing)} days"
