# SPDX-License-Identifier: EUPL-1.2
"""A visitor from outside, written from the contract alone."""

from __future__ import annotations

from typing import Any, Self

from tests.outside.connection import Connection, Frame, browser, new_id
from tests.outside.server import Addresses


class Visitor:
    """Somebody who writes. `connection` is the socket in use; `token` lets her back in."""

    def __init__(self, at: Addresses, service: str) -> None:
        self.at = at
        self.service = service
        self.token = ""
        self.connection: Connection

    @classmethod
    async def starts(
        cls, at: Addresses, service: str, *, language: str = "sv", intake: dict[str, Any] | None = None
    ) -> Self:
        """Read the notice, start a chat and return once she has a place."""
        visitor = cls(at, service)
        await visitor.connect()
        fields: dict[str, Any] = {"service": service, "language": language, "notice": await visitor.notice()}
        if intake is not None:
            fields["intake"] = intake
        await visitor.connection.send("start", **fields)
        visitor.token = (await visitor.connection.expect("welcome"))["token"]
        return visitor

    async def notice(self) -> str:
        """Return the version of the notice that she is shown."""
        async with browser() as http:
            answer = await http.get(f"{self.at.url}/status/{self.service}")
        return str(answer.raise_for_status().json()["notice"])

    async def connect(self) -> None:
        """Open a socket and send nothing yet."""
        self.connection = await Connection.open(self.at.ws_visitor, self.at.url)

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
