# SPDX-License-Identifier: EUPL-1.2
"""The faults of one machine and one server: each strikes a scene in which people talk.

Owns what happens in each, and what is promised besides the invariants that `verdict.py` holds over all.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing

from tests.drill import stored
from tests.drill.deaf import never_reads
from tests.drill.meetings import both_accept, leave_meets_say, signed_out_from_elsewhere
from tests.drill.parties import CUT_OFF, LOST, TAKEN_OVER
from tests.drill.races import a_moment
from tests.drill.scene import Scene
from tests.drill.view import PATIENCE, View
from tests.drill.watcher import Watcher
from tests.outside.connection import browser
from tests.outside.visitor import Visitor

Fault = Callable[[Scene], Awaitable[None]]

KILLED_WHILE_COMING_BACK = 0.2
"""How often the next fault does not wait until everybody is back."""
COMMITS_WATCHED = 300
LOCKED_FOR = 10.0
PROBE_EVERY = 0.05
FIRST_PROBES = 10
"""After so many answers of the health page, no ack is on its way any more that is older than the lock."""
ANSWERS_WITHIN = 3.0
"""A generous bound (s) for a page that takes a millisecond: the loop turns."""
MOVES_WITHIN = 30.0
"""A generous bound (s) for being without a connection at a restart in order."""


async def _is_killed(scene: Scene) -> None:
    await scene.look()
    scene.weather.up.clear()
    await asyncio.to_thread(scene.server.kill)
    await scene.look()
    await asyncio.to_thread(scene.server.restart)
    scene.weather.up.set()


async def killed(scene: Scene) -> None:
    """SIGKILL at a random moment: everybody comes back by themselves."""
    await a_moment(scene.chance)
    await _is_killed(scene)
    if scene.chance.random() >= KILLED_WHILE_COMING_BACK:
        scene.verdict.recoveries.append(await scene.everybody_back())


async def killed_after_commit(scene: Scene) -> None:
    """SIGKILL between a commit and its `ack`: the retry gets the seq that is stored, and there is one row."""
    await scene.everybody_back()
    without_ack = await _stopped_in_between(scene)
    if not without_ack:
        scene.verdict.broken.append(f"none of {COMMITS_WATCHED} stops fell between a commit and its ack")
        return
    await _is_killed(scene)
    scene.verdict.recoveries.append(await scene.everybody_back())
    for view, row in without_ack:
        seq, text = view.acked.get(row.client_id or "", (0, row.client_id))
        if seq != row.seq:
            scene.verdict.lost.append(
                f"{text}: stored as seq {row.seq}, after the kill acknowledged as {seq}"
            )


async def _stopped_in_between(scene: Scene) -> list[tuple[View, stored.Row]]:
    """Stop the server right after a commit, again and again, until an author does not know of it yet."""
    async with Watcher.over(scene.database) as watcher:
        for _ in range(COMMITS_WATCHED):
            if not await watcher.stops(scene.server.pid):
                continue
            await scene.everything_arrived()
            without_ack, without_delivery = _in_between(scene)
            if without_ack:
                scene.verdict.caught["ack"] += len(without_ack)
                scene.verdict.caught["delivery"] += without_delivery
                return without_ack
            os.kill(scene.server.pid, signal.SIGCONT)
    return []


def _in_between(scene: Scene) -> tuple[list[tuple[View, stored.Row]], int]:
    """Return what is stored without its author knowing, and how much the other one does not know."""
    views = {}
    for chat in scene.chats:
        hers, theirs = chat.views
        views[chat.conversation, "visitor"] = hers, theirs
        views[chat.conversation, "operator"] = theirs, hers
    without_ack, without_delivery = [], 0
    for row in stored.rows(scene.stored):
        if row.client_id is None:
            continue
        view, other = views[row.conversation, row.role]
        if row.client_id in view.unacked:
            without_ack.append((view, row))
        without_delivery += row.seq not in other.known
    return without_ack, without_delivery


async def restarted(scene: Scene) -> None:
    """SIGTERM: everybody is told to move and moves; the server exits clean, and the next one goes on."""
    await scene.everybody_back()
    await a_moment(scene.chance)
    for party in scene.parties:
        party.gaps.clear()
    scene.weather.up.clear()
    status = await asyncio.to_thread(scene.server.term)
    if status != 0:
        scene.verdict.broken.append(f"a server that was asked to stop ended with {status}")
    await scene.look()
    await asyncio.to_thread(scene.server.restart)
    scene.weather.up.set()
    await scene.everybody_back()
    gaps = sorted(gap for party in scene.parties for gap in party.gaps)
    scene.verdict.gaps += gaps
    if len(gaps) < len(scene.parties) or gaps[-1] > MOVES_WITHIN:
        scene.verdict.broken.append(f"{len(gaps)} of {len(scene.parties)} moved, the last in {gaps[-1:]} s")


async def network_flaps(scene: Scene) -> None:
    """Telephones lose the network again and again: exactly once, in order, and never a new chat."""
    await scene.everybody_back()
    for _ in range(8):
        for party in scene.parties:
            if scene.chance.random() < 0.5:
                party.loses_network()
        await a_moment(scene.chance)
    await scene.everybody_back()
    there = len(stored.conversations(scene.stored))
    if there != len(scene.chats):
        scene.verdict.broken.append(f"{len(scene.chats)} chats became {there}")


async def two_tabs(scene: Scene) -> None:
    """The same token in two tabs: each time the second takes over and the first gets 4003."""
    await scene.everybody_back()
    for chat in scene.chance.sample(scene.chats, min(4, len(scene.chats))):
        party = chat.visitor
        party.forgives = CUT_OFF | {TAKEN_OVER}
        first = party.lines
        assert first is not None
        tab = Visitor(scene.server.at, scene.service)
        tab.token = party.visitor.token
        await tab.resumes(0)
        codes = await first.closed(), await tab.connection.closed()  # she goes on in the first one
        if codes != (TAKEN_OVER, TAKEN_OVER):
            scene.verdict.broken.append(f"two tabs were closed with {codes}")
        await scene.everybody_back()
        party.forgives = CUT_OFF


async def disk_full(scene: Scene) -> None:
    """No room: refused with a retry, no false ack; an end still works; with room all is taken."""
    await scene.everybody_back()
    ending = await Visitor.starts(scene.server.at, scene.service)
    await ending.says("Innan det tog slut.")
    views = [view for chat in scene.chats for view in chat.views]
    before = sum(view.refusals for view in views)
    with scene.disk.full(scene.server.pid):
        async with asyncio.timeout(PATIENCE):
            while sum(view.refusals for view in views) == before:
                await a_moment(scene.chance, 0.1)
                await asyncio.to_thread(scene.disk.fill)
        await scene.look()
        if scene.disk.mounted:
            await _ends(scene, ending)
    if not scene.disk.mounted:
        await _ends(scene, ending)
    await scene.everybody_back()


async def _ends(scene: Scene, visitor: Visitor) -> None:
    try:
        await visitor.leaves()
    except LOST as lost:
        scene.verdict.broken.append(f"a chat could not be ended: {lost!r}")


async def database_locked(scene: Scene) -> None:
    """Another program holds the write lock: delayed or refused with a retry; the server answers meanwhile."""
    await scene.everybody_back()
    loop = asyncio.get_running_loop()
    with closing(sqlite3.connect(scene.database, isolation_level=None, timeout=PATIENCE)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        until, probes, acknowledged = loop.time() + LOCKED_FOR, 0, 0
        async with browser() as http:
            while loop.time() < until:
                begun = loop.time()
                (await http.get(f"{scene.server.at.url}/healthz")).raise_for_status()
                took = loop.time() - begun
                scene.verdict.slowest_answer = max(scene.verdict.slowest_answer, took)
                probes += 1
                if probes == FIRST_PROBES:
                    acknowledged = scene.acknowledged
                await asyncio.sleep(PROBE_EVERY)
        if scene.acknowledged != acknowledged:
            scene.verdict.broken.append("something was acknowledged that could not be stored")
        holder.execute("ROLLBACK")
    if scene.verdict.slowest_answer > ANSWERS_WITHIN:
        scene.verdict.broken.append(f"the health page took {scene.verdict.slowest_answer:.1f} s")
    await scene.everybody_back()


async def ended_and_killed(scene: Scene) -> None:
    """SIGKILL right after `ended`: what was acknowledged as over stays over."""
    await scene.everybody_back()
    visitor = await Visitor.starts(scene.server.at, scene.service)
    await visitor.says(f"{scene.marker} Ett sista ord.")
    await visitor.leaves()
    await _is_killed(scene)
    await visitor.connect()
    await visitor.connection.send("resume", token=visitor.token, after=0)
    code = await visitor.connection.closed()
    if code != 4001:
        scene.verdict.broken.append(f"a chat that had ended came back after a kill ({code})")
    await scene.everybody_back()


FAULTS: dict[str, tuple[int, Fault]] = {
    "kill": (56, killed),
    "commit": (14, killed_after_commit),
    "end": (6, ended_and_killed),
    "flap": (6, network_flaps),
    "tabs": (5, two_tabs),
    "restart": (4, restarted),
    "claims": (2, both_accept),
    "leave": (1, leave_meets_say),
    "revoked": (1, signed_out_from_elsewhere),
    "disk_full": (3, disk_full),
    "locked": (1, database_locked),
    "deaf": (1, never_reads),
}
"""Each by the name that `make drill FAULT=…` takes, with how often (%) a mixed drill chooses it."""
