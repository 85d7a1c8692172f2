# SPDX-License-Identifier: EUPL-1.2
"""The doctor before real things: a chat behind nginx, files, Redis and PostgreSQL, well and not well."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chat.adapters.system import SystemClock
from config.check import Finding, Severity
from config.settings import Settings, read_settings
from tests.deployment.certificate import make_certificate
from tests.deployment.conftest import Stage
from tests.deployment.nginx import NAME, PROGRAM
from tests.deployment.told import SECRET, finds, told
from tests.outside.running import JOURCHATT
from tests.outside.server import ROOT
from web.backup.files import name_at
from web.doctor import outside, places
from web.doctor.examination import Where, examine
from web.doctor.judge_outside import judge_outside
from web.doctor.judge_places import judge_places
from web.doctor.machine import read_machine
from web.doctor.outside import Asker
from web.doctor.places import read_places
from web.doctor.readings import Away, Outside, Unasked

behind_nginx = pytest.mark.skipif(
    PROGRAM is None or shutil.which("curl") is None,
    reason="nginx is not tested here: sudo apt install nginx-light curl",
)
NOW = SystemClock().now()
TAG = "Signature: 8a477f597d28d172789f06886806bc55\n"


# --- from outside --------------------------------------------------------------------------------------


@behind_nginx
def test_chat_is_looked_at_from_outside(
    empty_stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind our own file nothing is wrong; behind one that is wrong in many ways each of them is found."""
    monkeypatch.setattr(outside, "addresses_of", lambda name: name == NAME)
    stage, clock = empty_stage, SystemClock().now
    settings = stage.settings
    found = examine(settings, clock, _where(tmp_path, stage.nginx.plain_port))
    assert [each for each in found if each.path == "JOURCHATT_PUBLIC_URL"] == [], told(found)
    assert "the proxy's" not in told(found)
    [running] = read_machine(settings.data).running
    assert (running.user, running.swapped_kb) == (os.geteuid(), 0)

    stage.nginx.stop()
    monkeypatch.setattr(outside, "addresses_of", lambda name: not name.startswith("www."))
    ending = make_certificate(tmp_path / "ending", NAME, clock(), days=2)
    wrong = stage.behind(ending, _WRONG)
    finds(
        _looked(settings, lambda: clock() + timedelta(seconds=90), wrong.plain_port),
        "Browsers refuse the certificate",
        "The certificate ends in 1 days",
        "TLS from before 1.2",
        "HTTP/2 is not spoken",
        "Strict-Transport-Security is there 2 times",
        "Referrer-Policy is lost",
        "X-Content-Type-Options is not the chat's own",
        "Content-Security-Policy is lost",
        "compresses pages",
        "gets a cookie, route:",
        "The header nel lets her browser report",
        "they add cf-ray",
        "tells its version",
        "Port 80 shows pages",
        "another host name gets a page",
        "A form from a foreign page is answered with 303",
        "A foreign page may open a WebSocket",
        "What is said is compressed on the way",
        "/healthz answers the whole world",
        "/readyz answers the whole world",
        "s ahead of the proxy's",
        "*.localhost leads somewhere too",
    )
    wrong.stop()
    (tmp_path / "again").rename(tmp_path / "before")
    stage.behind(ending, {"{ default upgrade;": "{ default close;"})
    assert "/ws/visitor answers 4" in told(_looked(settings, clock, 1))
    stage.server.kill()
    assert "/ answers 502" in told(_looked(settings, clock, 1))


_WRONG = {
    "ssl_protocols TLSv1.2 TLSv1.3;": "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;",
    "    ssl_ciphers ECDHE": "    ssl_ciphers ALL:@SECLEVEL=0; #",
    "listen 443 ssl http2;": "listen 443 ssl;",
    "listen 443 ssl http2 default_server;": "listen 443 ssl default_server;",
    "    server_tokens off;": "    server_tokens on;",
    "    gzip off;": "    gzip on;",
    "proxy_set_header Host $http_host;": "proxy_set_header Host HOST; proxy_set_header Origin PUBLIC;",
    "        ssl_reject_handshake on;\n        return 444;\n": (
        "        ssl_certificate /etc/letsencrypt/live/chat.example.se/fullchain.pem;\n"
        "        ssl_certificate_key /etc/letsencrypt/live/chat.example.se/privkey.pem;\n"
        "        location / { proxy_set_header Host HOST; proxy_pass http://chat; }\n"
    ),
    "        location / { return 301 https://chat.example.se$request_uri; }": (
        '        location / { return 200 "ok"; }\n        # https://chat.example.se$request_uri'
    ),
    "        location / { proxy_pass http://chat; }": (
        "        location / {\n"
        "            proxy_pass http://chat;\n"
        "            proxy_hide_header Referrer-Policy;\n"
        "            proxy_hide_header X-Content-Type-Options;\n"
        "            proxy_hide_header Content-Security-Policy;\n"
        "            add_header X-Content-Type-Options none;\n"
        "            add_header Strict-Transport-Security max-age=1;\n"
        "            add_header Set-Cookie route=1;\n"
        "            add_header NEL '{}';\n"
        "            add_header CF-Ray 1;\n"
        "        }"
    ),
    "        location /ws/ {\n": (
        "        location = /staff/sign-in { return 303 /; }\n"
        "        location /ws/ {\n"
        "            add_header Sec-WebSocket-Extensions permessage-deflate always;\n"
    ),
    "        location = /healthz { return 404; }\n": "",
    "        location = /readyz  { return 404; }\n": "",
}


def _looked(settings: Settings, clock: Callable[[], datetime], plain_port: int) -> list[Finding]:
    seen = Asker(settings.public_url, clock, plain_port).look()
    assert isinstance(seen, Outside)
    return list(judge_outside(seen))


def _where(folder: Path, plain_port: int = 1) -> Where:
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    return Where(etc=empty, backups=empty, system=empty, logs=empty, plain_port=plain_port)


def test_address_where_nobody_is_is_no_address_that_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal, silence and a name that nobody has are mistakes; only without a network is there a note."""

    def seen(url: str) -> Outside | Away | Unasked:
        return Asker(url, SystemClock().now).look()

    refused = seen("https://127.0.0.1:1")
    assert isinstance(refused, Away)
    assert "refuses (connection refused)" in refused.why
    assert isinstance(seen("http://127.0.0.1:8000"), Unasked)
    for error, kind in ((socket.EAI_NONAME, Away), (socket.EAI_AGAIN, Unasked)):

        def nobody(*_: object, error: int = error) -> None:
            raise socket.gaierror(error, "not known")

        monkeypatch.setattr(socket, "getaddrinfo", nobody)
        assert isinstance(seen("https://chatt.example"), kind)

    def no_way(*_: object, **__: object) -> None:
        raise ExceptionGroup("none", errors)

    monkeypatch.setattr(outside, "addresses_of", lambda _: ("192.0.2.1",))
    monkeypatch.setattr(socket, "create_connection", no_way)
    errors = [OSError(errno.ENETUNREACH, "no way")] * 2
    assert isinstance(seen("https://chatt.example"), Unasked)
    errors = [TimeoutError("timed out"), *errors]
    assert isinstance(seen("https://chatt.example"), Away)


def test_places_are_told_by_the_kind_of_their_disk() -> None:
    """The longest place in which something is mounted decides."""
    assert places._kind(Path("/proc")) == "proc"
    assert places._kind(Path("/proc/self/task")) == "proc"
    assert places._kind(Path("/")) not in {"unknown", "proc"}


# --- files ---------------------------------------------------------------------------------------------


def test_files_that_others_may_read_are_found(tmp_path: Path) -> None:
    """Each file with a wrong mode, a shown password and a backup that holds the keys is named, once."""
    data, keys, etc, system = (tmp_path / name for name in ("data", "keys", "etc", "system"))
    erased = tmp_path / "data-erased"
    backups = tmp_path / "backups"
    for directory in (data, keys, erased, backups, etc / "secrets", system):
        directory.mkdir(parents=True, mode=0o700)
    (data / "jourchatt.sqlite").touch(0o600)
    (keys / "20500.key").touch(0o400)
    (keys / "CACHEDIR.TAG").write_text(TAG)
    (etc / "site.toml").touch(0o644)
    (etc / "env").write_text("JOURCHATT_KEYS=/somewhere\n")
    (etc / "secrets" / "redis-url").touch(0o600)
    (backups / name_at(NOW)).write_bytes(b"x")
    logs = tmp_path / "logs"
    (logs / "nginx").mkdir(parents=True)
    (logs / "nginx" / "access.log").touch()
    (logs / "nginx" / "error.log").write_text("long ago\n")
    os.utime(logs / "nginx" / "error.log", (0, 0))
    (backups / "README").touch(0o600)
    (backups / "erased-copied").touch()
    os.utime(backups / "erased-copied", (NOW.timestamp() - 60,) * 2)
    (system / "rsnapshot.conf").write_text(f"# backup\t/home\nbackup\t{tmp_path}/\nexclude\t{keys}\n")
    settings = replace(_settings(tmp_path), site=etc / "site.toml", backup_key="x" * 43)

    def found() -> list[Finding]:
        seen = read_places(settings, NOW, etc=etc, backups=backups, system=system, logs=logs)
        judged = judge_places(seen, is_file=True, server=os.geteuid())
        rare = (
            ("on the same disk", "MB are left", "Others than root") if os.geteuid() else ("on the same disk",)
        )
        return [each for each in judged if not any(part in each.what for part in rare)]

    assert found() == []
    (data / "jourchatt.sqlite").chmod(0o640)
    keys.chmod(0o755)
    erased.chmod(0o755)
    (keys / "20500.key").chmod(0o444)
    (keys / "CACHEDIR.TAG").write_text("something else")
    (etc / "site.toml").chmod(0o666)
    (etc / "env").write_text(f"JOURCHATT_REDIS_URL=redis://:{SECRET}@10.0.0.9\n")
    (etc / "env").chmod(0o644)
    (etc / "secrets" / "redis-url").chmod(0o644)
    (system / "rsnapshot.conf").write_text(f"backup\t{tmp_path}/\n")
    (logs / "nginx" / "access.log").write_text("192.0.2.1 …\n")
    os.utime(backups / "erased-copied", (NOW.timestamp() - 50 * 3600,) * 2)
    (backups / name_at(NOW)).rename(backups / name_at(NOW - timedelta(days=40)))
    finds(
        found(),
        f"look into {data}/jourchatt.sqlite",
        f"look into {keys}.",
        f"look into {erased}.",
        f"look into {keys}/20500.key",
        f"change {etc}/site.toml",
        f"read {etc}/secrets/redis-url",
        f"A password stands in {etc}/env, and everybody here may read it",
        "Nothing tells programs that back up",
        f"{system}/rsnapshot.conf backs up what lies around {keys}",
        f"{logs}/nginx/access.log is written to",
        "The last backup is 40 days old",
        "A backup is 40 days old",
        "copied away 50 hours ago",
    )
    assert SECRET not in told(found())


def _settings(folder: Path) -> Settings:
    return read_settings({"JOURCHATT_DATA": str(folder / "data"), "JOURCHATT_KEYS": str(folder / "keys")})


def test_limits_of_the_server_are_read_from_the_kernel(tmp_path: Path) -> None:
    """Whoever holds the lock of the data is looked at: here a program with small limits."""
    lock = tmp_path / "server.lock"
    before = read_machine(tmp_path)
    assert (before.running, before.is_served) == ((), None)
    holding = (
        "import fcntl, resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); "
        "resource.setrlimit(resource.RLIMIT_CORE, (1, 1)); "
        "held = open(sys.argv[1], 'w'); fcntl.flock(held, fcntl.LOCK_EX); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        seen = read_machine(tmp_path)
        holder.communicate(b"\n")
    [running] = seen.running
    assert seen.is_served is True
    assert read_machine(tmp_path).is_served is False
    assert (running.user, running.core_limit, running.files_limit) == (os.geteuid(), 1, 64)


# --- the command ---------------------------------------------------------------------------------------


def test_command_tells_all_of_it_and_no_secret(tmp_path: Path) -> None:
    """`jourchatt check --deployment` of a dead chat: what is away is a mistake; no password is told."""
    (tmp_path / "data").mkdir(mode=0o755)
    (tmp_path / "data" / "server.lock").touch(0o600)
    (tmp_path / "env").write_text(f"JOURCHATT_REDIS_URL=redis://:{SECRET}@127.0.0.1:1/0\n")
    environment = {
        "JOURCHATT_DATA": str(tmp_path / "data"),
        "JOURCHATT_KEYS": str(tmp_path / "keys"),
        "JOURCHATT_PUBLIC_URL": "https://127.0.0.1:1",
        "JOURCHATT_DATABASE_URL": f"postgresql+psycopg://x:{SECRET}@127.0.0.1:1/chat",
        "JOURCHATT_REDIS_URL": f"redis://:{SECRET}@127.0.0.1:1/0",
        "PATH": os.environ["PATH"],
    }
    given = ("--etc", tmp_path, "--backups", tmp_path / "data")
    done = subprocess.run(
        [*JOURCHATT, "check", ROOT / "config" / "site.example.toml", "--deployment", *given],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert SECRET not in done.stdout + done.stderr
    for part in (
        f"mistake  JOURCHATT_DATA: Others may look into {tmp_path}/data. chmod go= {tmp_path}/data",
        f"A password stands in {tmp_path}/env",
        "warning  JOURCHATT_BACKUP_KEY: No backup can be made",
        "mistake  server: No server runs on this host",
        "mistake  JOURCHATT_PUBLIC_URL: Nobody reaches the chat: https://127.0.0.1:1 refuses",
        "mistake  JOURCHATT_DATABASE_URL: The chat cannot use its database: PostgreSQL at 127.0.0.1:1 ref",
        "mistake  JOURCHATT_REDIS_URL: The chat cannot use its Redis: Redis at 127.0.0.1 refuses",
        "note  server: This runs here: jourchatt ",
        "verified_at",
    ):
        assert part in done.stdout, done.stdout
    severities = [line.partition("  ")[0] for line in done.stdout.splitlines()[:-1]]
    assert set(severities) == set(Severity)
