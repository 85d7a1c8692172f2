# SPDX-License-Identifier: EUPL-1.2
"""What hostile bytes may cost a real server of the processor, as it counts it itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outside.server import Server
from tests.outside.visitor import Visitor
from tests.web.hostile.wire import MANY_PIECES
from tests.web.raw import upgraded

MOST_MS = 2 * 50
"""The bound of the threat model, and as much again for a slow machine."""
TRIES = 5
"""The smallest of so many counts: what else the server has to do in the meantime is not meant."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo server."""
    with Server(tmp_path_factory.mktemp("demo")) as running:
        yield running


def used_ms(pid: int) -> float:
    """Return the time on a processor of all threads of a program."""
    counts = (Path(task, "schedstat").read_text().split()[0] for task in Path(f"/proc/{pid}/task").iterdir())
    return sum(map(int, counts)) / 1e6


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="needs Linux, which counts per program")
async def test_twenty_thousand_pieces_cost_little(server: Server) -> None:
    """The connection ends at 257, and what has come by then is all that is looked at."""
    port = int(server.at.url.rpartition(":")[2])
    spent = []
    for _ in range(TRIES):
        before = used_ms(server.pid)
        async with upgraded(port) as raw:
            raw.writer.write(MANY_PIECES)
            # What the server no longer reads may reset the connection before its last word arrives.
            assert await raw.close_code() in {1009, None}
            spent.append(used_ms(server.pid) - before)
    assert min(spent) < MOST_MS
    visitor = await Visitor.starts(server.at, "linden")
    await visitor.says("Hej.")
    await visitor.leaves()
    await asyncio.wait_for(visitor.connection.closed(), 10)
