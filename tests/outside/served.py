# SPDX-License-Identifier: EUPL-1.2
"""`jourchatt serve` as a deployment starts it: settings in the environment, several over one database.

    place = Deployment(folder, database_url=postgresql.new_database(), redis_url=redis.url)
    place.fill()
    one, two = place.server("one"), place.server("two", address="10.70.1.12", prefix=netns.prefix)
    one.start()

All of them are one origin to browsers, as behind a proxy that ends TLS. Whoever connects is that proxy: see
`Addresses.host`. Knows the environment and the command line; nothing of the code behind them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from tests.outside.connection import NO_CERTIFICATES
from tests.outside.running import JOURCHATT, ROOT, Running
from tests.outside.server import Addresses, addresses
from tests.servers.program import free_port

READY_WITHIN = 180.0
"""Several start at once, on a machine that does other things too (s); only one that hangs takes so long."""
PUBLIC = "https://chatt.example"
LOOK_S = 0.02


@dataclass(kw_only=True)
class Deployment:
    """What all servers of one deployment have in common, in one folder.

    Without a `database_url` they share an SQLite file there. `own_keys`: each server has a directory for
    daily keys of its own, as hosts do; otherwise they share one. `more` are settings for all of them.
    """

    folder: Path
    database_url: str | None = None
    redis_url: str | None = None
    capacity: int = 20
    own_keys: bool = False
    more: Mapping[str, str] = field(default_factory=dict)
    program: Sequence[str] = (*JOURCHATT, "serve")
    """What each server is: takes `--host` and `--port`."""
    told: Addresses | None = None
    """Whom the database was filled with."""

    @property
    def data(self) -> Path:
        """Where the servers keep what they share; none of it on PostgreSQL."""
        return self.folder / "data"

    def environment(self, name: str = "shared") -> dict[str, str]:
        """Return the settings of the server that is called `name`."""
        of_keys = name if self.own_keys else "shared"
        of_data = name if self.database_url else "shared"
        return {
            "JOURCHATT_SITE": str(self.folder / "site.toml"),
            "JOURCHATT_DATA": str(self.data / of_data),
            "JOURCHATT_KEYS": str(self.folder / "keys" / of_keys),
            "JOURCHATT_DATABASE_URL": self.database_url
            or f"sqlite+aiosqlite:///{self.data / 'shared' / 'jourchatt.sqlite'}",
            "JOURCHATT_PUBLIC_URL": PUBLIC,
            "JOURCHATT_TRUSTED_PROXIES": "127.0.0.0/8, 10.0.0.0/8",
            **({"JOURCHATT_REDIS_URL": self.redis_url} if self.redis_url else {}),
            **self.more,
        }

    def fill(self) -> None:
        """Write the site file, make the database, and add the demo's staff and keys.

        Raises:
            RuntimeError: it cannot be done; the message is what the program printed.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        text = (ROOT / "config" / "demo.toml").read_text(encoding="utf-8")
        site = text.replace("capacity = 3", f"capacity = {self.capacity}")
        (self.folder / "site.toml").write_text(site, encoding="utf-8")
        others = {name: value for name, value in os.environ.items() if not name.startswith("JOURCHATT_")}
        done = subprocess.run(
            [sys.executable, "-m", "tests.outside.filling"],
            cwd=ROOT,
            env={**others, **self.environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        self.told = addresses(json.loads(done.stdout))

    def server(
        self,
        name: str,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        prefix: Sequence[str] = (),
        pin_to: int | None = None,
        more: Mapping[str, str] | None = None,
    ) -> Served:
        """Return a server of this deployment, not started yet.

        `prefix` stands before its command, as `ip netns exec NAME` does; `more` are settings of its own.
        """
        assert self.told is not None, "the database is not filled yet"
        port = port or free_port()
        url = f"http://{address}:{port}"
        socket = url.replace("http", "ws", 1)
        at = replace(
            self.told,
            url=url,
            host_page="",
            ws_visitor=f"{socket}/ws/visitor",
            ws_operator=f"{socket}/ws/operator",
            public=PUBLIC,
        )
        command = [*prefix, *self.program, "--host", address, "--port", str(port)]
        return Served(name, at, command, {**self.environment(name), **(more or {})}, pin_to)


class Served(Running):
    """One server of a deployment. It can be killed and started again, always at the same address (`at`)."""

    def __init__(
        self,
        name: str,
        at: Addresses,
        command: Sequence[str],
        environment: Mapping[str, str],
        pin_to: int | None = None,
    ) -> None:
        super().__init__(pin_to)
        self.name = name
        self.at = at
        self.keys = Path(environment["JOURCHATT_KEYS"])
        """Its directory of daily keys."""
        self._command = command
        self._environment = environment

    def start(self) -> Addresses:
        """Start it and return when it answers.

        Raises:
            RuntimeError: it ended, or did not answer within three minutes; the message is what it printed.
        """
        assert self.has_ended(), "still running"
        self.launch(self._command, self._environment)
        last = time.monotonic() + READY_WITHIN
        while not self.answers():
            if self.has_ended() or time.monotonic() > last:
                self.kill()
                raise RuntimeError(f"the server {self.name} did not start:\n{self.printed()}")
            time.sleep(LOOK_S)  # noqa: TID251 - another program sets no event here
        return self.at

    def answers(self, path: str = "/healthz", within: float = 1.0) -> bool:
        """Tell whether a page of it is answered with 200."""
        try:
            answer = httpx.get(
                self.at.url + path,
                headers={"Host": self.at.host or ""},
                timeout=within,
                trust_env=False,
                verify=NO_CERTIFICATES,
            )
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK

    def follower(self) -> Served:
        """Return the server that comes after this one at the same address."""
        return Served(self.name, self.at, self._command, self._environment, self._pin_to)
