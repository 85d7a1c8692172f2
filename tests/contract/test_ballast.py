# SPDX-License-Identifier: EUPL-1.2
"""The room that is kept on the disk for ends: taken, given, taken again, and never somebody else's."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from chat.adapters.sql.ballast import SIZE, SPARE, Ballast
from chat.adapters.sql.database import Database
from chat.adapters.sql.store import SqlStore
from chat.errors import Unavailable
from tests.contract.made import conversation, ending, live, saying, start


def free(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Let the disk have so many bytes left."""

    class Disk:
        f_frsize = 4096
        f_bavail = size // 4096

    monkeypatch.setattr(os, "statvfs", lambda _: Disk)


def sizes(folder: Path) -> list[int]:
    """Return how large each ballast in a folder is."""
    return [file.stat().st_size for file in folder.glob("*.ballast")]


def test_ballast_is_taken_and_given(tmp_path: Path) -> None:
    """It is whole, really on the disk, for its owner alone; given, it is gone, and can be taken again."""
    file = tmp_path / "chat.sqlite.ballast"
    kept = Ballast(file)
    assert not kept.give_room()
    for _ in range(2):
        kept.take_room()
        assert file.stat().st_size == SIZE
        assert file.stat().st_blocks * 512 >= SIZE
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert kept.give_room()
        assert not kept.give_room()
    assert list(tmp_path.iterdir()) == []


def test_ballast_leaves_something_for_everything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that is nearly full it takes what is beyond the spare, and grows when there is more."""
    file = tmp_path / "ballast"
    kept = Ballast(file)
    free(monkeypatch, SPARE)
    kept.take_room()
    assert not file.exists()
    for left, size in ((SPARE + 8192, 8192), (SPARE + 4096, 12288), (10 * SIZE, SIZE), (0, SIZE)):
        free(monkeypatch, left)
        kept.take_room()
        assert file.stat().st_size == size


def test_ballast_that_cannot_be_taken_is_no_error(tmp_path: Path) -> None:
    """Without its folder there is none, and nothing to give."""
    kept = Ballast(tmp_path / "nowhere" / "ballast")
    kept.take_room()
    assert not kept.give_room()


async def test_room_is_the_servers_and_goes_with_it(sqlite_url: str, tmp_path: Path) -> None:
    """Whoever else opens the database neither keeps room nor takes away what is kept."""
    server = await Database.open(sqlite_url)
    await server.keep_room()
    beside = await Database.open(sqlite_url)
    await beside.close()
    assert sizes(tmp_path) == [SIZE]
    await server.close()
    assert sizes(tmp_path) == []


async def test_end_takes_the_room_that_was_kept(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the disk is full words are refused; an end is stored, and the room is kept anew."""
    database = await Database.open(sqlite_url)
    await database.keep_room()
    store = SqlStore(database)
    first, second = await start(store, 1), await start(store, 2)
    given = []

    def is_full() -> bool:
        return sizes(tmp_path) != []

    really_written = database.run_write

    async def written(work: object, *, alone: bool) -> object:
        if is_full():
            raise Unavailable("full") from OutOfRoom()
        given.append(work)
        return await really_written(work, alone=alone)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "run_write", written)
    with pytest.raises(Unavailable):
        await store.commit(saying(second, 1))
    assert given == []
    await store.commit(ending(first))
    assert len(given) == 1
    assert is_full()
    assert await store.load(conversation(1).id) is None
    assert (await live(store, 2)).version == second.version
    monkeypatch.undo()
    await store.close()
    await database.close()


class OutOfRoom(Exception):
    """What the driver says when the disk takes no more."""

    class orig(Exception):  # noqa: N801 - the name is SQLAlchemy's
        """The driver's own error."""

        sqlite_errorcode = sqlite3.SQLITE_FULL
