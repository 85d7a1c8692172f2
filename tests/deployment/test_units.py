# SPDX-License-Identifier: EUPL-1.2
"""The files of deploy/: systemd takes the units, and they leave little open; the settings can be read."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import read_settings
from tests.outside.server import ROOT

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
PROGRAM = "/opt/jourchatt/.venv/bin/jourchatt"
MOST_EXPOSED = 1.2
"""Of ten, as systemd counts. A service that serves a network cannot have much less."""
SERVICES = ("jourchatt.service", "jourchatt@.service", "jourchatt-backup.service")

TAG = "Signature: 8a477f597d28d172789f06886806bc55"
with_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="units are not looked at here: sudo apt install systemd"
)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as they would be installed, with a program that exists in the place of ours."""
    for unit in UNITS.glob("jourchatt*"):
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / unit.name.replace("@.", "@8001.")).write_text(text, encoding="utf-8")
    for service in SERVICES:
        drop_in = tmp_path / f"{service.replace('@.', '@8001.')}.d"
        drop_in.mkdir()
        shutil.copy(UNITS / "secrets.conf", drop_in)
    return tmp_path


def analyzed(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze."""
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


@with_systemd
def test_units_are_as_systemd_reads_them(installed: Path) -> None:
    """No directive is misspelt, unknown or in the wrong place; one that is would be seen."""
    units = [*installed.glob("*.service"), *installed.glob("*.timer")]
    assert len(units) == 4
    good = analyzed("verify", "--man=no", *units)
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    broken = installed / "jourchatt.service"
    broken.write_text(broken.read_text(encoding="utf-8").replace("ProtectHome=", "ProtectHouse="))
    assert "ProtectHouse" in analyzed("verify", "--man=no", broken).stderr


@with_systemd
def test_services_leave_little_open(installed: Path) -> None:
    """Each is among the least exposed that systemd knows of; without its walls it would not be."""
    for service in installed.glob("*.service"):
        assert _exposure(service) <= MOST_EXPOSED, service.name
    bare = installed / "bare.service"
    bare.write_text("[Service]\nExecStart=/bin/true\n")
    assert _exposure(bare) > 9


def _exposure(service: Path) -> float:
    told = analyzed("security", "--offline=yes", "--no-pager", service).stdout
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert found is not None, told
    return float(found[1])


def test_service_keeps_what_was_said_off_the_disk() -> None:
    """No core, no swap, no temporary file of others, and nothing that the account's group may read."""
    for service in SERVICES:
        lines = (UNITS / service).read_text(encoding="utf-8").splitlines()
        for line in (
            "LimitCORE=1",
            "MemorySwapMax=0",
            "PrivateTmp=yes",
            "UMask=0077",
            "ProtectSystem=strict",
        ):
            assert line in lines, service


def test_backup_reaches_no_daily_key() -> None:
    """Its unit shuts the directory that the server's unit names, and asks for no other part of it."""
    lines = (UNITS / "jourchatt-backup.service").read_text(encoding="utf-8").splitlines()
    assert "InaccessiblePaths=-/var/lib/jourchatt-keys" in lines
    assert "StateDirectory=jourchatt jourchatt-backups" in lines


def test_proxy_keeps_what_passes_off_the_disk_too() -> None:
    """It holds every word in clear; its unit gets what the chat's own has, and the page says so."""
    lines = (UNITS / "off-disk.conf").read_text(encoding="utf-8").splitlines()
    assert lines[lines.index("[Service]") + 2 :] == ["MemorySwapMax=0", "LimitCORE=1"]
    page = (ROOT / "docs" / "operating" / "proxy.md").read_text(encoding="utf-8")
    assert "deploy/systemd/off-disk.conf /etc/systemd/system/nginx.service.d/" in page


def test_core_limit_of_one_byte_writes_nothing(tmp_path: Path) -> None:
    """A program that breaks down under it leaves no file; without it one is left, where cores go to files."""
    breaking = (
        "import os, resource, sys; "
        "resource.setrlimit(resource.RLIMIT_CORE, (int(sys.argv[1]),) * 2); os.abort()"
    )
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    left = {}
    for limit in (1, most):
        place = tmp_path / str(limit)
        place.mkdir()
        broken = subprocess.run(
            [sys.executable, "-c", breaking, str(limit)], cwd=place, capture_output=True, check=False
        )
        assert broken.returncode == -signal.SIGABRT
        left[limit] = len(list(place.iterdir()))
    assert left[1] == 0
    pattern = Path("/proc/sys/kernel/core_pattern").read_text(encoding="utf-8")
    if not pattern.startswith(("|", "/")) and (most == resource.RLIM_INFINITY or most > 1 << 24):
        assert left[most] == 1


def test_one_of_several_differs_by_its_port_alone() -> None:
    """What is changed in one unit is changed in the other."""
    one, several = (
        [
            line
            for line in (UNITS / name).read_text(encoding="utf-8").splitlines()
            if not line.startswith("# ")
        ]
        for name in SERVICES[:2]
    )
    changed = [(old, new) for old, new in zip(one, several, strict=True) if old != new]
    assert changed == [
        ("Description=Chat", "Description=Chat on port %i"),
        (
            f"ExecStart={PROGRAM} serve --host 127.0.0.1",
            f"ExecStart={PROGRAM} serve --host 127.0.0.1 --port %i",
        ),
    ]


def test_settings_to_begin_with_can_be_read() -> None:
    """Every line of env.example is a setting that there is, and its places are the units' own."""
    lines = (DEPLOY / "env.example").read_text(encoding="utf-8").splitlines()
    settings = read_settings(dict(line.split("=", 1) for line in lines if line and not line.startswith("#")))
    unit = (UNITS / "jourchatt.service").read_text(encoding="utf-8")
    places = next(line for line in unit.splitlines() if line.startswith("StateDirectory=")).partition("=")[2]
    assert settings.backups == Path("/var/lib/jourchatt-backups")
    for place in (settings.data, settings.keys, settings.erased):
        assert place.parent == Path("/var/lib")
        assert place.name in places.split()
    made = (UNITS / "tmpfiles.conf").read_text(encoding="utf-8")
    for name in places.split():
        assert f"d /var/lib/{name} " in made


@with_systemd
def test_account_and_directories_are_made_as_the_doctor_wants_them(tmp_path: Path) -> None:
    """What install.md says gives an account and closed directories, with the tag that is looked for."""
    if os.geteuid() != 0:
        return  # root alone can give a directory to another account
    (tmp_path / "etc").mkdir()
    for program, file in (("systemd-sysusers", "sysusers.conf"), ("systemd-tmpfiles", "tmpfiles.conf")):
        done = subprocess.run(
            [program, f"--root={tmp_path}", *(["--create"] if "tmp" in program else []), UNITS / file],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert "jourchatt:x:" in (tmp_path / "etc" / "passwd").read_text(encoding="utf-8")
    state = tmp_path / "var" / "lib"
    tag = state / "jourchatt-keys" / "CACHEDIR.TAG"
    assert tag.read_text(encoding="utf-8").startswith(TAG)
    made = {path.name: path.stat() for path in state.iterdir()}
    assert {each.st_mode & 0o777 for each in made.values()} == {0o700}
    assert len(made) == 4
    assert {each.st_uid for each in (*made.values(), tag.stat())} != {0}
    assert (tmp_path / "etc" / "jourchatt" / "secrets").stat().st_mode & 0o777 == 0o700


def test_command_by_hand_has_the_settings_and_the_secrets(tmp_path: Path) -> None:
    """It runs as the server's account, with the settings that the server has, or not at all."""
    etc, programs = tmp_path / "etc", tmp_path / "programs"
    (etc / "secrets").mkdir(parents=True)
    programs.mkdir()
    shutil.copy(DEPLOY / "env.example", etc / "env")
    (etc / "secrets" / "redis-url").write_text("redis://:hemligt@10.0.0.9:6379/0\n")
    runuser = programs / "runuser"
    tell = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ)]))"
    runuser.write_text(f"#!/bin/sh\nexec python3 -c '{tell}' \"$@\"\n")
    runuser.chmod(0o755)
    drop_in = tmp_path / "units" / "jourchatt@.service.d" / "secrets.conf"
    drop_in.parent.mkdir(parents=True)

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [DEPLOY / "jourchatt", "staff", "add", "två ord"],
            env={
                "PATH": f"{programs}:/usr/bin:/bin",
                "JOURCHATT_ETC": str(etc),
                "JOURCHATT_UNITS": str(tmp_path / "units"),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    given = (UNITS / "secrets.conf").read_text(encoding="utf-8")
    drop_in.write_text(given.replace("LoadCredential=redis-url", "# LoadCredential=redis-url"))
    refused = run()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "redis-url is there, but the server is not given it" in refused.stderr
    drop_in.write_text(given)
    done = run()
    assert done.returncode == 0, done.stderr
    arguments, environment = json.loads(done.stdout)
    assert arguments == ["-u", "jourchatt", "--", PROGRAM, "staff", "add", "två ord"]
    assert environment["JOURCHATT_REDIS_URL"] == "redis://:hemligt@10.0.0.9:6379/0"
    assert not {"JOURCHATT_ETC", "JOURCHATT_UNITS"} & set(environment)
    assert "hemligt" not in str(arguments)
    settings = {name: text for name, text in environment.items() if name.startswith("JOURCHATT_")}
    assert read_settings(settings).public_url == "https://chat.example.se"


def test_every_file_that_the_path_names_is_there() -> None:
    """Whoever follows docs/operating finds each file of deploy/ under its name."""
    pages = [ROOT / "docs" / "operating.md", *(ROOT / "docs" / "operating").glob("*.md")]
    named = {
        name.rstrip(".")
        for page in pages
        for name in re.findall(r"deploy/[\w./@-]+", page.read_text(encoding="utf-8"))
    }
    assert len(named) > 8
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert {page.name for page in pages[1:]} == set(
        re.findall(r"^\| \[(\S+)\]\(operating/", pages[0].read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_proxies_say_the_same_sentence() -> None:
    """Both proxies write no address, refuse the same pages and show the same page of their own."""
    nginx = (DEPLOY / "nginx" / "nginx.conf").read_text(encoding="utf-8")
    caddy = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    page = re.search(r"<!doctype html>.*</html>", nginx)
    assert page is not None
    assert page[0] in caddy
    for path in ("/healthz", "/readyz", "/metrics"):
        assert path in nginx
        assert path in caddy
    assert "NOT TESTED" in caddy
