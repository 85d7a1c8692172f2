# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with SQLite, PostgreSQL and Redis as they are set up. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final

from web.doctor.found import Found, mistake, unasked, warning
from web.doctor.readings import Postgresql, Redis, SqliteFile, Unasked

DATABASE, REDIS = "JOURCHATT_DATABASE_URL", "JOURCHATT_REDIS_URL"
OLDEST_POSTGRESQL: Final = 150000
CONNECTIONS: Final = 20
"""A server keeps some; several need several times as many, and a backup one more."""
MOST_WAL_MB: Final = 1024
"""What PostgreSQL comes with."""
KEPT_NOWHERE: Final = {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}
PROTECTS: Final = 7
_UNVERIFIED: Final = "The way is encrypted, but whoever stands in between may play the other end."
_DURABLE: Final = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
}


def judge_sqlite(seen: SqliteFile) -> Found:
    """Yield what is wrong with the file."""
    if seen.shut_by is not None:
        yield mistake(
            DATABASE,
            f"The file of the database cannot be opened ({seen.shut_by}).",
            "Look at the disk (dmesg, df), and let no other program hold the file.",
        )
    if seen.journal_mode != "wal":
        yield mistake(
            DATABASE,
            f"Its journal_mode is {seen.journal_mode}: something else than the server has opened it.",
            "Let no other program open the file; the server sets WAL when it starts.",
        )
    if not seen.is_whole:
        yield mistake(
            DATABASE,
            "The file is damaged.",
            "Stop the server, keep a copy of the directory, and restore the last backup (docs/backup.md).",
        )


def judge_postgresql(seen: Postgresql) -> Found:
    """Yield what is wrong with the server."""
    settings = seen.settings
    if seen.version < OLDEST_POSTGRESQL:
        yield warning(
            DATABASE,
            f"PostgreSQL {seen.version // 10000} is no longer looked after.",
            "Update it to a newer one.",
        )
    for name, good in _DURABLE.items():
        if name in settings and settings[name] not in good:
            yield mistake(
                DATABASE,
                f"{name} is {settings[name]}: what is acknowledged may be lost when the power goes.",
                f"ALTER SYSTEM SET {name} = 'on'; SELECT pg_reload_conf();",
            )
    yield from _logged(settings)
    if seen.is_remote and not seen.is_encrypted:
        yield mistake(
            DATABASE,
            "The way to PostgreSQL is not encrypted.",
            "Let the server speak TLS, and end the URL with ?sslmode=verify-full.",
        )
    if seen.is_remote and seen.is_encrypted and not seen.is_verified:
        yield warning(DATABASE, _UNVERIFIED, "End the URL with ?sslmode=verify-full.")
    yield from _kept(seen)
    if seen.is_superuser:
        yield warning(
            DATABASE,
            "The account of the chat may do everything in PostgreSQL.",
            "ALTER ROLE … NOSUPERUSER, and let it own its own database alone.",
        )
    connections = settings.get("max_connections", "")
    if connections.isdecimal() and int(connections) < CONNECTIONS:
        yield warning(
            DATABASE,
            f"max_connections is {connections}.",
            "ALTER SYSTEM SET max_connections = 100; and start PostgreSQL anew.",
        )


def _kept(seen: Postgresql) -> Found:
    """Yield where PostgreSQL keeps what was written: nothing that is deleted goes from there."""
    settings = seen.settings
    if settings.get("archive_mode", "off") != "off":
        yield mistake(
            DATABASE,
            "PostgreSQL archives its log: what was deleted stays there, and comes back with it.",
            "ALTER SYSTEM SET archive_mode = off; start it anew, delete the archive, and use "
            "jourchatt backup.",
        )
    if settings.get("wal_level") == "logical":
        yield warning(
            DATABASE,
            "wal_level is logical: another program may be handed everything that is written.",
            "ALTER SYSTEM SET wal_level = replica; and start it anew.",
        )
    yield from _handed_on(seen)
    if settings.get("wal_recycle", "off") != "off":
        yield warning(
            DATABASE,
            "wal_recycle is on: old parts of its log are kept to be written over, with what was deleted.",
            "ALTER SYSTEM SET wal_recycle = off; SELECT pg_reload_conf();",
        )
    most = settings.get("max_wal_size", "")
    if most.isdecimal() and int(most) > MOST_WAL_MB:
        yield warning(
            DATABASE,
            f"max_wal_size is {most} MB: what was deleted stays in its log for longer.",
            "ALTER SYSTEM SET max_wal_size = '128MB'; SELECT pg_reload_conf();",
        )


def _handed_on(seen: Postgresql) -> Found:
    if seen.slots:
        yield warning(
            DATABASE,
            f"{seen.slots} replication slots hold its log back until somebody has read it: what was deleted "
            "stays there.",
            "SELECT slot_name FROM pg_replication_slots; and pg_drop_replication_slot(…) what no standby of "
            "yours needs.",
        )
    if seen.readers:
        yield warning(
            DATABASE,
            f"{seen.readers} others are handed everything that is written, and keep it as long as they like.",
            "SELECT usename, application_name FROM pg_stat_replication; and end what is no standby of yours.",
        )


def _logged(settings: Mapping[str, str]) -> Found:
    """Yield what PostgreSQL writes into its log with every value: sealed texts, what tokens are found by."""
    if settings.get("log_parameter_max_length") != "0":
        slow = settings.get("log_min_duration_statement", "-1") != "-1"
        sampled = settings.get("log_min_duration_sample", "-1") != "-1"
        everything = settings.get("log_statement") in {"all", "mod"}
        if everything or slow or sampled or settings.get("log_duration") == "on":
            yield mistake(
                DATABASE,
                "PostgreSQL writes statements with all their values into its log, which nothing deletes at "
                "the end.",
                "ALTER SYSTEM SET log_parameter_max_length = 0; SELECT pg_reload_conf(); and delete the "
                "old logs.",
            )
    if settings.get("log_parameter_max_length_on_error", "0") != "0":
        yield mistake(
            DATABASE,
            "PostgreSQL writes the values of a statement that fails into its log.",
            "ALTER SYSTEM SET log_parameter_max_length_on_error = 0; SELECT pg_reload_conf();",
        )


def judge_redis(seen: Redis) -> Found:
    """Yield what is wrong with Redis or Valkey."""
    if not seen.settings:
        yield unasked(Unasked(REDIS, "it does not let the chat read its settings (CONFIG GET)."))
    for name, good in KEPT_NOWHERE.items():
        if name in seen.settings and seen.settings[name] != good:
            yield mistake(
                REDIS,
                f"Its {name} is “{seen.settings[name]}”: the daily keys may stand on its disk, or go too "
                "early.",
                f"In redis.conf: {name} {good or chr(34) * 2}, then start it anew and delete its files.",
            )
    opens = not _is_here_alone(seen.settings.get("bind", "127.0.0.1"))
    if opens and not seen.is_remote and seen.opens_without_password and not _is_protected(seen):
        yield mistake(
            REDIS,
            "Whoever reaches this machine over a network may use it, without a password.",
            "In redis.conf: bind 127.0.0.1 and the inner network's address, requirepass, protected-mode yes.",
        )
    if seen.is_remote and seen.opens_without_password:
        yield mistake(REDIS, "It is on another host and asks for no password.", "In redis.conf: requirepass.")
    if seen.is_remote and seen.is_encrypted and not seen.is_verified:
        yield warning(REDIS, _UNVERIFIED, "Take ssl_cert_reqs and ssl_check_hostname out of the URL.")
    if seen.is_remote and not seen.is_encrypted:
        yield warning(
            REDIS,
            "What it carries crosses the network unencrypted; with the database it opens the daily keys.",
            "Use rediss:// with TLS, or a network between the hosts that is encrypted itself (WireGuard).",
        )


def _is_protected(seen: Redis) -> bool:
    """Tell whether strangers are refused: before 7.0 they were not where an address was bound by name."""
    major = seen.version.partition(".")[0]
    return seen.settings.get("protected-mode") == "yes" and major.isdecimal() and int(major) >= PROTECTS


def _is_here_alone(addresses: str) -> bool:
    """Tell whether Redis listens for this machine alone: an inner network is more than that."""
    named = [address.lstrip("-") for address in addresses.split()]
    try:
        parsed = [ipaddress.ip_address(address) for address in named]
    except ValueError:
        return False
    return bool(parsed) and all(each.is_loopback for each in parsed)
