# SPDX-License-Identifier: EUPL-1.2
"""Who may serve the data of one host: one server alone, or several, and which of them is the first."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from web.one_server import AmongFiles, FileLock, Held, held
from web.server_options import CannotStart


def holding(
    data: Path, *, several: bool, patience_s: float = 0.0, said: list[str] | None = None
) -> AbstractAsyncContextManager[Held]:
    """Hold a data directory as a server would."""
    told = said if said is not None else []
    return held(FileLock(data), several=several, patience_s=patience_s, on_wait=told.append)


async def test_first_of_several_is_alone_until_it_has_begun(tmp_path: Path) -> None:
    """Whoever comes meanwhile waits; afterwards it is not the first, and nobody has to stop."""
    async with holding(tmp_path, several=True) as one:
        assert one.first
        with pytest.raises(CannotStart, match="stop it first"):
            async with holding(tmp_path, several=True):
                pass
        await one.share()
        async with holding(tmp_path, several=True) as two, holding(tmp_path, several=True) as three:
            assert (two.first, three.first) == (False, False)
    async with holding(tmp_path, several=True) as next_:
        assert next_.first


async def test_server_that_must_be_alone_and_several_refuse_each_other(tmp_path: Path) -> None:
    """One without Redis hears nobody: it starts beside nobody, and nobody beside it."""
    async with holding(tmp_path, several=True) as one:
        await one.share()
        with pytest.raises(CannotStart, match="Another server is using the data directory"):
            async with holding(tmp_path, several=False):
                pass
    async with holding(tmp_path, several=False) as alone:
        assert alone.first
        await alone.share()
        for several in (True, False):
            with pytest.raises(CannotStart, match="Another server is using the data directory"):
                async with holding(tmp_path, several=several):
                    pass


async def test_server_waits_for_the_first_one_and_is_then_not_the_first(tmp_path: Path) -> None:
    """It says so once, and goes on as soon as it may."""
    said: list[str] = []

    async def second() -> bool:
        async with holding(tmp_path, several=True, patience_s=60, said=said) as two:
            return two.first

    async with holding(tmp_path, several=True) as one:
        waiting = asyncio.create_task(second())
        while not said:  # noqa: ASYNC110 - it says when it waits
            await asyncio.sleep(0)
        await one.share()
        assert await waiting is False
    assert len(said) == 1


async def test_files_do_not_tell_who_is_the_first_of_several_hosts(tmp_path: Path) -> None:
    """Two of one host share theirs from the beginning; one that must be alone is refused all the same."""
    locks: list[FileLock] = [AmongFiles(tmp_path), AmongFiles(tmp_path)]
    for lock in locks:
        assert await lock.alone()
        assert await lock.among()
    only = FileLock(tmp_path)
    assert not await only.alone()
    for lock in [*locks, only]:
        await lock.release()
