# SPDX-License-Identifier: EUPL-1.2
"""The demo server as a program of its own, the way an outside party starts it.

Knows the command line and the one line of JSON that it prints when ready; nothing of the code behind it.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-c", "import sys; from web.cli import main; sys.exit(main())", "demo", "--json")
READY_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of the demo's staff."""

    name: str
    password: str
    role: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the line of JSON says."""

    url: str
    host_page: str
    ws_visitor: str
    ws_operator: str
    services: tuple[str, ...]
    staff: tuple[Staff, ...]
    receiver_passphrases: dict[str, str]

    def operators_of(self, service: str) -> list[Staff]:
        """Return the operators who may serve `service`."""
        return [one for one in self.staff if one.role == "operator" and service in one.services]

    def one_with_role(self, role: str) -> Staff:
        """Return somebody with this role."""
        return next(one for one in self.staff if one.role == role)


class Server:
    """A demo server in a process of its own, with everything that it ever printed in `output`.

    It can be killed and started again over the same data and on the same port. `pin_to` is its processor.
    """

    def __init__(
        self,
        data: Path,
        *,
        capacity: int = 3,
        limits: bool = False,
        pin_to: int | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self.data = data
        self.output: list[str] = []
        self._arguments = [
            "--data",
            str(data),
            "--capacity",
            str(capacity),
            *(["--limits"] if limits else []),
        ]
        self._pin_to = pin_to
        self._command = command
        self._port = 0
        self._running: subprocess.Popen[str] | None = None
        self._readers: list[threading.Thread] = []
        self.at: Addresses
        """Where it answers, once started."""

    def start(self) -> Addresses:
        """Start it and return when it is ready.

        Raises:
            RuntimeError: it ended, or said nothing within two minutes; the message is what it printed.
        """
        first_line: queue.Queue[str | None] = queue.Queue()
        running = subprocess.Popen(
            [*self._command, "--port", str(self._port), *self._arguments],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("JOURCHATT_")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._running = running
        if self._pin_to is not None:
            os.sched_setaffinity(running.pid, {self._pin_to})
        self._readers = [self._read(running.stdout, first_line), self._read(running.stderr, None)]
        try:
            line = first_line.get(timeout=READY_WITHIN)
        except queue.Empty:
            line = None
        if line is None:
            self.kill()
            raise RuntimeError("the demo server did not start:\n" + "".join(self.output))
        self.at = _addresses(json.loads(line))
        self._port = urlsplit(self.at.url).port or 80
        return self.at

    def _read(self, stream: IO[str] | None, first_line: queue.Queue[str | None] | None) -> threading.Thread:
        assert stream is not None

        def read() -> None:
            for line in stream:
                self.output.append(line)
                if first_line is not None:
                    first_line.put(line)
            if first_line is not None:
                first_line.put(None)
            stream.close()

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        return reader

    @property
    def pid(self) -> int:
        """The running server's process id."""
        assert self._running is not None, "not running"
        return self._running.pid

    def kill(self) -> None:
        """End it in the middle of whatever it does (SIGKILL)."""
        self._stop(signal.SIGKILL)

    def term(self, within: float = 20.0) -> int:
        """Ask it to end (SIGTERM) and return its exit status.

        Raises:
            subprocess.TimeoutExpired: it is still there after `within` seconds.
        """
        return self._stop(signal.SIGTERM, within)

    def restart(self) -> Addresses:
        """Start it again over the same data and on the same port."""
        assert self._running is None, "still running"
        return self.start()

    def follower(self) -> Server:
        """Return the server that comes after this one, over the same data and on the same port."""
        following = Server(self.data)
        following._arguments, following._pin_to, following._port = self._arguments, self._pin_to, self._port
        return following

    def _stop(self, how: signal.Signals, within: float = 20.0) -> int:
        running, self._running = self._running, None
        if running is None:
            return 0
        running.send_signal(how)
        try:
            status = running.wait(within)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            raise
        finally:
            for reader in self._readers:
                reader.join(5)
        return status

    def printed(self) -> str:
        """Return everything that it has printed so far, on both streams."""
        return "".join(self.output)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def _addresses(line: dict[str, Any]) -> Addresses:
    return Addresses(
        url=line["url"].rstrip("/"),
        host_page=line["host_page"],
        ws_visitor=line["ws_visitor"],
        ws_operator=line["ws_operator"],
        services=tuple(line["services"]),
        staff=tuple(
            Staff(one["name"], one["password"], one["role"], tuple(one["services"])) for one in line["staff"]
        ),
        receiver_passphrases=line["receiver_passphrases"],
    )
