# SPDX-License-Identifier: EUPL-1.2
"""The doctor sees in the settings of other programs whether they take the keys along."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.doctor.backing_up import CRONTABS, backing_up

KEYS = Path("/var/lib/jourchatt-keys")
LEFT_OUT = f"--exclude {KEYS}"
IN_TURN = "15 3 * * * root"

TAKES = (
    ("cron.daily/restic", "#!/bin/sh\nrestic backup /\n"),
    ("cron.daily/restic", "#!/bin/sh\nrestic backup \\\n  --quiet \\\n  /\n"),
    ("cron.d/away", f"{IN_TURN} rsync -a /var/lib/ away:/copy/\n"),
    ("crontab", f"{IN_TURN} tar -czf /srv/all.tgz /var\n"),
    (CRONTABS.replace("*", "root"), "0 3 * * * borg create /srv/borg::now /\n"),
    ("systemd/system/restic.service", "[Service]\nExecStart=restic backup /var/lib /etc\n"),
    ("systemd/system/nightly-backup.service", "[Service]\nExecStart=/opt/agent /var/lib\n"),
    ("borgmatic/config.yaml", "source_directories:\n  - /\n"),
    ("duply/chat/conf", "SOURCE='/'\n"),
    ("bareos/bareos-dir.d/fileset/LinuxAll.conf", "FileSet {\n  File = /\n}\n"),
    ("rsnapshot.conf", f"backup\t/var/lib/\tlocalhost/\n# exclude\t{KEYS}\n"),
    ("restic/paths", "/var/lib\n"),
)
TAKES_NOT = (
    ("cron.daily/restic", f"restic backup / {LEFT_OUT}\n"),
    ("cron.daily/restic", "restic backup --exclude-caches /\n"),
    ("cron.daily/logrotate", "find /var -name x\n/usr/sbin/logrotate /etc/logrotate.conf\n"),
    ("cron.d/figures", f"{IN_TURN} expr 4 / 2 && tar -xf /srv/a.tar\n"),
    ("cron.d/away", f"{IN_TURN} rsync -a rsync://elsewhere/x away:/ && rsync -a /home/ away:/var\n"),
    (
        "systemd/system/jourchatt-backup.service",
        "ExecStart=jourchatt backup --directory /var/lib/jourchatt-b\n",
    ),
    ("systemd/system/web.service", "[Service]\nWorkingDirectory=/var\n"),
    ("borgmatic/config.yaml", f"source_directories:\n  - /\nexclude_patterns:\n  - {KEYS}\n"),
    ("borgmatic/config.yaml", "source_directories: [/home, /etc]\n"),
)


def _put(etc: Path, name: str, text: str) -> Path:
    file = (etc.parent / name.removeprefix("../")) if name.startswith("../") else etc / name
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


@pytest.mark.parametrize(("name", "text"), TAKES)
def test_program_that_takes_the_keys_is_named(tmp_path: Path, name: str, text: str) -> None:
    """Whether it is told so in a file of its own, among other commands, or in a unit."""
    file = _put(tmp_path / "etc", name, text)
    assert list(backing_up(KEYS, has_tag=True, system=tmp_path / "etc")) == [file]


@pytest.mark.parametrize(("name", "text"), TAKES_NOT)
def test_program_that_leaves_them_is_not(tmp_path: Path, name: str, text: str) -> None:
    """By their name, by the tag that lies there, or because it takes something else."""
    _put(tmp_path / "etc", name, text)
    assert list(backing_up(KEYS, has_tag=True, system=tmp_path / "etc")) == []


def test_tag_and_list_count_where_they_are(tmp_path: Path) -> None:
    """A program that listens to tags takes keys without one; what is left out may stand in a list."""
    etc = tmp_path / "etc"
    file = _put(etc, "cron.daily/restic", "restic backup / --exclude-caches\n")
    assert list(backing_up(KEYS, has_tag=False, system=etc)) == [file]
    left_out = tmp_path / "list"
    file.write_text(f"restic backup / --exclude-file={left_out}\n")
    assert list(backing_up(KEYS, has_tag=True, system=etc)) == [file]
    left_out.write_text(f"{KEYS}\n")
    assert list(backing_up(KEYS, has_tag=True, system=etc)) == []
