# SPDX-License-Identifier: EUPL-1.2
"""One examination: takes every reading, lets each be judged, and lists what was found, mistakes first.

Owns the order. Knows neither how a reading is taken nor what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.check import Finding, Severity
from config.settings import Settings
from web.doctor.engines import read_postgresql, read_redis, read_sqlite
from web.doctor.found import Found, unasked
from web.doctor.judge_engines import DATABASE, REDIS, judge_postgresql, judge_redis, judge_sqlite
from web.doctor.judge_machine import judge_machine
from web.doctor.judge_outside import WHERE, judge_outside
from web.doctor.judge_places import judge_places
from web.doctor.machine import read_machine
from web.doctor.outside import Asker
from web.doctor.patience import within
from web.doctor.places import BACKUPS, ETC, read_places
from web.doctor.readings import Unasked

_ORDER = list(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where to look besides what the settings say."""

    etc: Path = ETC
    backups: Path | None = None
    """Where backups lie; None: where the settings say, or in the usual place."""
    system: Path = Path("/etc")
    plain_port: int = 80


def examine(settings: Settings, clock: Callable[[], datetime], where: Where | None = None) -> list[Finding]:
    """Return everything that was found, and what could not be asked; nothing is changed."""
    where = where or Where()
    found = [*_inside(settings, clock(), where), *_outside(settings, clock, where), *_engines(settings)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def _inside(settings: Settings, now: datetime, where: Where) -> Found:
    machine = read_machine(settings.data)
    yield from judge_machine(machine)
    backups = where.backups or settings.backups or BACKUPS
    places = read_places(settings, now, etc=where.etc, backups=backups, system=where.system)
    server = machine.running[0].user if machine.running else None
    yield from judge_places(places, is_file=_is_file(settings), server=server)
    yield _version("server", ", ".join(machine.versions))


def _outside(settings: Settings, clock: Callable[[], datetime], where: Where) -> Found:
    seen = within(WHERE, Asker(settings.public_url, clock, where.plain_port).look)
    if isinstance(seen, Unasked):
        yield unasked(seen)
    else:
        yield from judge_outside(seen)


def _engines(settings: Settings) -> Iterator[Finding]:
    if _is_file(settings):
        file = within(DATABASE, lambda: read_sqlite(settings.database_url))
        yield from [unasked(file)] if isinstance(file, Unasked) else judge_sqlite(file)
    else:
        database = within(DATABASE, lambda: read_postgresql(settings.database_url))
        if isinstance(database, Unasked):
            yield unasked(database)
        else:
            yield from judge_postgresql(database)
            yield _version(DATABASE, f"PostgreSQL {database.version // 10000}.{database.version % 10000}")
    url = settings.redis_url
    if url is not None:
        redis = within(REDIS, lambda: read_redis(url))
        if isinstance(redis, Unasked):
            yield unasked(redis)
        else:
            yield from judge_redis(redis)
            yield _version(REDIS, f"Redis or Valkey {redis.version}")


def _is_file(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def _version(path: str, what: str) -> Finding:
    return Finding(Severity.NOTE, path, "This runs here:", f"{what}.")
