# SPDX-License-Identifier: EUPL-1.2
"""The commands that look at what organisations have set themselves."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from pathlib import Path

import pytest

from tests.unit.web.test_cli import EXAMPLE, refused
from web.cli import main


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a directory, an environment and the example as its site file."""
    for name in ("PORT", "JOURCHATT_DATABASE_URL", "JOURCHATT_REDIS_URL", "JOURCHATT_TRUSTED_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JOURCHATT_SITE", str(tmp_path / "site.toml"))
    monkeypatch.setenv("JOURCHATT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("JOURCHATT_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("JOURCHATT_PUBLIC_URL", "https://samtal.example")
    (tmp_path / "site.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_check_and_export_see_what_organisations_have_set(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake in it stops no start; what is printed can be put into the file."""
    assert main(["migrate"]) == 0
    assert main(["site", "export", "exempeljouren"]) == 0
    assert capsys.readouterr().out.endswith("# exempeljouren has set nothing.\n")
    overlay = {"services": {"linden": {"hours": "alltid", "notice": {"sv": 'Hej "du"'}}}}
    with sqlite3.connect(place / "data" / "jourchatt.sqlite") as connection:
        row = ("exempeljouren", 1, "eva", "2026-11-27", json.dumps(overlay))
        connection.execute("INSERT INTO site_versions VALUES (?, ?, ?, ?, ?)", row)
    connection.close()
    assert main(["check"]) == 0
    printed = capsys.readouterr().out
    assert (
        "warning  services.linden.hours: Kvinnojouren i Exempelstad has set this, and all that it has set is"
        in printed
    )
    assert main(["site", "export", "exempeljouren"]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[:2] == ["[services.linden]", 'hours = "alltid"']
    assert tomllib.loads(printed) == overlay
    assert "There is no organisation" in refused("site", "export", "nowhere", capsys=capsys)
