# SPDX-License-Identifier: EUPL-1.2
"""One server for the folder, and what it writes to its log."""

from __future__ import annotations

import io
import logging
import shutil
import sys
import threading
from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from chat.ids import DutyId
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.furnishing import NewPlace, furnished, new_place
from tests.web.people import signed_in
from tests.web.roster_desk import EKEN, Desk
from tests.web.running import Running, running
from web import logs

__all__ = ("furnished", "new_place")

HERE = Path(__file__).parent
QUIET = ("aiosqlite", "httpcore", "httpx", "websockets.client")
"""Libraries of the tests themselves, and one that tells every step: a library says nothing below WARNING."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run this folder on one event loop: a server lives on one."""
    one_loop = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(one_loop, append=False)


@pytest.fixture(scope="session")
def written() -> Iterator[io.StringIO]:
    """Everything that is logged at the lowest level while this folder runs."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    stream = io.StringIO()
    logs.configure(logging.DEBUG, stream)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # What nobody catches shall fail the test that it happens in.
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(new_place: NewPlace, written: io.StringIO) -> AsyncGenerator[Running]:
    """The server of the folder."""
    async with running(new_place("shared")) as run:
        yield run


@pytest_asyncio.fixture(loop_scope="session")
async def run(shared: Running) -> AsyncGenerator[Running]:
    """The server of the folder; whoever a test brings in is gone after it."""
    yield shared
    await shared.all_leave()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bystanders(shared: Running) -> AsyncGenerator[tuple[Visitor, Operator, str]]:
    """Two of another service who talk with each other through all that happens in one module."""
    visitor, operator, conversation = await shared.talk("karin", "bron")
    shared.people.remove(visitor)
    shared.people.remove(operator)
    shared.staying = set(shared.server.server_state.tasks)
    yield visitor, operator, conversation
    shared.people += [visitor, operator]
    shared.staying = set()
    await shared.all_leave()


@pytest.fixture
def _unwatched(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch finds nothing: what closes a console is done at once, or never."""

    async def blind(ids: set[DutyId]) -> set[DutyId]:
        return ids

    monkeypatch.setattr(run.house.accounts, "live", blind)


@pytest.fixture
def place(furnished: Path, written: io.StringIO, tmp_path: Path) -> Path:
    """A house with staff accounts for one test, for a server that it starts for itself."""
    return shutil.copytree(furnished, tmp_path / "place")


@pytest_asyncio.fixture(loop_scope="session")
async def ulla(run: Running) -> AsyncGenerator[Desk]:
    """The coordinator at the roster of eken; there are no shifts afterwards."""
    desk = Desk(run, await signed_in(run, "ulla"), "eken")
    yield desk
    await desk.does("reopen")
    for each in await run.house.roster.shifts([EKEN], timedelta(days=400)):
        await desk.does("cancel", id=each.id)
