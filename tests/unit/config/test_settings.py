# SPDX-License-Identifier: EUPL-1.2
"""What the environment says, and every way in which it can be wrong."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from config.errors import Broken
from config.settings import Settings, read_settings, read_watching


def broken(environment: dict[str, str]) -> list[str]:
    """Return the names of the variables that have to be mended."""
    with pytest.raises(Broken) as caught:
        read_settings(environment)
    return [mistake.path for mistake in caught.value.mistakes]


def test_settings_have_defaults_for_everything() -> None:
    """An empty environment is a whole configuration in the current directory."""
    here = Path.cwd().resolve()
    assert read_settings({"PATH": "/usr/bin", "JOURCHATT_DATA": "  "}) == Settings(
        site=here / "site.toml",
        data=here / "data",
        keys=here / "keys",
        erased=here / "data-erased",
        database_url=f"sqlite+aiosqlite:///{here}/data/jourchatt.sqlite",
        public_url="http://127.0.0.1:8000",
        port=8000,
    )


def test_settings_take_what_is_given(tmp_path: Path) -> None:
    """Each variable reaches its field."""
    settings = read_settings(
        {
            "JOURCHATT_SITE": str(tmp_path / "my.toml"),
            "JOURCHATT_DATA": str(tmp_path / "d"),
            "JOURCHATT_KEYS": str(tmp_path / "k"),
            "JOURCHATT_ERASED": str(tmp_path / "e"),
            "JOURCHATT_BACKUP_KEY": "k" * 43,
            "JOURCHATT_DATABASE_URL": "sqlite+aiosqlite:////srv/chat.sqlite",
            "JOURCHATT_PUBLIC_URL": "https://chat.example/",
            "JOURCHATT_TRUSTED_PROXIES": "10.0.0.5, 10.1.0.0/24,::1",
            "PORT": "9000",
        }
    )
    assert settings.site == tmp_path / "my.toml"
    assert (settings.data, settings.keys) == (tmp_path / "d", tmp_path / "k")
    assert (settings.erased, settings.backup_key) == (tmp_path / "e", "k" * 43)
    assert settings.database_url == "sqlite+aiosqlite:////srv/chat.sqlite"
    assert (settings.public_url, settings.port) == ("https://chat.example", 9000)
    assert settings.trusted_proxies == tuple(map(ip_network, ("10.0.0.5/32", "10.1.0.0/24", "::1/128")))


@pytest.mark.parametrize("keys", ["data", "data/keys", "data/../data/keys", "./data/a/b"])
def test_keys_inside_the_data_are_refused(keys: str) -> None:
    """A backup of the data must not hold the keys, however the path is written."""
    assert broken({"JOURCHATT_KEYS": keys}) == ["JOURCHATT_KEYS"]


def test_log_of_erased_tickets_inside_the_data_is_refused() -> None:
    """It would be lost together with what it is needed for."""
    assert broken({"JOURCHATT_ERASED": "data/erased"}) == ["JOURCHATT_ERASED"]


@pytest.mark.parametrize("erased", ["keys", "keys/erased"])
def test_log_of_erased_tickets_inside_the_keys_is_refused(erased: str) -> None:
    """What is never copied away cannot hold what has to be."""
    assert broken({"JOURCHATT_ERASED": erased}) == ["JOURCHATT_ERASED"]


def test_keys_reached_through_a_link_into_the_data_are_refused(tmp_path: Path) -> None:
    """A link cannot hide where the keys really lie."""
    (tmp_path / "data" / "inner").mkdir(parents=True)
    (tmp_path / "keys").symlink_to(tmp_path / "data" / "inner")
    environment = {"JOURCHATT_DATA": str(tmp_path / "data"), "JOURCHATT_KEYS": str(tmp_path / "keys")}
    assert broken(environment) == ["JOURCHATT_KEYS"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT", "٨٠٨٠"),
        ("JOURCHATT_PUBLIC_URL", "http://chat.example"),
        ("JOURCHATT_PUBLIC_URL", "https://chat.example/start"),
        ("JOURCHATT_PUBLIC_URL", "chat.example"),
        ("JOURCHATT_DATABASE_URL", "postgresql://db/chat"),
        ("JOURCHATT_DATABASE_URL", "postgresql+psycopg://db"),
        ("JOURCHATT_DATABASE_URL", "postgresql+psycopg://chat:p@ss@db/chat"),
        ("JOURCHATT_DATABASE_URL", "postgresql+psycopg://chat:p/ss@db/chat"),
        ("JOURCHATT_DATABASE_URL", "postgresql+psycopg://chat:p#ss@db/chat"),
        ("JOURCHATT_DATABASE_URL", "postgresql+psycopg://chat:pss@db:port/chat"),
        ("JOURCHATT_DATABASE_URL", "sqlite+aiosqlite:///"),
        ("JOURCHATT_DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
        ("JOURCHATT_DATABASE_URL_FILE", "/no/such/file"),
        ("JOURCHATT_REDIS_URL", "http://127.0.0.1/0"),
        ("JOURCHATT_DATABASE_URL", "postgresql+psycopg://chat:p?ss@db/chat"),
        ("JOURCHATT_DATABASE_URL", "postgresql+psycopg://chat:12/s@db/chat"),
        ("JOURCHATT_DATABASE_URL", "postgresql+psycopg://chat:pss@[::1/chat"),
        ("JOURCHATT_REDIS_URL", "redis://:s3cr/et@127.0.0.1:6379"),
        ("JOURCHATT_REDIS_URL", "redis://:s3cr#et@127.0.0.1:6379"),
        ("JOURCHATT_REDIS_URL", "redis://:12?et@127.0.0.1:6379"),
        ("JOURCHATT_REDIS_URL", "rediss://:12/et@127.0.0.1:6379"),
        ("JOURCHATT_REDIS_URL", "redis://:s3@cret@127.0.0.1:6379"),
        ("JOURCHATT_REDIS_URL", "unix://:s3cr/et@/run/redis.sock"),
        ("JOURCHATT_REDIS_URL", "redis://:s3cret@[::1:6379"),
        ("JOURCHATT_BACKUP_KEY", "too short"),
        ("JOURCHATT_TRUSTED_PROXIES", "10.0.0.5 10.0.0.6"),
        ("JOURCHATT_TRUSTED_PROXIES", "10.0.0.5/24"),
        ("JOURCHATT_LOG_LEVEL", "LOUD"),
        ("JOURCHATT_METRICS_PORT", "0"),
        ("JOURCHATT_METRICS_PORT", "127.0.0.1:9464"),
        ("JOURCHATT_METRICS_PORT", "8000"),
        ("JOURCHATT_DAta", "x"),
        ("JOURCHATT_SMS", "x"),
    ],
)
def test_variable_that_is_wrong_is_named(name: str, value: str) -> None:
    """The administrator reads which one to mend."""
    assert broken({name: value}) == [name]


@pytest.mark.parametrize("sign", "@:/?#%")
def test_password_that_is_taken_for_something_else_is_not_repeated(sign: str) -> None:
    """Whichever sign stands in it: the mistake names the variable and nothing of the value."""
    for name, begin in (
        ("JOURCHATT_REDIS_URL", "redis"),
        ("JOURCHATT_DATABASE_URL", "postgresql+psycopg"),
    ):
        for password in (f"hemligt{sign}ord", f"12{sign}hemligt"):
            said = ""
            try:
                read_settings({name: f"{begin}://chat:{password}@host/0"})
            except Broken as error:
                said = str(error)
            assert bool(said) is (sign not in ":%")
            assert "hemligt" not in said


def test_settings_list_all_their_mistakes_at_once() -> None:
    """Nothing is hidden behind the first mistake."""
    environment = {
        "PORT": "x",
        "JOURCHATT_KEYS": "data",
        "JOURCHATT_REDIS_URL": "x",
        "JOURCHATT_SIET": "a",
    }
    assert sorted(broken(environment)) == ["JOURCHATT_KEYS", "JOURCHATT_REDIS_URL", "JOURCHATT_SIET", "PORT"]


def test_several_machines_are_two_addresses() -> None:
    """PostgreSQL and Redis; without the second there is one process."""
    environment = {
        "JOURCHATT_DATABASE_URL": "postgresql+psycopg://chat@db/chat",
        "JOURCHATT_REDIS_URL": "rediss://cache:6379/0",
    }
    settings = read_settings(environment)
    assert (settings.database_url, settings.redis_url) == tuple(environment.values())
    assert read_settings({}).redis_url is None


def test_watching_is_off_and_quiet_unless_it_is_asked_for() -> None:
    """No port is opened for figures; what is told is started, ready, stopped and warnings."""
    settings = read_settings({})
    assert (settings.log_level, settings.metrics_port, settings.backups) == ("INFO", None, None)
    environment = {
        "JOURCHATT_LOG_LEVEL": "debug",
        "JOURCHATT_METRICS_PORT": "9464",
        "JOURCHATT_BACKUPS": "/srv/backups",
    }
    settings = read_settings(environment)
    assert (settings.log_level, settings.metrics_port) == ("DEBUG", 9464)
    assert settings.backups == Path("/srv/backups")
    assert read_watching(environment) == ("DEBUG", 9464)
    assert read_watching({"JOURCHATT_SIET": "not asked about"}) == (None, None)
    with pytest.raises(Broken, match="JOURCHATT_LOG_LEVEL"):
        read_watching({"JOURCHATT_LOG_LEVEL": "LOUD"})


def test_unknown_variable_is_met_with_the_nearest_known_one() -> None:
    """A slip of the finger is mended by reading one line."""
    with pytest.raises(Broken, match=r"Did you mean JOURCHATT_SITE\?"):
        read_settings({"JOURCHATT_SIET": "a"})


def test_secret_comes_from_its_file() -> None:
    """The file's text without its last line end is the value."""
    files = {Path("/run/secrets/db"): "sqlite+aiosqlite:////srv/a.sqlite\n"}
    settings = read_settings(
        {"JOURCHATT_DATABASE_URL_FILE": "/run/secrets/db"}, read=lambda path: files[path]
    )
    assert settings.database_url == "sqlite+aiosqlite:////srv/a.sqlite"


def test_secret_from_two_places_is_refused() -> None:
    """Nobody should have to guess which one counts."""
    with pytest.raises(Broken) as caught:
        read_settings(
            {"JOURCHATT_DATABASE_URL": "sqlite+aiosqlite:////a", "JOURCHATT_DATABASE_URL_FILE": "f"},
            read=lambda _: "sqlite+aiosqlite:////b",
        )
    assert [mistake.path for mistake in caught.value.mistakes] == ["JOURCHATT_DATABASE_URL_FILE"]


def test_secret_from_an_empty_file_is_refused() -> None:
    """An empty secret is a mistake, not a default."""
    with pytest.raises(Broken, match="is empty"):
        read_settings({"JOURCHATT_DATABASE_URL_FILE": "f"}, read=lambda _: "\n")
