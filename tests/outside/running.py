# SPDX-License-Identifier: EUPL-1.2
"""A program of ours that runs: what it printed, and how it is ended.

Owns the process and its two streams. Knows nothing of what it serves.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.outside.overheard import in_log, is_remembered

ROOT = Path(__file__).resolve().parents[2]
JOURCHATT = (sys.executable, "-c", "import sys; from web.cli import main; sys.exit(main())")
LOUDER = {"JOURCHATT_LOG_LEVEL": "DEBUG"}
"""Where what is logged is looked at. Whoever starts it may set another."""


class Running:
    """At most one process at a time, with everything that any of them ever printed in `output`.

    `pin_to` is its processor.
    """

    def __init__(self, pin_to: int | None = None) -> None:
        self.output: list[str] = []
        self.logged: list[str] = []
        """What of it came on standard error."""
        self._pin_to = pin_to
        self._process: subprocess.Popen[str] | None = None
        self._readers: list[threading.Thread] = []

    def launch(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        on_line: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        """Start a command with no setting of ours but these.

        `on_line` hears each line of its standard output, and None when that ends.
        """
        others = {name: value for name, value in os.environ.items() if not name.startswith("JOURCHATT_")}
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**others, **(LOUDER if is_remembered() else {}), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if self._pin_to is not None:
            os.sched_setaffinity(self._process.pid, {self._pin_to})
        self._readers = [
            self._read(self._process.stdout, on_line),
            self._read(self._process.stderr, self._log),
        ]

    def _read(self, stream: IO[str] | None, on_line: Callable[[str | None], None]) -> threading.Thread:
        assert stream is not None

        def read() -> None:
            for line in stream:
                self.output.append(line)
                on_line(line)
            on_line(None)
            stream.close()

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        return reader

    def _log(self, line: str | None) -> None:
        if line is not None:
            self.logged.append(line)

    def has_ended(self) -> bool:
        """Tell whether it was never started, or has ended, by itself or not."""
        return self._process is None or self._process.poll() is not None

    @property
    def pid(self) -> int:
        """The running program's process id."""
        assert self._process is not None, "not running"
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        """Send it a signal: SIGSTOP lets it hang, SIGCONT lets it go on."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it in the middle of whatever it does (SIGKILL)."""
        self._stop(signal.SIGKILL)

    def term(self, within: float = 20.0) -> int:
        """Ask it to end (SIGTERM) and return its exit status.

        Raises:
            subprocess.TimeoutExpired: it is still there after `within` seconds.
        """
        return self._stop(signal.SIGTERM, within)

    def _stop(self, how: signal.Signals, within: float = 20.0) -> int:
        running, self._process = self._process, None
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
        if is_remembered():
            # Here, because every server that any test starts comes past here at its end.
            told = in_log("".join(self.logged))
            assert told == [], f"a log tells what somebody said or got: {told}"
        return status

    def printed(self) -> str:
        """Return everything that it has printed so far, on both streams."""
        return "".join(self.output)
