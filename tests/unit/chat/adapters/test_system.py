# SPDX-License-Identifier: EUPL-1.2
"""The machine's clock never jumps, and says when the wall clock has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chat.adapters.system import SystemClock, SystemRandomness
from chat.ids import Randomness
from chat.ports import Clock

START = datetime(2026, 2, 16, 21, 40, tzinfo=UTC)
SECOND = 1_000_000_000


class Machine:
    """Two clocks that are set by hand, in nanoseconds."""

    def __init__(self) -> None:
        self.wall = int(START.timestamp()) * SECOND
        self.elapsed = 12_345 * SECOND

    def passes(self, seconds: int) -> None:
        """Let time pass on both."""
        self.wall += seconds * SECOND
        self.elapsed += seconds * SECOND

    def clock(self) -> SystemClock:
        """Return a clock of this machine."""
        return SystemClock(lambda: self.wall, lambda: self.elapsed)


def test_clock_starts_at_the_wall_time_and_follows_it() -> None:
    """An aware UTC time that goes on with the machine."""
    machine = Machine()
    clock = machine.clock()
    assert clock.now() == START
    assert clock.now().tzinfo is UTC
    machine.passes(3600)
    assert clock.now() == START + timedelta(hours=1)
    assert clock.drift() == timedelta(0)
    assert clock.trusted()


@pytest.mark.parametrize("jump", [timedelta(hours=2), timedelta(hours=-2)])
def test_clock_does_not_follow_a_jump_of_the_wall_clock(jump: timedelta) -> None:
    """Two hours either way change nothing but the trust, which returns with the wall clock."""
    machine = Machine()
    clock = machine.clock()
    machine.passes(10)
    machine.wall += int(jump.total_seconds()) * SECOND
    assert clock.now() == START + timedelta(seconds=10)
    assert clock.drift() == jump
    assert not clock.trusted()
    machine.wall -= int(jump.total_seconds()) * SECOND
    assert clock.trusted()


@pytest.mark.parametrize(("seconds", "trusted"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_clock_is_trusted_within_five_minutes(seconds: int, trusted: bool) -> None:
    """The small step that a time service makes is no reason to keep keys."""
    machine = Machine()
    clock = machine.clock()
    machine.wall += seconds * SECOND
    assert clock.trusted() is trusted


def test_a_new_clock_takes_the_wall_time_again() -> None:
    """A start after the jump begins at the new time, and is trusted."""
    machine = Machine()
    machine.clock()
    machine.wall += 7200 * SECOND
    clock = machine.clock()
    assert clock.now() == START + timedelta(hours=2)
    assert clock.trusted()


@pytest.mark.parametrize(("ahead", "trusted"), [(timedelta(hours=2), False), (timedelta(seconds=-3), True)])
def test_clock_follows_those_with_whom_it_shares_a_store(ahead: timedelta, trusted: bool) -> None:
    """It goes on from their time; where the machine's own is far from it, no key is unlinked by either."""
    machine = Machine()
    clock = SystemClock(lambda: machine.wall, lambda: machine.elapsed, ahead=ahead)
    assert clock.now() == START + ahead
    machine.passes(60)
    assert clock.now() == START + ahead + timedelta(minutes=1)
    assert clock.drift() == -ahead
    assert clock.trusted() is trusted
    machine.wall += int(ahead.total_seconds()) * SECOND  # somebody sets it right
    assert clock.trusted()


def test_clock_of_a_machine_that_stood_still_goes_on_with_the_others() -> None:
    """Ten minutes of a halt are made up for at once, and counted once."""
    machine = Machine()
    clock = machine.clock()
    machine.wall += 600 * SECOND
    clock.follow(timedelta(minutes=10))
    assert clock.now() == START + timedelta(minutes=10)
    machine.passes(8)
    assert clock.now() == START + timedelta(minutes=10, seconds=8)
    assert clock.drift() == timedelta()


def test_clock_that_is_ahead_waits_for_the_others_and_never_runs_backwards() -> None:
    """It loses a quarter of what passes until they have come up to it, and then goes with them."""
    machine = Machine()
    clock = machine.clock()
    clock.follow(timedelta(seconds=-60))
    seen = [clock.now()]
    for _ in range(300):
        machine.passes(1)
        seen.append(clock.now())
        if len(seen) == 100:
            clock.follow(START + timedelta(seconds=99 - 60) - clock.now())  # it is asked all the time
    assert seen == sorted(seen)
    assert seen[40] == START + timedelta(seconds=30)
    assert seen[300] == START + timedelta(seconds=240)


async def test_clock_sleeps_no_time_at_once() -> None:
    """Nothing to wait for is no wait; the class is a `Clock`."""
    clock: Clock = Machine().clock()
    await clock.sleep(0)
    await clock.sleep(-1)


def test_clock_of_the_machine_runs_forward() -> None:
    """Without arguments it reads the machine's own clocks."""
    clock = SystemClock()
    first = clock.now()
    assert first.tzinfo is UTC
    assert clock.now() >= first
    assert clock.trusted()


def test_randomness_gives_as_many_bytes_as_asked() -> None:
    """Fresh bytes in the wanted number; the class is a `Randomness`."""
    randomness: Randomness = SystemRandomness()
    assert [len(randomness.bytes(count)) for count in (0, 1, 32)] == [0, 1, 32]
    assert randomness.bytes(32) != randomness.bytes(32)
