# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong between two who are at different hosts at one moment, while both hosts are well.

Owns the second tab, the last word, the closed account, and the kill between a commit and its doorbell.
"""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from time import perf_counter

from tests.drill import stored
from tests.drill.meetings import ANOTHER_PASSWORD
from tests.drill.parties import CUT_OFF, TAKEN_OVER
from tests.drill.races import account_was_closed, leave_while_said
from tests.drill.view import View
from tests.hosts.delays import SHOWN_WITHIN
from tests.hosts.meetings import listed_now, on_duty
from tests.hosts.scene import OTHER_SERVICE, HostsScene
from tests.outside.running import JOURCHATT, ROOT
from tests.outside.visitor import Visitor

PARTINGS = 10
TABS = 4
STOPS = 300
"""How often a host is stopped at a random moment before it is given up that one falls after a commit."""


async def two_tabs(scene: HostsScene) -> None:
    """The same token at two hosts: each time the second takes over and the first gets 4003."""
    await scene.everybody_back()
    for chat in scene.chance.sample(scene.chats, min(TABS, len(scene.chats))):
        party = chat.visitor
        party.forgives = CUT_OFF | {TAKEN_OVER}
        first = party.lines
        assert first is not None
        tab = Visitor(scene.doors.another(party.visitor.at), scene.service)
        tab.token = party.visitor.token
        await tab.resumes(0)
        codes = await first.closed(), await tab.connection.closed()  # she goes on in the first one
        if codes != (TAKEN_OVER, TAKEN_OVER):
            scene.verdict.broken.append(f"two tabs at two hosts were closed with {codes}")
        await scene.everybody_back()
        party.forgives = CUT_OFF


async def leave_meets_say(scene: HostsScene) -> None:
    """She leaves at one host while the operator says something at another: delivered before, or refused."""
    async with on_duty(scene) as (operator, _):
        for number in range(PARTINGS):
            visitor = await Visitor.starts(scene.doors.another(operator.at), OTHER_SERVICE)
            name = await listed_now(operator)
            await operator.accepts(name)
            await visitor.connection.expect("joined")
            await leave_while_said(
                scene.verdict, visitor, operator, name, said_first=bool(number % 2), apart=True
            )


async def closed_account(scene: HostsScene) -> None:
    """An account is closed by a command: the console goes at whatever host it is, and she comes first."""
    async with on_duty(scene) as (first, second):
        visitor = await Visitor.starts(second.at, OTHER_SERVICE)
        name = await listed_now(first)
        await first.accepts(name)
        said = f"{scene.marker} Är du kvar?"
        await visitor.says(said)
        await _staff(scene, "disable", first.staff.name)
        await account_was_closed(scene.verdict, visitor, first, second, name, said)
        await visitor.leaves()
        first.staff = replace(first.staff, password=ANOTHER_PASSWORD)
        await _staff(scene, "reset", first.staff.name, "--password-stdin", typed=ANOTHER_PASSWORD)
        await first.signs_in()


async def _staff(scene: HostsScene, *arguments: str, typed: str = "") -> None:
    others = {name: value for name, value in os.environ.items() if not name.startswith("JOURCHATT_")}
    running = await asyncio.create_subprocess_exec(
        *JOURCHATT,
        "staff",
        *arguments,
        cwd=ROOT,
        env={**others, **scene.machines.deployment.environment(scene.machines.servers[0].name)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await running.communicate(f"{typed}\n".encode())
    if running.returncode != 0:
        scene.verdict.broken.append(f"staff {arguments[0]}: {printed.decode()}")


# --- between a commit and its doorbell -----------------------------------------------------------------


async def killed_after_commit(scene: HostsScene) -> None:
    """A host dies between a commit and its ack: the other one's screen has it, and the retry its number."""
    await scene.people_move()
    struck, _ = scene.some_host()
    without_ack = await _stopped_in_between(scene, struck.pid, struck.at.url)
    if not without_ack:
        scene.verdict.broken.append(f"none of {STOPS} stops fell between a commit and its ack")
        return
    scene.doors.shut(struck)
    begun = perf_counter()
    await asyncio.to_thread(struck.kill)
    late = [row.seq for _, other, row in without_ack if not await _is_shown(scene, other, row.seq)]
    if late:
        took = perf_counter() - begun
        scene.verdict.broken.append(f"stored before the kill and not shown {took:.1f} s after it: {late}")
    scene.lose(struck)
    await scene.everybody_back()
    for view, _, row in without_ack:
        seq, text = view.acked.get(row.client_id or "", (0, row.client_id))
        if seq != row.seq:
            scene.verdict.lost.append(f"{text}: stored as seq {row.seq}, acknowledged as {seq}")
    scene.verdict.caught["ack"] += len(without_ack)
    await asyncio.to_thread(struck.start)
    scene.doors.reopen(struck)
    await scene.people_move()


async def _is_shown(scene: HostsScene, view: View, seq: int) -> bool:
    return await view.until(lambda: seq in view.known, SHOWN_WITHIN * scene.slack)


async def _stopped_in_between(scene: HostsScene, pid: int, url: str) -> list[tuple[View, View, stored.Row]]:
    """Stop a host until something is stored that its author there does not know of and the other one sees."""
    authors: dict[tuple[str, str], tuple[View, View]] = {}
    for chat in scene.chats:
        hers, theirs = chat.views
        her_host, their_host = chat.visitor.visitor.at.url, chat.operator.operator.at.url
        # Only where the other one is at another host can they see it before they come back.
        if her_host == url != their_host:
            authors[chat.conversation, "visitor"] = hers, theirs
        if their_host == url != her_host:
            authors[chat.conversation, "operator"] = theirs, hers
    for _ in range(STOPS):
        await asyncio.sleep(scene.chance.uniform(0.005, 0.05))
        os.kill(pid, signal.SIGSTOP)
        await scene.everything_arrived()
        found = [
            (*authors[row.conversation, row.role], row)
            for row in await asyncio.to_thread(stored.rows, scene.stored)
            if (row.conversation, row.role) in authors
            and row.client_id in authors[row.conversation, row.role][0].unacked
        ]
        if found:
            return found
        os.kill(pid, signal.SIGCONT)
    return []
