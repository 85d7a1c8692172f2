# SPDX-License-Identifier: EUPL-1.2
"""Letting several processes of a story look at each other, and at what doorbells may have missed."""

from __future__ import annotations

from chat.adapters.in_process import InProcessBus
from chat.adapters.sql.processes import SqlProcesses
from chat.live.lookout import LOOK_S
from tests.service.story import Process, Story


class Deaf(InProcessBus):
    """A bus that has lost the others: what is rung is heard here alone, and it does not know it."""

    away = False

    def is_shared(self) -> bool:
        """Others are meant to hear."""
        return True

    def is_away(self) -> bool:
        """Tell what the test says."""
        return self.away

    def turn(self, *, away: bool) -> None:
        """Go away, or come back."""
        self.away = away
        self._listeners.turn(away)


async def one_of_several(story: Story, bus: InProcessBus | None = None, *, site: str = "") -> Process:
    """Begin a process that knows that there are others. `site`: the digest of its site file."""
    process = await story.open_process(bus=bus)
    process.chat.join(SqlProcesses(process.database, site))
    return process


async def look(story: Story, *processes: Process) -> None:
    """Let these processes, or all, look once, and settle."""
    for process in processes or tuple(story.processes):
        register, lookout = process.chat.register, process.chat.lookout
        assert register is not None
        assert lookout is not None
        await register.look()
        await lookout.look()
    await story.settle(*processes)


async def looks_for(story: Story, seconds: float, *processes: Process) -> None:
    """Let time pass in steps of a look, and do what is due in every process that is named."""
    for _ in range(int(seconds / LOOK_S)):
        story.clock.advance(LOOK_S)
        await look(story, *processes)
        for process in processes:
            await process.chat.timekeeper.tick()
        await story.settle(*processes)
