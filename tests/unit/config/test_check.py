# SPDX-License-Identifier: EUPL-1.2
"""What `jourchatt check` finds in a deployment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.check import Finding, Severity, check
from config.errors import Broken, Mistake
from config.settings import Settings, read_settings
from tests.unit.config.sites import RIGHT, TODAY


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings of a deployment that is right."""
    return read_settings(
        {
            "JOURCHATT_DATA": str(tmp_path / "data"),
            "JOURCHATT_KEYS": str(tmp_path / "keys"),
            "JOURCHATT_PUBLIC_URL": "https://samtal.example",
            "JOURCHATT_TRUSTED_PROXIES": "127.0.0.1",
        }
    )


def found(settings: Settings | Broken, text: str = RIGHT) -> list[tuple[Severity, str]]:
    """Return severity and path of everything that is found."""
    return [(each.severity, each.path) for each in check(settings, text, source="site.toml", today=TODAY)]


def test_check_finds_nothing_where_everything_is_right(settings: Settings) -> None:
    """An empty list is the goal."""
    assert found(settings) == []


def test_check_warns_of_an_address_that_only_this_machine_can_reach(settings: Settings) -> None:
    """The default is for trying it out."""
    local = replace(settings, public_url="http://127.0.0.1:8000")
    assert found(local) == [(Severity.WARNING, "JOURCHATT_PUBLIC_URL")]


def test_check_warns_of_a_proxy_that_nobody_named(settings: Settings) -> None:
    """Behind it everybody would share one allowance."""
    unnamed = replace(settings, trusted_proxies=())
    assert found(unnamed) == [(Severity.WARNING, "JOURCHATT_TRUSTED_PROXIES")]
    local = replace(unnamed, public_url="http://127.0.0.1:8000")
    assert (Severity.WARNING, "JOURCHATT_TRUSTED_PROXIES") not in found(local)


def test_check_warns_of_a_host_name_that_tells(settings: Settings) -> None:
    """The domain stands in the history."""
    telling = replace(settings, public_url="https://chatt.kvinnojouren.example")
    assert found(telling) == [(Severity.WARNING, "JOURCHATT_PUBLIC_URL")]


def test_check_warns_of_a_host_page_on_the_chats_own_host(settings: Settings) -> None:
    """A frame on the same host is no border."""
    same = replace(settings, public_url="https://www.jouren.example:8443")
    assert (Severity.WARNING, "organisations.jouren.host_origins") in found(same)


def test_check_refuses_a_data_directory_that_is_a_file(settings: Settings) -> None:
    """It can never be written."""
    settings.data.write_text("")
    assert found(settings) == [(Severity.MISTAKE, "JOURCHATT_DATA")]


def test_check_refuses_a_place_that_cannot_be_written(settings: Settings) -> None:
    """No directory can be made below a file."""
    file = settings.data.parent / "file"
    file.write_text("")
    assert found(replace(settings, keys=file / "keys")) == [(Severity.MISTAKE, "JOURCHATT_KEYS")]


def test_check_lists_settings_and_site_file_together(settings: Settings) -> None:
    """Broken settings do not hide a broken site file, and mistakes stand before warnings."""
    text = RIGHT.replace('hours = "Mo-Fr 08:00-16:30"', 'hours = "x"').replace("verified_at = 2026-05-01", "")
    assert found(Broken("the environment", [Mistake("PORT", "Wrong.", "Mend it.")]), text) == [
        (Severity.MISTAKE, "PORT"),
        (Severity.MISTAKE, "services.bron.hours"),
        (Severity.WARNING, "lines.sos.verified_at"),
    ]


def test_finding_prints_as_one_line() -> None:
    """Severity, place, what is wrong, how to mend it."""
    finding = Finding(Severity.WARNING, "lines.sos", "Old.", "Look again.")
    assert str(finding) == "warning  lines.sos: Old. Look again."
