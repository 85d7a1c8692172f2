# SPDX-License-Identifier: EUPL-1.2
"""Setting what the site says: who may, nobody's change is lost, and what it makes of the site."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import config
from chat.errors import Stale
from chat.ids import DutyId, OrganisationId, ServiceId
from chat.sealing import Token
from config.site_file import SiteFile
from web.accounts.account import StaffRole, StaffSession
from web.chair.errors import Changed, MayNot, NoSuchVersion, Unfit
from web.chair.service import Chair
from web.chair.version import KEPT, Spot, Version, at_spot, with_values

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
FILE = SiteFile(
    (Path(config.__file__).parent / "demo.toml").read_text(encoding="utf-8"), "demo", unverified=True
)
BASE = FILE.read(date(2026, 11, 27)).whole()
OWN, OTHER = OrganisationId("kvinnojouren-vallentuna"), OrganisationId("oppenvarden-vallentuna")
LINDEN = ServiceId("linden")
MINUTES: Spot = ("services", "linden", ("last_chat_minutes",))
HOURS: Spot = ("services", "linden", ("hours",))


class Clock:
    """Stands still."""

    def now(self) -> datetime:
        """Return the one moment."""
        return NOW

    def trusted(self) -> bool:
        """Nothing has moved it."""
        return True

    async def sleep(self, seconds: float) -> None:
        """Nobody waits here."""


class Shelf:
    """A store in memory; whoever stores lets others in between, as a database does."""

    def __init__(self) -> None:
        self.rows: dict[OrganisationId, list[Version]] = {}
        self.always_late = False

    async def newest(self) -> dict[OrganisationId, Version]:
        """Return the last of each."""
        return {id_: rows[-1] for id_, rows in self.rows.items() if rows}

    async def history(self, organisation: OrganisationId) -> list[Version]:
        """Return one's, newest first."""
        return self.rows.get(organisation, [])[::-1]

    async def save(self, version: Version) -> bool:
        """Store it after the last."""
        await asyncio.sleep(0)
        rows = self.rows.setdefault(version.organisation, [])
        if self.always_late or (rows[-1].number if rows else 0) != version.number - 1:
            return False
        rows.append(version)
        del rows[:-KEPT]
        return True


def eva(role: StaffRole = StaffRole.ADMINISTRATOR, runs: OrganisationId = OWN) -> StaffSession:
    """Return a sign-in."""
    return StaffSession(
        id=DutyId("d" * 22),
        account="eva",
        role=role,
        services=frozenset({LINDEN}),
        organisations=frozenset({runs}),
        token=Token(20_000, b"t" * 32),
        expires_at=NOW,
    )


@pytest.fixture
def shelf() -> Shelf:
    """An empty store."""
    return Shelf()


@pytest.fixture
def chair(shelf: Shelf) -> Chair:
    """The room over the demo's site file."""
    return Chair(shelf, FILE, Clock())


async def hours_now(chair: Chair) -> str:
    """Return what the site would say of linden's hours."""
    return (await chair.layer(BASE)).services[LINDEN].chat.hours.expression


@pytest.mark.parametrize(
    "who",
    [*(eva(role) for role in StaffRole if role is not StaffRole.ADMINISTRATOR), eva(runs=OTHER)],
    ids=lambda who: f"{who.role}-{min(who.organisations)}",
)
async def test_only_who_runs_the_organisation_sets_anything(
    chair: Chair, shelf: Shelf, who: StaffSession
) -> None:
    """Every other role, and the administrator of another, change nothing and bring nothing back."""
    with pytest.raises(MayNot):
        await chair.change(who, OWN, 0, [(HOURS, "24/7; PH off")])
    with pytest.raises(MayNot):
        await chair.bring_back(who, OWN, 0, 0)
    assert shelf.rows == {}


async def test_who_runs_one_cannot_set_a_service_of_another(chair: Chair, shelf: Shelf) -> None:
    """Not even past the pages: the overlay itself is refused."""
    with pytest.raises(Unfit, match="other"):
        await chair.change(eva(runs=OTHER), OTHER, 0, [(HOURS, "24/7; PH off")])
    assert shelf.rows == {}


async def test_what_is_set_makes_the_site_and_is_read_once(
    chair: Chair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time alone reads nothing again: the very same site comes back; nothing set is the file's own."""
    assert await chair.layer(BASE) is BASE
    await chair.change(eva(), OWN, 0, [(HOURS, "Mo 10:00-12:00")])
    site = await chair.layer(BASE)
    assert site.services[LINDEN].chat.hours.expression == "Mo 10:00-12:00"
    assert await chair.layer(BASE) is site
    await chair.change(eva(), OWN, 1, [(HOURS, None)])
    assert await chair.layer(BASE) is BASE


async def test_two_matters_at_once_are_both_there(chair: Chair) -> None:
    """Neither is a quarrel of the other's; each is one version with its account and day."""
    many: list[tuple[Spot, Any]] = [(HOURS, "Mo 10:00-12:00"), (MINUTES, 15)]
    await asyncio.gather(*(chair.change(eva(), OWN, 0, [each]) for each in many))
    newest = await chair.now(OWN)
    assert newest.overlay == {"services": {"linden": {"hours": "Mo 10:00-12:00", "last_chat_minutes": 15}}}
    assert (newest.number, newest.account, newest.day) == (2, "eva", date(2026, 11, 27))


async def test_of_many_who_set_the_same_one_wins_and_the_others_learn_of_it(chair: Chair) -> None:
    """All but one are told, and the one who won is what holds."""
    tries = (chair.change(eva(), OWN, 0, [(MINUTES, number)]) for number in range(1, 9))
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(each) for each in ended if each is not None] == [Changed] * 7
    assert (await chair.now(OWN)).overlay["services"]["linden"]["last_chat_minutes"] == ended.index(None) + 1


async def test_store_that_is_always_late_is_given_up(chair: Chair, shelf: Shelf) -> None:
    """Whoever tries again then has better luck."""
    shelf.always_late = True
    with pytest.raises(Stale):
        await chair.change(eva(), OWN, 0, [(MINUTES, 5)])


async def test_same_again_is_no_version(chair: Chair) -> None:
    """Saving what holds already fills no history."""
    await chair.change(eva(), OWN, 0, [(MINUTES, 5)])
    await chair.change(eva(), OWN, 1, [(MINUTES, 5)])
    assert [each.number for each in await chair.history(OWN)] == [1]


async def test_every_kept_version_can_be_brought_back(chair: Chair) -> None:
    """As a new version; number 0 is the file. What is not kept, or has been changed since, is told."""
    for number, expression in enumerate(("Mo 10:00-12:00", "Tu 10:00-12:00")):
        await chair.change(eva(), OWN, number, [(HOURS, expression)])
    await chair.bring_back(eva(), OWN, 2, 1)
    assert await hours_now(chair) == "Mo 10:00-12:00"
    with pytest.raises(Changed):
        await chair.bring_back(eva(), OWN, 2, 2)
    with pytest.raises(NoSuchVersion):
        await chair.bring_back(eva(), OWN, 3, 9)
    await chair.bring_back(eva(), OWN, 3, 0)
    assert await hours_now(chair) == BASE.services[LINDEN].chat.hours.expression
    assert [each.number for each in await chair.history(OWN)] == [4, 3, 2, 1]


async def test_form_from_before_all_that_is_kept_is_told(chair: Chair) -> None:
    """Nobody can tell any more whether the same has been changed since: so it is looked at again."""
    for number in range(KEPT + 2):
        await chair.change(eva(), OWN, number, [(MINUTES, number + 1)])
    with pytest.raises(Changed):
        await chair.change(eva(), OWN, 1, [(HOURS, "24/7; PH off")])


async def test_file_that_changes_under_it_leaves_the_rest_alone(shelf: Shelf) -> None:
    """The next start has another file: what no longer fits rests, and the site is the file's."""
    await Chair(shelf, FILE, Clock()).change(eva(), OWN, 0, [(HOURS, "Mo 10:00-12:00")])
    moved = SiteFile(FILE.text.replace("[services.linden", "[services.linden-2"), "demo", unverified=True)
    moved = SiteFile(moved.text.replace('chat = "linden"', 'chat = "linden-2"'), "demo", unverified=True)
    site = moved.read(date(2026, 11, 27)).whole()
    chair = Chair(shelf, moved, Clock())
    assert await chair.layer(site) == site
    assert [each.path for each in chair.strays[OWN]] == ["services.linden.hours"]
    assert chair.set_aside == {}


async def test_who_has_set_something_of_what_is_gone_goes_on(shelf: Shelf) -> None:
    """The rest holds, the next change is saved and leaves it behind, and so does what is brought back."""
    await Chair(shelf, FILE, Clock()).change(eva(), OWN, 0, [(HOURS, "Mo 10:00-12:00")])
    gone: Spot = ("services", "gone", ("hours",))
    shelf.rows[OWN].append(
        replace(
            shelf.rows[OWN][0], number=2, overlay=with_values(shelf.rows[OWN][0].overlay, [(gone, "24/7")])
        )
    )
    chair = Chair(shelf, FILE, Clock())
    assert await hours_now(chair) == "Mo 10:00-12:00"
    assert [each.path for each in chair.strays[OWN]] == ["services.gone.hours"]
    await chair.change(eva(), OWN, 2, [(MINUTES, 5)])
    assert at_spot(shelf.rows[OWN][-1].overlay, gone) is None
    assert at_spot(shelf.rows[OWN][-1].overlay, HOURS) == "Mo 10:00-12:00"
    await chair.bring_back(eva(), OWN, 3, 2)
    assert at_spot(shelf.rows[OWN][-1].overlay, gone) is None
    assert await hours_now(chair) == "Mo 10:00-12:00"
    with pytest.raises(Unfit):
        await chair.change(eva(), OWN, 4, [(gone, "24/7")])


async def test_without_a_site_file_nothing_is_set() -> None:
    """A server that cannot read its site again keeps it as it is."""
    chair = Chair(Shelf(), None, Clock())
    assert await chair.layer(BASE) is BASE
    with pytest.raises(MayNot):
        await chair.change(eva(), OWN, 0, [(MINUTES, 5)])
