# SPDX-License-Identifier: EUPL-1.2
"""Asks the database and Redis how they are set up.

Owns three short conversations with engines. Reads no table of the chat and prints no URL: it may hold a
password.
"""

from __future__ import annotations

import os
import sqlite3
import ssl
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from redis import Redis as Client
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError
from sqlalchemy.engine import URL, make_url

from web.doctor.judge_engines import DATABASE, REDIS
from web.doctor.names import addresses_of, is_remote
from web.doctor.readings import Away, How, Postgresql, Redis, SqliteFile, Unasked

PATIENCE_S: Final = 2
LARGEST_READ: Final = 1 << 30
"""Bytes of a file that is read whole, to see whether it is damaged."""
SETTINGS: Final = (
    "archive_mode",
    "fsync",
    "full_page_writes",
    "log_duration",
    "log_min_duration_sample",
    "log_min_duration_statement",
    "log_parameter_max_length",
    "log_parameter_max_length_on_error",
    "log_statement",
    "max_connections",
    "max_wal_size",
    "synchronous_commit",
    "wal_level",
    "wal_recycle",
)
_OF_REDIS: Final = ("save", "appendonly", "maxmemory-policy", "bind", "protected-mode")


def read_sqlite(database_url: str) -> SqliteFile | Unasked:
    """Return how the file stands; it is opened for reading alone."""
    file = Path(make_url(database_url).database or "")
    if not file.is_file():
        return Unasked(DATABASE, f"there is no file {file} yet.")
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_S)
        ) as opened:
            (mode,) = opened.execute("PRAGMA journal_mode").fetchone()
            (whole,) = ("ok",)
            if file.stat().st_size <= LARGEST_READ:
                (whole,) = opened.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "") in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}:
            return SqliteFile(journal_mode="wal", is_whole=False)
        if not os.access(file, os.R_OK | os.W_OK):
            return Unasked(DATABASE, f"this account may not open {file} ({error}).")
        return SqliteFile(journal_mode="wal", is_whole=True, shut_by=str(error))
    return SqliteFile(journal_mode=str(mode), is_whole=whole == "ok")


def read_postgresql(database_url: str) -> Postgresql | Away:
    """Return how the server is set up, as the chat's own account sees it."""
    try:
        psycopg: Any = import_module("psycopg")  # installed only where it is needed
    except ImportError:
        return Away(DATABASE, How.UNUSABLE, "what speaks to PostgreSQL, psycopg, is not installed.")
    url = make_url(database_url)
    if url.host and not addresses_of(url.host):
        return Away(DATABASE, How.UNKNOWN, f"nobody knows the host {url.host}.")
    bounds = f"-c statement_timeout={PATIENCE_S}s"
    place = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(place, connect_timeout=PATIENCE_S, options=bounds, autocommit=True) as opened:
            settings = opened.execute(
                "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SETTINGS)]
            ).fetchall()
            (slots,) = opened.execute("SELECT count(*) FROM pg_replication_slots").fetchone()
            (readers,) = opened.execute("SELECT count(*) FROM pg_stat_replication").fetchone()
            (superuser,) = opened.execute(
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return Postgresql(
                version=opened.info.server_version,
                settings=dict(settings),
                is_encrypted=bool(opened.pgconn.ssl_in_use),
                is_verified=url.query.get("sslmode") == "verify-full",
                is_remote=is_remote(url.host),
                is_superuser=bool(superuser),
                slots=slots,
                readers=readers,
            )
    except psycopg.Error as error:
        # Not by its text, which is in the server's language: whoever asks for a password is there.
        asked = error.pgconn
        if asked is not None and (asked.used_password or asked.needs_password):
            return Away(DATABASE, How.LOCKED, f"PostgreSQL at {_place(url)} answers, and lets nobody in so.")
        why = f"PostgreSQL at {_place(url)} refuses, or is silent ({type(error).__name__})."
        return Away(DATABASE, How.SILENT, why)


def read_redis(redis_url: str) -> Redis | Away | Unasked:
    """Return how Redis or Valkey is set up, and whether it opens to whoever has no password."""
    try:
        client = Client.from_url(redis_url)
        arguments = client.connection_pool.connection_kwargs
        arguments |= {"socket_timeout": PATIENCE_S, "socket_connect_timeout": PATIENCE_S}
    except (TypeError, ValueError, RedisError):
        return Away(REDIS, How.UNUSABLE, "its address cannot be read.")
    host = arguments.get("host")
    if host and not addresses_of(host):
        return Away(REDIS, How.UNKNOWN, f"nobody knows the host {host}.")
    try:
        with client:
            server: Any = client.info("server")
            settings: dict[str, str] = {}
            with suppress(RedisError):
                for name in _OF_REDIS:
                    told: Any = client.config_get(name)
                    settings |= {_text(key): _text(value) for key, value in told.items()}
        return Redis(
            version=_text(server.get("valkey_version") or server.get("redis_version") or "?"),
            settings=settings,
            opens_without_password=_opens(client, arguments),
            is_encrypted=redis_url.startswith("rediss:"),
            is_verified=_is_verified(arguments),
            is_remote=is_remote(host),
        )
    except NoPermissionError:
        return Unasked(REDIS, "it lets the chat in, but does not tell what it is (INFO).")
    except AuthenticationError:
        return Away(
            REDIS, How.LOCKED, f"Redis at {host or 'its socket'} refuses the password, or asks for one."
        )
    except (TypeError, ValueError):
        return Away(REDIS, How.UNUSABLE, "its address has an option that there is not.")
    except (RedisError, OSError) as error:
        why = f"Redis at {host or 'its socket'} refuses, or is silent ({type(error).__name__})."
        return Away(REDIS, How.SILENT, why)


def _opens(client: Client, arguments: dict[str, Any]) -> bool:
    given = {name: value for name, value in arguments.items() if name not in {"username", "password"}}
    pool = type(client.connection_pool)(connection_class=client.connection_pool.connection_class, **given)
    try:
        with Client(connection_pool=pool) as stranger:
            return bool(stranger.ping())
    except (RedisError, OSError):
        return False
    finally:
        pool.disconnect()


def _is_verified(arguments: dict[str, Any]) -> bool:
    asked = str(arguments.get("ssl_cert_reqs", "required")).lower()
    looks_at_name = bool(arguments.get("ssl_check_hostname", True))
    return looks_at_name and asked in {"required", str(int(ssl.CERT_REQUIRED))}


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _place(url: URL) -> str:
    return f"{url.host or 'its socket'}:{url.port}" if url.port else f"{url.host or 'its socket'}"
