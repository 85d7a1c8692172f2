# SPDX-License-Identifier: EUPL-1.2
"""What PostgreSQL leaves of deleted rows in its files, and what it writes into its log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError

from chat.adapters.sql import clearing
from chat.adapters.sql.clearing import REST_OF_LARGE, TURN
from chat.adapters.sql.database import Database
from chat.adapters.sql.schema import migrate
from chat.adapters.sql.shared_shredder import LOOK_AFTER, SharedShredder, shredder_of
from chat.adapters.sql.store import SqlStore
from chat.adapters.sql.tables import conversation as conversation_table
from chat.adapters.sql.tables import entry
from chat.adapters.system import SystemClock
from chat.errors import Stale
from tests.contract.made import conversation, ending, live, saying, start, visitor_key
from tests.servers.postgresql import QUICK, Postgresql

LOGGED = {"logging_collector": "on", "log_directory": "log", "log_min_messages": "warning"}


@dataclass(frozen=True)
class Watched:
    """A server whose log and files a test reads."""

    server: Postgresql

    def log(self) -> bytes:
        """Return all that the server has written into its log."""
        return b"".join(file.read_bytes() for file in (self.server.folder / "log").iterdir())

    async def logged_since(self, before: int) -> bytes:
        """Return what came into the log after so many bytes, up to now."""
        # What is written comes in order, but not at once.
        end = f"end of {before}"
        await asyncio.to_thread(self.server.run, f"DO $$ BEGIN RAISE WARNING '{end}'; END $$")
        async with asyncio.timeout(20):
            while end.encode() not in self.log():  # noqa: ASYNC110 - another program sets no event here
                await asyncio.sleep(0.02)
        return self.log()[before:]

    def files(self, url: str, folder: str = "base") -> bytes:
        """Return every byte of a database's files, as they stand after a checkpoint."""
        name = make_url(url).database
        assert name is not None
        self.server.run("CHECKPOINT")
        place = self.server.folder / folder
        if folder == "base":
            with self.server.connect(name) as connection:
                row = connection.execute(
                    "SELECT oid FROM pg_database WHERE datname = current_database()"
                ).fetchone()
            assert row is not None
            place /= str(row[0])
        return b"".join(file.read_bytes() for file in place.rglob("*") if file.is_file())


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A server of its own."""
    with Postgresql(tmp_path_factory.mktemp("watched"), settings={**QUICK, **LOGGED}) as server:
        server.run("CREATE ROLE plain LOGIN")
        yield Watched(server)


@pytest.fixture
def url(watched: Watched) -> str:
    """A database with all tables, that belongs to a role which may do nothing else."""
    made = watched.server.new_database()
    name = make_url(made).database
    with watched.server.connect("postgres") as connection:
        connection.execute(f'ALTER DATABASE "{name}" OWNER TO plain')
    plain = made.replace("//jourchatt@", "//plain@")
    migrate(plain)
    return plain


@pytest.fixture
async def database(url: str, watched: Watched) -> AsyncIterator[Database]:
    """The database, open; afterwards the role owns nothing."""
    opened = await Database.open(url)
    yield opened
    await opened.close()
    name = make_url(url).database
    await asyncio.to_thread(watched.server.run, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def store(database: Database) -> AsyncIterator[SqlStore]:
    """A store on it."""
    opened = SqlStore(database)
    yield opened
    await opened.close()


def marker(number: int) -> bytes:
    """Return bytes that stand nowhere else and cannot be compressed away."""
    return b"<sealed-%d-of-her>" % number


async def test_ended_conversations_leave_the_tables_and_their_files(
    database: Database, store: SqlStore, watched: Watched, url: str
) -> None:
    """Gone for every query at once; out of the table files when the shredder has run. Others stay."""
    shredder = SharedShredder(database, SystemClock())
    for number in range(20):
        for turn in range(5):
            stored = await live(store, number) if turn else await start(store, number)
            await store.commit(saying(stored, turn, marker(number) * 20))
    assert marker(3) in watched.files(url)
    for number in range(0, 20, 2):
        await store.commit(ending(await live(store, number)))
    for table in (entry, conversation_table):
        async with database.read() as connection:
            found = (await connection.execute(table.select())).all()
        assert not [
            row for row in found if conversation(2).id in tuple(row) or marker(2) in repr(row).encode()
        ]
    # Deleted rows stay where they were: that is why there is a shredder.
    assert marker(2) in watched.files(url)
    shredder.want(SystemClock().now())
    assert await shredder.run_once(SystemClock().now())
    files = watched.files(url)
    for number in range(20):
        assert (marker(number) in files) is (number % 2 == 1)
        assert (visitor_key(number).lookup in files) is (number % 2 == 1)
        assert (conversation(number).id.encode() in files) is (number % 2 == 1)
    # What is said in docs/storage.md of the write-ahead log.
    assert marker(2) in watched.files(url, "pg_wal")


async def test_shredder_gives_way_to_whoever_uses_a_table(database: Database, store: SqlStore) -> None:
    """It waits for nobody, and nobody waits for it; the next try does it."""
    shredder = SharedShredder(database, SystemClock())
    await start(store, 1)
    shredder.want(SystemClock().now())
    async with database.read() as connection:
        await connection.execute(text("SELECT * FROM conversation"))
        assert not await shredder.run_once(SystemClock().now())
        assert shredder.report().unfinished_since is not None
        await store.commit(saying(await live(store, 1), 1))
    later = SystemClock().now() + timedelta(minutes=2)
    assert await shredder.run_once(later), "it rests after each try"
    assert shredder.report().unfinished_since is None


async def test_shredder_is_not_done_while_somebody_still_sees_what_was_deleted(
    database: Database, store: SqlStore, watched: Watched, url: str
) -> None:
    """A long read elsewhere holds the rows back though it touches no such table: tried again after it."""
    shredder = SharedShredder(database, SystemClock())
    await store.commit(saying(await start(store, 1), 1, marker(1) * 20))
    with watched.server.connect(make_url(url).database or "") as other:
        other.autocommit = False
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT 1").fetchall()
        await store.commit(ending(await live(store, 1)))
        shredder.want(SystemClock().now())
        assert not await shredder.run_once(SystemClock().now())
        assert shredder.report().unfinished_since is not None
        assert marker(1) in watched.files(url)
        other.rollback()
    later = SystemClock().now() + timedelta(minutes=2)
    assert await shredder.run_once(later)
    assert marker(1) not in watched.files(url)


async def test_process_that_died_before_it_had_cleared_leaves_nothing_behind(
    database: Database, store: SqlStore, watched: Watched, url: str
) -> None:
    """Nobody deletes anything any more: the next start wants it."""
    await store.commit(saying(await start(store, 1), 1, marker(1) * 20))
    await store.commit(ending(await live(store, 1)))
    assert marker(1) in watched.files(url)
    assert await shredder_of(database, SystemClock()).run_once(SystemClock().now())
    assert marker(1) not in watched.files(url)


@pytest.fixture
async def other(url: str, database: Database) -> AsyncIterator[Database]:
    """The same database, as another process has it open."""
    opened = await Database.open(url)
    yield opened
    await opened.close()


async def rewritings(database: Database) -> set[int]:
    """Return what changes with each rewriting of the entries: the file that they are in."""
    async with database.read() as connection:
        found = await connection.execute(text("SELECT relfilenode FROM pg_class WHERE relname = 'entry'"))
        return set(found.scalars())


async def says_and_ends(store: SqlStore, number: int) -> None:
    """Store a marker in a conversation and end it."""
    await store.commit(saying(await start(store, number), 1, marker(number) * 20))
    await store.commit(ending(await live(store, number)))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the database be taken for a large one."""
    monkeypatch.setattr(clearing, "LOGGED_S", 1)


async def test_small_database_keeps_what_the_contract_promises(
    database: Database, store: SqlStore, watched: Watched, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five seconds after an end nothing of it is in the tables' files, also right after another one."""
    # However slowly a busy machine rewrites: what is shown is the rest that follows from the size.
    monkeypatch.setattr(clearing, "REST", 0)
    clock = SystemClock()
    shredder = SharedShredder(database, clock)
    for number in (1, 2):
        await says_and_ends(store, number)
        shredder.want(clock.now())
        assert await shredder.run_once(clock.now() + number * timedelta(seconds=5))
        assert marker(number) not in watched.files(url)


@pytest.mark.usefixtures("large")
async def test_one_process_clears_for_all_of_them(
    database: Database, other: Database, store: SqlStore, watched: Watched, url: str
) -> None:
    """What another one has deleted is gone with it, and that one knows: nothing is rewritten twice.

    They rest together: who deletes a moment later waits, and then the first to come does it, once.
    """
    clock, seen = SystemClock(), [await rewritings(database)]
    one, two = SharedShredder(database, clock), SharedShredder(other, clock)
    await says_and_ends(store, 1)
    for each in (one, two):
        each.want(clock.now())
    now = clock.now()
    assert await one.run_once(now)
    seen.append(await rewritings(database))
    assert seen[0] != seen[1]
    assert marker(1) not in watched.files(url)
    # The other had not told before: it cannot know whether its deletion was seen.
    assert not await two.run_once(now)
    await says_and_ends(store, 2)
    one.want(clock.now())
    for each in (one, two):
        assert not await each.run_once(now + REST_OF_LARGE / 2)
    assert await rewritings(database) == seen[1], "they rest"
    later = now + 2 * REST_OF_LARGE
    assert await two.run_once(later)
    seen.append(await rewritings(database))
    assert seen[1] != seen[2]
    assert await one.run_once(later)
    assert await rewritings(database) == seen[2], "the other one has done it"
    assert marker(2) not in watched.files(url)
    for each, finished in ((one, 2), (two, 1)):
        assert each.report().finished == finished
        assert each.report().unfinished_since is None


@pytest.mark.usefixtures("large")
async def test_process_clears_what_one_that_died_had_deleted(
    database: Database, other: Database, store: SqlStore, watched: Watched, url: str
) -> None:
    """It died while the others rested, or in the middle of it: who has deleted nothing finds that out."""
    clock = SystemClock()
    dies, lives = SharedShredder(database, clock), SharedShredder(other, clock)
    dies.want(clock.now())
    now = clock.now()
    assert await dies.run_once(now)
    assert await lives.run_once(now)
    await says_and_ends(store, 1)
    dies.want(clock.now())
    assert not await dies.run_once(now)
    later = now + 2 * REST_OF_LARGE
    with watched.server.connect(make_url(url).database or "") as midway:
        midway.autocommit = True
        midway.execute("SELECT pg_advisory_lock(%s)", (TURN,))
        midway.execute("UPDATE clearing SET begun = begun + 1")
        await lives.run_once(later)
        assert marker(1) in watched.files(url), "another one is at it"
    await lives.run_once(later + LOOK_AFTER)
    assert marker(1) not in watched.files(url)


@pytest.mark.usefixtures("large")
async def test_shredder_begins_anew_over_a_server_that_lacks_what_it_was_told(
    database: Database, store: SqlStore, watched: Watched, url: str
) -> None:
    """As when a standby takes over that was a little behind."""
    clock = SystemClock()
    shredder = SharedShredder(database, clock)
    await says_and_ends(store, 1)
    now = clock.now()
    for later in range(1, 4):
        shredder.want(clock.now())
        assert await shredder.run_once(now + later * 2 * REST_OF_LARGE)
    await says_and_ends(store, 2)
    shredder.want(clock.now())
    assert not await shredder.run_once(now + 6 * REST_OF_LARGE)
    with watched.server.connect(make_url(url).database or "") as standby:
        standby.autocommit = True
        standby.execute("UPDATE clearing SET wanted = 1, begun = 1, done = 1")
    for later in (8, 9):
        await shredder.run_once(now + later * REST_OF_LARGE)
    assert shredder.report().unfinished_since is None
    assert marker(2) not in watched.files(url)


async def _makes_every_mistake(database: Database, store: SqlStore) -> list[str]:
    """Let the server refuse what carries markers, and return what our own errors said."""
    await start(store, 1)
    with pytest.raises(Stale):
        await start(store, 1)
    secret = marker(7).decode()

    def break_(statement: str, values: dict[str, object]) -> str:
        def work(connection: Connection) -> None:
            connection.execute(text(statement), values)

        with pytest.raises(DBAPIError) as caught, database._blocking.connect() as connection:
            work(connection)
        return f"{caught.value} {caught.value.__cause__} {caught.value.orig!r}"

    row = (
        "INSERT INTO entry (conversation, seq, kind, role, body) VALUES (:name, 1, 'said', 'visitor', :body)"
    )
    return [
        break_(row, {"name": secret, "body": secret.encode()}),
        break_(row, {"name": secret * 3, "body": b""}),
        break_("SELECT cast(:word AS integer)", {"word": secret}),
        break_("INSERT INTO entry (conversation, seq, kind) VALUES (:word, 1, 'x')", {"word": secret[:20]}),
    ]


async def test_errors_repeat_nothing_of_what_was_to_be_stored(database: Database, store: SqlStore) -> None:
    """A foreign key, too long a word, no number, a missing value: the server's own words show all of them."""
    for told in await _makes_every_mistake(database, store):
        assert "sealed" not in told
        assert "[SQL" in told


async def test_server_log_shows_no_value_where_the_role_may_say_so(watched: Watched, url: str) -> None:
    """With the grant of docs/storage.md: neither values, nor details, nor statements."""
    names = "log_error_verbosity, log_parameter_max_length, log_min_error_statement"
    await asyncio.to_thread(watched.server.run, f"GRANT SET ON PARAMETER {names} TO plain")
    before = len(watched.log())
    database = await Database.open(url)
    store = SqlStore(database)
    try:
        await _makes_every_mistake(database, store)
    finally:
        await store.close()
        await database.close()
        await asyncio.to_thread(watched.server.run, f"REVOKE SET ON PARAMETER {names} FROM plain")
    log = await watched.logged_since(before)
    assert b"duplicate key value violates unique constraint" in log, "the test reads the right log"
    assert b"DETAIL" not in log
    assert b"STATEMENT" not in log
    assert visitor_key(1).lookup.hex().encode() not in log


async def test_server_log_without_the_grant_shows_keys_and_no_content(
    watched: Watched, database: Database, store: SqlStore
) -> None:
    """As a server is set up usually: what is in the way of a row is named. Sealed words never are."""
    before = len(watched.log())
    await start(store, 1, intake=marker(1) * 3)
    with pytest.raises(Stale):
        await start(store, 1, intake=marker(1) * 3)
    log = await watched.logged_since(before)
    assert b"DETAIL:  Key (" in log
    assert b"INSERT INTO conversation" in log
    assert marker(1) not in log
    assert marker(1).hex().encode() not in log
    assert visitor_key(1).wrap.hex().encode() not in log
