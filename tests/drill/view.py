# SPDX-License-Identifier: EUPL-1.2
"""What one party of one conversation has sent, got acknowledged and been shown, over all its connections.

Owns the promises that one side can check: nothing shown twice, order by `seq`, an ack that never changes,
an answer to everything.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

from tests.outside.connection import Frame, new_id

Role = Literal["visitor", "operator"]
Send = Callable[[str, str], Awaitable[None]]
"""Sends one message: its client id, its text."""
PATIENCE = 30.0
"""Within so many seconds everything that was sent on a living connection is answered, in whatever weather."""
AGAIN_AFTER = 0.15, 0.45
"""How long to breathe (s) before what was refused for the moment is sent again."""


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
        self.head = 0
        """The newest `seq` up to which everything is known."""
        self.acked: dict[str, tuple[int, str]] = {}
        self.unacked: dict[str, str] = {}
        self.refused: set[str] = set()
        """What was refused for the moment and not sent again yet."""
        self.refused_once: set[str] = set()
        """The texts that were refused at least once: they may stand after what was said later."""
        self.refusals = 0
        """How often something was refused for the moment."""
        self.problems: list[str] = []
        self.anew_at = 0.0
        """When the last connection began."""
        self.acked_at: dict[int, float] = {}
        self.shown_at: dict[int, float] = {}
        """When each `seq` was acknowledged, and shown for the first time."""
        self.answers: list[tuple[float, float]] = []
        """When each answer to something said came, and how long it took (s)."""
        self._sent_at: dict[str, float] = {}
        self._words = words
        self._chance = chance
        self._said = 0
        self._shown: set[int] = set()
        self._newest_shown = 0
        self._changed = asyncio.Condition()

    def connected_anew(self) -> None:
        """From here on the server shows what lies beyond `head`, each entry once."""
        self._shown = set()
        self._newest_shown = 0
        self.refused.clear()
        self._sent_at.clear()
        self.anew_at = perf_counter()

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
                self._is_answered(frame["id"])
                self._acknowledge(frame["id"], frame["seq"])
            case "nack":
                self._is_answered(frame.get("id", ""))
                self._refuse(frame)
            case "ended":
                self.problems.append(f"{self.role}: ended ({frame['reason']})")
            case _:
                pass
        async with self._changed:
            self._changed.notify_all()

    def _is_answered(self, client_id: str) -> None:
        now = perf_counter()
        sent_at = self._sent_at.pop(client_id, None)
        if sent_at is not None:
            self.answers.append((now, now - sent_at))

    def _show(self, seq: int, line: Line) -> None:
        self.shown_at.setdefault(seq, perf_counter())
        if seq in self._shown:
            self.problems.append(f"{self.role}: seq {seq} was shown twice")
        elif seq < self._newest_shown:
            self.problems.append(f"{self.role}: seq {seq} was shown after {self._newest_shown}")
        self._shown.add(seq)
        self._newest_shown = max(self._newest_shown, seq)
        self._know(seq, line)

    def _know(self, seq: int, line: Line) -> None:
        if self.known.setdefault(seq, line) != line:
            self.problems.append(f"{self.role}: seq {seq} is not what it was")
        while self.head + 1 in self.known:
            self.head += 1

    def _acknowledge(self, client_id: str, seq: int) -> None:
        text = self.unacked.pop(client_id, None)
        self.refused.discard(client_id)
        before = self.acked.get(client_id)
        if before is not None and before[0] != seq:
            self.problems.append(f"{self.role}: one message was acknowledged as seq {before[0]} and {seq}")
        if text is not None:
            self.acked[client_id] = (seq, text)
            self.acked_at[seq] = perf_counter()
            self._know(seq, Line("said", self.role, text))

    def _refuse(self, frame: Frame) -> None:
        client_id = frame.get("id", "")
        if client_id in self.acked:
            self.problems.append(f"{self.role}: refused after it was acknowledged ({frame['code']})")
        if not frame["retry"]:
            self.problems.append(f"{self.role}: refused for good ({frame['code']})")
        elif client_id in self.unacked:
            self.refusals += 1
            self.refused.add(client_id)
            self.refused_once.add(self.unacked[client_id])

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
        await self._is_acknowledged(send)

    async def _is_acknowledged(self, send: Send) -> None:
        """Wait for every ack; what is refused for the moment is sent again a little later."""
        while self.unacked:
            if not await self.until(lambda: not self.unacked or bool(self.refused), PATIENCE):
                self.problems.append(f"{self.role}: no answer in {PATIENCE:.0f} s")
                return
            if self.refused:
                await asyncio.sleep(self._chance.uniform(*AGAIN_AFTER))
            again = [client_id for client_id in self.unacked if client_id in self.refused]
            self.refused.clear()
            for client_id in again:
                await send(client_id, self.unacked[client_id])

    async def talk(self, send: Send, silent: asyncio.Event, pause: float) -> None:
        """Say one to three things, await the acks, breathe up to `pause` seconds, until all fall silent."""
        while not silent.is_set():
            for _ in range(self._chance.randint(1, 3)):
                self._said += 1
                client_id, text = new_id(), f"{self._words} {self.role} {self._said}"
                self.unacked[client_id] = text
                self._sent_at[client_id] = perf_counter()
                await send(client_id, text)
            await self._is_acknowledged(send)
            await asyncio.sleep(self._chance.uniform(0, pause))
