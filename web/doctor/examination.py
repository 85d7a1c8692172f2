# SPDX-License-Identifier: EUPL-1.2
"""One examination: takes every reading, lets each be judged, and lists what was found, mistakes first.

Owns the order. Knows neither how a reading is taken nor what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.check import Finding, Severity
from config.settings import Settings
from web.doctor.engines import read_postgresql, read_redis, read_sqlite
from web.doctor.found import Found, unasked
from web.doctor.judge_away import judge_away
from web.doctor.judge_engines import DATABASE, REDIS, judge_postgresql, judge_redis, judge_sqlite
from web.doctor.judge_machine import judge_machine
from web.doctor.judge_outside import WHERE, judge_outside
from web.doctor.judge_places import judge_places
from web.doctor.machine import read_machine
from web.doctor.outside import Asker
from web.doctor.patience import LONGEST_S, within
from web.doctor.places import BACKUPS, ETC, LOGS, read_places
from web.doctor.readings import Away, How, Unasked

_ORDER = list(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where to look besides what the settings say."""

    etc: Path = ETC
    backups: Path | None = None
    """Where backups lie; None: where the settings say, or in the usual place."""
    system: Path = Path("/etc")
    logs: Path = LOGS
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
    places = read_places(settings, now, etc=where.etc, backups=backups, system=where.system, logs=where.logs)
    server = machine.running[0].user if machine.running else None
    yield from judge_places(places, is_file=_is_file(settings), server=server)
    yield _version("server", ", ".join(machine.versions))


def _outside(settings: Settings, clock: Callable[[], datetime], where: Where) -> Found:
    seen = within(Asker(settings.public_url, clock, where.plain_port).look, _late(WHERE))
    if isinstance(seen, Away | Unasked):
        yield from _not_seen(seen)
    else:
        yield from judge_outside(seen)


def _engines(settings: Settings) -> Found:
    yield from _file(settings) if _is_file(settings) else _server(settings)
    url = settings.redis_url
    if url is not None:
        redis = within(lambda: read_redis(url), _late(REDIS))
        if isinstance(redis, Away | Unasked):
            yield from _not_seen(redis)
        else:
            yield from judge_redis(redis)
            yield _version(REDIS, f"Redis or Valkey {redis.version}")


def _file(settings: Settings) -> Found:
    late = Unasked(DATABASE, f"reading all of the file took longer than {LONGEST_S:.0f} s.")
    file = within(lambda: read_sqlite(settings.database_url), late)
    yield from [unasked(file)] if isinstance(file, Unasked) else judge_sqlite(file)


def _server(settings: Settings) -> Found:
    database = within(lambda: read_postgresql(settings.database_url), _late(DATABASE))
    if isinstance(database, Away):
        yield from judge_away(database)
    else:
        yield from judge_postgresql(database)
        yield _version(DATABASE, f"PostgreSQL {database.version // 10000}.{database.version % 10000}")


def _late(path: str) -> Away:
    return Away(path, How.SILENT, f"it had not answered everything after {LONGEST_S:.0f} s.")


def _not_seen(seen: Away | Unasked) -> Found:
    yield from judge_away(seen) if isinstance(seen, Away) else [unasked(seen)]


def _is_file(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def _version(path: str, what: str) -> Finding:
    return Finding(Severity.NOTE, path, "This runs here:", f"{what}.")
