# SPDX-License-Identifier: EUPL-1.2
"""The doctor before real engines: SQLite, Redis and PostgreSQL, well and not well."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis as Client

from tests.deployment.told import SECRET, finds, told
from tests.outside.server import ROOT
from tests.servers.postgresql import QUICK, Postgresql
from tests.servers.redis import RedisServer
from web.doctor import engines, readings
from web.doctor.judge_engines import judge_postgresql, judge_redis
from web.doctor.readings import Away, How, Redis, SqliteFile, Unasked


def test_file_of_the_database_is_looked_at(tmp_path: Path) -> None:
    """A whole file in WAL is well; another mode and damage are seen; looking changes nothing."""
    file = tmp_path / "some.sqlite"
    url = f"sqlite+aiosqlite:///{file}"
    assert isinstance(engines.read_sqlite(url), Unasked)
    assert not file.exists()
    with closing(sqlite3.connect(file)) as opened:
        opened.executescript("PRAGMA journal_mode=WAL; CREATE TABLE a (b TEXT); INSERT INTO a VALUES ('c');")
    assert engines.read_sqlite(url) == SqliteFile(journal_mode="wal", is_whole=True)
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    assert engines.read_sqlite(url) == SqliteFile(journal_mode="delete", is_whole=True)
    file.write_bytes(file.read_bytes()[:1024] + b"\xff" * 7168)
    damaged = engines.read_sqlite(url)
    assert isinstance(damaged, SqliteFile)
    assert not damaged.is_whole


def test_redis_is_looked_at(tmp_path: Path) -> None:
    """One that keeps what it has and is open to all is found out; one that is not there is said."""
    with RedisServer(
        tmp_path, settings=("--appendonly", "yes", "--maxmemory-policy", "allkeys-lru")
    ) as server:
        with server.ask() as client:
            client.config_set("save", "60 1")
        seen = engines.read_redis(server.url)
        assert isinstance(seen, Redis)
        assert seen.opens_without_password
        finds(list(judge_redis(seen)), "Its save is “60 1”", "Its appendonly is", "allkeys-lru")
        everywhere = replace(seen, settings={**seen.settings, "bind": "* -::*"})
        assert "Whoever reaches this machine" in told(list(judge_redis(everywhere)))
        with server.ask() as client:
            client.config_set("requirepass", SECRET)
        locked = engines.read_redis(_with(server, SECRET))
        assert isinstance(locked, Redis)
        assert not locked.opens_without_password
        refused = engines.read_redis(server.url)
        mistaken = engines.read_redis(_with(server, f"{SECRET}x"))
    gone = engines.read_redis(_with(server, SECRET))
    for away, how in ((refused, How.LOCKED), (mistaken, How.LOCKED), (gone, How.SILENT)):
        assert isinstance(away, Away)
        assert away.how is how
        assert SECRET not in away.why


@pytest.mark.parametrize(
    "url",
    [
        f"redis://:{SECRET}/x@127.0.0.1:6379",
        f"redis://:{SECRET}@127.0.0.1:6379?socket_timeout=x",
        f"redis://:{SECRET}@127.0.0.1:6379?no_such_option={SECRET}",
        f"redis://:{SECRET}@[::1:6379",
    ],
)
def test_address_of_redis_that_is_none_is_said_without_it(url: str) -> None:
    """A sign in the password that is taken for the address, or a wrong option, ends in a sentence."""
    seen = engines.read_redis(url)
    assert isinstance(seen, Away)
    assert seen.how is How.UNUSABLE
    assert SECRET not in str(seen)


def test_certificate_that_nobody_looks_at_is_known() -> None:
    """By the options in the URL."""
    for option, is_verified in (
        ("", True),
        ("?ssl_cert_reqs=none", False),
        ("?ssl_cert_reqs=required", True),
        ("?ssl_check_hostname=False", False),
    ):
        with Client.from_url(f"rediss://127.0.0.1:1{option}") as client:
            assert engines._is_verified(client.connection_pool.connection_kwargs) is is_verified


def test_engines_that_are_set_up_as_we_say_are_well(tmp_path: Path) -> None:
    """The settings in docs/operating/growing.md give no finding, Redis' on a real server."""
    page = (ROOT / "docs" / "operating" / "growing.md").read_text(encoding="utf-8")
    blocks = [block.strip().splitlines() for block in page.split("```")]
    [of_redis] = [block for block in blocks if block[0].startswith("bind ")]
    [of_postgresql] = [block for block in blocks if block[0].startswith("listen_addresses")]
    pairs = [line.split(maxsplit=1) for line in of_redis if not line.startswith("bind")]
    given = [part for name, value in pairs for part in (f"--{name}", value.strip('"'))]
    password = dict(pairs)["requirepass"]
    server = RedisServer(tmp_path, settings=given)
    server._program.start(lambda: isinstance(engines.read_redis(_with(server, password)), Redis))
    try:
        redis = engines.read_redis(_with(server, password))
    finally:
        server.stop()
    assert isinstance(redis, Redis)
    assert list(judge_redis(redis)) == []
    lines = (line.partition("#")[0].partition("=") for line in of_postgresql)
    settings = {name.strip(): value.strip().strip("'").removesuffix("MB") for name, _, value in lines}
    assert set(engines.SETTINGS) - set(settings) == {"log_duration", "log_min_duration_sample"}
    postgresql = readings.Postgresql(
        version=150000, settings=settings, is_encrypted=True, is_remote=True, is_superuser=False
    )
    assert list(judge_postgresql(postgresql)) == []


def _with(server: RedisServer, password: str) -> str:
    return server.url.replace("redis://", f"redis://:{password}@")


def test_postgresql_is_looked_at(tmp_path: Path) -> None:
    """One that does not sync, keeps what was deleted and has few connections is found out; a shut door is."""
    told_wrong = {
        **QUICK,
        "log_statement": "all",
        "log_parameter_max_length_on_error": "-1",
        "max_connections": "15",
        "max_wal_size": "2GB",
    }
    with Postgresql(tmp_path, settings=told_wrong) as server:
        url = server.url("postgres")
        server.run("SELECT pg_create_physical_replication_slot('forgotten')")
        seen = engines.read_postgresql(url)
        assert not isinstance(seen, Away)
        finds(
            list(judge_postgresql(seen)),
            "fsync is off",
            "full_page_writes is off",
            "synchronous_commit is off",
            "with all their values",
            "a statement that fails",
            "may do everything",
            "max_connections is 15",
            "wal_recycle is on",
            "max_wal_size is 2048 MB",
            "1 replication slots hold its log back",
        )
        rules = server.folder / "pg_hba.conf"
        rules.write_text(f"host all all 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        with server.connect("postgres") as opened:
            opened.execute(f"ALTER ROLE jourchatt PASSWORD '{SECRET}'")
            opened.execute("SELECT pg_reload_conf()")
        good, mistaken = (url.replace("@", f":{word}@") for word in (SECRET, f"{SECRET}x"))
        while not isinstance(away := engines.read_postgresql(url), Away):
            pass  # the rules are read in the server's own time
        assert away.how is How.LOCKED
        assert not isinstance(engines.read_postgresql(good), Away)
        assert _how(mistaken) is How.LOCKED
    assert _how(mistaken) is How.SILENT
    assert _how("postgresql+psycopg://x@nobody.invalid/x") is How.UNKNOWN


def _how(url: str) -> How:
    away = engines.read_postgresql(url)
    assert isinstance(away, Away)
    assert SECRET not in away.why
    return away.how
