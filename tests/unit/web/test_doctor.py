# SPDX-License-Identifier: EUPL-1.2
"""What the doctor makes of readings: nothing of good ones, and one finding of each thing that is wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from config.check import Finding, Severity
from tests.architecture import tree
from web.doctor.judge_away import judge_away
from web.doctor.judge_engines import judge_postgresql, judge_redis, judge_sqlite
from web.doctor.judge_machine import judge_machine
from web.doctor.judge_outside import judge_outside
from web.doctor.judge_places import judge_places
from web.doctor.readings import (
    Answer,
    Away,
    Disk,
    How,
    Machine,
    Outside,
    Place,
    Places,
    Postgresql,
    Redis,
    Running,
    SqliteFile,
)
from web.security import ALWAYS, TRANSPORT_SECURITY

Engine = TypeVar("Engine", Postgresql, Redis)
MISTAKE, WARNING, NOTE = Severity
URL = "https://chatt.example"
HEADERS = (
    *((name.lower(), value) for name, value in (*ALWAYS, TRANSPORT_SECURITY)),
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; script-src 'self'"),
    ("server", "nginx"),
)
REFUSED = Answer(403)
OUTSIDE = Outside(
    url=URL,
    days_left=60,
    old_tls=False,
    page=Answer(200, HEADERS),
    plain=Answer(301, (("location", f"{URL}/"),)),
    foreign_host=None,
    foreign_origin=REFUSED,
    socket=Answer(101),
    foreign_socket=REFUSED,
    clock_ahead_s=1,
)
RUNNING = Running(user=990, core_limit=1, files_limit=65536, may_swap=False)
MACHINE = Machine(
    synchronised=True, swap=("/dev/vdb",), core_pattern="|/usr/bin/collector %p", running=(RUNNING,)
)
GIGABYTE = 1 << 30
DATA = Disk(Path("/var/lib/jourchatt"), "ext4", 1, free=9 * GIGABYTE, size=20 * GIGABYTE, free_files=10**6)
KEYS = replace(DATA, path=Path("/var/lib/jourchatt-keys"), device=2)
PLACE = Place(DATA.path, owner=990, mode=0o700)
SITE = Place(Path("/etc/jourchatt/site.toml"), owner=0, mode=0o644)
PLACES = Places(
    data=DATA,
    keys=KEYS,
    private=(("JOURCHATT_DATA", PLACE),),
    written_by_root=(("JOURCHATT_SITE", SITE),),
    secrets=(Place(Path("/etc/jourchatt/secrets/redis-url"), owner=0, mode=0o600),),
    has_cache_tag=True,
    backup_ages_h=(3, 27, 700),
    erased_copied_h=0.1,
)
SQLITE = SqliteFile(journal_mode="wal", is_whole=True)
POSTGRESQL = Postgresql(
    version=180003,
    settings={
        "fsync": "on",
        "full_page_writes": "on",
        "log_duration": "off",
        "log_min_duration_statement": "-1",
        "log_parameter_max_length": "-1",
        "log_parameter_max_length_on_error": "0",
        "log_statement": "none",
        "max_connections": "100",
        "synchronous_commit": "on",
        "archive_mode": "off",
        "wal_level": "replica",
        "wal_recycle": "off",
        "max_wal_size": "128",
    },
    is_encrypted=True,
    is_remote=True,
    is_superuser=False,
)
REDIS = Redis(
    version="8.0",
    settings={
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        "bind": "127.0.0.1 -::1 10.0.0.9",
        "protected-mode": "yes",
    },
    opens_without_password=False,
    is_encrypted=True,
    is_remote=True,
)


def page(*more: tuple[str, str], without: str = "", status: int = 200) -> Outside:
    """Return the chat with other headers on its page."""
    kept = tuple(pair for pair in HEADERS if pair[0] != without)
    return replace(OUTSIDE, page=Answer(status, (*kept, *more)))


def machine(**more: Any) -> Machine:
    """Return a machine on which two others run besides."""
    return replace(MACHINE, running=(RUNNING, *[replace(RUNNING, **more)] * 2))


def set_to(reading: Engine, **more: str) -> Engine:
    """Return an engine that is set up otherwise; `__` stands for a hyphen."""
    changed = {name.replace("__", "-"): value for name, value in more.items()}
    return replace(reading, settings={**reading.settings, **changed})


def judged(reading: object) -> list[Finding]:
    """Return what is found in any reading."""
    match reading:
        case Outside():
            return list(judge_outside(reading))
        case Machine():
            return list(judge_machine(reading))
        case Places():
            return list(judge_places(reading, is_file=True, server=990))
        case SqliteFile():
            return list(judge_sqlite(reading))
        case Postgresql():
            return list(judge_postgresql(reading))
        case Redis():
            return list(judge_redis(reading))
        case Away():
            return list(judge_away(reading))
        case _:
            raise AssertionError(reading)


GOOD = (
    OUTSIDE,
    replace(OUTSIDE, plain=None, foreign_origin=None, foreign_socket=None, old_tls=None, days_left=None),
    replace(OUTSIDE, foreign_host=Answer(421), plain=Answer(404), clock_ahead_s=None),
    MACHINE,
    machine(core_limit=1, may_swap=False),
    replace(MACHINE, swap=(), swapping=("nginx",)),
    replace(MACHINE, swap=(), running=(replace(RUNNING, may_swap=None),)),
    replace(MACHINE, core_pattern="core", running=(replace(RUNNING, core_limit=0),)),
    PLACES,
    SQLITE,
    POSTGRESQL,
    set_to(POSTGRESQL, log_statement="all", log_parameter_max_length="0"),
    replace(POSTGRESQL, is_remote=False, is_encrypted=False),
    REDIS,
    replace(REDIS, is_remote=False, is_encrypted=False, opens_without_password=True),
)

WRONG: tuple[tuple[object, Severity, str], ...] = (
    (replace(OUTSIDE, untrusted="unable to get local issuer certificate"), MISTAKE, "refuse the certificate"),
    (replace(OUTSIDE, days_left=13.5), WARNING, "ends in 13 days"),
    (replace(OUTSIDE, days_left=2.9), MISTAKE, "ends in 2 days"),
    (replace(OUTSIDE, days_left=-5), MISTAKE, "ends in 0 days"),
    (replace(OUTSIDE, old_tls=True), MISTAKE, "before 1.2"),
    (replace(OUTSIDE, http2=False), WARNING, "HTTP/2"),
    (replace(OUTSIDE, page=None), MISTAKE, "answers nothing"),
    (replace(OUTSIDE, page=Answer(502), socket=Answer(502)), MISTAKE, "answers 502"),
    (page(status=502), MISTAKE, "answers 502"),
    (page(without="strict-transport-security"), MISTAKE, "Strict-Transport-Security is lost"),
    (page(("referrer-policy", "same-origin")), MISTAKE, "Referrer-Policy is there 2 times"),
    (
        page(("cache-control", "public"), without="cache-control"),
        MISTAKE,
        "Cache-Control is not the chat's own",
    ),
    (page(without="content-security-policy"), MISTAKE, "Content-Security-Policy is lost"),
    (page(("content-encoding", "br")), MISTAKE, "compresses pages"),
    (page(("set-cookie", "route=hemligt; Path=/")), MISTAKE, "gets a cookie, route:"),
    (page(("nel", "{}")), MISTAKE, "report its visits"),
    (page(("cf-ray", "8")), WARNING, "read every word"),
    (page(("server", "nginx/1.22.1"), without="server"), WARNING, "tells its version"),
    (replace(OUTSIDE, plain=Answer(200)), MISTAKE, "Port 80"),
    (replace(OUTSIDE, plain=Answer(301, (("location", "https://chatt.example.evil/"),))), MISTAKE, "Port 80"),
    (replace(OUTSIDE, foreign_host=Answer(200)), MISTAKE, "another host name"),
    (replace(OUTSIDE, foreign_origin=Answer(303)), MISTAKE, "303 instead of 403"),
    (replace(OUTSIDE, foreign_socket=Answer(101)), MISTAKE, "foreign page may open a WebSocket"),
    (replace(OUTSIDE, socket=None), MISTAKE, "/ws/visitor answers nothing"),
    (replace(OUTSIDE, socket=Answer(400)), MISTAKE, "/ws/visitor answers 400"),
    (
        replace(OUTSIDE, socket=Answer(101, (("sec-websocket-extensions", "permessage-deflate"),))),
        MISTAKE,
        "compressed on the way",
    ),
    (replace(OUTSIDE, inside={"/metrics": 200}), MISTAKE, "/metrics answers the whole world"),
    (replace(OUTSIDE, clock_ahead_s=-6), WARNING, "6 s behind"),
    (replace(OUTSIDE, clock_ahead_s=31), MISTAKE, "31 s ahead of"),
    (replace(OUTSIDE, other_names=("*.chatt.example",)), WARNING, "*.chatt.example leads somewhere"),
    (replace(MACHINE, synchronised=False), MISTAKE, "follows no other clock"),
    (replace(MACHINE, synchronised=None), NOTE, "could not be looked at"),
    (replace(MACHINE, running=()), NOTE, "could not be looked at"),
    (replace(MACHINE, running=(), is_served=True), NOTE, "could not be looked at"),
    (replace(MACHINE, running=(), is_served=False), MISTAKE, "No server runs on this host"),
    (machine(user=0), MISTAKE, "runs as root"),
    (machine(core_limit=None), MISTAKE, "memory is written to a file"),
    (machine(core_limit=4096), MISTAKE, "memory is written to a file"),
    (machine(core_limit=0), WARNING, "given to a program"),
    (machine(swapped_kb=12), MISTAKE, "12 kB of its memory stand on the swap"),
    (machine(may_swap=None), WARNING, "may be written to /dev/vdb"),
    (machine(may_swap=True), WARNING, "may be written to /dev/vdb"),
    (
        replace(MACHINE, swapping=("caddy", "redis-server")),
        WARNING,
        "caddy, redis-server may be written to /dev/vdb",
    ),
    (machine(files_limit=1024), WARNING, "may open 1024 files"),
    (replace(PLACES, private=(("JOURCHATT_KEYS", replace(PLACE, mode=0o750)),)), MISTAKE, "look into"),
    (replace(PLACES, private=(("JOURCHATT_DATA", replace(PLACE, owner=0)),)), MISTAKE, "belongs to another"),
    (
        replace(PLACES, written_by_root=(("JOURCHATT_SITE", replace(SITE, mode=0o664)),)),
        MISTAKE,
        "may change",
    ),
    (replace(PLACES, written_by_root=(("JOURCHATT_SITE", replace(SITE, owner=990)),)), MISTAKE, "may change"),
    (replace(PLACES, secrets=(replace(SITE, mode=0o640),)), MISTAKE, "Others may read"),
    (replace(PLACES, settings_with_password=SITE), MISTAKE, "everybody here may read it"),
    (replace(PLACES, settings_with_password=replace(SITE, mode=0o640)), WARNING, "A password stands in"),
    (replace(PLACES, data=replace(DATA, free=GIGABYTE // 2)), WARNING, "512 MB are left"),
    (replace(PLACES, data=replace(DATA, free=9 << 20)), MISTAKE, "is full: 9 MB"),
    (replace(PLACES, data=replace(DATA, free_files=12)), MISTAKE, "12 files are left"),
    (replace(PLACES, data=replace(DATA, kind="nfs4")), MISTAKE, "disk of the network (nfs4)"),
    (replace(PLACES, keys=replace(KEYS, free=9 << 20)), MISTAKE, "disk of /var/lib/jourchatt-keys is full"),
    (replace(PLACES, erased=replace(KEYS, free_files=9)), MISTAKE, "disk of /var/lib/jourchatt-keys is full"),
    (replace(PLACES, backups=replace(KEYS, free=99 << 20)), WARNING, "hardly any room"),
    (replace(PLACES, logged=(Path("/var/log/nginx/access.log"),)), WARNING, "access.log is written to"),
    (replace(PLACES, shut=(Path("/var/log/nginx"),)), NOTE, "could not be looked at"),
    (replace(PLACES, keys=replace(KEYS, device=1)), WARNING, "on the same disk"),
    (replace(PLACES, keys=replace(KEYS, kind="btrfs")), WARNING, "as long as there are snapshots"),
    (replace(PLACES, keys=replace(KEYS, kind="tmpfs")), WARNING, "is in memory"),
    (replace(PLACES, has_cache_tag=False), WARNING, "Nothing tells programs"),
    (replace(PLACES, backed_up_by=(Path("/etc/rsnapshot.conf"),)), MISTAKE, "/etc/rsnapshot.conf backs up"),
    (replace(PLACES, backup_ages_h=None), WARNING, "There is no backup"),
    (replace(PLACES, backup_ages_h=()), WARNING, "There is no backup"),
    (replace(PLACES, backup_ages_h=None, has_backup_key=False), WARNING, "No backup can be made"),
    (replace(PLACES, backup_ages_h=(-1, 3)), MISTAKE, "still to come"),
    (replace(PLACES, backup_ages_h=(72,)), WARNING, "3 days old"),
    (replace(PLACES, backup_ages_h=(240,)), MISTAKE, "10 days old"),
    (replace(PLACES, backup_ages_h=(3, 800)), MISTAKE, "33 days old"),
    (replace(PLACES, erased_copied_h=None), WARNING, "Nothing tells that the log of erased tickets"),
    (replace(PLACES, erased_copied_h=5), WARNING, "5 hours ago"),
    (replace(PLACES, erased_copied_h=30), MISTAKE, "30 hours ago"),
    (replace(SQLITE, journal_mode="delete"), MISTAKE, "journal_mode is delete"),
    (replace(SQLITE, is_whole=False), MISTAKE, "damaged"),
    (replace(SQLITE, shut_by="disk I/O error"), MISTAKE, "cannot be opened (disk I/O error)"),
    (replace(POSTGRESQL, version=140022), WARNING, "PostgreSQL 14"),
    (set_to(POSTGRESQL, fsync="off"), MISTAKE, "fsync is off"),
    (set_to(POSTGRESQL, full_page_writes="off"), MISTAKE, "full_page_writes is off"),
    (set_to(POSTGRESQL, synchronous_commit="off"), MISTAKE, "synchronous_commit is off"),
    (set_to(POSTGRESQL, log_statement="mod"), MISTAKE, "with all their values"),
    (set_to(POSTGRESQL, log_min_duration_statement="250"), MISTAKE, "with all their values"),
    (set_to(POSTGRESQL, log_min_duration_sample="250"), MISTAKE, "with all their values"),
    (set_to(POSTGRESQL, log_duration="on"), MISTAKE, "with all their values"),
    (set_to(POSTGRESQL, log_parameter_max_length_on_error="-1"), MISTAKE, "statement that fails"),
    (replace(POSTGRESQL, is_encrypted=False), MISTAKE, "way to PostgreSQL is not encrypted"),
    (replace(POSTGRESQL, is_verified=False), WARNING, "may play the other end"),
    (set_to(POSTGRESQL, archive_mode="on"), MISTAKE, "archives its log"),
    (set_to(POSTGRESQL, wal_level="logical"), WARNING, "wal_level is logical"),
    (set_to(POSTGRESQL, wal_recycle="on"), WARNING, "wal_recycle is on"),
    (set_to(POSTGRESQL, max_wal_size="4096"), WARNING, "max_wal_size is 4096 MB"),
    (replace(POSTGRESQL, slots=1), WARNING, "hold its log back"),
    (replace(POSTGRESQL, readers=2), WARNING, "handed everything that is written"),
    (replace(POSTGRESQL, is_superuser=True), WARNING, "may do everything"),
    (set_to(POSTGRESQL, max_connections="15"), WARNING, "max_connections is 15"),
    (replace(REDIS, settings={}), NOTE, "could not be looked at"),
    (set_to(REDIS, save="3600 1"), MISTAKE, "Its save is"),
    (set_to(REDIS, appendonly="yes"), MISTAKE, "Its appendonly is"),
    (set_to(REDIS, maxmemory__policy="allkeys-lru"), MISTAKE, "Its maxmemory-policy is"),
    (
        replace(
            set_to(REDIS, bind="* -::*", protected__mode="no"), is_remote=False, opens_without_password=True
        ),
        MISTAKE,
        "Whoever reaches this machine",
    ),
    (
        replace(set_to(REDIS, protected__mode="no"), is_remote=False, opens_without_password=True),
        MISTAKE,
        "over a network may use it",
    ),
    (
        replace(REDIS, version="6.2.7", is_remote=False, opens_without_password=True),
        MISTAKE,
        "over a network may use it",
    ),
    (replace(REDIS, is_verified=False), WARNING, "may play the other end"),
    (replace(REDIS, opens_without_password=True), MISTAKE, "asks for no password"),
    (replace(REDIS, is_encrypted=False), WARNING, "unencrypted"),
    *(
        (Away(path, how, "it is not there."), MISTAKE, f"{what}: it is not there.")
        for path, what in (
            ("JOURCHATT_DATABASE_URL", "cannot use its database"),
            ("JOURCHATT_REDIS_URL", "cannot use its Redis"),
            ("JOURCHATT_PUBLIC_URL", "the chat"),
        )
        for how in How
    ),
)


@pytest.mark.parametrize("reading", GOOD, ids=range(len(GOOD)))
def test_nothing_is_found_where_all_is_well(reading: object) -> None:
    """A good reading, and one that tells little, give no finding."""
    assert judged(reading) == []


@pytest.mark.parametrize(
    ("reading", "severity", "what"),
    WRONG,
    ids=[f"{number} {what}" for number, (_, _, what) in enumerate(WRONG)],
)
def test_one_thing_wrong_is_one_finding(reading: object, severity: Severity, what: str) -> None:
    """It says where, what and the mend, and it is as grave as it is."""
    [finding] = judged(reading)
    assert finding.severity is severity
    assert what in finding.what
    assert finding.mend
    assert "hemligt" not in str(finding)


def test_every_finding_that_there_is_stands_in_the_table() -> None:
    """Each place in the code that makes a finding is reached by a row above."""
    mends = {finding.mend for reading, _, _ in WRONG for finding in judged(reading)}
    places = [
        call
        for path in tree.named(".py")
        if path.name.startswith("judge_")
        for call in _calls(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert len(places) > 40
    silent = [ast.unparse(call) for call in places if not any(_begins(call, mend) for mend in mends)]
    assert silent == []


def _calls(module: ast.Module) -> Iterable[ast.Call]:
    for node in ast.walk(module):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Call) and len(node.value.args) == 3:
            yield node.value


def _begins(call: ast.Call, mend: str) -> bool:
    """Tell whether a mend has every fixed part of what this call would say."""
    said = call.args[2]
    parts = said.values if isinstance(said, ast.JoinedStr) else [said]
    fixed = [part.value for part in parts if isinstance(part, ast.Constant)]
    return all(isinstance(part, str) and part in mend for part in fixed)
