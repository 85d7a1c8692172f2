# SPDX-License-Identifier: EUPL-1.2
"""A whole database at once: every row of some tables as typed values, and an empty one that takes them.

Owns the two transactions, of one moment each, and how a column's kind is told on either database. Knows no
table: what the tables are it reads from the database, which may be of an older version. Blocking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    make_url,
    select,
)
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.types import TypeEngine

from chat.adapters.sql.database import BUSY_TIMEOUT
from chat.adapters.sql.dialect import engine_for_one, is_sqlite, options, place, prepare, why
from chat.adapters.sql.errors import CannotOpen, DoesNotFit, NotEmpty, SchemaTooNew
from chat.adapters.sql.postgresql import MIGRATING_S
from chat.adapters.sql.schema import MIGRATIONS

Row = Sequence[Any]
Form = tuple[tuple[str, str], ...]
"""The columns of a table: each with its name and its kind."""

_KINDS: Final[tuple[tuple[type[TypeEngine[Any]], str], ...]] = (
    (JSON, "json"),
    (Boolean, "bool"),
    (Integer, "int"),
    (Date, "date"),
    (LargeBinary, "bytes"),
    (String, "text"),
)
_OWN: Final = "alembic_version"
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A database as it is at one moment, however long it takes to read."""

    revision: str
    connection: Connection
    _tables: MetaData

    @property
    def tables(self) -> frozenset[str]:
        """The names of all tables but the one that holds the revision."""
        return frozenset(self._tables.tables) - {_OWN}

    def form(self, name: str) -> Form:
        """Return the columns of a table."""
        return _form(self._tables.tables[name])

    def rows(self, name: str) -> Iterator[Row]:
        """Give the rows in the order of their primary key: how they came to lie in the file tells nobody."""
        table = self._tables.tables[name]
        query = select(table).order_by(*table.primary_key.columns)
        with self.connection.execution_options(yield_per=_AT_ONCE).execute(query) as found:
            for row in found:
                yield tuple(row)


@contextmanager
def snapshot(database_url: str) -> Iterator[Snapshot]:
    """Give one moment of a database. It keeps nobody from writing; while it is open nothing is cleared.

    Raises:
        CannotOpen: there is none, or it cannot be read.
        SchemaTooNew: this version does not know its schema.
    """
    url = make_url(database_url)
    if is_sqlite(url) and not Path(url.database or "").is_file():
        raise CannotOpen(f"There is no database {url.database}.")
    with _connected(database_url, writes=False) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            raise CannotOpen(f"There is nothing in the database {place(url)}.")
        _refuse_unknown(revision)
        yield Snapshot(revision, connection, _reflected(connection))


@dataclass(slots=True)
class Filling:
    """An empty database that is being filled, in one transaction."""

    connection: Connection
    _config: Config
    _tables: MetaData

    def form(self, name: str) -> Form | None:
        """Return the columns of a table; None when there is no such table."""
        table = self._tables.tables.get(name)
        return None if table is None else _form(table)

    def add(self, name: str, rows: Sequence[Row]) -> None:
        """Insert rows, each in the order of the columns.

        Raises:
            DoesNotFit: they break the rules of the table.
        """
        table = self._tables.tables[name]
        columns = [column.name for column in table.columns]
        try:
            self.connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        except (IntegrityError, DataError):
            raise DoesNotFit(name) from None

    def bring_up(self) -> None:
        """Bring everything to the newest schema."""
        command.upgrade(self._config, "head")


@contextmanager
def filling(database_url: str, ours: Collection[str], revision: str) -> Iterator[Filling]:
    """Give an empty database with the schema of `revision`; committed at the end, or as if nothing had been.

    `ours`: the tables that it may have, which are made anew.

    Raises:
        NotEmpty: something is in it already, or a table that is somebody else's.
        CannotOpen: it cannot be used. SchemaTooNew: this version does not know the revision.
    """
    _refuse_unknown(revision)
    with _connected(database_url, writes=True) as connection:
        found = _reflected(connection)
        for name, table in found.tables.items():
            if name == _OWN:
                continue
            if name not in ours or connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise NotEmpty(make_url(database_url).render_as_string(hide_password=True))
        # It may have been made by a newer version than the rows: then they would not fit.
        found.drop_all(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        yield Filling(connection, config, _reflected(connection))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _refuse_unknown(revision: str) -> None:
    known: Collection[str] = {
        each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()
    }
    if revision not in known:
        raise SchemaTooNew(revision)


def _reflected(connection: Connection) -> MetaData:
    tables = MetaData()
    tables.reflect(connection)
    return tables


def _form(table: Table) -> Form:
    return tuple((str(column.name), _kind(column.type)) for column in table.columns)


def _kind(type_: TypeEngine[Any]) -> str:
    return next(kind for known, kind in _KINDS if isinstance(type_, known))


@contextmanager
def _connected(database_url: str, *, writes: bool) -> Iterator[Connection]:
    url = make_url(database_url)
    if writes or not is_sqlite(url):
        prepare(url)
    # A large table takes as long as it takes.
    engine = engine_for_one(url, BUSY_TIMEOUT, statement_s=MIGRATING_S)
    try:
        with (
            engine.connect().execution_options(**options(url, writes=writes)) as connection,
            connection.begin(),
        ):
            yield connection
    except DBAPIError as error:
        raise CannotOpen(f"The database {place(url)} cannot be used: {why(error)}.") from error
    finally:
        engine.dispose()
