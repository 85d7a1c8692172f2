# SPDX-License-Identifier: EUPL-1.2
"""`chat.statistics_ports` in a SQL database: figures that have been told, and closing a week.

Owns the statements. A week of a service is closed in one transaction of its own, on the writer's thread:
what is told, what is left over and the deletion of the counters stand together or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, timedelta
from functools import lru_cache, partial

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, or_, select

from chat.adapters.sql.database import Database
from chat.adapters.sql.dialect import advance, upsert
from chat.adapters.sql.tables import closed, counter, figure, gathered
from chat.grid import Week
from chat.histograms import WANTED
from chat.ids import Randomness, ServiceId
from chat.published import Figure, Gathered, close, closes_with, held_back

_EPOCH = date(1970, 1, 1)
_WEEKS = figure.c.week.between(bindparam("first"), bindparam("last"))
_TOLD = (
    select(figure.c.name, figure.c.since, figure.c.week, figure.c.value)
    .where(figure.c.service == bindparam("service"), _WEEKS)
    .order_by(figure.c.week, figure.c.name)
)
_TOLD_OF = _TOLD.where(figure.c.name.in_(bindparam("names", expanding=True)))
_SUMS = (
    select(figure.c.service, figure.c.name, func.sum(figure.c.value).label("value"))
    .where(figure.c.service.in_(bindparam("services", expanding=True)), _WEEKS)
    .group_by(figure.c.service, figure.c.name)
)
_SUMS_OF = _SUMS.where(figure.c.name.in_(bindparam("names", expanding=True)))
_FIRST = select(func.min(figure.c.since)).where(figure.c.service == bindparam("service"))
_IS_HOURS = counter.c.name.startswith(f"{WANTED}_", autoescape=True)


def _due() -> ColumnElement[bool]:
    """As `published.closes_with`: whatever is gathered by the end of a week, given `end` and `month`."""
    return or_(
        and_(~_IS_HOURS, counter.c.day < bindparam("end")),
        and_(_IS_HOURS, counter.c.day < bindparam("month")),
    )


_BEHIND = (
    select(counter.c.service, counter.c.name, func.min(counter.c.day).label("day"), closed.c.last)
    .select_from(counter.outerjoin(closed, closed.c.service == counter.c.service))
    .where(_due())
    .group_by(counter.c.service, counter.c.name, closed.c.last)
)
_TAKE = (
    delete(counter)
    .where(counter.c.service == bindparam("service"), _due())
    .returning(counter.c.name, counter.c.value)
)
_OPENED = select(closed.c.first).where(closed.c.service == bindparam("service"))
_GATHERED = select(gathered.c.name, gathered.c.since, gathered.c.value).where(
    gathered.c.service == bindparam("service")
)


class SqlFigures:
    """Figures and the closing of weeks, in a `Database`; `chat.statistics_ports` says what is promised."""

    def __init__(self, database: Database, randomness: Randomness) -> None:
        self._database = database
        self._randomness = randomness

    async def told(
        self, service: ServiceId, first: Week, last: Week, names: Collection[str] | None = None
    ) -> list[Figure]:
        """Return the figures of these weeks, oldest first."""
        return await self._database.run_read(
            partial(_told, service=service, first=first, last=last, names=names)
        )

    async def first_week(self, service: ServiceId) -> Week | None:
        """Return the first week that a figure is of."""
        return await self._database.run_read(partial(_first, service=service))

    async def sums(
        self, services: Collection[ServiceId], first: Week, last: Week, names: Collection[str] | None = None
    ) -> dict[ServiceId, dict[str, int]]:
        """Add up figures, by service and counter."""
        question = partial(_sums, services=services, first=first, last=last, names=names)
        return await self._database.run_read(question)

    async def behind(self, last: Week) -> list[tuple[ServiceId, Week]]:
        """Return which week each service is to close next."""
        return await self._database.run_read(partial(_behind, last=last))

    async def close(self, service: ServiceId, week: Week) -> bool:
        """Close one week, in one transaction."""
        closing = partial(_close, service=service, week=week, held=self._held)
        return await self._database.run_write(closing)

    def _held(self, _: str) -> int:
        return held_back(lambda: self._randomness.bytes(1)[0])


def _told(
    connection: Connection, service: ServiceId, first: Week, last: Week, names: Collection[str] | None
) -> list[Figure]:
    values = {"service": service, "first": _day(first), "last": _day(last)}
    if names is None:
        rows = connection.execute(_TOLD, values).all()
    else:
        rows = connection.execute(_TOLD_OF, values | {"names": list(names)}).all()
    return [Figure(service, name, _week(since), _week(week), value) for name, since, week, value in rows]


def _first(connection: Connection, service: ServiceId) -> Week | None:
    first = connection.execute(_FIRST, {"service": service}).scalar()
    return None if first is None else _week(first)


def _sums(
    connection: Connection,
    services: Collection[ServiceId],
    first: Week,
    last: Week,
    names: Collection[str] | None,
) -> dict[ServiceId, dict[str, int]]:
    added: dict[ServiceId, dict[str, int]] = {service: {} for service in services}
    values = {"services": list(services), "first": _day(first), "last": _day(last)}
    if names is None:
        rows = connection.execute(_SUMS, values)
    else:
        rows = connection.execute(_SUMS_OF, values | {"names": list(names)})
    for service, name, value in rows:
        added[ServiceId(service)][name] = value
    return added


def _behind(connection: Connection, last: Week) -> list[tuple[ServiceId, Week]]:
    following: dict[ServiceId, Week] = {}
    for service, name, day, closed_last in connection.execute(_BEHIND, _ends(last)):
        week = closes_with(name, day)
        if closed_last is not None:
            week = max(week, _week(closed_last).after)
        following[ServiceId(service)] = min(week, following.get(ServiceId(service), week))
    return sorted((service, week) for service, week in following.items() if week <= last)


def _close(connection: Connection, service: ServiceId, week: Week, held: Callable[[str], int]) -> bool:
    dialect, this = connection.dialect.name, {"service": service}
    # First of all: another process that closes the same service waits here, and then sees that it is done.
    row = {"service": service, "first": _day(week), "last": _day(week)}
    if connection.execute(advance(dialect, closed, "last"), row).rowcount == 0:
        return False
    counted: Counter[str] = Counter()
    for name, value in connection.execute(_TAKE, this | _ends(week)):
        counted[name] += value
    opened = _week(connection.execute(_OPENED, this).scalar_one())
    rows = connection.execute(_GATHERED, this)
    so_far = {name: Gathered(_week(since), value) for name, since, value in rows}
    told, left = close(service, week, opened, so_far, counted, held)
    if told:
        connection.execute(insert(figure), [_row(each) for each in told])
    changed = [
        {"service": service, "name": name, "since": _day(each.since), "value": each.value}
        for name, each in left.items()
        if so_far.get(name) != each
    ]
    if changed:
        connection.execute(upsert(dialect, gathered, replacing=("since", "value")), changed)
    return True


def _ends(week: Week) -> dict[str, object]:
    """Return the first day that is not of the closed weeks, and the first one of the month that goes on."""
    return {"end": week.monday + timedelta(days=7), "month": week.after.month.weeks[0].monday}


def _row(told: Figure) -> dict[str, object]:
    return {
        "service": told.service,
        "week": _day(told.week),
        "name": told.name,
        "since": _day(told.since),
        "value": told.value,
    }


def _day(week: Week) -> int:
    return (week.monday - _EPOCH).days


@lru_cache(maxsize=1000)
def _week(day: int) -> Week:
    """There are few weeks, and many figures of each."""
    return Week(_EPOCH + timedelta(days=day))
