# SPDX-License-Identifier: EUPL-1.2
"""The command `jourchatt`: what it prints, and the one plain sentence when it cannot."""

from __future__ import annotations

import hashlib
import io
import json
import socket
import sqlite3
import sys
from datetime import date
from pathlib import Path

import pytest

from chat.adapters import argon2
from chat.ids import Track
from config.site import Site
from web import bootstrap, demo, server
from web.accounts.account import StaffRole
from web.cli import main
from web.server_options import ServeOptions

EXAMPLE = Path(__file__).parents[3] / "config" / "site.example.toml"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a directory and an environment of its own, with the example as its site file."""
    monkeypatch.chdir(tmp_path)
    for name in ("PORT", "JOURCHATT_DATABASE_URL", "JOURCHATT_REDIS_URL", "JOURCHATT_TRUSTED_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JOURCHATT_SITE", str(tmp_path / "site.toml"))
    monkeypatch.setenv("JOURCHATT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("JOURCHATT_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("JOURCHATT_PUBLIC_URL", "https://samtal.example")
    (tmp_path / "site.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[ServeOptions]:
    """Catch what the server would be started with."""
    caught: list[ServeOptions] = []

    def run(options: ServeOptions) -> int:
        caught.append(options)
        if options.on_ready:
            options.on_ready(f"http://{options.host}:{options.port}")
        return 0

    monkeypatch.setattr(server, "run", run)
    monkeypatch.setattr(demo, "run", run)
    return caught


class QuickPasswords:
    """Stands in for Argon2, which is tested with the accounts and is slow on purpose."""

    def __init__(self, _pool: object) -> None:
        """Need no pool."""

    async def hash(self, password: str) -> str:
        """Return something that is no hash."""
        return f"quick {len(password)}"

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Let nobody in."""
        return False


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make accounts without the second that a real hash takes."""
    monkeypatch.setattr(bootstrap, "Argon2Passwords", QuickPasswords)
    monkeypatch.setattr(argon2, "stretched", lambda secret, salt: hashlib.sha256(salt + secret).digest())


def refused(*command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that must fail; return the sentence that it prints, and nothing else."""
    assert main(command) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err.strip()


# --- the server


def test_serve_takes_host_port_and_site_from_its_arguments(started: list[ServeOptions]) -> None:
    """What is said on the command line wins over the environment."""
    assert main(["serve", "--host", "0.0.0.0", "--port", "9001"]) == 0  # noqa: S104 - nothing listens here
    (options,) = started
    assert (options.host, options.port) == ("0.0.0.0", 9001)  # noqa: S104 - the same
    assert (options.demo, options.limits) == (False, True)
    assert set(options.site.services) == {"linden", "bron"}


def test_serve_takes_its_port_from_the_environment(
    started: list[ServeOptions], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PORT is what hosting services set."""
    monkeypatch.setenv("PORT", "9002")
    assert main(["serve"]) == 0
    assert started[0].port == 9002


def test_serve_lists_every_mistake_of_a_broken_site_file(
    place: Path, capsys: pytest.CaptureFixture[str], started: list[ServeOptions]
) -> None:
    """The start is stopped once, not once for each mistake."""
    text = EXAMPLE.read_text(encoding="utf-8").replace('track = "exposed"', 'track = "x"')
    (place / "site.toml").write_text(text, encoding="utf-8")
    printed = refused("serve", capsys=capsys).splitlines()
    assert printed[0].endswith("site.toml: 2 to mend")
    assert [line.partition(":")[0] for line in printed[1:]] == [
        "services.linden.track",
        "services.bron.track",
    ]
    assert started == []


def test_serve_refuses_keys_inside_the_data(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup of the data would hold them."""
    monkeypatch.setenv("JOURCHATT_KEYS", str(place / "data" / "keys"))
    assert "JOURCHATT_KEYS" in refused("serve", capsys=capsys)


def test_serve_says_that_its_port_is_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence with the number."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = refused("serve", "--port", str(port), capsys=capsys)
    assert f"Port {port}" in sentence
    assert "in use" in sentence
    assert len(sentence.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [(None, "There is no site file"), (b"\xff\xfe", "is not UTF-8"), (b"x = ", "not TOML")],
)
def test_serve_says_what_keeps_it_from_reading_the_site_file(
    content: bytes | None, word: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Missing, not text, not TOML."""
    file = place / "other.toml"
    if content is not None:
        file.write_bytes(content)
    assert word in refused("serve", "--site", str(file), capsys=capsys)


# --- the demo


def test_demo_prints_one_line_of_json_and_nothing_else(
    started: list[ServeOptions], capsys: pytest.CaptureFixture[str]
) -> None:
    """The line is the one of the contract, and a free port was chosen."""
    assert main(["demo", "--port", "0", "--json", "--capacity", "7"]) == 0
    (options,) = started
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert said["url"] == f"http://127.0.0.1:{options.port}"
    assert said["host_page"] == f"http://localhost:{options.port}/demo/site"
    assert said["ws_visitor"] == f"ws://127.0.0.1:{options.port}/ws/visitor"
    assert said["ws_operator"] == f"ws://127.0.0.1:{options.port}/ws/operator"
    assert said["services"] == list(options.site.services)
    assert said["receiver_passphrases"] == dict.fromkeys(options.site.receivers, demo.PASSPHRASE)
    assert all(set(person) == {"name", "password", "role", "services"} for person in said["staff"])
    assert options.port > 0
    assert (options.demo, options.limits) == (True, False)
    assert {service.chat.capacity for service in options.site.services.values()} == {7}


def test_demo_lets_both_host_names_frame_the_chat(
    started: list[ServeOptions], capsys: pytest.CaptureFixture[str]
) -> None:
    """The sample page is on the one that is another site to a browser."""
    main(["demo", "--port", "0", "--limits"])
    (options,) = started
    origins = {f"http://{name}:{options.port}" for name in ("localhost", "127.0.0.1")}
    assert options.limits
    assert "nobody here has to work" not in capsys.readouterr().out
    assert all(set(each.host_origins) == origins for each in options.site.organisations.values())
    assert all(set(each.organisation.host_origins) == origins for each in options.site.services.values())


def test_demo_leaves_nothing_behind(started: list[ServeOptions]) -> None:
    """Without a directory of its own the data is gone at the end."""
    main(["demo", "--port", "0"])
    assert not started[0].settings.data.parent.exists()


def test_demo_keeps_data_and_keys_in_its_directory(
    place: Path, started: list[ServeOptions], capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys beside the data; the summary says that they stay, and that nobody has to work for a start."""
    main(["demo", "--port", "0", "--data", str(place / "kept")])
    settings = started[0].settings
    assert (settings.data, settings.keys) == (place / "kept" / "data", place / "kept" / "keys")
    printed = capsys.readouterr().out
    assert f"The data stays in {place / 'kept'}." in printed
    assert demo.PASSWORD in printed
    assert "Tjejjouren i Vallentuna" in printed
    assert "nobody here has to work before a start" in printed


def test_demo_staff_can_answer_everywhere() -> None:
    """Two operators in each service, a supervisor for each track, a receiver; nobody on both tracks."""
    site: Site = demo.demo_site(8000, 3, date(2026, 11, 20))
    for id_ in site.services:
        operators = [each for each in demo.STAFF if each.role is StaffRole.OPERATOR and id_ in each.services]
        assert len(operators) >= 2
    tracks = [
        {site.chat_services()[id_].track for id_ in site.services if id_ in each.services}
        for each in demo.STAFF
    ]
    assert all(len(each) <= 1 for each in tracks)
    supervised = [
        each for each, person in zip(tracks, demo.STAFF, strict=True) if person.role is StaffRole.SUPERVISOR
    ]
    assert supervised == [{Track.EXPOSED}, {Track.PERPETRATOR}]
    assert any(person.role is StaffRole.RECEIVER for person in demo.STAFF)
    assert all(service in site.services for person in demo.STAFF for service in person.services)


# --- check and widget


def test_check_lists_warnings_and_exits_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    """A warning stops nothing."""
    assert main(["check"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert all(line.startswith("warning  ") for line in printed[:-1])
    assert printed[-1].endswith(f"site.toml: mistakes: 0, warnings: {len(printed) - 1}")


def test_check_exits_with_one_for_mistakes_of_any_kind(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Environment and site file in one list."""
    monkeypatch.setenv("PORT", "x")
    file = place / "other.toml"
    file.write_text(
        EXAMPLE.read_text(encoding="utf-8").replace("capacity = 3 ", "capacity = 300 "), encoding="utf-8"
    )
    assert main(["check", "--site", str(file)]) == 1
    mistakes = [line for line in capsys.readouterr().out.splitlines() if line.startswith("mistake  ")]
    assert [line.split()[1] for line in mistakes] == ["PORT:", "services.linden.capacity:"]


def test_check_says_both_when_settings_are_broken_and_the_file_is_missing(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one does not hide the other."""
    monkeypatch.setenv("PORT", "x")
    printed = refused("check", "--site", str(place / "none.toml"), capsys=capsys)
    assert "PORT" in printed
    assert "There is no site file" in printed


def test_widget_prints_the_line_to_embed(capsys: pytest.CaptureFixture[str]) -> None:
    """The line of the contract, with the public address."""
    assert main(["widget", "linden"]) == 0
    assert capsys.readouterr().out == (
        '<script src="https://samtal.example/widget.js" data-service="linden" data-lang="sv" async>'
        "</script>\n"
    )


def test_widget_names_the_services_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown one is met with the known ones."""
    assert "there are: bron, linden" in refused("widget", "eken", capsys=capsys)


# --- the database and the staff


def test_staff_is_added_listed_disabled_and_reset(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The life of one account."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("en lång fras\n"))
    assert main(["staff", "add", "Anna", "--service", "linden", "bron", "--password-stdin"]) == 0
    assert capsys.readouterr().out == "Anna may sign in as operator.\n"
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out == "anna  operator  bron, linden\n"
    assert main(["staff", "disable", "anna"]) == 0
    assert main(["staff", "list"]) == 0
    assert "anna  operator  bron, linden  disabled" in capsys.readouterr().out
    for guessable in ("Linden2026!", "lösenord123", "1qaz2wsx3edc"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{guessable}\n"))
        assert "four words" in refused("staff", "reset", "anna", "--password-stdin", capsys=capsys)
    assert main(["staff", "reset", "anna", "--generate"]) == 0
    password = capsys.readouterr().out.rpartition("Password: ")[2].strip()
    assert len(password) == 20
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out == "anna  operator  bron, linden\n"


def test_staff_name_that_is_taken_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """However it is typed, it is the same account."""
    main(["staff", "add", "anna", "--role", "supervisor", "--generate"])
    capsys.readouterr()
    sentence = refused("staff", "add", "ANNA", "--role", "supervisor", "--generate", capsys=capsys)
    assert len(sentence.splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("staff", "add", "anna", "--service", "eken", "--generate"), "no service “eken”"),
        (("staff", "add", "anna", "--generate"), "at least one service"),
        (("staff", "disable", "nobody"), "no account"),
    ],
)
def test_staff_command_that_cannot_be_done_says_why(
    command: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One plain sentence."""
    assert word in refused(*command, capsys=capsys)


def test_staff_of_both_tracks_is_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One person serves one of them, and is told so before there is an account."""
    text = EXAMPLE.read_text(encoding="utf-8")
    before, after = text.split("[services.bron]")
    after = after.replace('track = "exposed"', 'track = "perpetrator"', 1)
    (place / "site.toml").write_text(f"{before}[services.bron]{after}", encoding="utf-8")
    sentence = refused("staff", "add", "anna", "--service", "linden", "bron", "--generate", capsys=capsys)
    assert "those who use violence" in sentence
    assert main(["staff", "add", "anna", "--service", "bron", "--generate"]) == 0


def test_staff_password_needs_a_source(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal nothing is asked, and nothing is guessed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert "--password-stdin" in refused("staff", "add", "anna", "--service", "linden", capsys=capsys)


def test_staff_password_that_is_too_short_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule is in the sentence."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("kort\n"))
    assert "characters" in refused(
        "staff", "add", "anna", "--service", "linden", "--password-stdin", capsys=capsys
    )


def test_migrate_makes_the_database(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice does no harm."""
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    assert (place / "data" / "jourchatt.sqlite").exists()
    assert capsys.readouterr().out.splitlines() == ["The database is at this version."] * 2


@pytest.mark.parametrize("command", [("migrate",), ("staff", "list")])
def test_database_from_a_newer_version_is_left_alone(
    command: tuple[str, ...], place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, and nothing is changed."""
    (place / "data").mkdir()
    with sqlite3.connect(place / "data" / "jourchatt.sqlite") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('from_the_future')")
    connection.close()
    assert "newer version" in refused(*command, capsys=capsys)


@pytest.mark.parametrize("command", [("migrate",), ("staff", "list")])
def test_data_directory_that_cannot_be_written_is_named(
    command: tuple[str, ...], place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence with the place."""
    (place / "data").write_text("a file where the directory should be")
    sentence = refused(*command, capsys=capsys)
    assert str(place / "data") in sentence
    assert len(sentence.splitlines()) == 1


@pytest.mark.parametrize("command", [(), ("fly",), ("demo", "--port", "70000"), ("demo", "--capacity", "0")])
def test_command_line_that_is_wrong_is_refused(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """As every command does: exit status 2 and the usage."""
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 2
    assert "usage: jourchatt" in capsys.readouterr().err
