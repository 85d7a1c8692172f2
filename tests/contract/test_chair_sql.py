# SPDX-License-Identifier: EUPL-1.2
"""The table of what organisations have set: what comes back, that one of two wins, and what is kept."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from chat.adapters.sql.database import Database
from chat.adapters.sql.peek import look
from chat.ids import OrganisationId
from web.chair.adapters.peek import overlays_there_are
from web.chair.adapters.sql import SqlVersionStore
from web.chair.ports import VersionStore
from web.chair.version import KEPT, Version

ONE, OTHER = OrganisationId("jouren-ett"), OrganisationId("jouren-tva")


def version(
    number: int, organisation: OrganisationId = ONE, text: str = "Å\N{ARABIC LETTER MEEM}"
) -> Version:
    """Return what an organisation might have set."""
    overlay = {"services": {"linden": {"notice": {"sv": text}, "last_chat_minutes": number}}}
    return Version(
        organisation=organisation, number=number, account="eva", day=date(2026, 11, 27), overlay=overlay
    )


@pytest.fixture
def two(databases: tuple[Database, Database]) -> tuple[VersionStore, VersionStore]:
    """Two stores on one new database, as two processes have them."""
    one, other = databases
    return SqlVersionStore(one), SqlVersionStore(other)


async def test_nothing_set_is_nothing_stored(two: tuple[VersionStore, VersionStore]) -> None:
    """An organisation that has set nothing has no row."""
    assert await two[0].newest() == {}
    assert await two[0].history(ONE) == []


async def test_what_is_stored_comes_back_in_another_process_and_from_outside(
    two: tuple[VersionStore, VersionStore], database_url: str
) -> None:
    """Whole, newest first, and of each organisation its own; the look from outside sees the newest."""
    assert await two[0].save(version(1))
    assert await two[1].save(version(2))
    assert await two[1].save(version(1, OTHER))
    assert await two[0].newest() == {ONE: version(2), OTHER: version(1, OTHER)}
    assert await two[0].history(ONE) == [version(2), version(1)]
    assert overlays_there_are(partial(look, database_url)) == {
        ONE: version(2).overlay,
        OTHER: version(1).overlay,
    }


def test_look_from_outside_makes_nothing(tmp_path: Path) -> None:
    """Without a database, or without the table, nothing is set."""
    assert overlays_there_are(partial(look, f"sqlite+aiosqlite:///{tmp_path}/house.sqlite")) == {}
    assert overlays_there_are(partial(look, "postgresql+psycopg://u@127.0.0.1:1/x")) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [0, 1, 2, 4])
async def test_only_the_next_version_is_stored(two: tuple[VersionStore, VersionStore], number: int) -> None:
    """What was read before, or never, stores nothing."""
    assert await two[0].save(version(1))
    assert await two[0].save(version(2))
    assert not await two[1].save(version(number, text="sen"))
    assert (await two[1].newest())[ONE] == version(2)


async def test_one_of_many_who_store_at_once_wins(two: tuple[VersionStore, VersionStore]) -> None:
    """Also the very first time."""
    won = await asyncio.gather(*(two[at % 2].save(version(1, text=str(at))) for at in range(10)))
    assert sum(won) == 1
    assert await two[0].history(ONE) == [version(1, text=str(won.index(True)))]


async def test_old_versions_go_and_those_of_others_stay(two: tuple[VersionStore, VersionStore]) -> None:
    """The last twenty are kept; a late one cannot take the place of one that has gone."""
    assert await two[0].save(version(1, OTHER))
    for number in range(1, KEPT + 4):
        assert await two[0].save(version(number))
    assert [each.number for each in await two[0].history(ONE)] == list(range(KEPT + 3, 3, -1))
    assert not await two[1].save(version(2))
    assert len(await two[1].history(OTHER)) == 1
