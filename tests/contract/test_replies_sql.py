# SPDX-License-Identifier: EUPL-1.2
"""The table of changed replies: what the migration makes, what comes back, and that only one of two wins."""

from __future__ import annotations

import asyncio

import pytest

from chat.adapters.sql.database import Database
from chat.ids import ServiceId
from web.replies.adapters.sql import SqlReplyStore
from web.replies.ports import ReplyStore
from web.replies.reply import Content, Edit, Edited, Wording

LINDEN, EKEN = ServiceId("linden"), ServiceId("eken")
WORDS = {"sv": Wording("Hälsning", "Hej, {alias} här. \N{ZERO WIDTH NON-JOINER}م")}
EDITED = Edited(
    {
        "hello": Edit(2, Content(WORDS, hidden=True), Content()),
        "own-a": Edit(1, Content(WORDS), Content(WORDS, hidden=True)),
    },
    ("own-a", "hello"),
)


@pytest.fixture
def two(databases: tuple[Database, Database]) -> tuple[ReplyStore, ReplyStore]:
    """Two stores on one new database, as two processes have them."""
    one, other = databases
    return SqlReplyStore(one), SqlReplyStore(other)


async def test_nothing_is_version_nought(two: tuple[ReplyStore, ReplyStore]) -> None:
    """A service that nobody has changed anything of has no row."""
    assert await two[0].load(LINDEN) == (0, Edited())


async def test_what_is_stored_comes_back_as_it_was(two: tuple[ReplyStore, ReplyStore]) -> None:
    """In another process too, every field, and of that service only."""
    assert await two[0].save(LINDEN, 0, EDITED)
    assert await two[1].load(LINDEN) == (1, EDITED)
    assert await two[1].load(EKEN) == (0, Edited())
    assert await two[1].save(LINDEN, 1, Edited())
    assert await two[0].load(LINDEN) == (2, Edited())


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_only_the_newest_version_is_followed(two: tuple[ReplyStore, ReplyStore], version: int) -> None:
    """What was read before, or never, stores nothing."""
    assert await two[0].save(LINDEN, 0, Edited())
    assert await two[0].save(LINDEN, 1, EDITED)
    assert not await two[1].save(LINDEN, version, Edited())
    assert await two[1].load(LINDEN) == (2, EDITED)


@pytest.mark.parametrize("begun", [False, True])
async def test_one_of_many_who_store_at_once_wins(two: tuple[ReplyStore, ReplyStore], *, begun: bool) -> None:
    """Also the very first time, when there is no row yet."""
    version = 0
    if begun:
        assert await two[0].save(LINDEN, 0, Edited())
        version = 1
    tries = [Edited(order=(str(number),)) for number in range(10)]
    won = await asyncio.gather(
        *(two[number % 2].save(LINDEN, version, each) for number, each in enumerate(tries))
    )
    assert sum(won) == 1
    assert await two[1].load(LINDEN) == (version + 1, tries[won.index(True)])
