# SPDX-License-Identifier: EUPL-1.2
"""Who serves a PostgreSQL database: one alone, or several, also after its server has forgotten them."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from chat.adapters.sql.dialect import engine_for_one
from chat.adapters.sql.server_lock import DatabaseLock, needs_lock


async def test_one_alone_or_several_share(postgresql_url: str, sqlite_url: str) -> None:
    """The first lets others in without letting go; one that must be alone waits until all are gone."""
    one, two, only = (DatabaseLock(postgresql_url) for _ in range(3))
    assert (needs_lock(postgresql_url), needs_lock(sqlite_url)) == (True, False)
    assert await one.alone()
    assert (await two.alone(), await two.among()) == (False, False)
    assert await one.among()
    assert (await two.alone(), await two.among()) == (False, True)
    await one.release()
    assert not await only.alone()
    await two.release()
    assert await only.alone()
    await only.release()


async def test_lock_that_the_database_has_forgotten_is_taken_again(postgresql_url: str) -> None:
    """Its connection was cut: the next look takes it anew, and the others are refused as before."""
    one, other = DatabaseLock(postgresql_url), DatabaseLock(postgresql_url)
    assert await one.alone()
    cut(postgresql_url)
    await one.look()
    assert not await other.alone()
    await one.release()
    assert await other.alone()
    await other.release()


async def test_lock_that_was_taken_meanwhile_is_asked_for_until_it_is_back(
    postgresql_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Another was just starting when the connection was lost: once it shares, this one is there again."""
    refused: list[str] = []
    one = DatabaseLock(postgresql_url, lambda: refused.append("told"))
    starting, only = DatabaseLock(postgresql_url), DatabaseLock(postgresql_url)
    assert await one.alone()
    assert await one.among()
    cut(postgresql_url)
    assert await starting.alone()
    for _ in range(3):
        await one.look()
    assert (caplog.messages, refused) == (["another_server"], ["told"])
    assert await starting.among()
    await one.look()
    await starting.release()
    assert not await only.alone()
    await one.release()
    await only.release()


def cut(url: str) -> None:
    """End the connection of whoever has the lock."""
    engine = engine_for_one(make_url(url), 5.0)
    with engine.connect() as connection, connection.begin():
        asked = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'"
        assert connection.exec_driver_sql(asked).scalar_one() == 1
    engine.dispose()
