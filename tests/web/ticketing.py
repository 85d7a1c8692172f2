# SPDX-License-Identifier: EUPL-1.2
"""Somebody at a receiving unit, at the pages of `/tickets`, as a browser without scripts sends its forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import httpx

from handover.ids import ReceiverId, TicketId
from handover.pickup import Pickup, Visit
from tests.outside.handing import asks, says_yes
from tests.outside.operator import Operator
from tests.web.running import Running
from web import demo

INTAKE, CLINIC, POLICE = "mottagningen-vallentuna", "kurator-vardcentralen", "brottsoffer-polisen"
OTHER_JOUR = "kvinnojouren-stod"


class Worker(Operator):
    """One of a unit's staff. `csrf` is read from the inbox."""

    async def signs_in(self) -> None:
        """Sign in; there is no console to read anything from."""
        page = await self.request("GET", "/staff/sign-in")
        form = {"name": self.staff.name, "password": self.staff.password, "csrf": csrf_in(page.text)}
        answer = await self.request("POST", "/staff/sign-in", form)
        assert answer.status_code == 303
        self.csrf = csrf_in((await self.sees("/tickets")).text)

    async def sees(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return await self.request("GET", path)

    async def sends(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form of one's own."""
        form = {"csrf": self.csrf, **{name: str(value) for name, value in fields.items()}}
        return await self.request("POST", path, form)

    async def unlocks(self, unit: str, passphrase: str = demo.PASSPHRASE) -> httpx.Response:
        """Unlock a unit's key on the inbox."""
        return await self.sends("/tickets/unlock", unit=unit, passphrase=passphrase)


def csrf_in(page: str) -> str:
    """Return the CSRF value of a page's first form."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return "" if found is None else found[1]


def seen_in(page: str) -> str:
    """Return how many letters a page showed."""
    found = re.search(r'name="seen" value="(\d+)"', page)
    return "" if found is None else found[1]


async def comes_to_work(run: Running, name: str, *units: str) -> Worker:
    """Return somebody who has signed in, at their one desk, and unlocked these units and no others.

    A sign-in serves one test after the other: checking a password takes its time on purpose.
    """
    worker = Worker(run.at, run.staff(name))
    earlier = run.sign_ins.get(name)
    if earlier is not None and await run.session_of(earlier) is not None:
        worker.cookies, worker.csrf = dict(earlier.cookies), earlier.csrf
        await worker.sends("/tickets/lock")
    else:
        await worker.signs_in()
        run.sign_ins[name] = worker
    run.house.office.units._tries.clear()  # what another story has tried in vain is not this one's
    for unit in units:
        assert (await worker.unlocks(unit)).status_code == 303
    return worker


@dataclass(frozen=True, slots=True)
class Her:
    """What her code lets her do, without her page."""

    code: str
    pickup: Pickup
    visit: Visit

    async def adds(self, ticket: TicketId, text: str) -> None:
        """Write to one receiver."""
        await self.pickup.add(self.visit, ticket, text)

    async def withdraws(self, *tickets: TicketId) -> None:
        """Take back her yes."""
        for ticket in tickets:
            await self.pickup.withdraw(self.visit, ticket)

    async def reads(self, ticket: TicketId) -> list[str]:
        """Return the letters of one ticket."""
        sent = (await self.pickup.view(self.visit)).sent
        return [each.letter.text for one in sent if one.stored.ticket.id == ticket for each in one.letters]


async def hand_over(
    run: Running, *receivers: str, coordinates: str | None = None, service: str = "linden", **draft: Any
) -> tuple[Her, list[TicketId]]:
    """Let a conversation become tickets; return her, and the ticket of each receiver."""
    names = {"linden": "anna", "hamnen": "peter"}
    visitor, operator, conversation = await run.talk(names[service], service)
    identity = draft.pop("identity", None)
    if "messages" in draft:
        draft["messages"] = [(await visitor.says(text))["seq"] for text in draft["messages"]]
    await asks(operator, conversation, *receivers, **draft)
    handed = await says_yes(visitor, coordinates=coordinates, identity=identity)
    await visitor.leaves()
    pickup = run.house.office.pickup
    visit = pickup.visit(await pickup.enter(handed.code))
    assert visit is not None
    kept = await pickup.stepping.store.of_handover(visit.handover.id)
    tickets = {each.ticket.receiver: each.ticket.id for each in kept}
    return Her(handed.code, pickup, visit), [tickets[ReceiverId(each)] for each in receivers]
