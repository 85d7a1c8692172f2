# SPDX-License-Identifier: EUPL-1.2
"""What the migrations make is what the tables say, and a database of a newer version is left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import MetaData, create_engine, make_url

from chat.adapters.sql import tables
from chat.adapters.sql.dialect import blocking_url
from chat.adapters.sql.errors import CannotOpen, SchemaTooNew
from chat.adapters.sql.schema import current_revision, migrate

OTHERS = [
    "handover.adapters.tables",
    "web.accounts.adapters.tables",
    "web.barometer.adapters.tables",
    "web.replies.adapters.tables",
    "web.roster.adapters.tables",
    "web.chair.adapters.tables",
]
"""Other modules whose `metadata` the same migrations make."""


def every_metadata() -> list[MetaData]:
    """Return the tables of the whole program."""
    others: list[MetaData] = [import_module(module).metadata for module in OTHERS]
    return [tables.metadata, *others]


def test_migrated_schema_equals_the_tables(sqlite_url: str) -> None:
    """Nothing is missing in either: columns, types, keys, indexes."""
    engine = create_engine(blocking_url(make_url(sqlite_url)))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, every_metadata())  # type: ignore[arg-type]  # takes several
    engine.dispose()
    assert differences == []


def test_migrate_again_changes_nothing(sqlite_url: str) -> None:
    """The second time finds the newest schema."""
    assert migrate(sqlite_url) == current_revision(sqlite_url)


def test_counters_are_kept_and_tell_no_order(sqlite_url: str) -> None:
    """They come through the migration that makes them anew; afterwards no row has a number of its own."""
    path = make_url(sqlite_url).database
    assert path is not None
    rows = [("jour", "2026-11-18", "started", 3), ("jour", "2026-11-02", "wanted_2_13", 1)]
    with closing(sqlite3.connect(path)) as file, file:
        file.executemany("INSERT INTO counter VALUES (?, ?, ?, ?)", rows)
    versions = import_module("chat.adapters.migrations.versions.0013_answered_at")
    engine = create_engine(blocking_url(make_url(sqlite_url)))
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        versions.downgrade()
        numbered = connection.exec_driver_sql("SELECT rowid FROM counter").fetchall()
        assert len(numbered) == 2
        versions.upgrade()
    engine.dispose()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT * FROM counter").fetchall() == sorted(rows)
        for asked in ("SELECT rowid FROM counter", "SELECT rowid FROM shift_begun"):
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                file.execute(asked)


def test_who_gave_up_before_there_were_stages_is_told_as_having_waited(sqlite_url: str) -> None:
    """Else the shares of the weeks before would be too good, and nobody could mend them later."""
    path = make_url(sqlite_url).database
    assert path is not None
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("INSERT INTO counter VALUES ('jour', '2026-11-18', 'abandoned', 4)")
    versions = import_module("chat.adapters.migrations.versions.0013_answered_at")
    engine = create_engine(blocking_url(make_url(sqlite_url)))
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        versions.downgrade()
        versions.upgrade()
    engine.dispose()
    with closing(sqlite3.connect(path)) as file:
        told = file.execute("SELECT day, value FROM counter WHERE name = 'abandoned_waiting'").fetchall()
    assert told == [("2026-11-18", 4)]


def test_current_revision_of_an_empty_database_is_none(tmp_path: Path) -> None:
    """Nothing has been made yet."""
    assert current_revision(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}") is None


def test_migrate_refuses_a_newer_schema_and_leaves_it(sqlite_url: str) -> None:
    """One plain sentence that names the schema."""
    path = make_url(sqlite_url).database
    assert path is not None
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaTooNew, match=r"^The database was written by a newer version .*9999"):
        migrate(sqlite_url)
    assert current_revision(sqlite_url) == "9999"


def test_migrate_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    """All versions go in one transaction: a table that is in the way stops them all."""
    path = tmp_path / "half.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE counter (x)")
    connection.close()
    url = f"sqlite+aiosqlite:///{path}"
    with pytest.raises(Exception, match="counter"):
        migrate(url)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [
        ("counter",)
    ]
    connection.close()


def test_migrate_names_a_file_that_is_no_database(tmp_path: Path) -> None:
    """One sentence with the place."""
    path = tmp_path / "notes.txt"
    path.write_text("no database " * 200)
    with pytest.raises(CannotOpen, match=r"notes\.txt"):
        migrate(f"sqlite+aiosqlite:///{path}")
