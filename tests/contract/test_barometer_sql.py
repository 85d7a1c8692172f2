# SPDX-License-Identifier: EUPL-1.2
"""The table of a year's answers: what the migration makes, what comes back, and that only one of two wins."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from chat.adapters.sql.database import Database
from chat.ids import OrganisationId
from web.barometer.adapters.sql import SqlAnswerStore
from web.barometer.answers import Given
from web.barometer.ports import AnswerStore

OURS, THEIRS = OrganisationId("en-jour"), OrganisationId("en-annan")
GIVEN = Given({"volunteers": "12", "area": "Åmål \N{ZERO WIDTH NON-JOINER}م\nVänersborg"}, date(2026, 1, 9))


@pytest.fixture
def two(databases: tuple[Database, Database]) -> tuple[AnswerStore, AnswerStore]:
    """Two stores on one new database, as two processes have them."""
    one, other = databases
    return SqlAnswerStore(one), SqlAnswerStore(other)


async def test_answers_come_back_as_they_were(two: tuple[AnswerStore, AnswerStore]) -> None:
    """In another process too, every field, and of that organisation and year only."""
    assert await two[0].load(OURS, 2025) == (0, Given())
    assert await two[0].save(OURS, 2025, 0, GIVEN)
    assert await two[1].load(OURS, 2025) == (1, GIVEN)
    assert await two[1].load(THEIRS, 2025) == await two[1].load(OURS, 2024) == (0, Given())
    assert await two[1].save(OURS, 2025, 1, Given())
    assert await two[0].load(OURS, 2025) == (2, Given())


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_only_the_newest_version_is_followed(
    two: tuple[AnswerStore, AnswerStore], version: int
) -> None:
    """What was read before, or never, stores nothing."""
    assert await two[0].save(OURS, 2025, 0, Given())
    assert await two[0].save(OURS, 2025, 1, GIVEN)
    assert not await two[1].save(OURS, 2025, version, Given())
    assert await two[1].load(OURS, 2025) == (2, GIVEN)


async def test_one_of_many_who_store_at_once_wins(two: tuple[AnswerStore, AnswerStore]) -> None:
    """Also the very first time, when there is no row yet."""
    tries = [Given({"volunteers": str(number)}) for number in range(8)]
    won = await asyncio.gather(
        *(two[number % 2].save(OURS, 2025, 0, each) for number, each in enumerate(tries))
    )
    assert sum(won) == 1
    assert await two[1].load(OURS, 2025) == (1, tries[won.index(True)])
