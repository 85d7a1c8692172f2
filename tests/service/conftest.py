# SPDX-License-Identifier: EUPL-1.2
"""What the stories begin with."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.service.handing import Handing, handing
from tests.service.roster_room import Room, roster_room
from tests.service.story import Process, Story, told


@pytest.fixture
async def world(tmp_path: Path, empty_database: Path) -> AsyncGenerator[Handing]:
    """Receivers with keys, and nobody's yes to any of them."""
    async with handing(tmp_path, empty_database) as world:
        yield world


ON_BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
"""For stories in which several processes want something at once."""


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database that a story is told on."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
async def story(
    tmp_path: Path, empty_database: Path, kind: str, request: pytest.FixtureRequest
) -> AsyncGenerator[Story]:
    """A world without a process."""
    url = request.getfixturevalue("postgresql_url") if kind == "postgresql" else None
    async with told(tmp_path, empty_database, url=url) as story:
        yield story


@pytest.fixture
async def chat(story: Story) -> Process:
    """The only process."""
    return await story.open_process()


@pytest.fixture
async def other(story: Story, chat: Process) -> Process:
    """A second process, with its own connections to the same file."""
    return await story.open_process()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[Room]:
    """The roster, at eleven on a Tuesday."""
    async with roster_room(tmp_path) as room:
        yield room
