# SPDX-License-Identifier: EUPL-1.2
"""The two statements of a message, which go to PostgreSQL past the layers above its own library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from chat.adapters.sql import bare
from chat.adapters.sql.database import Database
from chat.adapters.sql.store import SqlStore
from chat.entries import EntryKind, SealedEntry
from chat.errors import Stale
from chat.ids import ConversationId, Role
from chat.ports import Stored
from tests.contract.made import conversation, live, said, start
from tests.servers.postgresql import Postgresql

Rows = Callable[[Connection, str, str, Sequence[bare.Value]], list[dict[str, Any]] | None]


@pytest.fixture
async def store(postgresql_url: str) -> AsyncIterator[SqlStore]:
    """A store over a database."""
    database = await Database.open(postgresql_url, readers=1)
    opened = SqlStore(database)
    yield opened
    await opened.close()
    await database.close()


def instead(monkeypatch: pytest.MonkeyPatch, rows: Rows) -> None:
    """Let `rows` run what would be run bare."""
    monkeypatch.setattr(bare, "rows", rows)


def each_kind(stored: Stored, first: int) -> list[SealedEntry]:
    """Return entries with everything that one can hold, or lack."""
    words = said(stored.conversation, first, bytes(range(256)) + b"\x00'%s")
    seq = stored.conversation.seq
    return [
        replace(words, seq=seq + 1),
        replace(words, seq=seq + 2, role=Role.GUEST, alias="Åsa, 'Elin' $1 %s"),
        SealedEntry(stored.conversation.id, seq + 3, EntryKind.JOINED, Role.SERVICE, None, None, "Östen"),
    ]


async def test_bare_statement_stores_and_tells_what_the_ordinary_one_does(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three conversations, so that both statements are filled up; each is written and read in both ways."""
    ways: dict[str, Rows] = {"ordinary": lambda *_: None, "bare": bare.rows}
    ran = []

    def rows(connection: Connection, name: str, text: str, values: Sequence[bare.Value]) -> Any:
        found = ways["bare"](connection, name, text, values)
        ran.append(found is not None)
        return found

    wrote: dict[ConversationId, list[SealedEntry]] = {}
    for number, (way, run) in enumerate(ways.items()):
        instead(monkeypatch, rows if way == "bare" else run)
        stored = [await start(store, 10 * number + each) for each in range(3)]
        for each in stored:
            wrote[each.conversation.id] = each_kind(each, number)
            await store.append(wrote[each.conversation.id], each.version)
            with pytest.raises(Stale):
                await store.append(wrote[each.conversation.id], each.version)
    for way, run in ways.items():
        instead(monkeypatch, rows if way == "bare" else run)
        told = await store.said_after(dict.fromkeys(wrote, 0))
        assert {name: list(entries) for name, (_, entries) in told.items()} == wrote
        assert {version for version, _ in told.values()} == {3}
    assert len(ran) == 7
    assert all(ran)


@pytest.mark.parametrize("is_stored", [False, True])
async def test_message_on_a_connection_that_is_lost_is_there_once(
    postgresql: Postgresql, store: SqlStore, monkeypatch: pytest.MonkeyPatch, *, is_stored: bool
) -> None:
    """Before it is stored nobody notices; after it the sender looks again, and finds it."""
    really, lost = bare.rows, list[int]()

    def rows(connection: Connection, name: str, text: str, values: Sequence[bare.Value]) -> Any:
        if lost:
            return really(connection, name, text, values)
        driver: Any = connection.connection.driver_connection
        lost.append(driver.info.backend_pid)
        if is_stored:
            assert really(connection, name, text, values)
        postgresql.run(f"SELECT pg_terminate_backend({lost[0]}, 5000)")
        return really(connection, name, text, values)

    stored = await start(store, 1)
    instead(monkeypatch, rows)
    if is_stored:
        with pytest.raises(Stale):
            await _append(store, stored)
    else:
        await _append(store, stored)
    assert len(await store.entries(conversation(1).id, 0)) == 1
    assert (await live(store, 1)).version == 1


async def _append(store: SqlStore, stored: Stored) -> None:
    await store.append([said(stored.conversation, 1)], stored.version)
