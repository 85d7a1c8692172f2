# SPDX-License-Identifier: EUPL-1.2
"""The commands about receiving units: keys, passphrases, and who works there."""

from __future__ import annotations

import io
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from chat.adapters.system import SystemClock
from chat.code import WORDS_IN_CODE, read_code
from config.codes import code_words
from config.settings import Settings
from handover.errors import WrongPassphrase
from handover.ids import ReceiverId
from handover.units import Units
from tests.unit.config.sites import RECEIVERS, RIGHT
from tests.unit.web.test_cli import QuickPasswords, refused
from web import bootstrap
from web.accounts.account import StaffRole
from web.accounts.service import Accounts
from web.accounts_once import with_accounts, with_units
from web.bootstrap import keys_there_are
from web.cli import main
from web.staff_commands import ROLES

INTAKE = ReceiverId("mottagningen")
OTHER_TRACK = RECEIVERS.partition("[receivers.stod]")[1] + RECEIVERS.partition("[receivers.stod]")[2]
OTHER_TRACK = OTHER_TRACK.replace("receivers.stod", "receivers.sluta").replace("exposed", "perpetrator")
OWN = "sju gröna äpplen"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a directory, an environment and a site file with receivers of both tracks."""
    monkeypatch.chdir(tmp_path)
    for name in ("PORT", "JOURCHATT_DATABASE_URL", "JOURCHATT_REDIS_URL", "JOURCHATT_TRUSTED_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JOURCHATT_SITE", str(tmp_path / "site.toml"))
    monkeypatch.setenv("JOURCHATT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("JOURCHATT_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("JOURCHATT_PUBLIC_URL", "https://samtal.example")
    monkeypatch.setenv("JOURCHATT_TRUSTED_PROXIES", "127.0.0.1")
    monkeypatch.setattr(bootstrap, "Argon2Passwords", QuickPasswords)
    (tmp_path / "site.toml").write_text(RIGHT + RECEIVERS + OTHER_TRACK, encoding="utf-8")
    return tmp_path


@pytest.fixture
def settings(place: Path) -> Settings:
    """The settings that the commands read."""
    database = f"sqlite+aiosqlite:///{place / 'data' / 'jourchatt.sqlite'}"
    return Settings(
        site=place / "site.toml",
        data=place / "data",
        keys=place / "keys",
        erased=place / "erased",
        database_url=database,
        public_url="https://samtal.example",
        port=8000,
    )


def opens(settings: Settings, passphrase: str, unit: ReceiverId = INTAKE) -> bool:
    """Tell whether a unit's stored key opens with a passphrase, as it would at a sign-in."""
    opened: list[bool] = []

    async def unlock(units: Units) -> None:
        try:
            await units.unlock("a sign-in", unit, passphrase)  # type: ignore[arg-type]  # any name will do
        except WrongPassphrase:
            opened.append(False)
        else:
            opened.append(True)

    with_units(settings, unlock)
    return opened[0]


def test_receiver_create_prints_six_words_once_and_they_open_the_key(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    """The words are the house's own, said with how to keep them; nothing else opens the key."""
    assert main(["receiver", "create", INTAKE]) == 0
    printed = capsys.readouterr()
    first, *rest = printed.out.splitlines()
    words = first.removeprefix("Passphrase: ")
    assert read_code(words, code_words()) == words
    assert len(words.split()) == WORDS_IN_CODE
    assert printed.out.count(words) == 1
    assert "stored nowhere" in " ".join(rest)
    assert rest[-1] == f"{INTAKE} has a key now. Things can be sent to it."
    assert opens(settings, words)
    assert not opens(settings, f"{words} x")


def test_receiver_create_leaves_the_passphrase_in_no_file(
    capsys: pytest.CaptureFixture[str], place: Path
) -> None:
    """Neither in the database nor in the keys, nor beside them."""
    main(["receiver", "create", INTAKE])
    words = capsys.readouterr().out.splitlines()[0].removeprefix("Passphrase: ")
    files = [file for file in place.rglob("*") if file.is_file()]
    assert any(file.name == "jourchatt.sqlite" for file in files)
    assert all(words.encode() not in file.read_bytes() for file in files)


def test_receiver_create_refuses_a_unit_that_has_a_key(
    capsys: pytest.CaptureFixture[str], settings: Settings, place: Path
) -> None:
    """It says why, makes no other words, and the first passphrase still opens it."""
    (place / "own").write_text(OWN, encoding="utf-8")
    assert main(["receiver", "create", INTAKE, "--passphrase-file", "own"]) == 0
    capsys.readouterr()
    sentence = refused("receiver", "create", INTAKE, capsys=capsys)
    assert sentence.startswith(f"{INTAKE} has a key already, and keeps it: what was sent")
    assert len(sentence.splitlines()) == 1
    assert opens(settings, OWN)


def test_receiver_create_refuses_an_unknown_unit(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    """With those that there are, and before anything is made."""
    assert "there are: mottagningen, sluta, stod" in refused("receiver", "create", "soc", capsys=capsys)
    assert not (place / "data").exists()


@pytest.mark.parametrize("text", ["", "kort", " " * 40, "femton tecken !", f"\n{'x' * 15}\n", "x" * 257])
def test_receiver_create_refuses_a_passphrase_that_is_no_good(
    text: str, capsys: pytest.CaptureFixture[str], place: Path
) -> None:
    """Spaces do not make it longer; the rule is in the sentence, and no key is made."""
    (place / "own").write_text(text, encoding="utf-8")
    sentence = refused("receiver", "create", INTAKE, "--passphrase-file", "own", capsys=capsys)
    assert sentence == "A passphrase has 16 to 256 characters: take several words."
    assert not (place / "data").exists()


@pytest.mark.parametrize(("content", "word"), [(None, "cannot be read"), (b"\xff\xfe", "not UTF-8")])
def test_receiver_create_says_what_is_wrong_with_the_file(
    content: bytes | None, word: str, capsys: pytest.CaptureFixture[str], place: Path
) -> None:
    """Missing, or not text."""
    if content is not None:
        (place / "own").write_bytes(content)
    assert word in refused("receiver", "create", INTAKE, "--passphrase-file", "own", capsys=capsys)


class Terminal(io.StringIO):
    """Somebody sits there."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed at the questions of a terminal, in turn."""
    answers: list[str] = []
    turns: Iterator[str] = iter(answers)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("web.receiver_commands.getpass.getpass", lambda _question: next(turns))
    return answers


def test_receiver_create_asks_twice_at_a_terminal(typed: list[str], settings: Settings) -> None:
    """What was typed opens the key."""
    typed += [OWN, OWN]
    assert main(["receiver", "create", INTAKE, "--ask"]) == 0
    assert opens(settings, OWN)


def test_receiver_create_refuses_two_that_differ(
    typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip of the finger would lock the unit out for good."""
    typed += [OWN, f"{OWN}n"]
    assert "not the same" in refused("receiver", "create", INTAKE, "--ask", capsys=capsys)


def test_receiver_create_asks_nobody_without_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the other ways."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{OWN}\n"))
    assert "--passphrase-file" in refused("receiver", "create", INTAKE, "--ask", capsys=capsys)


class Gone(io.StringIO):
    """Whoever would read it has gone."""

    def flush(self) -> None:
        """Fail as a broken pipe does."""
        raise BrokenPipeError

    def fileno(self) -> int:
        """Have no file behind it."""
        raise OSError


def test_receiver_create_makes_no_key_whose_words_nobody_could_read(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Such a unit could never open anything, and never get another key."""
    with monkeypatch.context() as away:
        away.setattr(sys, "stdout", Gone())
        assert main(["receiver", "create", INTAKE]) == 1
    assert keys_there_are(settings) == frozenset()


def test_receiver_list_tells_which_units_have_a_key(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    """Also of a unit that has left the site file: what was sent to it still lies there."""
    (place / "own").write_text(OWN, encoding="utf-8")
    main(["receiver", "create", INTAKE, "--passphrase-file", "own"])
    capsys.readouterr()
    assert main(["receiver", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "mottagningen  exposed  socialtjansten  key",
        "stod  exposed  jouren  no key",
        "sluta  perpetrator  jouren  no key",
    ]
    (place / "other.toml").write_text(RIGHT, encoding="utf-8")
    assert main(["receiver", "list", "--site", "other.toml"]) == 0
    assert capsys.readouterr().out == "mottagningen  -  not in other.toml  key\n"


# --- what check sees of keys


def test_check_looks_for_keys_where_there_is_a_database_and_makes_none(
    capsys: pytest.CaptureFixture[str], place: Path
) -> None:
    """Without a database nothing is said of keys; with one, each unit that has none is named."""
    main(["check"])
    assert "no key" not in capsys.readouterr().out
    assert not (place / "data").exists()
    (place / "own").write_text(OWN, encoding="utf-8")
    main(["receiver", "create", INTAKE, "--passphrase-file", "own"])
    capsys.readouterr()
    assert main(["check"]) == 0
    lacking = [line for line in capsys.readouterr().out.splitlines() if "no key" in line]
    assert [line.split()[1] for line in lacking] == ["receivers.stod:", "receivers.sluta:"]
    assert lacking[0].endswith("Run jourchatt receiver create stod together with the unit.")


def test_check_says_nothing_of_keys_in_a_database_of_another_kind(
    capsys: pytest.CaptureFixture[str], place: Path
) -> None:
    """A file without our tables is not touched."""
    (place / "data").mkdir()
    with sqlite3.connect(place / "data" / "jourchatt.sqlite") as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()
    before = (place / "data" / "jourchatt.sqlite").read_bytes()
    assert main(["check"]) == 0
    assert "no key" not in capsys.readouterr().out
    assert (place / "data" / "jourchatt.sqlite").read_bytes() == before


# --- who works at units


def test_staff_roles_are_those_of_the_accounts() -> None:
    """The list that keeps the start quick is the real one."""
    assert set(ROLES) == set(StaffRole)


def test_staff_of_units_is_added_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """A receiver at its units, a supervisor with services and units; commas or spaces between."""
    receiver = ["staff", "add", "Ingrid", "--role", "receiver", "--units", "mottagningen,stod", "--generate"]
    assert main(receiver) == 0
    boss = ["staff", "add", "bo", "--role", "supervisor", "--services", "linden", "--unit", "stod", INTAKE]
    assert main([*boss, "--generate"]) == 0
    capsys.readouterr()
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "bo  supervisor  linden  units: mottagningen, stod",
        "ingrid  receiver  -  units: mottagningen, stod",
    ]


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("--role", "receiver"), "works at one or more receiving units"),
        (("--role", "coordinator"), "works at one or more receiving units, or looks after services"),
        (("--role", "receiver", "--units", "soc"), "no receiver “soc”"),
        (("--role", "operator", "--service", "linden", "--unit", "stod"), "works at no receiving unit"),
        (("--role", "receiver", "--units", "stod,sluta"), "stod (exposed), sluta (perpetrator)"),
        (
            ("--role", "supervisor", "--services", "linden", "--units", "sluta"),
            "linden (exposed), sluta (perpetrator)",
        ),
        (
            ("--role", "supervisor", "--services", "bron", "--units", "stod"),
            "bron (perpetrator), stod (exposed)",
        ),
        (("--role", "administrator", "--units", "sluta", "stod"), "those who use violence"),
    ],
)
def test_staff_that_cannot_be_is_refused(
    command: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str], place: Path
) -> None:
    """No units, unknown ones, or both tracks in one hand: before there is an account."""
    assert word in refused("staff", "add", "eva", *command, "--generate", capsys=capsys)
    assert not (place / "data").exists()


def test_staff_units_are_given_to_an_account_that_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Instead of its own; the role and the services stay."""
    boss = ["staff", "add", "bo", "--role", "supervisor", "--services", "linden", "--unit", "stod"]
    assert main([*boss, "--generate"]) == 0
    capsys.readouterr()
    assert main(["staff", "units", "Bo", "--units", INTAKE]) == 0
    assert capsys.readouterr().out == "Bo has the units mottagningen, and must sign in again.\n"
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out == "bo  supervisor  linden  units: mottagningen\n"
    assert main(["staff", "units", "bo", "--units", f"stod,{INTAKE}"]) == 0
    capsys.readouterr()
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out == "bo  supervisor  linden  units: mottagningen, stod\n"


@pytest.mark.parametrize(
    ("name", "units", "word"),
    [
        ("bo", ("--units", "sluta"), "linden (exposed), sluta (perpetrator)"),
        ("bo", ("--units", "stod,sluta"), "linden (exposed), stod (exposed), sluta (perpetrator)"),
        ("bo", ("--units", "soc"), "no receiver “soc”"),
        ("bo", (), "Name every unit"),
        ("anna", ("--units", "stod"), "works at no receiving unit"),
        ("nobody", ("--units", "stod"), "no account of this name"),
    ],
)
def test_staff_units_that_cannot_be_are_refused(
    name: str, units: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both tracks in one hand above all, also by way of services that the account has; nothing changes."""
    boss = ["staff", "add", "bo", "--role", "supervisor", "--services", "linden", "--unit", "stod"]
    assert main([*boss, "--generate"]) == 0
    assert main(["staff", "add", "anna", "--service", "linden", "--generate"]) == 0
    capsys.readouterr()
    assert main(["staff", "list"]) == 0
    before = capsys.readouterr().out
    assert word in refused("staff", "units", name, *units, capsys=capsys)
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out == before


def test_staff_second_factor_is_told_and_removed(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who has lost the phone is helped from the command line; a second time there is none."""
    main(["staff", "add", "eva", "--role", "administrator", "--organisation", "jouren", "--generate"])

    async def set_up(accounts: Accounts) -> None:
        account, secret = await accounts.named("eva"), accounts.factors.new_secret()
        code = pyotp.TOTP(secret).at(SystemClock().now())
        await accounts.factors.set_up(account.id, secret, code, keep=None)

    with_accounts(settings, set_up)
    capsys.readouterr()
    file = settings.keys / "second-factors.key"
    assert main(["staff", "second-factor-key"]) == 0
    assert capsys.readouterr().out.startswith(f"{file} counts")
    file.unlink()
    assert main(["staff", "second-factor-key"]) == 0
    assert capsys.readouterr().out.startswith(f"{file} is missing")
    assert "remove them first" in refused("staff", "second-factor-key", "--new", capsys=capsys)
    assert not file.exists()
    assert main(["staff", "list"]) == 0
    listed = "eva  administrator  -  organisations: jouren"
    assert capsys.readouterr().out == f"{listed}  second factor\n"
    assert main(["staff", "second-factor", "eva"]) == 0
    assert capsys.readouterr().out == "eva has a second factor.\n"
    assert main(["staff", "second-factor", "eva", "--remove"]) == 0
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out.endswith(f"{listed}\n")
    assert "no second factor" in refused("staff", "second-factor", "eva", "--remove", capsys=capsys)
    assert main(["staff", "second-factor-key", "--new"]) == 0
    assert "counts from now on" in capsys.readouterr().out
    with_accounts(settings, set_up)
    assert file.exists()
