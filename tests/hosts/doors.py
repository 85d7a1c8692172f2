# SPDX-License-Identifier: EUPL-1.2
"""What a proxy before several hosts does: leads to one that is open. And people who come in there.

Owns who is led where, and moving from one host to another.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.drill.pages import OperatorsConsole, VisitorsPage
from tests.drill.parties import Weather
from tests.drill.view import View
from tests.outside.connection import Connection
from tests.outside.operator import Operator
from tests.outside.served import Served
from tests.outside.server import Addresses
from tests.outside.visitor import Visitor


class Doors:
    """The hosts that are open. Whoever was led to one comes back to it while it is."""

    def __init__(self, servers: Sequence[Served], chance: random.Random) -> None:
        self._servers = servers
        self._chance = chance
        self._closed: set[str] = set()

    @property
    def open(self) -> list[Addresses]:
        """The addresses of every host that is open."""
        return [each.at for each in self._servers if each.name not in self._closed]

    def shut(self, server: Served) -> None:
        """Lead nobody to this host from now on."""
        self._closed.add(server.name)

    def reopen(self, server: Served) -> None:
        """Lead people to this host again."""
        self._closed.discard(server.name)

    def way_in(self, last: Addresses | None = None) -> Addresses:
        """Return the host where somebody was the last time, or another one where that is shut."""
        there = self.open
        return last if last in there else self._chance.choice(there)

    def another(self, last: Addresses) -> Addresses:
        """Return another host that is open, if there is one."""
        return self._chance.choice([each for each in self.open if each != last] or [last])


class VisitorAtADoor(VisitorsPage):
    """A visitor who is led to a host that is open."""

    def __init__(self, doors: Doors, weather: Weather, visitor: Visitor, view: View) -> None:
        super().__init__(weather, visitor, view)
        self._doors = doors

    async def connect(self) -> Connection:
        """Open a new connection."""
        self.visitor.at = self._doors.way_in(self.visitor.at)
        return await super().connect()

    def moves(self) -> None:
        """Lose the connection, and come back at another host."""
        self.visitor.at = self._doors.another(self.visitor.at)
        self.loses_network()


class OperatorAtADoor(OperatorsConsole):
    """An operator who is led to a host that is open."""

    def __init__(self, doors: Doors, weather: Weather, operator: Operator, views: dict[str, View]) -> None:
        super().__init__(weather, operator, views)
        self._doors = doors

    async def connect(self) -> Connection:
        """Open a new connection with the same sign-in."""
        self.operator.at = self._doors.way_in(self.operator.at)
        return await super().connect()

    def moves(self) -> None:
        """Lose the connection, and come back at another host."""
        self.operator.at = self._doors.another(self.operator.at)
        self.loses_network()
