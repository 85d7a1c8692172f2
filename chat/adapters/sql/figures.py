# SPDX-License-Identifier: EUPL-1.2
"""`chat.statistics_ports` in a SQL database: figures that have been told, and closing a week.

Owns the statements. A week of a service is closed in one transaction of its own, on the writer's thread:
what is told, what is left over and the deletion of the counters stand together or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    collate,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from chat.adapters.sql import packed
from chat.adapters.sql.database import Database
from chat.adapters.sql.dialect import advance, lock, upsert
from chat.adapters.sql.packed import day_of, week_of
from chat.adapters.sql.tables import closed, counter, figure, gathered
from chat.grid import EARLIEST, Week
from chat.histograms import WANTED
from chat.ids import Randomness, ServiceId
from chat.published import Figure, Gathered, close, closes_with, held_back

_TOLD = (
    select(figure.c.week, figure.c.told)
    .where(
        figure.c.service == bindparam("service"),
        figure.c.week.between(bindparam("first"), bindparam("last")),
    )
    .order_by(figure.c.week)
)
_FIRST = (
    select(figure.c.week, figure.c.told)
    .where(figure.c.service == bindparam("service"))
    .order_by(figure.c.week)
    .limit(1)
)
_IS_HOURS = counter.c.name.startswith(f"{WANTED}_", autoescape=True)


def _due() -> ColumnElement[bool]:
    """As `published.closes_with`: whatever is gathered by the end of a week, given `end` and `month`."""
    # `month` is no later than `end`, so the days stand first and the primary key finds them.
    return and_(
        counter.c.day < bindparam("end"),
        or_(~_IS_HOURS, counter.c.day < bindparam("month")),
    )


def _counted() -> Select[str]:
    """Every service that has counters: one step in the primary key for each, and not one for each counter."""
    first = select(func.min(counter.c.service).label("service")).cte("counted", recursive=True)
    following = select(func.min(counter.c.service)).where(counter.c.service > first.c.service)
    found = first.union_all(select(following.scalar_subquery()).where(first.c.service.is_not(None)))
    return select(found.c.service).where(found.c.service.is_not(None))


_COUNTED = _counted()
_BEHIND = (
    select(counter.c.day, func.min(counter.c.name))
    .where(counter.c.service == bindparam("service"), _due())
    .group_by(counter.c.day, _IS_HOURS)
)
_CLOSED = select(closed.c.last).where(closed.c.service == bindparam("service"))
_CLOSED_OF_ANY = select(func.max(closed.c.last))
_TAKEN = (
    select(counter.c.name)
    .where(counter.c.service == bindparam("service"), _due())
    # As `counting.add_sums` takes them, whatever the database sorts words by.
    .order_by(counter.c.day, collate(counter.c.name, "C"))
    .with_for_update()
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
        """Add up figures, by service and counter. They never change, so each service is a read of its own."""
        return {
            service: await self._database.run_read(
                partial(_sums, service=service, first=first, last=last, names=names)
            )
            for service in services
        }

    async def behind(self, last: Week) -> list[tuple[ServiceId, Week]]:
        """Return which weeks are to be closed. After a long stop they are many: a read for each service."""
        found: list[tuple[ServiceId, Week]] = []
        for service in await self._database.run_read(_services):
            weeks = await self._database.run_read(partial(_behind, service=service, last=last))
            found += [(service, week) for week in weeks]
        return found

    async def closed(self) -> Week | None:
        """Return the last week that was closed, of whatever service."""
        return await self._database.run_read(_closed)

    async def close(self, service: ServiceId, week: Week) -> bool:
        """Close one week, in one transaction."""
        closing = partial(_close, service=service, week=week, held=self._held)
        return await self._database.run_write(closing)

    def _held(self, _: str) -> int:
        return held_back(lambda: self._randomness.bytes(1)[0])


def _told(
    connection: Connection, service: ServiceId, first: Week, last: Week, names: Collection[str] | None
) -> list[Figure]:
    wanted = None if names is None else frozenset(names)
    rows = connection.execute(_TOLD, {"service": service, "first": day_of(first), "last": day_of(last)})
    return [each for day, told in rows for each in packed.figures(service, day, told, wanted)]


def _first(connection: Connection, service: ServiceId) -> Week | None:
    row = connection.execute(_FIRST, {"service": service}).one_or_none()
    # Nothing was told before, so what was told then had been gathered since the beginning.
    return None if row is None else min(each.since for each in packed.figures(service, *row, None))


def _sums(
    connection: Connection, service: ServiceId, first: Week, last: Week, names: Collection[str] | None
) -> dict[str, int]:
    wanted = None if names is None else frozenset(names)
    added: Counter[str] = Counter()
    rows = connection.execute(_TOLD, {"service": service, "first": day_of(first), "last": day_of(last)})
    for _, told in rows:
        for name, value in packed.values(told):
            if wanted is None or name in wanted:
                added[name] += value
    return dict(added)


def _services(connection: Connection) -> list[ServiceId]:
    return sorted(ServiceId(service) for service in connection.execute(_COUNTED).scalars())


def _behind(connection: Connection, service: ServiceId, last: Week) -> list[Week]:
    closed_last = connection.execute(_CLOSED, {"service": service}).scalar()
    weeks = {
        closes_with(name, day)
        for day, name in connection.execute(_BEHIND, {"service": service} | _ends(last))
    }
    earliest = EARLIEST if closed_last is None else week_of(closed_last).after
    return sorted(week for week in {max(week, earliest) for week in weeks} if week <= last)


def _closed(connection: Connection) -> Week | None:
    last = connection.execute(_CLOSED_OF_ANY).scalar()
    return None if last is None else week_of(last)


def _close(connection: Connection, service: ServiceId, week: Week, held: Callable[[str], int]) -> bool:
    dialect, this = connection.dialect.name, {"service": service}
    # First of all: another process that closes the same service waits here, and then sees that it is done.
    row = {"service": service, "first": day_of(week), "last": day_of(week)}
    # A driver need not know how many rows it did not insert; what it returns is what was raised.
    raised = advance(dialect, closed, "last").returning(closed.c.last)
    if connection.execute(raised, row).one_or_none() is None:
        return False
    lock(connection, _TAKEN, **this, **_ends(week))
    counted: Counter[str] = Counter()
    for name, value in connection.execute(_TAKE, this | _ends(week)):
        counted[name] += value
    opened = week_of(connection.execute(_OPENED, this).scalar_one())
    rows = connection.execute(_GATHERED, this)
    so_far = {name: Gathered(week_of(since), value) for name, since, value in rows}
    told, left = close(service, week, opened, so_far, counted, held)
    if told:
        connection.execute(insert(figure), packed.rows(told))
    changed = [
        {"service": service, "name": name, "since": day_of(each.since), "value": each.value}
        for name, each in left.items()
        if so_far.get(name) != each
    ]
    if changed:
        connection.execute(upsert(dialect, gathered, replacing=("since", "value")), changed)
    return True


def leave_out_told(connection: Connection, made_in: Week, last: Week) -> bool:
    """Leave out what may have been told since a backup was made that is put back; tell if it is anything.

    `made_in`: the week in which it was made; `last`: the last one that is over. What is told never changes,
    and nobody is in two figures of one counter: closed once more, from older counters and by another chance,
    a week would tell who sees both what neither does. A server that is gone may have told it.
    """
    ends = _ends(last)
    up_to = dict(connection.execute(select(closed.c.service, closed.c.last)).all())
    counted = connection.execute(select(counter.c.service).where(_due()).distinct(), ends).scalars()
    # What comes late for a week that was closed before is not told yet.
    services = {service for service in counted if up_to.get(service, day_of(EARLIEST)) < day_of(last)}
    if made_in <= last:
        # Weeks were closed since, of whatever service: what was left over has gone into them.
        services |= up_to.keys()
    for service in sorted(services):
        of = {"service": service}
        connection.execute(
            delete(counter).where(counter.c.service == bindparam("service"), _due()), of | ends
        )
        connection.execute(
            update(gathered).where(gathered.c.service == service).values(since=day_of(last.after), value=0)
        )
        connection.execute(
            update(closed)
            .where(closed.c.service == service, closed.c.last < day_of(last))
            .values(last=day_of(last))
        )
    return bool(services)


def _ends(week: Week) -> dict[str, object]:
    """Return the first day that is not of the closed weeks, and the first one of the month that goes on."""
    return {"end": week.monday + timedelta(days=7), "month": week.after.month.weeks[0].monday}
