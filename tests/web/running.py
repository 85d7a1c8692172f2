# SPDX-License-Identifier: EUPL-1.2
"""A whole server in this process: the demo's site, real sockets, a port of its own.

Owns starting and stopping it. What a test may look at inside is `house`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from chat.ids import OrganisationId, ServiceId
from handover.ids import ReceiverId
from tests.outside.connection import browser
from tests.outside.operator import Operator
from tests.outside.server import Addresses, Staff
from tests.outside.visitor import Visitor
from web import demo
from web.accounts.account import StaffSession
from web.accounts.service import Accounts
from web.bootstrap import open_house
from web.house import House
from web.server import Server, reserve

ON = date(2026, 11, 1)
"""The day on which the site file is read; nothing in it expires."""

PASSWORDS = {person.name: f"sju gula cyklar, {person.name}" for person in demo.STAFF}
"""Each has one of their own, so that a mix-up cannot pass."""


@dataclass(repr=False)
class Running:
    """One server. `other` is the second host name under which it may be reached."""

    house: House
    server: Server
    at: Addresses
    other: str
    serving: asyncio.Task[None]
    people: list[Visitor | Operator] = field(default_factory=list)
    sign_ins: dict[str, Operator] = field(default_factory=dict)
    staying: set[asyncio.Task[None]] = field(default_factory=set)
    """Connections that go on from one test to the next."""

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return self.house.settings.port

    async def visitor(self, service: str = "linden", **more: Any) -> Visitor:
        """Return somebody who has started a chat; it is over when the test is."""
        visitor = await Visitor.starts(self.at, service, **more)
        self.people.append(visitor)
        return visitor

    async def operator(self, name: str, *services: str, alias: str | None = None) -> Operator:
        """Return an operator with an open console, on duty in `services` if any are given.

        A sign-in serves one test after the other: checking a password takes its time on purpose.
        """
        operator = Operator(self.at, self.staff(name))
        earlier = self.sign_ins.get(name)
        if earlier is not None and await self.session_of(earlier) is not None:
            operator.cookies, operator.csrf = dict(earlier.cookies), earlier.csrf
        else:
            await operator.signs_in()
            self.sign_ins[name] = operator
        self.people.append(operator)
        await operator.connects()
        if services:
            await operator.goes_on_duty(*services, alias=alias or name.title())
        return operator

    async def meeting(
        self, name: str = "anna", service: str = "linden", **more: Any
    ) -> tuple[Visitor, Operator, str]:
        """Return a visitor who waits, an operator on duty who sees her, and the conversation's name."""
        operator = await self.operator(name, service, alias="Kim")
        visitor = await self.visitor(service, **more)
        return visitor, operator, await operator.sees_waiting()

    async def talk(
        self, name: str = "anna", service: str = "linden", **more: Any
    ) -> tuple[Visitor, Operator, str]:
        """Return two who talk, and the conversation's name."""
        visitor, operator, conversation = await self.meeting(name, service, **more)
        await operator.accepts(conversation)
        await visitor.connection.expect("joined")
        return visitor, operator, conversation

    def listed(self, operator: Operator) -> str:
        """Return the conversation that stands last in the newest list that this console got."""
        lists = [frame["conversations"] for frame in operator.connection.seen if frame["type"] == "waiting"]
        return str(lists[-1][-1]["conversation"])

    def staff(self, name: str) -> Staff:
        """Return one of the staff."""
        return next(one for one in self.at.staff if one.name == name)

    async def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Ask for a page as a browser does that knows nothing yet."""
        return await self.ask("GET", path, headers=headers)

    async def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, content: bytes | None = None
    ) -> httpx.Response:
        """Send any request."""
        async with browser() as http:
            return await http.request(method, self.at.url + path, headers=headers, content=content)

    async def session_of(self, operator: Operator) -> StaffSession | None:
        """Return the live sign-in of somebody's cookie."""
        return await self.house.accounts.session(operator.cookies.get("__Host-staff"))

    async def all_leave(self) -> None:
        """End what the test has begun: chats, consoles, duties."""
        people, self.people = self.people, []
        for person in people:
            if isinstance(person, Visitor):
                await self.house.chat.visitors.leave_by_token(person.token)
            elif (session := await self.session_of(person)) is not None:
                await self.house.chat.operators.revoke(session.id)
            if hasattr(person, "connection"):
                await person.connection.close()
        await self.quiet()

    async def quiet(self) -> None:
        """Return when every request and socket is done, but for those that stay."""
        async with asyncio.timeout(20):
            while tasks := self.server.server_state.tasks - self.staying:
                await asyncio.wait(tasks)

    async def stop(self) -> None:
        """Ask it to stop as SIGTERM does, and return when it has."""
        self.server.ask_to_stop()
        async with asyncio.timeout(20):
            await self.serving


async def hire(accounts: Accounts) -> None:
    """Give everybody of the demo's staff who is not known yet an account."""
    known = {account.name for account in await accounts.list()}
    await asyncio.gather(
        *(
            accounts.add(
                one.name,
                PASSWORDS[one.name],
                one.role,
                map(ServiceId, one.services),
                map(ReceiverId, one.units),
                organisations=map(OrganisationId, one.organisations),
            )
            for one in demo.STAFF
            if one.name not in known
        )
    )


async def make_keys(house: House) -> None:
    """Give every receiving unit that has none a key, under the demo's passphrase."""
    units = house.office.units
    known = await units.store.unit_keys()
    missing = [unit for unit in house.site.receivers if unit not in known]
    await asyncio.gather(*(units.create(unit, demo.PASSPHRASE) for unit in missing))


@asynccontextmanager
async def running(
    place: Path,
    *,
    port: int = 0,
    capacity: int = 3,
    limits: bool = False,
    staff: bool = True,
    redis_url: str | None = None,
) -> AsyncGenerator[Running]:
    """Open a house over the data in `place`, and serve it until the block ends; with Redis, beside others."""
    listener = reserve("127.0.0.1", port)
    try:
        port = listener.getsockname()[1]
        settings, file = demo.demo_settings(place, port), demo.demo_file(port, capacity)
        settings = replace(settings, redis_url=redis_url)
        site = file.read(ON).whole()
        async with open_house(settings, site, file=file, demo=True, limits=limits) as house:
            if staff:
                await hire(house.accounts)
                await make_keys(house)
            ready = asyncio.Event()
            own = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
            server = Server(house, own, listener, demo.routes, ready.set)
            serving = asyncio.create_task(server.serve_until_stopped())
            await ready.wait()
            run = Running(house, server, addresses(house, own[0]), own[1], serving)
            try:
                yield run
            finally:
                if not serving.done():
                    await run.all_leave()
                    await run.stop()
    finally:
        listener.close()


def addresses(house: House, url: str) -> Addresses:
    """Return what the demo would print."""
    line = json.loads(demo.json_line(house.site, url, house.settings.port))
    return Addresses(
        url=line["url"],
        host_page=line["host_page"],
        ws_visitor=line["ws_visitor"],
        ws_operator=line["ws_operator"],
        services=tuple(line["services"]),
        staff=tuple(
            Staff(one["name"], PASSWORDS[one["name"]], one["role"], tuple(one["services"]))
            for one in line["staff"]
        ),
        receiver_passphrases=line["receiver_passphrases"],
    )
