# SPDX-License-Identifier: EUPL-1.2
"""What `jourchatt check` finds in a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.check import Finding, Severity, check
from config.errors import Broken, Mistake
from config.settings import Settings, read_settings
from handover.ids import ReceiverId
from tests.unit.config.sites import RECEIVERS, RIGHT, TODAY


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


KEYS = frozenset({ReceiverId("mottagningen"), ReceiverId("stod")})
WHOLE = RIGHT + RECEIVERS


def found(
    settings: Settings | Broken,
    text: str = RIGHT,
    *,
    today: date = TODAY,
    keys: frozenset[ReceiverId] | None = None,
    pages: Mapping[str, int] | None = None,
) -> list[tuple[Severity, str]]:
    """Return severity and path of everything that is found."""
    findings = check(settings, text, source="site.toml", today=today, unit_keys=keys, pages=pages)
    return [(each.severity, each.path) for each in findings]


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


def warned(*paths: str) -> list[tuple[Severity, str]]:
    """Return what `found` returns for warnings at these places."""
    return [(Severity.WARNING, path) for path in paths]


def changed(old: str, new: str) -> str:
    """Return the site file with receivers, one place changed."""
    assert WHOLE.count(old) == 1, old
    return WHOLE.replace(old, new)


def test_check_finds_nothing_where_receivers_are_right(settings: Settings) -> None:
    """With every key there, and also when nobody could look for keys."""
    assert found(settings, WHOLE, keys=KEYS) == []
    assert found(settings, WHOLE) == []


def test_check_warns_of_a_unit_without_a_key(settings: Settings) -> None:
    """Nothing can be sealed to it."""
    assert found(settings, WHOLE, keys=KEYS - {ReceiverId("stod")}) == warned("receivers.stod")


def test_check_warns_of_a_receiver_that_nobody_can_send_to(settings: Settings) -> None:
    """No agreement, one that has ended, one that has not begun, a service of the other track only."""
    nobody = warned("receivers.mottagningen")
    for text in (
        changed('parties = ["jouren", "socialtjansten"]', 'parties = ["jouren", "kommunen"]'),
        changed("renew_months = 12\n", "renew_months = 0\n").replace("end = 2026-12-31", "end = 2026-11-19"),
        changed("start = 2026-01-01", "start = 2026-11-21"),
        changed('parties = ["jouren", "socialtjansten"]', 'parties = ["kommunen", "socialtjansten"]'),
    ):
        assert found(settings, text) == nobody


def test_check_warns_of_a_notice_in_too_few_languages(settings: Settings) -> None:
    """A service that can send to it speaks a language in which she could not read what she says yes to."""
    speaks = changed(
        'track = "exposed"\nhours = "24/7"\nnotice',
        'languages = ["sv", "en"]\ntrack = "exposed"\nhours = "24/7"\nnotice',
    )
    speaks = speaks.replace('name.sv = "Jourens chatt"', 'name.sv = "Jourens chatt"\nname.en = "Chat"')
    speaks = speaks.replace('kept.sv = "Vi raderar det."', 'kept.sv = "Vi raderar det."\nkept.en = "Gone."')
    speaks = speaks.replace('notice.sv = "Vi är', 'notice.en = "We are"\nnotice.sv = "Vi är')
    assert found(settings, speaks) == warned("receivers.stod.notice")


@pytest.mark.parametrize(
    ("renewal", "end", "expected"),
    [
        ("renew_months = 0", "2027-02-20", warned("partnerships[0]")),
        ("renew_months = 0", "2027-02-21", []),
        ("notice_given = 2026-09-01", "2026-12-31", warned("partnerships[0]")),
        ("notice_given = 2026-11-01", "2026-12-31", []),
    ],
)
def test_check_warns_of_an_agreement_that_ends_soon(
    renewal: str, end: str, expected: list[tuple[Severity, str]], settings: Settings
) -> None:
    """Within its months of notice, counted from today; notice that came too late ends nothing yet."""
    text = changed("renew_months = 12\n", "" if "renew" in renewal else "renew_months = 12\n")
    text = text.replace("notice_months = 3", f"notice_months = 3\n{renewal}")
    assert found(settings, text.replace("end = 2026-12-31", f"end = {end}")) == expected


def test_check_warns_when_our_own_words_have_not_been_verified_for_a_year(settings: Settings) -> None:
    """Where there are receivers; the day itself is still in time."""
    later = RIGHT.replace("verified_at = 2026-05-01", "verified_at = 2027-11-01")
    later = later.replace("reviewed_at = 2026-11-01", "reviewed_at = 2027-11-01")
    own = RECEIVERS.partition("[receivers.stod]")
    receivers = f"[receivers.stod]{own[2]}"
    assert found(settings, later + receivers, today=date(2027, 11, 26)) == []
    assert found(settings, later + receivers, today=date(2027, 11, 27)) == warned(
        "config/statement.toml", "config/routines.toml", "config/handover.toml"
    )
    assert found(settings, later, today=date(2027, 11, 27)) == warned(
        "config/statement.toml", "config/routines.toml"
    )


def test_check_warns_of_languages_that_nobody_has_vouched_for(settings: Settings) -> None:
    """Whoever offers a language should know how good its pages are; others are not there."""
    service = WHOLE.partition("[services.")[2].partition("]")[0]
    path = (Severity.WARNING, f"services.{service}.languages")
    fine = found(settings, pages={"sv": 0, "en": 0})
    assert path not in fine
    for pages in ({"sv": 3, "en": 0}, {"en": 0}):
        assert found(settings, pages=pages) == [path, *fine]


def test_second_factors_that_no_key_opens_are_told(settings: Settings) -> None:
    """A server that was moved without the file: until somebody signs in nothing else would tell."""
    text = RIGHT
    told = [
        each
        for each in check(settings, text, source="site.toml", today=TODAY, locked_factors=3)
        if "second-factors.key" in each.what
    ]
    assert [(each.severity, each.path) for each in told] == [(Severity.WARNING, "JOURCHATT_KEYS")]
    assert "3 of the stored" in told[0].what
    for key, said in (("missing", "is missing"), ("another", "is not the key that counts")):
        (missing,) = [
            each
            for each in check(settings, text, source="site.toml", today=TODAY, factor_key=key)
            if "second-factors.key" in each.what
        ]
        assert str(settings.keys / "second-factors.key") in missing.what
        assert said in missing.what
        assert str(settings.keys) in missing.mend
    assert "second-factors.key" not in str(check(settings, text, source="site.toml", today=TODAY))
