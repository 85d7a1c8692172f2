# SPDX-License-Identifier: EUPL-1.2
"""A deployment of its own to measure on: PostgreSQL, Redis, and one server or several over them.

Owns starting them, and what each has used of the processors and written, as the kernel and they themselves
count it. Knows nothing of the load.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from tests.outside.served import Deployment, Served
from tests.outside.server import Addresses
from tests.servers.postgresql import Postgresql
from tests.servers.redis import RedisServer

SETTINGS = {
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "shared_preload_libraries": "pg_stat_statements",
}
"""As it is on a disk: what is acknowledged is there. And it counts statements."""
PROGRAM = (sys.executable, "-m", "bench.serving")


@dataclass(frozen=True, slots=True)
class Used:
    """What all of a deployment has used so far; the difference of two is what a load used."""

    servers_s: float
    """Seconds of the processors; so too the next two."""
    postgresql_s: float
    redis_s: float
    transactions: int
    statements: int
    """Everything that was sent to it, BEGIN and COMMIT included."""
    rows: int
    """Inserted, changed and deleted."""
    wal_bytes: int
    entry_bytes: int
    """Of the table of messages, its index included; it grows by whole pages."""
    commands: int
    redis_bytes: int
    """In and out."""

    def __sub__(self, before: Used) -> Used:
        return Used(*(getattr(self, field.name) - getattr(before, field.name) for field in fields(Used)))


def processor_s(pid: int, *, whole: bool = False) -> float:
    """Return what a process has used of the processors; `whole`: with its children, living and dead."""
    # Fields from the third on: state, parent, … user and system time, and the same of children that ended.
    of_all = {}
    for path in [Path(f"/proc/{pid}")] if not whole else Path("/proc").glob("[0-9]*"):
        try:
            stat = (path / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        except OSError:
            continue
        of_all[int(path.name)] = int(stat[1]), sum(map(int, stat[11 : 15 if whole else 13]))
    ticks = sum(used for each, (parent, used) in of_all.items() if pid in {each, parent})
    return ticks / os.sysconf("SC_CLK_TCK")


class Ground:
    """PostgreSQL, Redis and `processes` servers, from entering it to leaving it."""

    def __init__(self, folder: Path, processes: int, *, capacity: int = 20) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.processes = processes
        self.capacity = capacity
        self.postgresql = Postgresql(folder, settings=SETTINGS)
        self.redis = RedisServer(folder)
        self.servers: list[Served] = []
        self._database = ""
        self._open = ExitStack()

    @property
    def doors(self) -> list[Addresses]:
        """Where each server answers."""
        return [server.at for server in self.servers]

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.enter_context(self.postgresql)
            opening.enter_context(self.redis)
            url = self.postgresql.new_database()
            self._database = url.rpartition("/")[2]
            place = Deployment(
                folder=self.folder,
                database_url=url,
                redis_url=self.redis.url,
                capacity=self.capacity,
                own_keys=True,
                program=PROGRAM,
            )
            place.fill()
            self.postgresql.run("CREATE EXTENSION pg_stat_statements", self._database)
            for number in range(self.processes):
                server = place.server(f"host{number}")
                opening.callback(server.kill)
                server.start()
                self.servers.append(server)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def used(self, *, redis: bool = True) -> Used:
        """Return what has been used until now. PostgreSQL tells of rows a second late at most."""
        commands, passed = self._of_redis() if redis else (0, 0)
        with self.postgresql.connect(self._database) as asked:
            row: Any = asked.execute(
                "SELECT xact_commit, (SELECT sum(calls) FROM pg_stat_statements)::bigint,"
                " tup_inserted + tup_updated + tup_deleted,"
                " pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,"
                " pg_total_relation_size('entry')"
                " FROM pg_stat_database WHERE datname = current_database()"
            ).fetchone()
        return Used(
            sum(processor_s(server.pid) for server in self.servers),
            processor_s(self.postgresql.pid, whole=True),
            processor_s(self.redis.pid) if redis else 0.0,
            **dict(zip(("transactions", "statements", "rows", "wal_bytes", "entry_bytes"), row, strict=True)),
            commands=commands,
            redis_bytes=passed,
        )

    def size_of(self, *tables: str) -> int:
        """Return how many bytes these tables take, their indexes included, cleared of what is dead."""
        with self.postgresql.connect(self._database) as asked:
            for table in tables:
                asked.execute(f"VACUUM (FULL) {table}")
            found = asked.execute(
                "SELECT sum(pg_total_relation_size(name))::bigint FROM unnest(%s::regclass[]) AS name",
                (list(tables),),
            ).fetchone()
        assert found is not None
        return int(str(found[0]))

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        with self.postgresql.connect(self._database) as asked:
            found = asked.execute(
                f"SELECT count(*) FROM {table}"  # noqa: S608 - a name of ours
            ).fetchone()
        assert found is not None
        return int(str(found[0]))

    def _of_redis(self) -> tuple[int, int]:
        with self.redis.ask() as client:
            told: Any = client.info()
        passed = told["total_net_input_bytes"] + told["total_net_output_bytes"]
        return told["total_commands_processed"], passed
