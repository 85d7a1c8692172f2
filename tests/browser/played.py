# SPDX-License-Identifier: EUPL-1.2
"""The server's part of a conversation, played by a test: her page is brought into any state in a moment.

Knows the frames of the contract. The page, its scripts and its styles are the real server's.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from playwright.async_api import Page, ViewportSize, WebSocketRoute

from tests.browser.conftest import DESKTOP, OpenPage
from tests.browser.wire import PATIENCE_S

Frame = dict[str, Any]


class Played:
    """One page of hers whose conversation is played."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard: list[Frame] = []
        self._reached = asyncio.Event()
        self._reached.set()
        self._socket: WebSocketRoute | None = None
        self._more = asyncio.Event()

    @classmethod
    async def opens(cls, open_page: OpenPage, address: str, viewport: ViewportSize = DESKTOP) -> Played:
        """Open a chat; no socket of it reaches the server."""
        page = await open_page("about:blank", viewport=viewport)
        played = cls(page)
        await played.takes_over()
        await page.goto(address)
        return played

    async def takes_over(self) -> None:
        """Let no socket of the page reach the server, from its next address on."""
        await self.page.route_web_socket("**/ws/visitor", self._answer)

    async def _answer(self, socket: WebSocketRoute) -> None:
        # Until this returns her socket is not open: she is in a tunnel.
        await self._reached.wait()
        self._socket = socket
        socket.on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        self.heard.append(json.loads(message))
        self._more.set()

    async def hears(self, kind: str) -> Frame:
        """Wait for a frame of this type, and forget all that came before it."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for at, frame in enumerate(self.heard):
                    if frame["type"] == kind:
                        del self.heard[: at + 1]
                        return frame
                self._more.clear()
                await self._more.wait()

    def says(self, kind: str, **fields: Any) -> None:
        """Send a frame to her page."""
        assert self._socket is not None
        self._socket.send(json.dumps({"type": kind, **fields}))

    async def loses_her(self) -> None:
        """Close her socket, and let none of hers open."""
        self._reached.clear()
        await self.closes()

    async def finds_her(self, phase: str, seq: int) -> None:
        """Let her come back, to where her conversation stands."""
        self._reached.set()
        await self.hears("resume")
        self.lets_in(phase, seq)

    async def closes(self, code: int = 1011) -> None:
        """Close her socket: with a code after which her page tries again, if nothing else is said."""
        assert self._socket is not None
        await self._socket.close(code=code)

    async def starts(self) -> None:
        """Let her press the button, and get no answer yet."""
        await self.page.locator("#start").click()
        await self.hears("start")

    def lets_in(self, phase: str = "waiting", seq: int = 0) -> None:
        """Give her a place."""
        self.says("welcome", token="t", service="linden", phase=phase, seq=seq)

    def joins(self, seq: int = 1, alias: str = "Alva") -> None:
        """Somebody is here."""
        self.says("joined", seq=seq, alias=alias)

    def tells(self, seq: int, text: str) -> None:
        """Say something as who answers."""
        self.says("said", seq=seq, **{"from": "operator"}, text=text, at="2026-11-22T19:00Z")

    async def acknowledges(self, seq: int, **more: Any) -> None:
        """Wait for what she says, and acknowledge it."""
        self.says("ack", id=(await self.hears("say"))["id"], seq=seq, **more)
