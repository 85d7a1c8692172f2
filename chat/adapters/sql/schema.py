# SPDX-License-Identifier: EUPL-1.2
"""Which schema a database has, and how it gets the newest one.

Owns the running of the migrations in `chat/adapters/migrations`, for every table of the program. Blocking.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from chat.adapters.sql.database import BUSY_TIMEOUT
from chat.adapters.sql.dialect import engine_for_one, is_sqlite, options, place, prepare, take_turn, why
from chat.adapters.sql.errors import CannotOpen, SchemaTooNew
from chat.adapters.sql.postgresql import MIGRATING_S

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def migrate(database_url: str) -> str:
    """Bring the database to the newest schema, in one transaction, making it if need be; return the revision.

    Raises:
        CannotOpen: the database cannot be used.
        SchemaTooNew: it has a schema that this version does not know; nothing has changed.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    assert newest is not None
    with _Opened(database_url) as connection:
        found = _revision(connection)
        if found == newest:
            return newest
        if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
            raise SchemaTooNew(found)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return newest


def current_revision(database_url: str) -> str | None:
    """Return the schema that the database has; None when it has none yet.

    Raises:
        CannotOpen: the database cannot be used.
    """
    with _Opened(database_url) as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


class _Opened:
    """One blocking connection in one write transaction, with the settings of every other one."""

    def __init__(self, database_url: str) -> None:
        self._url = url = make_url(database_url)
        prepare(url)
        # Another process may be migrating, and that takes as long as it takes.
        patience = BUSY_TIMEOUT if is_sqlite(url) else MIGRATING_S
        self._engine = engine_for_one(url, patience)

    def __enter__(self) -> Connection:
        try:
            self._connection = self._engine.connect().execution_options(**options(self._url, writes=True))
            self._transaction = self._connection.begin()
            take_turn(self._connection)
        except DBAPIError as error:
            message = f"The database {place(self._url)} cannot be opened: {why(error)}."
            raise CannotOpen(message) from error
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is None:
                self._transaction.commit()
            else:
                self._transaction.rollback()
        finally:
            self._connection.close()
            self._engine.dispose()
