# SPDX-License-Identifier: EUPL-1.2
"""Who may serve the data: one server alone, or several that hear each other, and which of them is the first.

Owns the waiting for a server that is still ending, and the sentence when it does not. A lock is taken by
trying; the system lets go of it when a server ends, however it ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from web.server_options import CannotStart

LOOK_AGAIN_S: Final = 0.05


class Lock(Protocol):
    """What one server can hold alone, or several share. Asking again for what is held already is well."""

    @property
    def place(self) -> str:
        """What it guards, for a sentence."""

    async def alone(self) -> bool:
        """Take it alone; False when anybody else has it."""

    async def among(self) -> bool:
        """Take it as one of several, also instead of alone; False when somebody has it alone."""

    async def release(self) -> None:
        """Let go."""


@dataclass(slots=True)
class Held:
    """The lock, as this server has it."""

    lock: Lock
    first: bool
    """Nobody else serves this data: whoever was connected before is not connected now."""
    several: bool
    patience_s: float

    async def share(self) -> None:
        """Let others of several in, when what the first one does is done.

        Raises:
            CannotStart: a server that must be alone was quicker; one plain sentence.
        """
        if self.several and self.first and not await _until(self.lock.among, self.patience_s):
            raise _in_use(self.lock)


@asynccontextmanager
async def held(
    lock: Lock, *, several: bool, patience_s: float, on_wait: Callable[[str], None]
) -> AsyncIterator[Held]:
    """Hold a lock: alone, or as one of `several`; alone until `Held.share` if this is the first of them.

    People in two servers that do not hear each other would not hear each other either. The server before may
    still be ending: it gets `patience_s`, and `on_wait` a sentence that says so.

    Raises:
        CannotStart: another server has it; one plain sentence.
    """
    first = False

    async def take() -> bool:
        nonlocal first
        first = await lock.alone()
        return first or (several and await lock.among())

    try:
        if not await take():
            if patience_s > 0:
                on_wait(f"Another server is using {lock.place}; waiting up to {patience_s:.0f} s for it.")
            if not await _until(take, patience_s):
                raise _in_use(lock)
        yield Held(lock, first, several, patience_s)
    finally:
        await lock.release()


def end_this_server() -> None:
    """End it as if it were told to: two that must each be alone, and do not hear each other, serve now."""
    signal.raise_signal(signal.SIGTERM)


async def _until(take: Callable[[], Awaitable[bool]], patience_s: float) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            while not await take():  # noqa: ASYNC110 - another program sets no event here
                await asyncio.sleep(LOOK_AGAIN_S)
            return True
    return await take()


def _in_use(lock: Lock) -> CannotStart:
    return CannotStart(f"Another server is using {lock.place}; stop it first, or name another.")


class FileLock:
    """A file in the data directory of one host."""

    def __init__(self, data: Path) -> None:
        """Open it.

        Raises:
            CannotStart: the directory cannot be used; one plain sentence.
        """
        self.place = f"the data directory {data}"
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(data / "server.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            reason = (error.strerror or "unknown error").lower()
            raise CannotStart(f"The data directory {data} cannot be used: {reason}.") from error

    async def alone(self) -> bool:
        """Take it alone."""
        return self._take(fcntl.LOCK_EX)

    async def among(self) -> bool:
        """Take it as one of several."""
        return self._take(fcntl.LOCK_SH)

    async def release(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _take(self, how: int) -> bool:
        try:
            fcntl.flock(self._file, how | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class AmongFiles(FileLock):
    """The same, where the database is on another host: that one decides who is the first."""

    async def alone(self) -> bool:
        """Share it: only a server that must be alone is in the way."""
        return self._take(fcntl.LOCK_SH)
