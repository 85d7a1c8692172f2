# SPDX-License-Identifier: EUPL-1.2
"""The site files that are shipped: the one to copy and the demo's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from chat.ids import OrganisationId, Track
from config import settings
from config.check_handovers import look
from config.site_file import Reading, read_site
from tests.unit.config.sites import TODAY

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "config" / "site.example.toml"
DEMO = ROOT / "config" / "demo.toml"
MANUAL = ROOT / "docs" / "site-file.md"


def read(file: Path) -> Reading:
    """Read a shipped site file as the demo does."""
    return read_site(file.read_text(encoding="utf-8"), today=TODAY, source=str(file), unverified=True)


def keys(value: object) -> Iterator[str]:
    """Yield every key of a table and of the tables in it."""
    for key, inner in value.items() if isinstance(value, dict) else []:
        yield key
        yield from keys(inner)
    for each in value if isinstance(value, list) else []:
        yield from keys(each)


@pytest.mark.parametrize("file", [EXAMPLE, DEMO], ids=lambda file: file.name)
def test_shipped_file_has_no_mistake(file: Path) -> None:
    """What is copied starts; all that is doubtful is to be verified, decided or said in more languages."""
    reading = read(file)
    assert reading.mistakes == ()
    doubtful = {warning.path for warning in reading.warnings}
    expected = (
        r"(lines\.|organisations\..*\.referrals).*\.verified_at|services\.bron|services\.[a-z]+\.replies"
    )
    assert all(re.fullmatch(expected, path) for path in doubtful)


def test_shipped_files_show_the_same_lines() -> None:
    """A number that is corrected in one is corrected in the other."""
    example, demo = (tomllib.loads(file.read_text(encoding="utf-8")) for file in (EXAMPLE, DEMO))
    assert example["lines"] == demo["lines"]


def test_example_of_a_receiver_is_right_when_its_marks_are_removed() -> None:
    """Whoever removes them gets a receiver that the example's jour can send to, and nothing to mend."""
    text = EXAMPLE.read_text(encoding="utf-8")
    before, start, rest = text.partition("# [receivers.mottagningen] ")
    example, end, after = rest.partition("# --- other ways")
    bare = re.sub(r"^# ?", "", start + example, flags=re.MULTILINE)
    reading = read_site(before + bare + end + after, today=TODAY, source="example", unverified=True)
    assert reading.mistakes == ()
    site = reading.whole()
    (receiver,) = site.receivers.values()
    assert set(receiver.notices) == {"sv", "en"}
    assert site.border().is_open(OrganisationId("exempeljouren"), receiver.organisation, TODAY)
    assert [each.path for each in look(site, TODAY, keys=None)] == []


def test_example_keeps_its_municipal_service_closed() -> None:
    """Nobody opens one by copying: the decisions have to be made first."""
    closed = {id_: service.chat.cannot_open for id_, service in read(EXAMPLE).whole().services.items()}
    assert closed["bron"]  # type: ignore[index]  # a plain text is compared with an id
    assert not closed["linden"]  # type: ignore[index]  # the same


def test_demo_has_four_open_services_on_two_tracks() -> None:
    """All may open, and one is for people who use violence, with an organisation of its own."""
    services = read(DEMO).whole().services
    assert [str(id_) for id_ in services] == ["linden", "eken", "bron", "hamnen"]
    assert all(service.chat.cannot_open is None for service in services.values())
    assert all(service.chat.hours.expression == "24/7" for service in services.values())
    other = [service for service in services.values() if service.chat.track is Track.PERPETRATOR]
    assert [service.name["sv"] for service in other] == ["Trygghetens hus i Bollnäs"]


def test_demo_speaks_swedish_and_english_everywhere() -> None:
    """Every text that a visitor reads is there in both."""
    site = read(DEMO).whole()
    for service in site.services.values():
        assert all({"sv", "en"} <= set(text) for text in (service.name, service.notice, service.kept))
    for line in site.lines:
        assert {"sv", "en"} <= set(line.name)
        assert {"sv", "en"} <= set(line.note)


def test_demo_promises_nothing_that_cannot_be_kept() -> None:
    """The words that the house never uses, and the ones that would promise too much."""
    words = re.compile(
        r"!|offer|klient|ärende|användare|ingen kan|allt är borta|garanter|förövare", re.IGNORECASE
    )
    for service in read(DEMO).whole().services.values():
        for text in (*service.notice.values(), *service.kept.values()):
            assert not words.search(text), text


def test_demo_decisions_say_that_they_are_the_demos() -> None:
    """No real decision is pretended."""
    for organisation in read(DEMO).whole().organisations.values():
        for decision in (organisation.documentation_decision, organisation.disposal_decision):
            assert decision is None or decision.reference.startswith("DEMO")


def test_demo_has_the_partnership_of_vallentuna() -> None:
    """From 2021, and now in its third period."""
    jour, town = OrganisationId("kvinnojouren-vallentuna"), OrganisationId("oppenvarden-vallentuna")
    (partnership,) = (each for each in read(DEMO).whole().partnerships if each.parties == {jour, town})
    assert partnership.covers(jour, town, TODAY)
    assert partnership.periods(TODAY)[-1].last == date(2027, 6, 30)


def test_manual_explains_every_key_and_every_variable() -> None:
    """A key that is not in the manual is a key that nobody finds."""
    manual = MANUAL.read_text(encoding="utf-8")
    used = set()
    for file in (EXAMPLE, DEMO):
        for table in tomllib.loads(file.read_text(encoding="utf-8")).values():
            for each in table if isinstance(table, list) else table.values():
                used |= set(keys(each))
    languages = {"sv", "sv-easy", "en"}
    variables = settings._KNOWN | {"PORT"}
    assert {name for name in (used - languages) | variables if f"`{name}`" not in manual} == set()
