# SPDX-License-Identifier: EUPL-1.2
"""A short drill with the real server, fault by fault over one lineage, and what it searches with.

What takes longer, a database that is locked for ten seconds and a visitor who reads nothing, is told by
`make drill` alone.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.drill import faults, traces
from tests.drill.deploy import deploy
from tests.drill.disk import small_disk
from tests.drill.drill import strike, summary
from tests.drill.scene import Scene
from tests.drill.verdict import Verdict

WORD = "hemligt-ord-31"
CHATS = 6
MEGABYTES = 96
"""Three times what is said where a fault takes a second: on a slow machine they talk for longer."""

drilled = [pytest.mark.drill, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Scene]:
    """One server on a small disk of its own, struck by one fault after the other."""
    with small_disk(tmp_path_factory.mktemp("drill") / "disk", MEGABYTES) as disk:
        async with Scene.of(disk, Verdict(seed=5, chats=CHATS)) as scene:
            yield scene


class TestFaults:
    """Each strikes people who talk; then both transcripts, both traces and the store are compared."""

    pytestmark = drilled

    @staticmethod
    async def survives(scene: Scene, *names: str) -> Verdict:
        """Let people talk, strike, compare; return the findings, which are none."""
        await scene.begin()
        for name in names:
            await strike(scene, name)
        await scene.end()
        assert scene.verdict.kept, summary(scene.verdict)
        assert scene.verdict.acknowledged > 0
        return scene.verdict

    async def test_drill_loses_and_doubles_nothing_over_three_kills(self, scene: Scene) -> None:
        """Every acknowledged message stands once in both transcripts, in order, after three SIGKILLs."""
        await self.survives(scene, "kill", "kill", "kill")

    async def test_kill_between_commit_and_ack_gives_the_retry_its_seq(self, scene: Scene) -> None:
        """What was stored and not acknowledged is acknowledged as that after the kill, one row each."""
        verdict = await self.survives(scene, "commit")
        assert verdict.caught["ack"] > 0

    async def test_end_outlives_a_kill(self, scene: Scene) -> None:
        """Killed right after `ended`: her token opens nothing, and nothing of the chat is stored."""
        await self.survives(scene, "end")

    async def test_network_that_flaps_delivers_exactly_once(self, scene: Scene) -> None:
        """Half of all telephones lose the network eight times: in order, once, and never a new chat."""
        await self.survives(scene, "flap")

    async def test_second_tab_takes_over_and_nothing_is_lost(self, scene: Scene) -> None:
        """The first tab gets 4003, the second goes on, and back again."""
        await self.survives(scene, "tabs")

    async def test_restart_in_order_loses_nobody(self, scene: Scene) -> None:
        """At SIGTERM everybody moves, the server exits clean, and they go on in the next one."""
        verdict = await self.survives(scene, "restart")
        assert len(verdict.gaps) >= len(verdict.struck)

    async def test_two_accept_at_the_same_moment_and_one_wins(self, scene: Scene) -> None:
        """Over real sockets, again and again: one gets it, and the other is told the winner's alias."""
        await self.survives(scene, "claims")

    async def test_leave_against_say_over_sockets_is_never_half(self, scene: Scene) -> None:
        """What the operator said is shown before the end, or refused."""
        await self.survives(scene, "leave")

    async def test_account_closed_from_elsewhere_brings_her_to_the_front(self, scene: Scene) -> None:
        """By the command line beside the server: the console is closed, and the next one reads it all."""
        await self.survives(scene, "revoked")

    async def test_full_disk_refuses_and_an_end_still_works(self, scene: Scene) -> None:
        """Words are refused with a retry and taken once there is room; a chat can be ended without."""
        verdict = await self.survives(scene, "disk_full")
        assert verdict.refused > 0

    async def test_locked_database_delays_and_the_server_answers(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While another program holds the write lock nothing is acknowledged, and pages are answered."""
        monkeypatch.setattr(faults, "LOCKED_FOR", 2.0)
        verdict = await self.survives(scene, "locked")
        assert verdict.slowest_answer > 0


@pytest.mark.drill
async def test_deploy_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Two restarts in order, one of them overlapping: each server ends clean, everybody comes back."""
    done = await deploy(tmp_path, seed=6, rounds=2, chats=20, talk_s=0.5)
    print(done.report())
    assert done.verdict.kept, summary(done.verdict)
    assert done.figures.statuses == [0, 0], done.server.printed()
    assert done.verdict.acknowledged > 0


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_search_finds_a_word_in_every_form(tmp_path: Path, before: str) -> None:
    """A word is found plain, in UTF-16, in hexadecimal and inside any base64."""
    text = before + WORD + "xyz"
    contents = [
        text.encode(),
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        text.encode().hex().encode(),
        base64.b64encode(text.encode()),
        base64.urlsafe_b64encode(text.encode()),
    ]
    for number, content in enumerate(contents):
        (tmp_path / f"file{number}").write_bytes(content)
    found = {line.split(":")[0] for line in traces.found_under(tmp_path, WORD)}
    assert found == {f"file{number}" for number in range(len(contents))}


def test_search_finds_nothing_where_nothing_is(tmp_path: Path) -> None:
    """Another word is not mistaken for the one that is looked for."""
    (tmp_path / "file").write_text("hemligt-ord-32", encoding="utf-8")
    assert traces.found_under(tmp_path, WORD) == []
