# SPDX-License-Identifier: EUPL-1.2
"""A visitor from outside, written from the contract alone; under load she does the work she is asked for."""

from __future__ import annotations

import asyncio
from typing import Any, Self

from tests.outside.connection import Connection, Frame, browser, forwarded, new_id
from tests.outside.server import Addresses
from tests.outside.work import solve


class Visitor:
    """Somebody who writes. `connection` is the socket in use; `token` lets her back in.

    `source` is the address that she comes from, `bits` the work that she was asked for.
    """

    def __init__(self, at: Addresses, service: str, source: str | None = None) -> None:
        self.at = at
        self.service = service
        self.source = source
        self.token = ""
        self.bits = 0
        self.connection: Connection

    @classmethod
    async def starts(
        cls,
        at: Addresses,
        service: str,
        *,
        language: str = "sv",
        intake: dict[str, Any] | None = None,
        source: str | None = None,
    ) -> Self:
        """Read the notice, start a chat and return once she has a place."""
        visitor = cls(at, service, source)
        await visitor.connect()
        fields: dict[str, Any] = {"service": service, "language": language, "notice": await visitor.notice()}
        if intake is not None:
            fields["intake"] = intake
        answer = await visitor.asks_to_start(**fields)
        if answer["type"] == "nack" and answer["code"] == "work":
            answer = await visitor.works_and_asks_again(answer, **fields)
        assert answer["type"] == "welcome", answer
        visitor.token = answer["token"]
        return visitor

    async def asks_to_start(self, **fields: Any) -> Frame:
        """Send `start` and return what comes first: `welcome` or `nack`."""
        await self.connection.send("start", **fields)
        return await self.connection.expect_one_of("welcome", "nack")

    async def works_and_asks_again(self, nack: Frame, **fields: Any) -> Frame:
        """Do the work of a `nack work`, send `start` again and return what comes."""
        challenge, self.bits = nack["challenge"], nack["bits"]
        nonce = await asyncio.to_thread(solve, challenge, self.bits)
        return await self.asks_to_start(**fields, work={"challenge": challenge, "nonce": nonce})

    async def notice(self) -> str:
        """Return the version of the notice that she is shown."""
        headers = {"Host": self.at.host, **forwarded(self.source)} if self.at.host is not None else {}
        async with browser() as http:
            answer = await http.get(f"{self.at.url}/status/{self.service}", headers=headers)
        return str(answer.raise_for_status().json()["notice"])

    async def connect(self) -> None:
        """Open a socket and send nothing yet."""
        self.connection = await Connection.open(
            self.at.ws_visitor, self.at.origin, source=self.source, host=self.at.host
        )

    async def resumes(self, after: int = 0) -> Frame:
        """Come back on a new socket and return the `welcome`; entries beyond `after` follow it."""
        await self.connect()
        await self.connection.send("resume", token=self.token, after=after)
        return await self.connection.expect("welcome")

    async def says(self, text: str, client_id: str | None = None) -> Frame:
        """Say something and return its `ack`."""
        sent = client_id or new_id()
        await self.connection.send("say", id=sent, text=text)
        return await self.connection.expect("ack", id=sent)

    async def hears(self, text: str) -> Frame:
        """Wait until this text is said to her."""
        return await self.connection.expect("said", text=text)

    async def leaves(self) -> Frame:
        """End the chat and return `ended`."""
        await self.connection.send("leave")
        return await self.connection.expect("ended")
