# SPDX-License-Identifier: EUPL-1.2
"""Many chats over several hosts, each party at either of them, that go on through whatever happens.

Owns who stands at which door, and searching all that is stored and printed for what was said. Knows no fault.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Self

from tests.drill import stored, traces
from tests.drill.talks import MOST_EACH, Talks
from tests.hosts.delays import HostsVerdict
from tests.hosts.doors import Doors, OperatorAtADoor, VisitorAtADoor
from tests.hosts.machines import Machines
from tests.outside.operator import Operator
from tests.outside.served import Served
from tests.outside.server import Addresses, Staff

OTHER_SERVICE = "eken"
"""Where faults meet people of their own, beside the chats that go on."""


class HostsScene(Talks):
    """Running hosts, and people who talk. `slack` is by what the bounds are multiplied on a busy machine."""

    pause_per_chat = 0.05

    def __init__(self, machines: Machines, verdict: HostsVerdict, slack: float = 1.0) -> None:
        super().__init__(verdict)
        self.machines = machines
        self.found = verdict
        self.slack = slack
        self.doors = Doors(machines.servers, self.chance)
        self.visitor_kind = partial(VisitorAtADoor, self.doors)
        self.operator_kind = partial(OperatorAtADoor, self.doors)
        self.pair: list[Operator] = []
        """Two operators of the other service, signed in."""
        real = machines.net.is_real
        verdict.where = "network namespaces" if real else "loopback addresses: no wire could be cut"

    def way_in(self) -> Addresses:
        """Lead somebody new to any host that is open."""
        return self.doors.way_in()

    def sign_ins(self) -> list[Staff]:
        """As many operators as it takes to hold all the visitors."""
        staff = super().sign_ins()
        return [staff[number % len(staff)] for number in range(max(2, -(-self.verdict.chats // MOST_EACH)))]

    @property
    def stored(self) -> stored.Read:
        """Reads what the hosts have stored."""
        return self.machines.read

    @classmethod
    @asynccontextmanager
    async def of(cls, machines: Machines, verdict: HostsVerdict, slack: float = 1.0) -> AsyncGenerator[Self]:
        """Sign everybody in, each at some host."""
        scene = cls(machines, verdict, slack)
        try:
            await scene.sign_in()
            at = machines.servers[0].at
            alone = [one for one in at.operators_of(OTHER_SERVICE) if scene.service not in one.services]
            scene.pair = [
                Operator(server.at, one) for server, one in zip(machines.servers, alone, strict=False)
            ]
            for operator in scene.pair:
                await operator.signs_in()
            yield scene
        finally:
            await scene.stop_living()

    def some_host(self) -> tuple[Served, Served]:
        """Return a host to strike, and another one."""
        struck, other = self.chance.sample(self.machines.servers, 2)
        return struck, other

    def lose(self, struck: Served) -> None:
        """Close the connections to a host, as the proxy does that stands before it."""
        for chat in self.chats:
            for party, where in (
                (chat.visitor, chat.visitor.visitor.at),
                (chat.operator, chat.operator.operator.at),
            ):
                if where == struck.at:
                    party.back.clear()
                    party.loses_network()

    async def people_move(self, share: float = 0.5) -> None:
        """Let some of them go on at another host, and wait until they do."""
        for party in self.parties:
            if self.chance.random() < share:
                assert isinstance(party, VisitorAtADoor | OperatorAtADoor)
                party.back.clear()
                party.moves()
        await self.everybody_back()

    async def look(self) -> None:
        """Search everything that is stored and was printed for what was said."""
        self.verdict.looks += 1
        place = self.machines.deployment.folder.parent
        self.verdict.readable += await asyncio.to_thread(traces.found_under, place, self.marker)
        for server in self.machines.servers:
            printed = server.printed().encode()
            self.verdict.readable += [
                f"output of {server.name}: {form}" for form in traces.found_in(printed, self.marker)
            ]
