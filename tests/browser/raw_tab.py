# SPDX-License-Identifier: EUPL-1.2
"""Tabs of a Chromium that are hidden when another is in front: Playwright keeps every page visible."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.profile import browser_over, port_of, until

_numbers = itertools.count(1)


class RawTab:
    """One tab, by the protocol of the developer tools (https://chromedevtools.github.io/devtools-protocol/)."""

    def __init__(self, socket: ClientConnection, target: str, session: str) -> None:
        self._socket = socket
        self.target = target
        self._session = session

    async def send(self, method: str, **given: Any) -> dict[str, Any]:
        """Ask for something and return the answer."""
        return await _ask(self._socket, method, given, self._session)

    async def evaluate(self, expression: str) -> Any:
        """Return what an expression gives; None also while there is no document yet."""
        answer = await self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer.get("result", {}).get("value")

    async def becomes(self, expression: str) -> None:
        """Wait until an expression holds."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while not await self.evaluate(expression):  # noqa: ASYNC110 - a page sets no event here
                await asyncio.sleep(0.02)

    async def comes_to_front(self) -> None:
        """Be the tab that is looked at."""
        await _ask(self._socket, "Target.activateTarget", {"targetId": self.target}, None)

    async def picture(self) -> bytes:
        """Return what the tab looks like, as a PNG."""
        return base64.b64decode((await self.send("Page.captureScreenshot"))["data"])


@asynccontextmanager
async def raw_tabs(chromium: str, folder: Path, *addresses: str) -> AsyncIterator[list[RawTab]]:
    """Open addresses as tabs of one window; the last one is in front."""
    with browser_over(chromium, folder) as running:
        await until(lambda: running.poll() is not None or port_of(folder) is not None)
        async with connect(_address(folder), max_size=None) as socket:
            tabs = []
            for address in addresses:
                opened = await _ask(socket, "Target.createTarget", {"url": address}, None)
                given = {"targetId": opened["targetId"], "flatten": True}
                session = (await _ask(socket, "Target.attachToTarget", given, None))["sessionId"]
                tabs.append(RawTab(socket, opened["targetId"], session))
                await tabs[-1].becomes("document.readyState === 'complete'")
            yield tabs


def _address(folder: Path) -> str:
    port, path = (folder / "DevToolsActivePort").read_text(encoding="utf-8").split()
    return f"ws://127.0.0.1:{port}{path}"


async def _ask(
    socket: ClientConnection, method: str, given: dict[str, Any], session: str | None
) -> dict[str, Any]:
    number = next(_numbers)
    question = {"id": number, "method": method, "params": given}
    await socket.send(json.dumps(question | ({"sessionId": session} if session else {})))
    while True:
        answer = json.loads(await socket.recv())
        if answer.get("id") == number:
            return dict(answer.get("result", {}))
