# SPDX-License-Identifier: EUPL-1.2
"""The tables of accounts: what the migration makes, and what store and audit log keep."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, select
from sqlalchemy.engine import Connection

from chat.adapters.sql.database import Database
from chat.ids import DutyId, ServiceId
from handover.ids import ReceiverId
from tests.contract.conftest import ON_SQLITE
from web.accounts.account import Account, AccountId, StaffRole
from web.accounts.adapters.sql import SqlAccountStore
from web.accounts.adapters.tables import metadata, sessions
from web.accounts.errors import NameTaken, NoSuchAccount
from web.accounts.ports import AccountStore, StoredSession

NOW = datetime(2026, 2, 16, 21, 40, tzinfo=UTC)
TODAY = date(2026, 2, 16)
LINDEN, EKEN = ServiceId("linden"), ServiceId("eken")

ACCOUNT = Account(
    id=AccountId("a" * 22),
    name="åsa",
    role=StaffRole.OPERATOR,
    services=frozenset({LINDEN, EKEN}),
    password_hash="a hash",
)
SESSION = StoredSession(b"l" * 32, DutyId("d" * 22), ACCOUNT.id, NOW + timedelta(hours=16))


class NobodyLeft(Exception):
    """Nobody would be left."""


@pytest.fixture
async def store(database: Database) -> AccountStore:
    """The store with one account."""
    store = SqlAccountStore(database)
    await store.add(ACCOUNT)
    return store


class TestTables:
    async def test_migration_makes_the_tables_that_the_adapter_uses(self, database: Database) -> None:
        """The migrated tables and `tables.py` are the same."""

        def differences(connection: Connection) -> list[object]:
            own = {"include_object": lambda _o, name, kind, *_: kind != "table" or name in metadata.tables}
            return list(compare_metadata(MigrationContext.configure(connection, opts=own), metadata))

        assert await database.run_read(differences) == []

    async def test_session_keeps_no_token(self, store: AccountStore, database: Database) -> None:
        """Of a sign-in there is a lookup, a duty, an account and an end: nothing else has a column."""
        await store.begin(SESSION, "a hash")
        async with database.read() as connection:
            row = (await connection.execute(select(sessions))).one()
        assert tuple(row) == (SESSION.lookup, SESSION.duty, ACCOUNT.id, int(SESSION.expires_at.timestamp()))


class TestAccounts:
    async def test_last_of_them_is_kept_wherever_it_is_asked(
        self, databases: tuple[Database, Database]
    ) -> None:
        """Two are closed on two hosts at once: in each of 25 rounds one of them stays."""
        stores = [SqlAccountStore(database) for database in databases]
        two = [replace(ACCOUNT, id=AccountId(letter * 22), name=letter) for letter in "yz"]
        for each in two:
            await stores[0].add(each)

        def close(before: Account, there: Sequence[Account]) -> Account:
            if not any(each.id != before.id and not each.disabled for each in there):
                raise NobodyLeft
            return replace(before, disabled=True)

        for _ in range(25):
            calls = [store.alter(each.id, close) for store, each in zip(stores, two, strict=True)]
            found = await asyncio.gather(*calls, return_exceptions=True)
            assert [type(each) for each in found].count(NobodyLeft) == 1
            assert len([each for each in await stores[0].accounts() if not each.disabled]) == 1
            for each in two:
                await stores[1].alter(each.id, lambda before, _: replace(before, disabled=False))

    async def test_account_comes_back_as_it_was(self, store: AccountStore) -> None:
        """Every field survives."""
        assert await store.by_name("åsa") == ACCOUNT
        assert await store.by_name("asa") is None

    async def test_name_is_taken_once(self, store: AccountStore) -> None:
        """A second account of the same name is refused and changes nothing."""
        with pytest.raises(NameTaken):
            await store.add(replace(ACCOUNT, id=AccountId("b" * 22), role=StaffRole.SUPERVISOR))
        assert await store.accounts() == [ACCOUNT]

    async def test_accounts_come_by_name(self, store: AccountStore) -> None:
        """The list is in order."""
        for name in ("cilla", "berit"):
            await store.add(replace(ACCOUNT, id=AccountId(name), name=name))
        assert [account.name for account in await store.accounts()] == ["berit", "cilla", "åsa"]

    async def test_disable_and_reset_end_the_sign_ins_of_that_account_only(self, store: AccountStore) -> None:
        """Another account's sign-in goes on."""
        other = replace(ACCOUNT, id=AccountId("b" * 22), name="berit")
        others = StoredSession(b"m" * 32, DutyId("e" * 22), other.id, SESSION.expires_at)
        await store.add(other)
        await store.begin(others, "a hash")
        for change in (
            store.set_units("åsa", [ReceiverId("stod")]),
            store.disable("åsa"),
            store.set_password("åsa", "another"),
        ):
            await store.begin(SESSION, "a hash")
            await change
            assert await store.live([SESSION.duty, others.duty], NOW) == {others.duty}
        changed = replace(ACCOUNT, password_hash="another", units=frozenset({ReceiverId("stod")}))
        assert await store.by_name("åsa") == changed

    async def test_unknown_account_cannot_be_changed(self, store: AccountStore) -> None:
        """Neither disable nor a new password nor other units invent an account."""
        with pytest.raises(NoSuchAccount):
            await store.set_units("nobody", [])
        with pytest.raises(NoSuchAccount):
            await store.disable("nobody")
        with pytest.raises(NoSuchAccount):
            await store.set_password("nobody", "another")


class TestSessions:
    async def test_sign_in_is_found_by_its_lookup(self, store: AccountStore) -> None:
        """With its account, until it expires or is ended."""
        assert await store.begin(SESSION, "a hash")
        assert await store.find(SESSION.lookup, NOW) == (SESSION, ACCOUNT)
        assert await store.find(b"m" * 32, NOW) is None
        assert await store.find(SESSION.lookup, SESSION.expires_at) is None
        await store.end(SESSION.lookup)
        assert await store.find(SESSION.lookup, NOW) is None

    async def test_sign_in_of_a_changed_account_is_not_stored(self, store: AccountStore) -> None:
        """A disabled account, another hash and an account that is not there store nothing."""
        assert not await store.begin(SESSION, "an earlier hash")
        assert not await store.begin(replace(SESSION, account=AccountId("nobody")), "a hash")
        await store.disable("åsa")
        assert not await store.begin(SESSION, "a hash")
        assert await store.live([SESSION.duty], NOW) == set()

    async def test_expired_sign_ins_are_deleted(self, store: AccountStore, database: Database) -> None:
        """What has expired leaves the table, and what lives stays."""
        await store.begin(SESSION, "a hash")
        await store.begin(replace(SESSION, lookup=b"m" * 32, duty=DutyId("e"), expires_at=NOW), "a hash")
        await store.forget_expired(NOW)
        async with database.read() as connection:
            left = (await connection.execute(select(sessions.c.duty))).scalars().all()
        assert left == [SESSION.duty]

    @ON_SQLITE
    async def test_live_is_one_query_on_an_index(self, store: AccountStore, database: Database) -> None:
        """However many sockets there are, what is polled is one statement that scans no table.

        On SQLite, as PostgreSQL goes through a small table from end to end on purpose.
        """
        await store.begin(SESSION, "a hash")
        statements: list[str] = []
        engine = database._blocking

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement.partition(" ")[0])

        event.listen(engine, "before_cursor_execute", note)
        many = [DutyId(f"{number:022}") for number in range(5000)]
        assert await store.live([SESSION.duty, *many], NOW) == {SESSION.duty}
        event.remove(engine, "before_cursor_execute", note)
        assert statements == ["BEGIN", "SELECT"]

        def plan(connection: Connection) -> str:
            query = "SELECT duty FROM staff_sessions WHERE duty IN ('a', 'b') AND expires_at > 1"
            return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all())

        assert "SEARCH staff_sessions USING INDEX" in await database.run_read(plan)
