# SPDX-License-Identifier: EUPL-1.2
"""Stops a program at the very moment after a commit has become visible to others.

Owns the watcher, a program of its own: `python watcher.py DATABASE`, then a process id on each line of its
input. It knows SQLite alone; nothing in the server knows that it is watched.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

LOOKS = 2_000_000
"""How often the watcher looks before it gives up, so that it never outlives what it watches."""


class Watcher:
    """Stops the server as soon as it has committed something."""

    def __init__(self, running: asyncio.subprocess.Process) -> None:
        self._running = running

    @classmethod
    @asynccontextmanager
    async def over(cls, database: Path) -> AsyncGenerator[Watcher]:
        """Watch a database until the block ends."""
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            __file__,
            str(database),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            yield cls(running)
        finally:
            running.kill()
            await running.wait()

    async def stops(self, pid: int) -> bool:
        """Stop the program `pid` (SIGSTOP) right after the next commit; False when none came."""
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        self._running.stdin.write(f"{pid}\n".encode())
        async with asyncio.timeout(30):
            return (await self._running.stdout.readline()).strip() == b"stopped"


def main() -> None:
    """Watch on, one commit for each process id on standard input."""
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    cursor = connection.cursor()
    version = "PRAGMA data_version"
    for line in sys.stdin:
        before = cursor.execute(version).fetchone()
        looks = 0
        while cursor.execute(version).fetchone() == before and looks < LOOKS:
            looks += 1
        if looks < LOOKS:
            os.kill(int(line), signal.SIGSTOP)
        print("stopped" if looks < LOOKS else "nothing", flush=True)


if __name__ == "__main__":
    main()
