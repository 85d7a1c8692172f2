# SPDX-License-Identifier: EUPL-1.2
"""The same conversations over one process and over two: what a message costs, and how soon it is there.

Owns who sits where, and the loads. Knows the outward contract only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bench import full_path
from bench.full_path import Talk
from bench.ground import Ground, Used
from bench.load import Spread, Traffic
from tests.outside.server import Addresses

OPERATORS, EACH = 16, 8
"""So many that nobody speaks more than a few times a second: two who speak at the same moment in one
conversation cost another look."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one message cost, everything included that is done meanwhile; processor time in microseconds."""

    messages: int
    servers_us: float
    postgresql_us: float
    redis_us: float
    transactions: float
    statements: float
    rows: float
    wal_bytes: float
    entry_bytes: float
    commands: float
    redis_bytes: float
    ack: Spread
    delivery: Spread

    @property
    def all_us(self) -> float:
        """Of the processor, by everybody together."""
        return self.servers_us + self.postgresql_us + self.redis_us


@dataclass(frozen=True, slots=True)
class Seated:
    """The conversations, and those of them whose two parties sit at different processes."""

    talks: list[Talk]
    across: list[Talk]


async def seat(doors: Sequence[Addresses], service: str, chance: Random) -> Seated:
    """Bring operators on duty and let each accept a few visitors, everybody at a process by chance."""
    notice = await full_path.notice_of(doors[0], service)
    seated = Seated([], [])
    known: set[str] = set()
    for number in range(OPERATORS):
        at = chance.choice(doors)
        operator = await full_path.start_operator(at, service, number)
        for _ in range(EACH):
            door = chance.choice(doors)
            visitor = await full_path.start_visitor(door, service, notice)
            conversation = await full_path.new_in_list(operator, known)
            operator.send(json.dumps({"type": "accept", "conversation": conversation}).encode())
            await operator.next("accepted")
            await visitor.next("joined")
            known.add(conversation)
            talk = Talk(conversation, visitor, operator)
            seated.talks.append(talk)
            if door is not at:
                seated.across.append(talk)
    return seated


async def carry(ground: Ground, talks: list[Talk], per_second: float, seconds: float, seed: int) -> Cost:
    """Let these conversations say `per_second` messages in all, and return what each cost."""
    wires, lanes = full_path.lanes_of(talks)
    traffic = Traffic(lanes, acked=True)
    for wire in wires:
        wire.hear = traffic.hear
    await traffic.steady(per_second, 1.0, seed)
    before, done = ground.used(), traffic.done
    ack, delivery = await traffic.steady(per_second, seconds, seed)
    if traffic.refused:
        raise RuntimeError(f"refused: {traffic.refused}")
    return _each(ground.used() - before, traffic.done - done, ack, delivery)


def _each(used: Used, messages: int, ack: Spread, delivery: Spread) -> Cost:
    def us(seconds: float) -> float:
        return round(seconds / messages * 1e6, 1)

    def of(count: int) -> float:
        return round(count / messages, 2)

    return Cost(
        messages,
        us(used.servers_s),
        us(used.postgresql_s),
        us(used.redis_s),
        of(used.transactions),
        of(used.statements),
        of(used.rows),
        of(used.wal_bytes),
        of(used.entry_bytes),
        of(used.commands),
        of(used.redis_bytes),
        ack,
        delivery,
    )


async def delivered(talks: list[Talk], per_second: float, seconds: float) -> tuple[Spread, Spread]:
    """Return how long acks and deliveries take, with no look at what it costs."""
    wires, lanes = full_path.lanes_of(talks)
    traffic = Traffic(lanes, acked=True)
    for wire in wires:
        wire.hear = traffic.hear
    await traffic.steady(per_second, 1.0)
    return await traffic.steady(per_second, seconds)
