# SPDX-License-Identifier: EUPL-1.2
"""The adapters that every contract test runs on: add one here, and the whole suite runs on it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from chat.adapters.sql.database import Database
from chat.adapters.sql.staff_entries import SqlStaffEntries
from chat.adapters.sql.store import SqlStore
from chat.ports import Store
from chat.staff_ports import StaffEntries

AnotherStore = Callable[[], Awaitable[Store]]
AnotherNotebook = Callable[[], Awaitable[StaffEntries]]


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For a test that looks into the file, or at how SQLite goes about something."""


@pytest.fixture
def sqlite_url(tmp_path: Path, empty_database: Path) -> str:
    """The URL of a migrated SQLite file."""
    return f"sqlite+aiosqlite:///{shutil.copy(empty_database, tmp_path / 'jourchatt.sqlite')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def databases(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """One new database, as two processes have it open."""
    async with AsyncExitStack() as opened:
        one, other = await Database.open(database_url), await Database.open(database_url)
        opened.push_async_callback(one.close)
        opened.push_async_callback(other.close)
        yield one, other


@pytest.fixture
def database(databases: tuple[Database, Database]) -> Database:
    """A new database with all its tables."""
    return databases[0]


@pytest.fixture
async def another_store(database_url: str) -> AsyncIterator[AnotherStore]:
    """Open one more store on the same database, as one more process would."""
    async with AsyncExitStack() as opened:

        async def open_store() -> Store:
            database = await Database.open(database_url)
            opened.push_async_callback(database.close)
            store = SqlStore(database)
            opened.push_async_callback(store.close)
            return store

        yield open_store


@pytest.fixture
async def another_notebook(database_url: str) -> AsyncIterator[AnotherNotebook]:
    """Open one more store of staff-only entries on the same database, as one more process would."""
    async with AsyncExitStack() as opened:

        async def open_notebook() -> StaffEntries:
            database = await Database.open(database_url)
            opened.push_async_callback(database.close)
            return SqlStaffEntries(database)

        yield open_notebook


@pytest.fixture
async def notebook(another_notebook: AnotherNotebook) -> StaffEntries:
    """What staff have written for each other: nothing yet."""
    return await another_notebook()


@pytest.fixture
async def store(another_store: AnotherStore) -> Store:
    """One store on an empty database."""
    return await another_store()
