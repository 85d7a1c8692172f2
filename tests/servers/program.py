# SPDX-License-Identifier: EUPL-1.2
"""A server program of somebody else, started for a test and ended with it.

Owns its process: killed, stopped and continued by its id alone. Knows no protocol.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

READY_WITHIN_S = 120.0
LOOK_S = 0.02


def in_wheel(package: str, *parts: str) -> Path:
    """Return the path of a program that a wheel brought.

    Raises:
        FileNotFoundError: the wheel is not installed here, or has no such program.
    """
    found = find_spec(package)
    for place in (found.submodule_search_locations or ()) if found is not None else ():
        program = Path(place).joinpath(*parts)
        if program.exists():
            return program
    raise FileNotFoundError(f"{package} brings no {parts[-1]} here: make .venv/dev.stamp")


def free_port(address: str = "127.0.0.1") -> int:
    """Return a port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


class Program:
    """One running server program. `prefix` stands before its command, as `ip netns exec NAME` does."""

    def __init__(
        self, command: Sequence[str], *, prefix: Sequence[str] = (), cwd: Path | None = None
    ) -> None:
        self._command = (*prefix, *command)
        self._cwd = cwd
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, is_ready: Callable[[], bool]) -> None:
        """Start it and return when it is ready.

        Raises:
            RuntimeError: it ended, or was not ready within two minutes.
        """
        self._running = subprocess.Popen(
            self._command,
            cwd=self._cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        last = time.monotonic() + READY_WITHIN_S
        while not is_ready():
            if self._running.poll() is not None or time.monotonic() > last:
                self.end(signal.SIGKILL)
                raise RuntimeError(f"{self._command[-1]} did not start: {' '.join(self._command)}")
            time.sleep(LOOK_S)  # noqa: TID251 - somebody else's program sets no event here

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._running is not None, "not running"
        return self._running.pid

    def send(self, number: signal.Signals) -> None:
        """Send it a signal: SIGSTOP lets it hang, SIGCONT lets it go on."""
        assert self._running is not None, "not running"
        self._running.send_signal(number)

    def end(self, how: signal.Signals = signal.SIGTERM, within_s: float = 20.0) -> None:
        """End it, also when it hangs, and return when it is gone."""
        running, self._running = self._running, None
        if running is None:
            return
        running.send_signal(how)
        running.send_signal(signal.SIGCONT)
        try:
            running.wait(within_s)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
