# SPDX-License-Identifier: EUPL-1.2
"""Where backups lie and how long, and the key that opens them."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from handover import erased
from tests.service.standing import SeededRandomness
from tests.unit.web.backup.backing import NOW
from web.backup.errors import CannotUse, NotAKey, WrongPassphrase
from web.backup.files import KEPT, delete_old, name_at, refuse_clock, whole_file
from web.backup.keys import BackupKey, public_of

STRETCHED, OTHER = b"s" * 32, b"t" * 32


def test_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """No remains are left of one that went wrong, and what stands there already stays."""
    path = tmp_path / "a.backup"
    with pytest.raises(TypeError), whole_file(path, SeededRandomness(1)) as file:
        file.writelines(iter([b"half", None]))  # type: ignore[arg-type]  # something goes wrong half-way
    assert list(tmp_path.iterdir()) == []
    with whole_file(path, SeededRandomness(1)) as file:
        file.write(b"whole")
        assert not path.exists()
    with pytest.raises(CannotUse, match=r"a\.backup is there already"), whole_file(path, SeededRandomness(1)):
        pass
    assert path.read_bytes() == b"whole"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_log_of_what_has_ended_outlives_every_backup() -> None:
    """By a day, because days are counted in Sweden and backups by the second."""
    assert KEPT + timedelta(days=1) <= erased.KEPT


def test_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """With its name and the reason."""
    with (
        pytest.raises(CannotUse, match=r"a\.backup cannot be written: no such file or directory\.$"),
        whole_file(tmp_path / "no" / "a.backup", SeededRandomness(1)),
    ):
        pass


def test_old_backups_go_and_nothing_else_does(tmp_path: Path) -> None:
    """By the time in their names: copying a file must not make it young."""
    kept = [
        name_at(NOW),
        name_at(NOW - timedelta(days=30)),
        "notes.txt",
        "jourchatt-99999999T999999Z.backup",
        f"{name_at(NOW - timedelta(days=99))}.copy",
        f".{name_at(NOW)}.0123456789abcdef.tmp",
    ]
    gone = [
        name_at(NOW - timedelta(days=30, seconds=1)),
        name_at(NOW - timedelta(days=400)),
        f".{name_at(NOW - timedelta(days=2))}.0123456789abcdef.tmp",
    ]
    for name in kept + gone:
        (tmp_path / name).write_text("")
    assert delete_old(tmp_path, NOW) == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(kept)


@pytest.mark.parametrize(
    ("newest", "refusal"),
    [
        (timedelta(days=-30), None),
        (timedelta(0), None),
        (timedelta(seconds=1), "is still to come: set the clock"),
        (timedelta(days=-30, seconds=-1), "more than 30 days old: set the clock"),
    ],
)
def test_clock_that_does_not_fit_what_is_there_makes_and_deletes_nothing(
    tmp_path: Path, newest: timedelta, refusal: str | None
) -> None:
    """One that stands weeks ahead for a night would delete every good backup."""
    refuse_clock(tmp_path, NOW)
    for at in (newest, newest - timedelta(days=3)):
        (tmp_path / name_at(NOW + at)).write_text("x")
    (tmp_path / "notes.txt").write_text("")
    if refusal is None:
        refuse_clock(tmp_path, NOW)
    else:
        with pytest.raises(CannotUse, match=refusal):
            refuse_clock(tmp_path, NOW)


def test_backup_key_opens_with_its_passphrase_alone() -> None:
    """Written as one line, read again, and nothing of the private half in it."""
    key = BackupKey.new(b"x" * 16, STRETCHED, SeededRandomness(1))
    again = BackupKey.parse(key.text())
    private = again.open(STRETCHED)
    assert private.public_key().public_bytes_raw() == key.public == public_of(key.public_text())
    assert len(key.public_text()) == 43
    assert private.private_bytes_raw() not in key.sealed
    with pytest.raises(WrongPassphrase):
        again.open(OTHER)


def test_public_half_cannot_be_exchanged_beside_the_sealed_one() -> None:
    """It is bound to it."""
    key = BackupKey.new(b"x" * 16, STRETCHED, SeededRandomness(1))
    with pytest.raises(WrongPassphrase):
        BackupKey(b"y" * 32, key.salt, key.sealed).open(STRETCHED)


@pytest.mark.parametrize(
    "text", ["", "jourchatt-backup-key", "jourchatt-backup-key AAAA", "ssh-ed25519 AAAA", "å"]
)
def test_other_files_are_no_keys(text: str) -> None:
    """One plain sentence, whatever they are."""
    with pytest.raises(NotAKey):
        BackupKey.parse(text)
    with pytest.raises(NotAKey):
        public_of(text)
