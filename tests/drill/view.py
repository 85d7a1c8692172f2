# SPDX-License-Identifier: EUPL-1.2
"""What one party of one conversation has sent, got acknowledged and been shown, over all its connections.

Owns the promises that one side can check: nothing shown twice, order by `seq`, an ack that never changes.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from tests.outside.connection import Frame, new_id

Role = Literal["visitor", "operator"]
Send = Callable[[str, str], Awaitable[None]]
"""Sends one message: its client id, its text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a party knows it."""

    kind: str
    role: str = ""
    text: str = ""


class View:
    """One party's side of a conversation. `words` stand in every text that it says."""

    def __init__(self, role: Role, words: str, chance: random.Random) -> None:
        self.role = role
        self.known: dict[int, Line] = {}
        self.acked: dict[str, tuple[int, str]] = {}
        self.unacked: dict[str, str] = {}
        self.problems: list[str] = []
        self._words = words
        self._chance = chance
        self._said = 0
        self._shown: list[int] = []
        self._changed = asyncio.Condition()

    @property
    def head(self) -> int:
        """The newest `seq` up to which everything is known."""
        head = 0
        while head + 1 in self.known:
            head += 1
        return head

    def connected_anew(self) -> None:
        """From here on the server shows what lies beyond `head`, each entry once."""
        self._shown = []

    async def take(self, frame: Frame) -> None:
        """Note one frame of this conversation."""
        match frame["type"]:
            case "said":
                self._show(frame["seq"], Line("said", frame["from"], frame["text"]))
            case "joined" | "left":
                self._show(frame["seq"], Line(frame["type"]))
            case "accepted":
                for entry in frame["entries"]:
                    await self.take(entry)
            case "ack":
                self._acknowledge(frame["id"], frame["seq"])
            case "nack" if not frame["retry"]:
                self.problems.append(f"{self.role}: refused for good ({frame['code']})")
            case "ended":
                self.problems.append(f"{self.role}: ended ({frame['reason']})")
            case _:
                pass
        async with self._changed:
            self._changed.notify_all()

    def _show(self, seq: int, line: Line) -> None:
        if seq in self._shown:
            self.problems.append(f"{self.role}: seq {seq} was shown twice")
        elif self._shown and seq < self._shown[-1]:
            self.problems.append(f"{self.role}: seq {seq} was shown after {self._shown[-1]}")
        self._shown.append(seq)
        self._know(seq, line)

    def _know(self, seq: int, line: Line) -> None:
        if self.known.setdefault(seq, line) != line:
            self.problems.append(f"{self.role}: seq {seq} is not what it was")

    def _acknowledge(self, client_id: str, seq: int) -> None:
        text = self.unacked.pop(client_id, None)
        before = self.acked.get(client_id)
        if before is not None and before[0] != seq:
            self.problems.append(f"{self.role}: one message was acknowledged as seq {before[0]} and {seq}")
        if text is not None:
            self.acked[client_id] = (seq, text)
            self._know(seq, Line("said", self.role, text))

    async def until(self, holds: Callable[[], bool], within: float = 10.0) -> bool:
        """Wait until `holds` does; False when it has not after `within` seconds."""
        try:
            async with asyncio.timeout(within), self._changed:
                await self._changed.wait_for(holds)
        except TimeoutError:
            return False
        return True

    async def catch_up(self, send: Send) -> None:
        """Send everything again that was not acknowledged, under the same ids, and wait for the acks."""
        for client_id, text in list(self.unacked.items()):
            await send(client_id, text)
        await self.until(lambda: not self.unacked)

    async def talk(self, send: Send, silent: asyncio.Event, pause: float) -> None:
        """Say one to three things, await the acks, breathe up to `pause` seconds, until all fall silent."""
        while not silent.is_set():
            for _ in range(self._chance.randint(1, 3)):
                self._said += 1
                client_id, text = new_id(), f"{self._words} {self.role} {self._said}"
                self.unacked[client_id] = text
                await send(client_id, text)
            await self.until(lambda: not self.unacked)
            await asyncio.sleep(self._chance.uniform(0, pause))
