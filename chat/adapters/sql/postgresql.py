# SPDX-License-Identifier: EUPL-1.2
"""How a connection to PostgreSQL is made safe: bounds on every wait, what its log shows, what errors tell.

Owns those settings, the turns of the rare writers and the clearing of tables. Knows no table of the chat.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

OLDEST: Final = 15
"""The oldest PostgreSQL that is known to do; Debian 12 has it."""

CONNECT_S: Final = 3
STATEMENT_S: Final = 5.0
BOUND_S: Final = 10.0
"""Seconds after which a connection is cut, whatever the server does: it may hang with its sockets open."""
MIGRATING_S: Final = 300.0
"""Seconds for each statement of a migration, and for waiting until another process has migrated."""

_TURN: Final = 5_725_149_873
"""The advisory lock of the rare writers."""

READING: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""All that one transaction reads is of one moment."""
ASKING: Final = {"isolation_level": "AUTOCOMMIT", "postgresql_readonly": True}
"""A statement alone: all that it reads is of one moment anyway."""
WRITING: Final = {"isolation_level": "READ COMMITTED"}
"""Whoever waited for a lock sees what was stored meanwhile."""

HASTY_S: Final = 0.1
"""Seconds that those who write for many at once wait for a row that somebody else holds. A commit holds it
for milliseconds; a host that stands still in the middle of one, for as long as `BOUND_S`."""

_QUIET: Final = """
SELECT set_config(name, value, false) FROM (VALUES
    ('log_error_verbosity', 'terse'), ('log_parameter_max_length', '0'), ('log_min_error_statement', 'panic')
) AS quiet (name, value) WHERE has_parameter_privilege(name, 'SET')
"""
"""What the server's log would tell of values. Only a role that has been granted it may set this."""

_DEADLOCK: Final = frozenset({"40P01", "40001"})
LOCKED: Final = "55P03"
"""What the server says of a lock that was waited for too long."""
_OF_VALUES: Final = frozenset({"22", "23"})
"""Classes of errors whose texts repeat what was to be stored."""

_CHANGED: Final = """
FROM pg_stat_user_tables stat JOIN pg_class ON pg_class.oid = stat.relid
WHERE stat.schemaname = current_schema() AND stat.relname <> 'clearing'
    AND (n_tup_upd + n_tup_del > 0 OR n_tup_ins < reltuples OR pg_table_size(relid) < 1024 * 1024)
"""
"""Every table but the large ones of which nothing has ever been changed or deleted, and the one that all
processes look at meanwhile, which tells of nobody. Where fewer rows were counted than there are, the counts
are younger than the table: the server lost them, as after a crash."""

_REWRITTEN: Final = (
    f"SELECT format('%%I.%%I', stat.schemaname, stat.relname) {_CHANGED} ORDER BY stat.relname"
)
_BYTES: Final = f"SELECT coalesce(sum(pg_total_relation_size(relid)), 0) {_CHANGED}"

REWRITINGS: Final = 3
"""How often a table is rewritten at once because somebody still saw what is deleted: mostly for milliseconds
only."""
_NUMBER: Final = re.compile(r"\d+")


def connect_args(url: URL, statement_s: float, lock_s: float) -> dict[str, Any]:
    """Return what a connection begins with, so that neither side waits for the other without end."""
    settings = {
        "statement_timeout": round(statement_s * 1000),
        "lock_timeout": round(lock_s * 1000),
        # Of a host that was cut off in the middle: what it holds is given to the others.
        "idle_in_transaction_session_timeout": round(BOUND_S * 1000),
        "tcp_keepalives_idle": 5,
        "tcp_keepalives_interval": 2,
        "tcp_keepalives_count": 2,
        "tcp_user_timeout": round(BOUND_S * 1000),
        "log_parameter_max_length_on_error": 0,
    }
    given = url.query.get("options", "")
    ours = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return {
        "connect_timeout": CONNECT_S,
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": round(STATEMENT_S * 1000),
        "application_name": "jourchatt",
        "options": f"{given if isinstance(given, str) else ' '.join(given)} {ours}".strip(),
    }


def watch(engine: Engine) -> None:
    """Let every connection of `engine` be quiet in the server's log, and its errors tell no value."""

    def connected(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.autocommit = True
        cursor = connection.cursor()
        try:
            cursor.execute(_QUIET)
        finally:
            cursor.close()
            connection.autocommit = False

    def checked_out(_: DBAPIConnection, record: ConnectionPoolEntry, __: object) -> None:
        if is_cut(record.driver_connection):
            raise InvalidatePoolError

    event.listen(engine, "connect", connected)
    event.listen(engine, "checkout", checked_out)
    event.listen(engine, "handle_error", _tell_no_value)


def _tell_no_value(context: ExceptionContext) -> None:
    """Take out of an error what the server says about values: details, and all of what is about a row."""
    error: Any = context.original_exception
    code = getattr(error, "sqlstate", None)
    if code is None:
        return
    primary = " ".join((error.diag.message_primary or "").split())
    if code[:2] in _OF_VALUES:
        where = error.diag.constraint_name or error.diag.column_name or error.diag.table_name
        primary = f"{type(error).__name__} {where}" if where else type(error).__name__
    error.args = (f"{primary} ({code})",)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(error).__name__}) {primary} ({code})",)


def take_turn(connection: Connection) -> None:
    """Wait until no other rare writer, in no process, is under way, and hold them off until the commit."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")


def is_deadlock(error: BaseException | None) -> bool:
    """Tell whether the server took a transaction back for another's sake; the same again may well do."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _DEADLOCK


def is_locked(error: BaseException) -> bool:
    """Tell whether it failed because somebody else held a lock for too long."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) == LOCKED


def is_cut(driver: Any) -> bool:  # noqa: ANN401 - psycopg need not be installed
    """Tell, without waiting, whether the other side has closed an idle connection."""
    try:
        descriptor = driver.pgconn.socket
    except Exception:  # noqa: BLE001 - the driver's own error says so too
        return True
    # An idle connection has nothing to read, but the end of it or a last word from the server.
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def cut(driver: Any) -> None:  # noqa: ANN401 - psycopg need not be installed
    """End a connection that hangs: whoever waits for it, on whatever thread, has an error at once."""
    with contextlib.suppress(Exception), socket.socket(fileno=os.dup(driver.pgconn.socket)) as own:
        own.shutdown(socket.SHUT_RDWR)


def rewrite(connection: Connection) -> bool:
    """Write every table in which something was deleted anew from its live rows.

    False when one is in use, or when deleted rows were copied with it because a transaction that began
    before, whoever's, could still see them: `pg_dump`, an open `psql`, a standby.

    A plain vacuum leaves the bytes in the unused middle of pages that live on, as SQLite does. What stays:
    the write-ahead log until its segments are used again, and the old file's blocks on the disk.
    `connection` must commit by itself.
    """
    # Whoever waits for a table stands in the way of all who come later, so it waits briefly.
    connection.exec_driver_sql("SET lock_timeout = '50ms'")
    connection.exec_driver_sql("SET statement_timeout = '60s'")
    tables = connection.exec_driver_sql(_REWRITTEN).scalars().all()
    try:
        for _ in range(REWRITINGS):
            tables = [table for table in tables if _leaves_some(connection, table)]
    except Exception as error:
        if is_locked(error):
            return False
        raise
    return not tables


def rewritten_bytes(connection: Connection) -> int:
    """Return how large the tables are that a rewriting writes, with their indexes."""
    return int(connection.exec_driver_sql(_BYTES).scalar_one())


def _leaves_some(connection: Connection, table: str) -> bool:
    """Rewrite a table; True when dead rows came along. Only the server's own words tell of that."""
    said: list[str] = []

    def hear(notice: Any) -> None:  # noqa: ANN401 - psycopg need not be installed
        said.append(notice.message_detail or "")

    driver: Any = connection.connection.driver_connection
    driver.add_notice_handler(hear)
    try:
        connection.exec_driver_sql(f"VACUUM (FULL, VERBOSE) {table}".replace("%", "%%"))
    finally:
        driver.remove_notice_handler(hear)
    # In whatever language: "2 dead row versions cannot be removed yet."
    dead = [number[0] for detail in said if (number := _NUMBER.search(detail)) is not None]
    return any(int(number) > 0 for number in dead)
