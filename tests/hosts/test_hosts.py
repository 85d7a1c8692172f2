# SPDX-License-Identifier: EUPL-1.2
"""A short evening over two hosts with PostgreSQL and Redis between them, struck by one fault after the other.

The day ends in the middle of it, and the clock of the second host is two hours off all the time. The wait
until a silent host is called dead, 1,000 claims, 200 chats and a host that stands still are told by `make
hosts` alone.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from tests.hosts import faults, meetings
from tests.hosts.delays import HostsVerdict
from tests.hosts.hosts import report, strike
from tests.hosts.machines import machines
from tests.hosts.network import Network, network
from tests.hosts.scene import HostsScene

CHATS = 6
BUSY = 3.0
"""By what a bound in seconds is multiplied where other tests run beside this one."""
MIDNIGHT_IN_S = 45.0

struck = [pytest.mark.drill, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[HostsScene]:
    """Two hosts, and people who are signed in."""
    folder = tmp_path_factory.mktemp("hosts")
    with machines(folder, midnight_in=MIDNIGHT_IN_S, ahead=[timedelta(), timedelta(hours=2)]) as there:
        async with HostsScene.of(there, HostsVerdict(seed=9, chats=CHATS), BUSY) as scene:
            yield scene


class TestHosts:
    """Each test strikes people who talk; then both transcripts, both traces and the store are compared."""

    pytestmark = struck

    async def survives(self, scene: HostsScene, *names: str) -> None:
        """Let people talk, strike, and compare both transcripts, both traces and the store."""
        await scene.begin()
        for name in names:
            await strike(scene, name)
        await scene.end()
        assert scene.verdict.kept, report(scene.found)
        assert scene.verdict.acknowledged > 0

    async def test_host_is_killed_and_the_database_restarted(
        self, scene: HostsScene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Killed between a commit and its ack: the other host shows it, and the retry gets its number.

        A database that was away is found again. A host that alone reaches none acknowledges nothing, says so,
        and goes on by itself.
        """
        monkeypatch.setattr(faults, "AWAY_S", 2.5)
        await self.survives(scene, "move", "commit", "database", "cut_off")
        assert scene.verdict.caught["ack"] > 0

    async def test_operators_at_two_hosts_race_and_one_wins(
        self, scene: HostsScene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both accept at one moment, again and again: one gets it, the other hears the winner's alias."""
        monkeypatch.setattr(meetings, "CLAIMS", 40)
        await self.survives(scene, "claims")

    async def test_what_happens_at_two_hosts_is_as_on_one(self, scene: HostsScene) -> None:
        """One token in two tabs, a last word against leaving, an account that is closed by a command."""
        await self.survives(scene, "tabs", "leave", "revoked")

    async def test_redis_is_away_in_every_way(
        self, scene: HostsScene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Killed, hung, emptied, deaf: what is said is shown within the bound, and nothing waits for it."""
        monkeypatch.setattr(faults, "AWAY_S", 2.5)
        monkeypatch.setattr(faults, "EMPTIED_TIMES", 4)
        await self.survives(scene, "redis_killed", "redis_hangs", "redis_emptied", "redis_dumb")
        assert scene.found.shown

    async def test_rolling_deploy_and_midnight_lose_nobody(self, scene: HostsScene) -> None:
        """Each host ends clean while its people move to the other; at midnight all have the same new key."""
        await self.survives(scene, "deploy", "midnight")
        await scene.look()
        assert not scene.verdict.readable
        assert len(scene.verdict.gaps) >= len(scene.machines.servers)


def test_nothing_of_a_network_is_left() -> None:
    """Also after a failure inside; and two at the same time have no address in common."""
    seen: list[Network] = []

    def fails() -> None:
        with network(["one", "two"]) as first, network(["one"]) as second:
            seen.extend((first, second))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    first, second = (set(each.machines.values()) for each in seen)
    assert not {each.address for each in first} & {each.address for each in second}
    assert not [
        each for each in first | second if each.prefix and Path("/run/netns", each.prefix[-1]).exists()
    ]
