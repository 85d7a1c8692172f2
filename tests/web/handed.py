# SPDX-License-Identifier: EUPL-1.2
"""From her yes in a conversation to a code in her hand, and those who receive what she sent.

Owns what stories about tickets begin with. Her yes goes over real sockets; a receiver acts on the house's own
inbox, as its pages do.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chat.ids import DutyId
from chat.ports import Clock
from handover.ids import ReceiverId, TicketId
from handover.inbox import SignIn
from handover.receivers import Reach
from tests.outside.connection import new_id
from tests.web.running import PASSWORDS, Running, running
from web import demo

INTAKE, COUNSELLOR, POLICE = "mottagningen-vallentuna", "kurator-vardcentralen", "brottsoffer-polisen"
WANT = "Jag vill veta vad som händer om jag flyttar."


class LaterClock:
    """The machine's clock, moved on by hand."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Return the moment."""
        return self._clock.now() + self.ahead

    def trusted(self) -> bool:
        """Return what the machine's clock says."""
        return self._clock.trusted()

    async def sleep(self, seconds: float) -> None:
        """Sleep as the machine does."""
        await self._clock.sleep(seconds)


@dataclass(repr=False)
class Tickets:
    """A server whose units have keys, and whose tickets have a clock of their own."""

    run: Running
    clock: LaterClock
    units: dict[str, SignIn] = field(default_factory=dict)
    known: dict[str, list[TicketId]] = field(default_factory=dict)
    """The tickets of each unit that stories have come to, the newest last."""

    async def hands_over(
        self, *receivers: str, coordinator: str = "", language: str = "sv", content: Mapping[str, Any] = {}
    ) -> str:
        """Let somebody say yes to these receivers in a chat with Anna; return her code."""
        visitor, operator, conversation = await self.run.talk("anna", "linden", language=language)
        said = await visitor.says("Det började när vi flyttade ihop.")
        draft = {
            "receivers": list(receivers),
            "purpose": "Att du ska få veta vad som gäller.",
            "want": WANT,
            "messages": [said["seq"]],
            "forms": ["psychological", "economic"],
        }
        await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=draft)
        asked = await visitor.connection.expect("proposal")
        await visitor.connection.send("code")
        code = str((await visitor.connection.expect("code"))["words"])
        approved = {
            "want": WANT,
            "messages": [said["seq"]],
            "forms": ["psychological", "economic"],
            "children": "yes",
            "contact": {"way": "code", "times": "vardagar på förmiddagen"},
            **content,
        }
        yes = [
            {
                "receiver": offer["receiver"],
                "notice": offer["notice_version"],
                "items": [*approved],
                "secrecy": True,
                "data": True,
                "police": bool(offer.get("police")),
                "coordinate": offer["receiver"] == coordinator,
            }
            for offer in asked["proposal"]["offers"]
        ]
        await visitor.connection.send(
            "answer", id=new_id(), proposal=asked["seq"], code=code, content=approved, yes=yes
        )
        await visitor.connection.expect("answered")
        await self.run.all_leave()
        for unit in receivers:
            await self._comes_to_know(unit)
        return code

    async def _comes_to_know(self, unit: str) -> None:
        who = SignIn(DutyId(""), Reach.of([self.run.house.site.receivers[ReceiverId(unit)]]))
        known = self.known.setdefault(unit, [])
        there = await self.run.house.office.inbox.tickets(who)
        known += [each.ticket.id for each in there if each.ticket.id not in known]

    async def asked_but_not_yes(self) -> str:
        """Let somebody get a code and then say no; return the code."""
        visitor, operator, conversation = await self.run.talk("anna", "linden")
        draft = {"receivers": [INTAKE], "purpose": "Att få hjälp.", "want": WANT}
        await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=draft)
        asked = await visitor.connection.expect("proposal")
        await visitor.connection.send("code")
        code = str((await visitor.connection.expect("code"))["words"])
        await visitor.connection.send("answer", id=new_id(), proposal=asked["seq"])
        await visitor.connection.expect("answered")
        await self.run.all_leave()
        return code

    async def newest(self, unit: str) -> tuple[SignIn, TicketId]:
        """Return a unit's sign-in, unlocked, and the ticket that came there last."""
        office = self.run.house.office
        if unit not in self.units:
            # A real sign-in: what holds a key without one is found by the watch and loses it.
            name = next(person.name for person in demo.STAFF if person.units == (unit,))
            signed_in = await self.run.house.accounts.sign_in(name, PASSWORDS[name], network=b"")
            duty, id_ = signed_in.session.id, ReceiverId(unit)
            await office.units.unlock(duty, id_, demo.PASSPHRASE)
            self.units[unit] = SignIn(duty, Reach.of([self.run.house.site.receivers[id_]]))
        return self.units[unit], self.known[unit][-1]

    async def opens(self, unit: str) -> None:
        """The unit reads the ticket that came last."""
        who, ticket = await self.newest(unit)
        await self.run.house.office.inbox.open(who, ticket)

    async def writes(self, unit: str, text: str) -> None:
        """The unit reads it and writes to her."""
        await self.opens(unit)
        who, ticket = await self.newest(unit)
        await self.run.house.office.inbox.write(who, ticket, text)

    async def accepts(self, unit: str, reference: str, text: str = "") -> None:
        """The unit takes it."""
        await self.opens(unit)
        who, ticket = await self.newest(unit)
        await self.run.house.office.inbox.accept(who, ticket, reference, text)

    async def declines(self, unit: str, reason: str) -> None:
        """The unit does not take it."""
        await self.opens(unit)
        who, ticket = await self.newest(unit)
        await self.run.house.office.inbox.decline(who, ticket, reason)

    async def letters_of(self, unit: str) -> list[str]:
        """Return what has been written on the unit's newest ticket, as the unit reads it."""
        who, ticket = await self.newest(unit)
        opened, _ = await self.run.house.office.inbox.open(who, ticket)
        return [read.letter.text for read in opened.letters]

    async def days_pass(self, days: float) -> None:
        """Let time pass for tickets, and what is due happen."""
        self.clock.ahead += timedelta(days=days)
        self.units.clear()  # a key is locked long before
        await self.run.house.office.keeper.tick()


@asynccontextmanager
async def tickets(place: Path, *, limits: bool = False) -> AsyncGenerator[Tickets]:
    """Serve until the block ends."""
    async with running(place, limits=limits) as run:
        clock = LaterClock(run.house.clock)
        run.house.office.pickup.stepping.clock = clock
        yield Tickets(run, clock)
