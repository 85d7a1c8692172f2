# SPDX-License-Identifier: EUPL-1.2
"""Everything that differs between SQLite and PostgreSQL: files, engines, pragmas, BEGIN, upserts, clearing.

Owns the safety settings of an SQLite connection and asserts them; those of PostgreSQL are in `postgresql.py`.
Knows no table of the chat.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlalchemy.sql.dml import Insert

from chat.adapters.sql import postgresql as postgres
from chat.adapters.sql.errors import CannotOpen

WRITES = "jourchatt_writes"
"""The execution option of a connection that means to write: its transactions take the write lock at once."""

_PRAGMAS: dict[str, tuple[str, str | int]] = {
    "journal_mode": ("WAL", "wal"),
    # An acknowledged message is on the disk: WAL with NORMAL may lose the last commits at a power cut.
    "synchronous": ("FULL", 2),
    # What is deleted is overwritten with zeros. What that leaves is cleared by `rewrite` and `clear_log`.
    "secure_delete": ("ON", 1),
    # Sorting must never spill rows into a file of its own.
    "temp_store": ("MEMORY", 2),
    "foreign_keys": ("ON", 1),
    "trusted_schema": ("OFF", 0),
}
"""Each pragma of every SQLite connection: what is set, and what must be read back."""

_CLEARING_PATIENCE_MS = 50
"""How long clearing waits for others before it gives up; writers wait that long too, so it is short."""


def is_sqlite(url: URL) -> bool:
    """Tell whether the URL names an SQLite file."""
    return url.get_backend_name() == "sqlite"


def blocking_url(url: URL) -> URL:
    """Return the URL of the same database for the driver that blocks (psycopg is the same one for both)."""
    return url.set(drivername="sqlite") if is_sqlite(url) else url


def place(url: URL) -> str:
    """Return what may be said of a URL: neither its password nor what else stands behind the name."""
    return url.set(query={}).render_as_string(hide_password=True)


def why(error: DBAPIError) -> str:
    """Return what the driver says, on one line."""
    return " ".join(str(error.orig).split()).rstrip(".")


def prepare(url: URL) -> None:
    """Make the SQLite file, and its directory if need be, for the owner alone; others only need a driver.

    SQLite gives `-wal` and `-shm` the mode of the file itself, so both are closed to others as well.

    Raises:
        CannotOpen: the place cannot be written, or the driver is missing; its text is a plain sentence.
    """
    if not is_sqlite(url):
        if find_spec("psycopg") is None:
            raise CannotOpen(
                "PostgreSQL needs a package that is not installed here: make .venv/postgres.stamp"
            )
        return
    if not url.database or url.database == ":memory:":
        raise CannotOpen("The database URL must name a file.")
    path = Path(url.database)
    try:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, parents=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise PermissionError(None, "the directory is not writable")
    except OSError as error:
        raise CannotOpen(f"The database {path} cannot be written: {error.strerror}.") from error


def engine_for_one(url: URL, busy_timeout: float, *, statement_s: float = postgres.STATEMENT_S) -> Engine:
    """Return an engine that keeps no connection, for whoever needs one for a moment."""
    if is_sqlite(url):
        engine = create_engine(blocking_url(url), poolclass=NullPool, hide_parameters=True)
    else:
        engine = create_engine(
            url, poolclass=NullPool, **_of_postgresql(url, max(busy_timeout, statement_s), busy_timeout)
        )
    return _watched(engine, busy_timeout)


def looking_engine(url: URL) -> Engine | None:
    """Return an engine that can only read, and makes nothing; None where there is nothing to look into."""
    if not is_sqlite(url):
        if find_spec("psycopg") is None:
            return None
        engine = engine_for_one(url, postgres.STATEMENT_S)
        return engine.execution_options(**postgres.READING)
    if not url.database:
        return None
    file = f"{Path(url.database).absolute().as_uri()}?mode=ro"
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(file, uri=True),
        poolclass=NullPool,
        hide_parameters=True,
    )


def blocking_engine(url: URL, busy_timeout: float, connections: int) -> Engine:
    """Return an engine for lanes: each keeps its connection."""
    # `hide_parameters`: no error text may carry what was to be stored.
    if is_sqlite(url):
        engine = create_engine(
            blocking_url(url),
            hide_parameters=True,
            connect_args={"check_same_thread": False},
            pool_size=connections,
        )
    else:
        engine = create_engine(
            url, pool_size=connections, **_of_postgresql(url, postgres.STATEMENT_S, busy_timeout)
        )
    return _watched(engine, busy_timeout)


def hasty_engine(url: URL) -> Engine | None:
    """Return an engine for the two lanes of the group commit, which waits briefly for rows that others hold.

    None for SQLite, where one lock is all there is.
    """
    if is_sqlite(url):
        return None
    return _watched(
        create_engine(url, pool_size=2, **_of_postgresql(url, postgres.STATEMENT_S, postgres.HASTY_S)),
        postgres.HASTY_S,
    )


def asynchronous_engine(url: URL, busy_timeout: float) -> AsyncEngine:
    """Return an engine for `AsyncConnection`; there are few at once, and nobody waits long for one."""
    if is_sqlite(url):
        engine = create_async_engine(url, hide_parameters=True)
    else:
        engine = create_async_engine(
            url,
            pool_size=2,
            max_overflow=4,
            pool_timeout=postgres.STATEMENT_S,
            **_of_postgresql(url, postgres.STATEMENT_S, busy_timeout),
        )
    _watched(engine.sync_engine, busy_timeout)
    return engine


def _of_postgresql(url: URL, statement_s: float, lock_s: float) -> dict[str, Any]:
    return {
        "hide_parameters": True,
        # Else it asks at every new connection whether there is such a type.
        "use_native_hstore": False,
        "connect_args": postgres.connect_args(url, statement_s, lock_s),
    }


def _watched(engine: Engine, busy_timeout: float) -> Engine:
    if engine.dialect.name == "sqlite":
        _watch_sqlite(engine, busy_timeout)
    else:
        postgres.watch(engine)
    return engine


def _watch_sqlite(engine: Engine, busy_timeout: float) -> None:
    """Give every connection its pragmas and its own BEGIN."""

    def connected(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver's own implicit BEGIN comes too late for a lock and never before a SELECT.
        connection.isolation_level = None
        _set_pragmas(connection, busy_timeout)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", _begin)


def options(url: URL, *, writes: bool) -> dict[str, Any]:
    """Return the execution options of a connection that reads, or writes."""
    if is_sqlite(url):
        return {WRITES: writes}
    return dict(postgres.WRITING if writes else postgres.READING)


def asking_options(url: URL) -> dict[str, Any] | None:
    """Return those of a connection that is asked one statement at a time; None where that gains nothing.

    A transaction around it costs two more ways there and back.
    """
    return None if is_sqlite(url) else dict(postgres.ASKING)


def appending_options() -> dict[str, Any]:
    """Return those of a connection whose every statement is a transaction that writes; on PostgreSQL."""
    return {**postgres.ASKING, "postgresql_readonly": False}


def clearing_options(url: URL) -> dict[str, Any] | None:
    """Return those of a connection that clears beside the writer; None where the writer must do it."""
    return None if is_sqlite(url) else {"isolation_level": "AUTOCOMMIT"}


def bound(url: URL) -> float | None:
    """Return after how many seconds a call is cut off; a file needs no such bound."""
    return None if is_sqlite(url) else postgres.BOUND_S


def take_turn(connection: Connection) -> None:
    """Hold off every other rare writer until the commit. SQLite has one writer anyway."""
    if connection.dialect.name != "sqlite":
        postgres.take_turn(connection)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_pragmas(connection: DBAPIConnection, busy_timeout: float) -> None:
    cursor = connection.cursor()
    try:
        milliseconds = round(busy_timeout * 1000)
        cursor.execute(f"PRAGMA busy_timeout={milliseconds}")
        for name, (wanted, expected) in _PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}={wanted}")
            cursor.fetchall()
            cursor.execute(f"PRAGMA {name}")
            (found,) = cursor.fetchone() or (None,)
            if found != expected:
                raise CannotOpen(f"The database refuses PRAGMA {name}={wanted}: it stays at {found}.")
    finally:
        cursor.close()


def rewrite(connection: Connection) -> bool:
    """Write the whole database anew from its live rows; False when somebody else writes or there is no room.

    `secure_delete` zeroes a deleted row where it last stood. It leaves the copies that SQLite made earlier,
    when it moved rows between pages, in the unused middle of pages that live on (measured: up to three in 80
    talks). Only a page that is written from live rows has none. `connection` must be outside a transaction.

    On PostgreSQL see `postgresql.rewrite`.
    """
    if connection.dialect.name != "sqlite":
        return postgres.rewrite(connection)
    with _impatient(connection) as driver:
        try:
            driver.execute("VACUUM")
        except sqlite3.OperationalError:
            return False
    return True


def clear_log(connection: Connection) -> bool:
    """Bring the write-ahead log into the file and cut it to nothing; True when that is done.

    Older pages, with deleted rows in them, lie in the file and in the log until this has succeeded, and any
    open reader stops it. `connection` must be outside a transaction. On PostgreSQL nobody but its
    administrator has a hand in the log, so nothing is done and the answer is True.
    """
    if connection.dialect.name != "sqlite":
        return True
    with _impatient(connection) as driver:
        try:
            busy, pages, brought = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
    return bool(busy == 0 and pages == brought)


def is_out_of_room(error: BaseException | None) -> bool:
    """Tell whether SQLite failed because the disk took no more; some files say so by an I/O error."""
    driver = getattr(error, "orig", None)
    code = getattr(driver, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


@contextmanager
def _impatient(connection: Connection) -> Iterator[sqlite3.Connection]:
    """Give the driver's own connection, which soon gives up waiting for others."""
    driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout={_CLEARING_PATIENCE_MS}")
    try:
        yield driver
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")


def lock(connection: Connection, *rows: Select[Any], **values: Any) -> None:  # noqa: ANN401 - of statements
    """Lock the rows of each statement in its order. SQLite has one lock, which is held already."""
    if connection.dialect.name != "sqlite":
        for each in rows:
            connection.execute(each, values).close()


@cache
def unless_there(dialect: str, table: Table) -> Insert:
    """Return an INSERT that does nothing where the primary key exists."""
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return insert.on_conflict_do_nothing()


def upsert(dialect: str, table: Table, *, replacing: Sequence[str] = (), adding: str = "") -> Insert:
    """Return an INSERT that, where the primary key exists, replaces some columns or adds to one."""
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    changes: dict[str, Any] = {name: insert.excluded[name] for name in replacing}
    if adding:
        changes[adding] = table.c[adding] + insert.excluded[adding]
    return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)


def advance(dialect: str, table: Table, column: str) -> Insert:
    """Return an INSERT that, where the primary key exists, raises one column; no row when it is no higher."""
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    higher = insert.excluded[column]
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_={column: higher}, where=table.c[column] < higher
    )
