# SPDX-License-Identifier: EUPL-1.2
"""The roster in the house's database.

Implements `RosterStore` on SQLAlchemy Core, for SQLite and PostgreSQL alike. Each call is one function on a
thread that keeps its connection: a look at many shifts holds nobody up. Knows no rule of the roster.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from chat.ids import ServiceId
from web.database import seconds
from web.roster.adapters.tables import closings, people, places, shifts
from web.roster.closing import Closing
from web.roster.shift import SERIES_LENGTH, Hold, SeriesId, Shift, ShiftId

T = TypeVar("T")


class Database(Protocol):
    """The house's database, as far as it is needed here: `chat/adapters/sql/database.py`.

    Both raise `chat.errors.Unavailable` for what trying again may mend.
    """

    async def run_read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that reads."""

    async def run_write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that writes; an error rolls it back."""


class _TooLateError(Exception):
    """Somebody was faster: rolls back what was written so far."""


class SqlRosterStore:
    """A row for each shift, one for each place on it, and one for each person who counts how hers change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def between(self, services: Collection[ServiceId], since: datetime, until: datetime) -> list[Shift]:
        """Select by service and time."""
        wanted = (
            shifts.c.service.in_(services)
            & (shifts.c.ends_at > seconds(since))
            & (shifts.c.starts_at < seconds(until))
        )
        return await self._database.run_read(lambda connection: _select(connection, wanted))

    async def shift(self, id_: ShiftId) -> Shift | None:
        """Select one."""
        found = await self._database.run_read(lambda connection: _select(connection, shifts.c.id == id_))
        return found[0] if found else None

    async def of(self, name: str, since: datetime) -> tuple[int, list[Shift]]:
        """Select the count first, and then what is counted."""
        theirs = select(places.c.shift).where(places.c.account == name)
        wanted = shifts.c.id.in_(theirs) & (shifts.c.ends_at > seconds(since))

        def work(connection: Connection) -> tuple[int, list[Shift]]:
            count = connection.scalar(select(people.c.version).where(people.c.account == name))
            found = _select(connection, wanted)
            return count or 0, [each for each in found if each.held[name] is not Hold.ABSENT]

        return await self._database.run_read(work)

    async def add(self, new: Sequence[Shift]) -> int:
        """Insert those whose times are not there yet."""
        rows = [_row(each) | {"id": each.id, "service": each.service, "version": 1} for each in new]

        def work(connection: Connection) -> int:
            alike = (
                shifts.c.service.in_({each.service for each in new})
                & shifts.c.starts_at.in_({row["starts_at"] for row in rows})
                & shifts.c.cancelled.is_(False)
            )
            query = select(shifts.c.service, shifts.c.starts_at, shifts.c.ends_at).where(alike)
            there = {tuple(row) for row in connection.execute(query)}
            wanted = [row for row in rows if (row["service"], row["starts_at"], row["ends_at"]) not in there]
            if wanted:
                connection.execute(insert(shifts), wanted)
            return len(wanted)

        return await self._database.run_write(work)

    async def series(self, service: ServiceId, series: SeriesId) -> list[Shift]:
        """Select by what their ids begin with."""
        wanted = _in_series(service, series)
        return await self._database.run_read(lambda connection: _select(connection, wanted))

    async def cancel_series(self, service: ServiceId, series: SeriesId, after: datetime) -> int:
        """Update them: whoever changes one at the same time finds another version, and looks again."""
        wanted = _in_series(service, series) & (shifts.c.starts_at > seconds(after))
        query = update(shifts).where(wanted).values(cancelled=True, version=shifts.c.version + 1)
        return await self._database.run_write(lambda connection: connection.execute(query).rowcount)

    async def save(self, shift: Shift, counts: Mapping[str, int]) -> bool:
        """Update exactly the versions that were read, in an order that no two writers block each other by."""

        def work(connection: Connection) -> None:
            same = (shifts.c.id == shift.id) & (shifts.c.version == shift.version)
            _one(connection, update(shifts).where(same).values(_row(shift) | {"version": shift.version + 1}))
            for name, count in sorted(counts.items()):
                if count == 0:
                    connection.execute(insert(people).values(account=name, version=1))
                    continue
                same = (people.c.account == name) & (people.c.version == count)
                _one(connection, update(people).where(same).values(version=count + 1))
            connection.execute(delete(places).where(places.c.shift == shift.id))
            held = [
                {"shift": shift.id, "account": name, "hold": hold.value} for name, hold in shift.held.items()
            ]
            if held:
                connection.execute(insert(places), held)

        try:
            await self._database.run_write(work)
        except (IntegrityError, _TooLateError):
            return False
        return True

    async def stamps(self, since: datetime) -> Mapping[ServiceId, tuple[int, int]]:
        """Count the shifts and their versions: every change makes one of them more."""
        query = (
            select(shifts.c.service, func.count(), func.sum(shifts.c.version))
            .where(shifts.c.ends_at > seconds(since))
            .group_by(shifts.c.service)
        )

        def work(connection: Connection) -> dict[ServiceId, tuple[int, int]]:
            rows = connection.execute(query)
            return {ServiceId(service): (int(count), int(versions)) for service, count, versions in rows}

        return await self._database.run_read(work)

    async def forget_before(self, moment: datetime) -> None:
        """Delete shifts with their places, people without any, and closings."""
        over = select(shifts.c.id).where(shifts.c.ends_at < seconds(moment))

        def work(connection: Connection) -> None:
            connection.execute(delete(places).where(places.c.shift.in_(over)))
            connection.execute(delete(shifts).where(shifts.c.ends_at < seconds(moment)))
            connection.execute(delete(people).where(people.c.account.not_in(select(places.c.account))))
            connection.execute(delete(closings).where(closings.c.ends_at < seconds(moment)))

        await self._database.run_write(work)

    async def closings(self) -> list[Closing]:
        """Select all: one for a service at most."""

        def work(connection: Connection) -> list[Closing]:
            return [
                Closing(
                    service=ServiceId(row.service),
                    starts_at=_moment(row.starts_at),
                    ends_at=_moment(row.ends_at),
                    words=dict(row.words),
                )
                for row in connection.execute(select(closings).order_by(closings.c.service))
            ]

        return await self._database.run_read(work)

    async def close(self, closing: Closing) -> None:
        """Put a row in the place of another."""
        row = {
            "service": closing.service,
            "starts_at": seconds(closing.starts_at),
            "ends_at": seconds(closing.ends_at),
            "words": dict(closing.words),
        }

        def work(connection: Connection) -> None:
            connection.execute(delete(closings).where(closings.c.service == closing.service))
            connection.execute(insert(closings).values(row))

        await self._database.run_write(work)

    async def reopen(self, service: ServiceId) -> bool:
        """Delete the row."""
        query = delete(closings).where(closings.c.service == service)
        return await self._database.run_write(lambda connection: connection.execute(query).rowcount == 1)


def _one(connection: Connection, statement: Any) -> None:  # noqa: ANN401 - an update of whatever table
    if connection.execute(statement).rowcount != 1:
        raise _TooLateError


def _in_series(service: ServiceId, series: SeriesId) -> ColumnElement[bool]:
    of_it = func.substr(shifts.c.id, 1, SERIES_LENGTH) == series
    return (shifts.c.service == service) & of_it & shifts.c.cancelled.is_(False)


def _select(connection: Connection, wanted: ColumnElement[bool]) -> list[Shift]:
    rows = connection.execute(select(shifts).where(wanted).order_by(shifts.c.starts_at, shifts.c.id)).all()
    query = select(places).where(places.c.shift.in_(select(shifts.c.id).where(wanted)))
    held: dict[str, dict[str, Hold]] = {}
    for place in connection.execute(query):
        held.setdefault(place.shift, {})[place.account] = Hold(place.hold)
    return [_shift(row, held.get(row.id, {})) for row in rows]


def _shift(row: Row[Any], held: Mapping[str, Hold]) -> Shift:
    return Shift(
        id=ShiftId(row.id),
        service=ServiceId(row.service),
        starts_at=_moment(row.starts_at),
        ends_at=_moment(row.ends_at),
        wanted=row.wanted,
        fewest=row.fewest,
        held=held,
        cancelled=row.cancelled,
        version=row.version,
    )


def _row(shift: Shift) -> dict[str, Any]:
    return {
        "starts_at": seconds(shift.starts_at),
        "ends_at": seconds(shift.ends_at),
        "wanted": shift.wanted,
        "fewest": shift.fewest,
        "cancelled": shift.cancelled,
    }


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
