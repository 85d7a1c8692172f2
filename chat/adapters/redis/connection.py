# SPDX-License-Identifier: EUPL-1.2
"""One connection to Redis or Valkey: opened, asked, told, read, each within a bound.

Owns the names of everything that is ever there, every command that is ever sent, and how long anybody waits.
Knows nothing of doorbells and keys.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ssl import SSLCertVerificationError
from typing import Any, Final, cast
from urllib.parse import urlsplit

from redis.asyncio.connection import AbstractConnection, Connection, parse_url
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError

from chat.adapters.redis.errors import RedisAway, RedisUnfit

PREFIX: Final = "jourchatt:"
"""What every name begins with, so that a server may be shared with others."""

COMMANDS: Final = frozenset(
    {"AUTH", "SELECT", "CONFIG GET", "INFO", "CLIENT REPLY", "SUBSCRIBE", "UNSUBSCRIBE", "PUBLISH"}
    | {"EXISTS", "GET", "SET", "DEL"}
)
"""Every command that is ever sent. A test holds whole runs against it, and an ACL may allow just these."""

CONNECT_S: Final = 0.5
ANSWER_S: Final = 0.5


def place_of(url: str) -> str:
    """Return what may be shown of a URL: the server's address, without name, password and options."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path
    return parts.netloc.rpartition("@")[2]


class Line:
    """One open connection. Answers come in the order of the commands."""

    def __init__(self, connection: AbstractConnection, place: str) -> None:
        self._connection = connection
        self._place = place
        self._awaited: deque[asyncio.Future[object]] = deque()

    async def ask(self, *command: str | bytes | int) -> object:
        """Send a command and return its answer; `answer` must be running.

        Raises:
            RedisAway: there was no answer in time, or the connection is gone.
            RedisUnfit: the command is refused.
        """
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._awaited.append(answer)
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._connection.send_command(*command, check_health=False)
                return await answer
        except (TimeoutError, OSError, RedisError) as error:
            raise _meaning(error, self._place) from None

    async def tell(self, packed: bytes) -> None:
        """Send a command in its final form, for which no answer comes; wait while too much is unsent.

        Raises:
            RedisAway: the connection is gone.
        """
        try:
            await self._connection.send_packed_command((packed,), check_health=False)
        except (OSError, RedisError) as error:
            raise _meaning(error, self._place) from None

    async def answer(self) -> None:
        """Give each answer to whoever awaits it, until the connection is gone.

        Raises:
            RedisAway: it is.
        """
        while True:
            failed: RedisAway | RedisUnfit | None = None
            answer: object = None
            try:
                answer = await self.read()
            except RedisUnfit as error:
                failed = error
            awaited = self._awaited.popleft()
            if awaited.done():
                continue  # nobody waits any more
            if failed is None:
                awaited.set_result(answer)
            else:
                awaited.set_exception(failed)

    async def read(self) -> object:
        """Return what comes next, however long it takes.

        Raises:
            RedisAway: the connection is gone.
            RedisUnfit: what came is a refusal.
        """
        try:
            answer: object = await self._connection.read_response(disable_decoding=True, timeout=math.inf)
        except (OSError, RedisError) as error:
            raise _meaning(error, self._place) from None
        return answer


_NO_ANSWER: Final = b"*3\r\n$6\r\nCLIENT\r\n$5\r\nREPLY\r\n$4\r\nSKIP\r\n"


def publish(channel: bytes, content: bytes) -> bytes:
    """Return what publishes, without an answer: to wake up for one costs as much as to send."""
    head = b"*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%s\r\n$%d\r\n" % (len(channel), channel, len(content))
    return b"".join((_NO_ANSWER, head, content, b"\r\n"))


def subscribe(*channels: bytes) -> bytes:
    """Return what subscribes."""
    return _packed(b"SUBSCRIBE", *channels)


def unsubscribe(*channels: bytes) -> bytes:
    """Return what ends subscriptions."""
    return _packed(b"UNSUBSCRIBE", *channels)


def _packed(*parts: bytes) -> bytes:
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Line]:
    """Give one connection, and close it.

    Raises:
        RedisAway: it cannot be reached within `CONNECT_S`.
        RedisUnfit: the URL cannot be used, or the server accepts nobody with it.
    """
    place = place_of(url)
    connection = _made(url, place)
    try:
        try:
            async with asyncio.timeout(CONNECT_S):
                await connection.connect()  # type: ignore[no-untyped-call]  # the library says no type here
        except (TimeoutError, OSError, RedisError) as error:
            raise _meaning(error, place) from None
        yield Line(connection, place)
    finally:
        await connection.disconnect(nowait=True)


def _made(url: str, place: str) -> AbstractConnection:
    try:
        given: dict[str, Any] = {**parse_url(url)}
        kind = cast("type[AbstractConnection]", given.pop("connection_class", Connection))
        # The waiting is bounded here; RESP2 is what Redis 6 and Valkey 8 answer alike, and quickest to read.
        # Nothing is told to the server of what program this is.
        given |= {"protocol": 2, "socket_timeout": None, "socket_connect_timeout": CONNECT_S}
        given |= {"driver_info": None, "client_name": None, "health_check_interval": 0}
        return kind(**given)
    except (TypeError, ValueError, RedisError):
        raise RedisUnfit(f"JOURCHATT_REDIS_URL for {place} has an option that there is not.") from None


def _meaning(error: Exception, place: str) -> RedisAway | RedisUnfit:
    """Say what an error means. Its own text is left out: it could quote a command."""
    match error:
        case AuthenticationError():
            return RedisUnfit(
                f"Redis at {place} does not accept the name and password in JOURCHATT_REDIS_URL."
            )
        case NoPermissionError():
            return RedisUnfit(
                f"Redis at {place} does not allow this account a command or name that is needed; allow it"
                f" {', '.join(sorted(COMMANDS))} and everything that begins with {PREFIX}."
            )
        case ResponseError():
            return RedisUnfit(f"Redis at {place} refuses a command that is needed: its memory may be full.")
        case _ if isinstance(error.__context__, SSLCertVerificationError):
            return RedisUnfit(f"Redis at {place} shows a certificate that is not trusted here for that name.")
        case _:
            return RedisAway(f"Redis at {place} does not answer")
