# SPDX-License-Identifier: EUPL-1.2
"""A house with accounts and keys, made once for a whole run of tests; whoever starts a server copies it.

Each password takes its time on purpose. Other workers of the same run wait for the one that makes it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web.running import ON, hire, make_keys
from web import demo
from web.bootstrap import open_house

NewPlace = Callable[[str], Path]
"""`new_place(name)`: a copy of the house, for a server of one's own."""


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a house with staff accounts and the keys of its units is kept; nobody starts a server in it."""
    own = tmp_path_factory.getbasetemp()
    of_the_run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    place = of_the_run / "furnished"
    with (of_the_run / "furnished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            unfinished = own / "unfurnished"
            # On a thread of its own: this one's event loop belongs to the tests.
            with ThreadPoolExecutor(1) as apart:
                apart.submit(asyncio.run, _furnish(unfinished)).result()
            unfinished.rename(place)
    return place


@pytest.fixture(scope="session")
def new_place(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> NewPlace:
    """Give each server a place of its own, with everybody's account in it."""

    def new(name: str) -> Path:
        return shutil.copytree(furnished, tmp_path_factory.mktemp(name) / "place")

    return new


async def _furnish(place: Path) -> None:
    file = demo.demo_file(1, 3)
    async with open_house(demo.demo_settings(place, 1), file.read(ON).whole(), file=file, demo=True) as house:
        await hire(house.accounts)
        await make_keys(house)
