# SPDX-License-Identifier: EUPL-1.2
"""Somebody sets the machine's clock: under people who talk, and between two processes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chat.adapters.system import SystemClock
from tests.service.standing import StandingClock
from tests.service.story import Story

SECOND = 1_000_000_000
JUMPS = [timedelta(hours=2), timedelta(hours=-2)]


class SetClock(StandingClock):
    """The system's own clock over a machine that can be set; time passes when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self._jumped = timedelta()
        self.starts_anew()

    def starts_anew(self) -> None:
        """Read the wall clock, as every process does once when it begins."""
        began = self.moment
        self._clock = SystemClock(
            wall=lambda: int((self.moment + self._jumped).timestamp()) * SECOND,
            elapsed=lambda: int((self.moment - began) / timedelta(seconds=1)) * SECOND,
        )

    def is_set(self, by: timedelta) -> None:
        """Somebody sets the wall clock."""
        self._jumped += by

    def now(self) -> datetime:
        """Return what the system's clock says."""
        return self._clock.now()

    def trusted(self) -> bool:
        """Return what the system's clock says."""
        return self._clock.trusted()


@pytest.fixture
def clock(story: Story) -> SetClock:
    """The clock of this story."""
    story.clock = SetClock()
    return story.clock


@pytest.mark.parametrize("jump", JUMPS)
async def test_talk_goes_on_when_the_wall_clock_is_set(
    story: Story, clock: SetClock, jump: timedelta
) -> None:
    """Nobody is lost and nothing expires by mistake; the order stays, and what should expire still does."""
    chat = await story.open_process()
    visitor, operator = await chat.talk()
    waiting = await chat.visitor_starts("linden")
    await waiting.vanishes()
    await visitor.says("ett")
    clock.is_set(jump)
    await story.let_pass(60)
    await operator.says(visitor, "två")
    await visitor.says("tre")
    assert visitor.ear.texts() == ["två"]
    assert [seq for _, seq in visitor.ear.acks] == [2, 4]
    assert await chat.is_live(waiting)
    await story.let_pass(60)
    assert not await chat.is_live(waiting)
    assert await chat.is_live(visitor)


@pytest.mark.parametrize("jump", JUMPS)
async def test_deletion_goes_on_while_the_clock_is_doubted(
    story: Story, clock: SetClock, jump: timedelta
) -> None:
    """An end deletes as always; only the daily keys stay until the two clocks agree again."""
    chat = await story.open_process()
    visitor, _ = await chat.talk()
    kept = keys_of(story)
    clock.is_set(jump)
    await visitor.leaves()
    assert not await chat.is_live(visitor)
    assert await chat.shredder.run_once(clock.now())
    await story.let_pass(timedelta(days=4).total_seconds())
    assert kept <= keys_of(story)
    clock.is_set(-jump)
    await story.let_pass(timedelta(days=1).total_seconds())
    assert not kept & keys_of(story)


@pytest.mark.parametrize("jump", JUMPS)
async def test_clock_set_between_two_processes_loses_nobody(
    story: Story, clock: SetClock, jump: timedelta
) -> None:
    """The next process begins two hours off: everybody comes back to where they were, nothing expires."""
    chat = await story.open_process()
    visitor, operator = await chat.talk()
    await visitor.says("ett")
    await story.close(chat)
    clock.is_set(jump)
    clock.starts_anew()
    chat = await story.open_process()
    await chat.store.mark_all_away(clock.now())
    await story.let_pass(60)
    back = await visitor.comes_back(2, to=chat)
    console = await operator.comes_back(to=chat)
    await console.resumes(back.id)
    await console.says(back.id, "två")
    await back.says("tre")
    assert back.ear.texts() == ["två"]
    assert [seq for _, seq in back.ear.acks] == [4]
    await story.let_pass(600)
    assert await chat.is_live(back)


def keys_of(story: Story) -> set[Path]:
    """Return the files of the daily keys."""
    return set((story.directory / "keys").iterdir())
