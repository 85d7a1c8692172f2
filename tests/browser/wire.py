# SPDX-License-Identifier: EUPL-1.2
"""What goes through the wire to and from a page, and what a checker of accessibility finds on it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Request, WebSocket

PATIENCE_S = 30
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
RUN = (
    f"async () => (await axe.run(document, {{runOnly: {STANDARDS}, resultTypes: ['violations']}})).violations"
)
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


class Wire:
    """Every frame and every request of a page from now on."""

    def __init__(self, page: Page) -> None:
        self.frames: list[str] = []
        self.heard: list[str] = []
        """The frames that came."""
        self.requests: list[str] = []
        self.more = asyncio.Event()
        """Set whenever another frame has been sent."""
        page.on("websocket", self._follow)
        page.on("request", self._note)

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framesent", self._add)
        socket.on("framereceived", lambda payload: self.heard.append(str(payload)))

    def _add(self, payload: str | bytes) -> None:
        self.frames.append(str(payload))
        self.more.set()

    def _note(self, request: Request) -> None:
        self.requests.append(f"{request.method} {request.url} {request.post_data or ''}")

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """Return the frames of one type."""
        return [frame for frame in map(json.loads, self.frames) if frame["type"] == kind]

    def secrets(self) -> list[str]:
        """Return what nobody else may know of the wire: the token, and the ids of her messages."""
        tokens = [frame["token"] for frame in map(json.loads, self.heard) if frame["type"] == "welcome"]
        return [*tokens, *(frame["id"] for frame in self.said())]

    async def until(self, kind: str) -> None:
        """Wait until a frame of this type has been sent."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.sent(kind):
                self.more.clear()
                await self.more.wait()

    def said(self) -> list[dict[str, Any]]:
        """Return what was said."""
        return self.sent("say")

    def asked_for(self, part: str) -> list[str]:
        """Return the requests with this in their address."""
        return [request for request in self.requests if part in request]

    def everything(self) -> list[str]:
        """Return all that left."""
        return [*self.frames, *self.requests]


async def axe_finds(page: Page) -> list[str]:
    """Return what axe finds wrong on a page, one line each; nothing where axe is not installed (`npm ci`)."""
    if not AXE.exists():
        return []
    # Before all of its styles are there a page is not painted, but could already be judged.
    await page.wait_for_load_state()
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(RUN)
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
