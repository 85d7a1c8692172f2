# SPDX-License-Identifier: EUPL-1.2
"""What the migrations make is what the tables say, and a database of a newer version is left alone."""

from __future__ import annotations

import asyncio
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import MetaData, inspect
from sqlalchemy.exc import OperationalError

from chat.adapters.sql import schema, tables
from chat.adapters.sql.errors import CannotOpen, SchemaTooNew
from chat.adapters.sql.schema import current_revision, migrate
from tests.servers.postgresql import Postgresql

OTHERS = [
    "handover.adapters.tables",
    "web.accounts.adapters.tables",
    "web.barometer.adapters.tables",
    "web.replies.adapters.tables",
    "web.roster.adapters.tables",
    "web.chair.adapters.tables",
]
"""Other modules whose `metadata` the same migrations make."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which nothing was made yet."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}"
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.new_database()


def every_metadata() -> list[MetaData]:
    """Return the tables of the whole program."""
    others: list[MetaData] = [import_module(module).metadata for module in OTHERS]
    return [tables.metadata, *others]


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    """Return what a query finds."""
    with schema._Opened(url) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def change(url: str, *statements: str) -> None:
    """Carry out statements."""
    with schema._Opened(url) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def again(url: str, version: str) -> None:
    """Take a migration back and do it again, with what is stored."""
    module = import_module(f"chat.adapters.migrations.versions.{version}")
    with schema._Opened(url) as connection, Operations.context(MigrationContext.configure(connection)):
        module.downgrade()
        module.upgrade()


def test_migrated_schema_equals_the_tables(database_url: str) -> None:
    """Nothing is missing in either: columns, types, keys, indexes."""
    with schema._Opened(database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, every_metadata())  # type: ignore[arg-type]  # takes several
    assert differences == []


def test_migrate_again_changes_nothing(database_url: str) -> None:
    """The second time finds the newest schema."""
    assert migrate(database_url) == current_revision(database_url)


def test_all_migrations_go_back_and_forth(database_url: str) -> None:
    """A version that was put in by mistake can be taken out again."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with schema._Opened(database_url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert current_revision(database_url) is None
    migrate(database_url)
    test_migrated_schema_equals_the_tables(database_url)


def test_counters_are_kept(database_url: str) -> None:
    """They come through the migration that makes them anew."""
    stored = [("jour", "2026-11-02", "wanted_2_13", 1), ("jour", "2026-11-18", "started", 3)]
    with schema._Opened(database_url) as connection:
        names = [column.name for column in tables.counter.c]
        values = [
            dict(zip(names, (service, date.fromisoformat(day), name, value), strict=True))
            for service, day, name, value in stored
        ]
        connection.execute(tables.counter.insert(), values)
    again(database_url, "0013_answered_at")
    found = rows(
        database_url, "SELECT service, cast(day AS varchar(10)), name, value FROM counter ORDER BY day"
    )
    assert found == stored


def test_counters_tell_no_order(sqlite_url: str) -> None:
    """No row has a number of its own. PostgreSQL gives none, so this is about SQLite."""
    change(sqlite_url, "INSERT INTO counter VALUES ('jour', '2026-11-18', 'started', 3)")
    for asked in ("SELECT rowid FROM counter", "SELECT rowid FROM shift_begun"):
        with pytest.raises(OperationalError, match="rowid"):
            rows(sqlite_url, asked)


def test_who_gave_up_before_there_were_stages_is_told_as_having_waited(database_url: str) -> None:
    """Else the shares of the weeks before would be too good, and nobody could mend them later."""
    change(database_url, "INSERT INTO counter VALUES ('jour', '2026-11-18', 'abandoned', 4)")
    again(database_url, "0013_answered_at")
    told = "SELECT cast(day AS varchar(10)), value FROM counter WHERE name = 'abandoned_waiting'"
    assert rows(database_url, told) == [("2026-11-18", 4)]


def test_current_revision_of_an_empty_database_is_none(empty_url: str) -> None:
    """Nothing has been made yet."""
    assert current_revision(empty_url) is None


def test_migrate_refuses_a_newer_schema_and_leaves_it(database_url: str) -> None:
    """One plain sentence that names the schema."""
    change(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew, match=r"^The database was written by a newer version .*9999"):
        migrate(database_url)
    assert current_revision(database_url) == "9999"


def test_migrate_that_fails_half_way_leaves_nothing(empty_url: str) -> None:
    """All versions go in one transaction: a table that is in the way stops them all."""
    change(empty_url, "CREATE TABLE counter (x integer)")
    with pytest.raises(Exception, match="counter"):
        migrate(empty_url)
    with schema._Opened(empty_url) as connection:
        assert inspect(connection).get_table_names() == ["counter"]


async def test_two_processes_migrate_at_once(empty_url: str) -> None:
    """The second waits for the first, and finds it done."""
    first, second = await asyncio.gather(*(asyncio.to_thread(migrate, empty_url) for _ in range(2)))
    assert first == second == current_revision(empty_url)


def test_migrate_names_a_file_that_is_no_database(tmp_path: Path) -> None:
    """One sentence with the place."""
    path = tmp_path / "notes.txt"
    path.write_text("no database " * 200)
    with pytest.raises(CannotOpen, match=r"notes\.txt"):
        migrate(f"sqlite+aiosqlite:///{path}")
