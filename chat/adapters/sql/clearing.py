# SPDX-License-Identifier: EUPL-1.2
"""How far the files of a database that several processes share are cleared, and whose turn it is.

Owns that row and the lock. Clearings are numbered: one that began after a deletion clears it, whoever does
it. So whoever has deleted needs the first that has not begun, and no clock is asked. Knows no figures.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, bindparam, func, select, update

from chat.adapters.sql.dialect import rewrite, unless_there
from chat.adapters.sql.postgresql import rewritten_bytes
from chat.adapters.sql.rows import micros, moment
from chat.adapters.sql.tables import clearing
from chat.ports import Clock

REST: Final = 10
"""How many times as long as it took a clearing rests: writers wait while one runs."""
REST_OF_LARGE: Final = timedelta(seconds=60)
LOGGED_S: Final = 512 * 1024
"""A rewriting goes through the write-ahead log too: so many bytes a second at most, until it rests
as long as a large one. What one house has ended is gone within seconds; a country's, within a minute."""

_AHEAD: Final = 60_000_000
"""Microseconds that the clock of whoever cleared may have been ahead of this one."""

TURN: Final = 5_725_149_874
"""The advisory lock of whoever clears. The server lets go of it when that process dies."""
STILL_MS: Final = 30_000
"""How long whoever clears may ask nothing of the server before that ends the session, and the turn with it: a
process that is paused answers no one, but its machine keeps the connection alive."""
_TAKE: Final = select(func.pg_try_advisory_lock(TURN))
_END_IF_STILL: Final = select(func.set_config("idle_session_timeout", bindparam("after"), False))  # noqa: FBT003
_LET_GO: Final = select(func.pg_advisory_unlock(TURN))

_ID: Final = 1
_ROW: Final = clearing.c.id == _ID
_LOOK: Final = select(
    clearing.c.wanted, clearing.c.begun, clearing.c.done, clearing.c.ended, clearing.c.rest
).where(_ROW)
_WANT: Final = (
    update(clearing).where(_ROW, clearing.c.wanted < bindparam("upto")).values(wanted=bindparam("upto"))
)
_BEGIN: Final = update(clearing).where(_ROW).values(begun=bindparam("number"))
_END: Final = (
    update(clearing)
    .where(_ROW)
    .values(done=bindparam("number"), ended=bindparam("at"), rest=bindparam("resting"))
)


class Clearing(Struct, frozen=True):
    """How far it has been done: the numbers of clearings, and times in microseconds."""

    wanted: int = 0
    """The last that somebody needs."""
    begun: int = 0
    done: int = 0
    """The last that has succeeded; what those before it had left is gone as well."""
    ended: int = 0
    rest: int = 0

    @property
    def next(self) -> int:
        """The one that clears what has been deleted by now, whatever may be under way."""
        return self.begun + 1

    @property
    def is_wanted(self) -> bool:
        """Tell whether somebody needs one that has not been done."""
        return self.wanted > self.done

    def rests_until(self, now: datetime) -> datetime:
        """Return until when nobody begins another; `now` if that is over, or the clock was set back since."""
        since = micros(now) - self.ended
        return moment(self.ended + self.rest) if -_AHEAD <= since < self.rest else now


def look(connection: Connection) -> Clearing:
    """Return how far it is."""
    row = connection.execute(_LOOK).one_or_none()
    if row is None:
        new = Clearing()
        first = {"id": _ID, "wanted": 0, "begun": 0, "done": 0, "ended": 0, "rest": 0}
        connection.execute(unless_there(connection.dialect.name, clearing), first)
        return new
    return Clearing(*row)


def want(connection: Connection) -> Clearing:
    """Let the next one clear what has been deleted before this call, and return how far it is.

    That stands in the row, so that another process does it if this one dies.
    """
    found = look(connection)
    if found.wanted >= found.next:
        return found
    connection.execute(_WANT, {"upto": found.next})
    return Clearing(found.next, found.begun, found.done, found.ended, found.rest)


def clear_in_turn(connection: Connection, now: datetime, clock: Clock) -> Clearing | None:
    """Clear once, unless nobody needs it, it rests, or another process is at it (None); return how far it is.

    `connection` must commit by itself: the lock is its own until it is done, cut or stands still.
    """
    connection.execute(_END_IF_STILL, {"after": str(STILL_MS)}).close()
    try:
        return _in_turn(connection, now, clock) if connection.execute(_TAKE).scalar_one() else None
    finally:
        if not connection.invalidated:
            connection.exec_driver_sql("RESET idle_session_timeout").close()


def _in_turn(connection: Connection, now: datetime, clock: Clock) -> Clearing:
    try:
        # Another one may have done it a moment ago.
        found = look(connection)
        if found.is_wanted and found.rests_until(now) <= now:
            _clear(connection, found, now, clock)
            found = look(connection)
        return found
    finally:
        if not connection.invalidated:
            connection.execute(_LET_GO).close()


def _clear(connection: Connection, found: Clearing, now: datetime, clock: Clock) -> None:
    number, began, done = found.next, clock.now(), False
    connection.execute(_BEGIN, {"number": number})
    try:
        done = rewrite(connection)
    finally:
        # A try that failed has held writers up as well, and the next one may be another process's.
        if not connection.invalidated:
            took = clock.now() - began
            logged = timedelta(seconds=rewritten_bytes(connection) / LOGGED_S) if done else timedelta()
            rest = max(REST * took, min(REST_OF_LARGE, logged))
            ended = {"at": micros(now + took), "resting": rest // timedelta(microseconds=1)}
            connection.execute(_END, {"number": number if done else found.done, **ended})
