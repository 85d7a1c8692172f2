# SPDX-License-Identifier: EUPL-1.2
"""A backup holds every table that it may, of one moment, from either database to either."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, MetaData, Table, create_engine, insert, make_url

from chat.adapters.sql import schema, whole
from chat.adapters.sql.dialect import blocking_url
from chat.adapters.sql.errors import CannotOpen, DoesNotFit, NotEmpty, SchemaTooNew
from chat.adapters.sql.schema import current_revision, migrate
from chat.adapters.system import SystemRandomness
from tests.contract.test_schema import every_metadata
from tests.servers.postgresql import Postgresql
from web.backup.contents import KEPT, LEFT, TABLES, TICKETS
from web.backup.errors import Damaged
from web.backup.making import make
from web.backup.records import AllSaid, TableBegins, encoded, row_of
from web.backup.restoring import restore
from web.backup.sealing import Head, Sealer

NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)
PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
ROWS = 3
KINDS: dict[str, Callable[[str, int], Any]] = {
    "int": lambda _, number: number * 2**29 // 1,
    "bool": lambda _, number: number % 2 == 1,
    "text": lambda name, number: f"{name[:12]} å{number}",
    "bytes": lambda name, number: (
        b"\x00\xff" + name.encode() + bytes([number]) * (70_000 if number == 2 else 1)
    ),
    "date": lambda _, number: date(2026, 11, 1 + number),
    "json": lambda name, number: [name, {"ö": [number, None, True, 0.5]}],
}
NewUrl = Callable[[], str]


def new_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path, name: str) -> str:
    """Return the URL of a database that has nothing yet."""
    if kind == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / name}.sqlite"
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that a backup is made of."""
    return new_url(request.param, request, tmp_path, "source")


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that it is put into."""
    return new_url(request.param, request, tmp_path, "target")


def fill(url: str, names: Iterator[str] | None = None) -> None:
    """Put some rows of every kind of value into every table, or into these."""
    engine = create_engine(blocking_url(make_url(url)))
    found = MetaData()
    with engine.begin() as connection:
        found.reflect(connection)
        wanted = set(found.tables) if names is None else set(names)
        for table in found.sorted_tables:
            if table.name in wanted - {"alembic_version"}:
                connection.execute(insert(table), [made(table, number) for number in range(ROWS)])
    engine.dispose()


def made(table: Table, number: int) -> dict[str, Any]:
    """Return one row; what points at another table points at its row of the same number."""
    row: dict[str, Any] = {}
    for (name, kind), column in zip(whole._form(table), table.columns, strict=True):
        of = next((key.column.name for key in column.foreign_keys), name)
        row[name] = None if column.nullable and number == 0 else KINDS[kind](of, number)
    return row


def everything(url: str) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with whole.snapshot(url) as found:
        return {name: [list(row) for row in found.rows(name)] for name in sorted(found.tables)}


def back_up(url: str, path: Path, now: datetime = NOW) -> int:
    """Write a backup."""
    with whole.snapshot(url) as found, path.open("wb") as file:
        return make(found, PUBLIC, now, SystemRandomness(), file.write)


def put_back(path: Path, url: str, **more: Any) -> None:
    """Put it back, with nothing that has ended since."""

    def empty(revision: str) -> Any:
        return whole.filling(url, TABLES, revision)

    restore(path, PRIVATE, NOW, empty, lambda *_: 0, **more)


def at_revision(url: str, revision: str) -> None:
    """Make a database as an older version did."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with schema._Opened(url) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_every_table_is_decided_on() -> None:
    """Each of the program stands in one of the two lists, and in one alone."""
    tables = {name for metadata in every_metadata() for name in metadata.tables}
    assert tables - LEFT - set(KEPT) == set(), "shall a backup hold it? See web/backup/contents.py"
    assert set(KEPT) <= tables
    assert set(KEPT) & LEFT == set()
    assert len(set(KEPT)) == len(KEPT)
    assert set(KEPT) >= TICKETS


def test_nothing_of_a_conversation_or_a_sign_in_is_kept() -> None:
    """By name, so that nobody moves one of these from one list to the other without meaning to."""
    never = {
        "conversation",
        "entry",
        "staff_entry",
        "wrap",
        "duty",
        "duty_service",
        "staff_sessions",
        "shift_begun",
    }
    assert never <= LEFT
    chat = import_module("chat.adapters.sql.tables").metadata.tables
    pointing = {table.name for table in chat.values() if table.foreign_keys}
    assert pointing <= LEFT


def test_everything_that_is_kept_comes_back_as_it_was(source: str, target: str, tmp_path: Path) -> None:
    """From either database to either, with every type; what is not kept is empty then."""
    migrate(source)
    fill(source)
    path = tmp_path / "a.backup"
    assert back_up(source, path) == ROWS * len(KEPT)
    put_back(path, target)
    assert current_revision(target) == current_revision(source)
    before, after = everything(source), everything(target)
    for name, rows in before.items():
        assert len(rows) == ROWS, name
        assert after[name] == (rows if name in KEPT else []), name


def test_what_people_have_sent_can_be_left_out(sqlite_url: str, tmp_path: Path) -> None:
    """Where the log of what was taken back is lost: all the rest comes back, the keys of the units too."""
    fill(sqlite_url)
    path = tmp_path / "a.backup"
    back_up(sqlite_url, path)
    target = f"sqlite+aiosqlite:///{tmp_path / 'target.sqlite'}"
    put_back(path, target, without=TICKETS)
    assert {name for name, rows in everything(target).items() if rows} == set(KEPT) - TICKETS


def test_backup_is_of_one_moment_while_others_write(source: str, tmp_path: Path) -> None:
    """What is committed after it has begun is not in it, however late its table is read; nobody waits."""
    migrate(source)
    fill(source, iter(["staff_accounts"]))
    with whole.snapshot(source) as found:
        next(found.rows("staff_accounts"))
        fill(source, iter(["unit_key", "closed"]))
        assert list(found.rows("unit_key")) == []
        assert list(found.rows("closed")) == []
    assert len(everything(source)["closed"]) == ROWS


def test_older_backup_is_brought_to_the_newest_schema(target: str, tmp_path: Path) -> None:
    """It is put back at its own schema and migrated with its rows, also where the database was newer."""
    older = f"sqlite+aiosqlite:///{tmp_path / 'older.sqlite'}"
    at_revision(older, "0018")
    fill(older, iter(["staff_audit", "staff_accounts", "barometer"]))
    path = tmp_path / "a.backup"
    back_up(older, path)
    newest = migrate(target)
    put_back(path, target)
    assert current_revision(target) == newest != "0018"
    # The newest schema has its rows in the order of the key; before, they had numbers.
    assert everything(target)["staff_audit"] == everything(older)["staff_audit"]
    assert len(everything(target)["barometer"]) == ROWS


def test_backup_goes_only_into_an_empty_database(target: str, tmp_path: Path) -> None:
    """One row is enough to refuse, also of a table that backups never hold; nothing has changed."""
    source = f"sqlite+aiosqlite:///{tmp_path / 'from.sqlite'}"
    migrate(source)
    fill(source)
    path = tmp_path / "a.backup"
    back_up(source, path)
    migrate(target)
    fill(target, iter(["salt"]))
    before = everything(target)
    with pytest.raises(NotEmpty, match=r"^The database .* is not empty: .*\.$"):
        put_back(path, target)
    assert everything(target) == before


def test_table_of_somebody_else_is_not_taken_away(target: str, tmp_path: Path) -> None:
    """Also an empty one: the database is not ours alone."""
    source = f"sqlite+aiosqlite:///{tmp_path / 'from.sqlite'}"
    migrate(source)
    fill(source)
    path = tmp_path / "a.backup"
    back_up(source, path)
    migrate(target)
    engine = create_engine(blocking_url(make_url(target)))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (id INTEGER PRIMARY KEY)")
    engine.dispose()
    with pytest.raises(NotEmpty):
        put_back(path, target)
    assert everything(target)["theirs"] == []


def sealed(path: Path, revision: str, *contents: bytes) -> None:
    """Write a well sealed backup of these records."""
    with path.open("wb") as file:
        sealer = Sealer(PUBLIC, Head(NOW, revision), SystemRandomness(), file.write)
        for content in contents:
            sealer.add(content)
        sealer.end()


def test_what_fails_half_way_leaves_the_database_as_it_was(target: str, tmp_path: Path) -> None:
    """Columns of another form, a row that points at none: the tables of before are there, and empty."""
    newest = migrate(target)
    before = everything(target)
    path = tmp_path / "a.backup"
    unit = encoded(row_of(["a", b"p", b"s", b"x"]))
    form = (("unit", "text"), ("public_key", "bytes"), ("salt", "bytes"), ("sealed", "bytes"))
    good = encoded(TableBegins("unit_key", form)) + unit
    strange = encoded(TableBegins("installation", (("name", "text"),))) + encoded(row_of(["x"]))
    sealed(path, newest, good, strange, encoded(AllSaid({"unit_key": 1, "installation": 1})))
    with pytest.raises(Damaged):
        put_back(path, target)
    code = (("account", "text"), ("digest", "bytes"))
    lonely = encoded(TableBegins("staff_recovery_codes", code)) + encoded(row_of(["nobody", b"x"]))
    sealed(path, newest, good, lonely, encoded(AllSaid({"unit_key": 1, "staff_recovery_codes": 1})))
    with pytest.raises(DoesNotFit, match="the table staff_recovery_codes; nothing has changed"):
        put_back(path, target)
    sealed(path, "9999", encoded(AllSaid({})))
    with pytest.raises(SchemaTooNew):
        put_back(path, target)
    assert everything(target) == before
    assert current_revision(target) == newest


def test_nothing_can_be_made_of_nothing(tmp_path: Path) -> None:
    """A file that is not there is not made; an empty one has nothing."""
    path = tmp_path / "none.sqlite"
    with (
        pytest.raises(CannotOpen, match=r"^There is no database"),
        whole.snapshot(f"sqlite+aiosqlite:///{path}"),
    ):
        pass
    assert not path.exists()
    path.touch()
    with pytest.raises(CannotOpen, match=r"^There is nothing"), whole.snapshot(f"sqlite+aiosqlite:///{path}"):
        pass


def test_making_a_backup_holds_little_of_it(sqlite_url: str) -> None:
    """Rows are sealed and written as they are read: of thirty megabytes never more than a few are held."""
    fill(sqlite_url, iter(["staff_accounts"]))
    engine = create_engine(blocking_url(make_url(sqlite_url)))
    with engine.begin() as connection, closing(io.BytesIO()):
        _many(connection)
    engine.dispose()
    import tracemalloc

    written = 0

    def write(chunk: bytes) -> None:
        nonlocal written
        written += len(chunk)

    with whole.snapshot(sqlite_url) as found:
        tracemalloc.start()
        make(found, PUBLIC, NOW, SystemRandomness(), write)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert written > 30_000_000
    assert most < 10_000_000


def _many(connection: Connection) -> None:
    table = import_module("handover.adapters.tables").metadata.tables["unit_key"]
    for number in range(1000):
        row = {"unit": f"u{number}", "public_key": b"p", "salt": b"s", "sealed": bytes(30_000)}
        connection.execute(insert(table), row)
