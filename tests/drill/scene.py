# SPDX-License-Identifier: EUPL-1.2
"""One server lineage over one disk, and many chats that go on through whatever happens to it.

Owns the server and the disk, and searching both for what was said. Knows no fault.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from tests.drill import stored, traces
from tests.drill.disk import Disk
from tests.drill.talks import MOST_EACH, Talks
from tests.drill.verdict import Verdict
from tests.outside.server import Addresses, Server, Staff


class Scene(Talks):
    """What every fault strikes: a running server and people who talk."""

    def __init__(self, disk: Disk, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.disk = disk
        self.server = Server(disk.folder, capacity=MOST_EACH)
        self.passwords: dict[str, str] = {}
        """Those that were changed, by name."""
        self._searched = 0

    def way_in(self) -> Addresses:
        """Return the one server's addresses."""
        return self.server.at

    def apart(self, service: str) -> list[Staff]:
        """Return the operators of a service who have nothing to do with the chats that go on."""
        return [
            replace(one, password=self.passwords.get(one.name, one.password))
            for one in self.server.at.operators_of(service)
            if self.service not in one.services
        ]

    @property
    def database(self) -> Path:
        """The file that the server keeps everything in."""
        return self.disk.folder / "data" / "jourchatt.sqlite"

    @property
    def stored(self) -> stored.Read:
        """Reads what the server has stored."""
        return stored.in_file(self.database)

    @classmethod
    @asynccontextmanager
    async def of(cls, disk: Disk, verdict: Verdict) -> AsyncGenerator[Self]:
        """Start a server with everybody of its first service signed in; in the end it is killed."""
        scene = cls(disk, verdict)
        await asyncio.to_thread(scene.server.start)
        try:
            await scene.sign_in()
            yield scene
        finally:
            await scene.stop_living()
            await asyncio.to_thread(scene.server.kill)

    async def look(self) -> None:
        """Search the disk, and all that the server has printed since the last look, for what was said."""
        self.verdict.looks += 1
        self.verdict.readable += await asyncio.to_thread(traces.found_under, self.server.data, self.marker)
        printed, self._searched = self.server.output[self._searched :], len(self.server.output)
        content = "".join(printed).encode()
        self.verdict.readable += [f"output: {form}" for form in traces.found_in(content, self.marker)]
