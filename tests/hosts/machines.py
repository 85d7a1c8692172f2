# SPDX-License-Identifier: EUPL-1.2
"""Several hosts, each with a server, and the machines of the database and of Redis between them.

Owns starting and ending all of it, and each host's clock. Knows nobody who talks.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.hosts.network import Network, network
from tests.outside.served import Deployment, Served
from tests.servers.postgresql import Postgresql
from tests.servers.redis import Kind, RedisServer

DATABASE, REDIS = "database", "redis"
HOSTS = ("one", "two", "three")
SETTINGS = {"fsync": "off", "full_page_writes": "off"}
"""A killed PostgreSQL keeps what it has committed; only a machine that loses power would not."""
SET_CLOCK = """
import pathlib
import time

_real, _ahead = time.time_ns, int(pathlib.Path(__file__).with_name("ahead").read_text())
time.time_ns = lambda: _real() + _ahead
"""
"""Python reads this before any program: the one place that reads the wall clock gets another time."""


@dataclass(slots=True)
class Machines:
    """What runs where. Everything can be ended and started again."""

    net: Network
    deployment: Deployment
    database: Postgresql
    redis: RedisServer
    servers: list[Served]
    midnight: float | None = None
    """When the day ends for every host, by the clock of `moment`; None where it ends at some other time."""

    def read(self, query: str) -> list[Any]:
        """Carry out one query beside the servers."""
        assert self.deployment.database_url is not None
        with self.database.connect(self.deployment.database_url.rpartition("/")[2]) as connection:
            return connection.execute(query.encode()).fetchall()

    def keys(self) -> dict[str, dict[str, bytes]]:
        """Return the daily keys that each host holds, by the day's number."""
        return {
            server.name: {path.stem: path.read_bytes() for path in server.keys.glob("[0-9]*.key")}
            for server in self.servers
        }


def moment() -> float:
    """Return the time by the clock of the machine that tests."""
    return time.time()  # noqa: TID251 - the hosts' own clocks are set by it


def _until_midnight(seconds: float) -> timedelta:
    """Return how far ahead a clock must be for the day to end in so many seconds."""
    now = datetime.fromtimestamp(moment(), UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - now - timedelta(seconds=seconds)


@contextlib.contextmanager
def machines(
    folder: Path,
    *,
    hosts: int = 2,
    ahead: Sequence[timedelta] = (),
    midnight_in: float | None = None,
    redis: Kind = "redis",
) -> Iterator[Machines]:
    """Start everything; in the end all of it is ended, whatever happened.

    `ahead` is how far each host's wall clock is ahead of the others and the database; `midnight_in` lets the
    day end for all of them so many seconds after the servers begin to start.
    """
    names = HOSTS[:hosts]
    with contextlib.ExitStack() as undo:
        net = undo.enter_context(network([*names, DATABASE, REDIS]))
        # No file of the servers lies among the database's own: both are searched, each for itself.
        folder.mkdir(parents=True, exist_ok=True)
        base = Postgresql(
            folder, settings=SETTINGS, address=net[DATABASE].address, prefix=net[DATABASE].prefix
        )
        undo.enter_context(base)
        store = RedisServer(folder, redis, address=net[REDIS].address, prefix=net[REDIS].prefix)
        undo.callback(store.stop)
        store.start()
        place = Deployment(
            folder=folder / "servers",
            database_url=base.new_database(),
            redis_url=store.url,
            own_keys=True,
        )
        place.fill()
        midnight = None
        if midnight_in is not None:
            midnight = moment() + midnight_in
            all_ahead = _until_midnight(midnight_in)
            ahead = [all_ahead + each for each in [*ahead, *[timedelta()] * hosts][:hosts]]
            base.set_clock(place.database_url or "", all_ahead)
        servers = []
        for name, offset in zip(names, [*ahead, *[timedelta()] * hosts], strict=False):
            server = place.server(
                name,
                address=net[name].address,
                prefix=net[name].prefix,
                more=_clock(folder / "clocks" / name, offset) if offset else None,
            )
            undo.callback(server.kill)
            servers.append(server)
        with ThreadPoolExecutor() as together:
            list(together.map(Served.start, servers))
        yield Machines(net, place, base, store, servers, midnight)


def _clock(folder: Path, ahead: timedelta) -> dict[str, str]:
    folder.mkdir(parents=True)
    (folder / "sitecustomize.py").write_text(SET_CLOCK, encoding="utf-8")
    (folder / "ahead").write_text(str(ahead // timedelta(microseconds=1) * 1000), encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])}
