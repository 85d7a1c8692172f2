# SPDX-License-Identifier: EUPL-1.2
"""The commands: what they ask for, what they refuse, and that one plain sentence says why."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from chat.adapters.sql.schema import current_revision, migrate
from chat.adapters.system import SystemClock
from chat.hours import local_day
from handover.adapters.erased_files import ErasedFiles
from handover.adapters.erased_reading import read_logs
from tests.service.standing import SeededRandomness
from web import backup_commands
from web.backup import bootstrap
from web.backup.files import name_at
from web.cli import main

WORDS = "sju gröna äpplen i en skål"


def quick(passphrase: bytes, salt: bytes) -> bytes:
    """Stretch a passphrase without taking time."""
    return (passphrase + salt)[:32].ljust(32, b"-")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with settings, a passphrase in a file, and no database yet."""
    monkeypatch.setattr(bootstrap, "stretched", quick)
    monkeypatch.chdir(tmp_path)
    for name in (
        "PORT",
        "JOURCHATT_DATABASE_URL",
        "JOURCHATT_BACKUP_KEY",
        "JOURCHATT_SITE",
        "JOURCHATT_ERASED",
    ):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "words").write_text(f"  {WORDS} \n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def url(place: Path) -> str:
    """The URL of the database."""
    return f"sqlite+aiosqlite:///{place / 'data' / 'jourchatt.sqlite'}"


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Make a key, and give the server its public half."""
    assert main(["backup-key", "key", "--passphrase-file", "words"]) == 0
    public = capsys.readouterr().out.partition("JOURCHATT_BACKUP_KEY=")[2].strip()
    monkeypatch.setenv("JOURCHATT_BACKUP_KEY", public)
    return public


@pytest.fixture
def backed_up(place: Path, url: str, with_key: str) -> Path:
    """A backup of one replies row, and no database any more."""
    with_account(place, url)
    with closing(sqlite3.connect(place / "data" / "jourchatt.sqlite")) as file, file:
        file.execute("INSERT INTO replies VALUES ('linden', 1, '[]')")
    assert main(["backup", "a.backup"]) == 0
    (place / "data" / "jourchatt.sqlite").unlink()
    writes(place / "data-erased", 0)
    return place / "a.backup"


def with_account(place: Path, url: str) -> None:
    """Make a database in which somebody has an account."""
    migrate(url)
    with closing(sqlite3.connect(place / "data" / "jourchatt.sqlite")) as file, file:
        columns = file.execute("PRAGMA table_info(staff_accounts)").fetchall()
        values = ", ".join("'[]'" if column[2] == "JSON" else "0" for column in columns)
        file.execute(f"INSERT INTO staff_accounts VALUES ({values})")  # noqa: S608 - of the schema alone


def writes(directory: Path, *days_ago: int, ended: str = "") -> Path:
    """Let a host's log be kept on some days; return its last file."""
    today = local_day(SystemClock().now())
    log = ErasedFiles(directory, SeededRandomness(1))
    for days in days_ago:
        asyncio.run(log.keep(today - timedelta(days=days)))
    if ended:
        asyncio.run(log.note(today, ended))
    return max(directory.iterdir())


Says = Callable[..., str]


@pytest.fixture
def says(capsys: pytest.CaptureFixture[str]) -> Says:
    """Run a command that is refused and return the sentence."""

    def run(*arguments: str) -> str:
        capsys.readouterr()
        assert main(arguments) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        return printed.err.strip()

    return run


RESTORE = ("restore", "a.backup", "--key", "key", "--passphrase-file", "words")


def test_key_is_made_under_words_that_are_shown_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They stand in no file, and a key that is there is never replaced."""
    assert main(["backup-key", "key"]) == 0
    printed = capsys.readouterr().out
    words = printed.partition("Passphrase: ")[2].partition("\n")[0]
    assert len(words.split()) == 6
    assert stat.S_IMODE((place / "key").stat().st_mode) == 0o600
    assert words not in (place / "key").read_text()
    assert main(["backup-key", "key"]) == 1
    assert capsys.readouterr().err.startswith("key is there already")


def test_own_passphrase_is_not_printed_and_not_too_short(
    place: Path, says: Says, capsys: pytest.CaptureFixture[str]
) -> None:
    """As for the receiving units."""
    (place / "short").write_text("kort")
    assert "16 to 256 characters" in says("backup-key", "key", "--passphrase-file", "short")
    assert "no terminal" in says("backup-key", "key", "--ask")
    assert not (place / "key").exists()
    assert main(["backup-key", "key", "--passphrase-file", "words"]) == 0
    assert "äpplen" not in capsys.readouterr().out


def test_backup_needs_a_key_a_place_and_a_database(
    place: Path, url: str, says: Says, monkeypatch: pytest.MonkeyPatch, with_key: str
) -> None:
    """Each is said, and nothing is made."""
    assert says("backup", "a.backup").startswith("There is no database")
    migrate(url)
    assert "nobody has an account in this database" in says("backup", "a.backup")
    assert says("backup") == says("backup", "a.backup", "--directory", "d")
    monkeypatch.delenv("JOURCHATT_BACKUP_KEY")
    assert "jourchatt backup-key" in says("backup", "a.backup")
    monkeypatch.setenv("JOURCHATT_BACKUP_KEY", with_key)
    assert "cannot be written" in says("backup", "no/such/a.backup")
    assert not (place / "a.backup").exists()


def test_directory_gets_a_dated_file_and_loses_the_old(
    place: Path, url: str, with_key: str, says: Says
) -> None:
    """What a timer runs each night; not with a clock that does not fit what is there."""
    with_account(place, url)
    (place / "d").mkdir()
    old = place / "d" / "jourchatt-20200101T000000Z.backup"
    old.write_text("x")
    yesterday = place / "d" / name_at(SystemClock().now() - timedelta(days=1))
    assert "more than 30 days old" in says("backup", "--directory", "d")
    yesterday.write_text("x")
    assert main(["backup", "--directory", "d"]) == 0
    (made,) = set((place / "d").iterdir()) - {yesterday}
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert made != old
    assert {path.name for path in place.iterdir()} == {"d", "data", "key", "words"}, "it opens no daily keys"


def test_restore_puts_everything_back_and_says_what_to_do(
    place: Path, url: str, backed_up: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Into a database that was not there; a second time it is refused."""
    capsys.readouterr()
    assert main(RESTORE) == 0
    printed = capsys.readouterr().out
    assert backup_commands._NEXT in printed
    assert current_revision(url) is not None
    with closing(sqlite3.connect(place / "data" / "jourchatt.sqlite")) as file:
        assert file.execute("SELECT service FROM replies").fetchall() == [("linden",)]
    assert main(RESTORE) == 1
    assert "is not empty" in capsys.readouterr().err


def test_restore_refuses_without_the_log_of_erased_tickets(
    place: Path, backed_up: Path, says: Says, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty directory is none, a packed log neither. Or what people have sent is left out."""
    shutil.rmtree(place / "data-erased")
    (place / "packed").mkdir()
    (place / "packed" / "erased-2026-11-27-00000000.log.gz").write_bytes(b"")
    (place / "empty").mkdir()
    assert says(*RESTORE).startswith("There is no log of erased tickets at ")
    for given in ("elsewhere", "empty"):
        assert says(*RESTORE, "--erased", given).startswith(f"There is no log of erased tickets at {given}.")
    assert "is no file of a log" in says(*RESTORE, "--erased", "packed", "--although-incomplete")
    assert not (place / "data").joinpath("jourchatt.sqlite").exists()
    assert main([*RESTORE, "--without-tickets"]) == 0
    assert "What people have sent was left out." in capsys.readouterr().out


def test_restore_refuses_logs_in_doubt_before_anything_has_changed(
    place: Path, backed_up: Path, says: Says, capsys: pytest.CaptureFixture[str]
) -> None:
    """Damaged, or ended before the backup was made; another host's does not help, and there is one way on."""
    writes(place / "old", 3, 2, 1)
    file = writes(place / "damaged", 0, ended="0" * 32)
    file.write_bytes(file.read_bytes().replace(b"0 ", b"1 "))
    for given, why in (("old", "ends on "), ("damaged", "has a line that is damaged")):
        said = says(*RESTORE, "--erased", "data-erased", given)
        assert said.startswith(f"The log of erased tickets {given} {why}")
        assert said.endswith("add --although-incomplete if you are sure that nothing was taken back there.")
    assert not (place / "data" / "jourchatt.sqlite").exists()
    assert len(list((place / "data-erased").iterdir())) == 1, "nothing was taken over"
    assert main([*RESTORE, "--erased", "data-erased", "old", "--although-incomplete"]) == 0
    assert f"until {local_day(SystemClock().now()) - timedelta(days=1)}." in capsys.readouterr().out


def test_restore_takes_over_the_logs_that_it_was_given(place: Path, backed_up: Path) -> None:
    """So that the next one, which reads this machine's own, brings nothing back either."""
    shutil.rmtree(place / "data-erased")
    for host, days in (("one", (4, 2, 1, 0)), ("two", (3, 2, 1, 0))):
        writes(place / "copies" / host, *days, ended=host.encode().hex().ljust(32, "0"))
    assert main([*RESTORE, "--erased", "copies"]) == 0
    (own,) = read_logs([place / "data-erased"]).values()
    assert {bytes.fromhex(line.mark).strip(b"\0") for line in own.lines} == {b"one", b"two"}
    today = local_day(SystemClock().now())
    assert own.days == {today - timedelta(days=days) for days in (2, 1, 0)}, "on which no host was silent"


def test_backup_is_looked_into_without_a_database(
    place: Path, backed_up: Path, says: Says, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it holds and whether the logs would do; what restoring would refuse is refused here too."""
    capsys.readouterr()
    assert main([*RESTORE, "--look"]) == 0
    printed = capsys.readouterr().out
    assert "is whole" in printed
    assert [line.split() for line in printed.splitlines()[1:3]] == [["1", "staff_accounts"], ["1", "replies"]]
    assert main([*RESTORE, "--look", "--erased", "data-erased"]) == 0
    assert "it could be put back" in capsys.readouterr().out
    writes(place / "old", 3, 2, 1)
    assert "ends on " in says(*RESTORE, "--look", "--erased", "old")
    whole = backed_up.read_bytes()
    backed_up.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    says(*RESTORE, "--look")
    assert not (place / "data" / "jourchatt.sqlite").exists()


def test_restore_refuses_other_keys_and_passphrases(
    place: Path, backed_up: Path, says: Says, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the database is touched."""
    assert main(["backup-key", "other", "--passphrase-file", "words"]) == 0
    assert "another key" in says("restore", "a.backup", "--key", "other", "--passphrase-file", "words")
    (place / "wrong").write_text("en helt annan lösenfras")
    assert "does not open" in says("restore", "a.backup", "--key", "key", "--passphrase-file", "wrong")
    assert "no backup key" in says("restore", "a.backup", "--key", "words", "--passphrase-file", "words")
    assert "no terminal" in says("restore", "a.backup", "--key", "key")
    assert "cannot be read" in says("restore", "a.backup", "--key", "none")
    assert "no backup" in says("restore", "words", "--key", "key", "--passphrase-file", "words")
    assert not (place / "data" / "jourchatt.sqlite").exists()


def test_restore_refuses_beside_a_running_server(place: Path, backed_up: Path, says: Says) -> None:
    """It would fill the database under its feet."""
    with (place / "data" / "server.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert says(*RESTORE).startswith("Another server is using the data directory")
    assert not (place / "data" / "jourchatt.sqlite").exists()
