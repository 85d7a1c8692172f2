# SPDX-License-Identifier: EUPL-1.2
"""A Chromium of its own over a profile on the disk, which can be killed like a phone that is switched off."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright, async_playwright

from tests.browser.conftest import FLAGS, PATIENCE_MS

OWN_FLAGS = (
    *FLAGS,
    "--headless=new",
    "--password-store=basic",
    "--remote-debugging-port=0",
    "--window-size=800,900",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
)
ADDRESS = "DevToolsActivePort"
TRIES = 3


class Profile:
    """A browser that writes to `folder`; `context` is what a person has before her."""

    def __init__(self, folder: Path, running: subprocess.Popen[bytes], browser: Browser) -> None:
        self.folder = folder
        self.browser = browser
        self._running = running

    @property
    def context(self) -> BrowserContext:
        """The profile's own windows, no clean ones beside them."""
        return self.browser.contexts[0]

    async def opens(self, address: str) -> Page:
        """Open an address in another tab."""
        page = await self.context.new_page()
        await page.goto(address)
        return page

    def kill(self) -> None:
        """End it and all that it started, in the middle of whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGKILL)
        self._running.wait()

    async def closes(self) -> None:
        """Let it end in order, and write all that it wants to keep."""
        session = await self.browser.new_browser_cdp_session()
        with contextlib.suppress(Exception):
            await session.send("Browser.close")
        await asyncio.to_thread(self._running.wait, PATIENCE_MS / 1000)


def forgives(folder: Path) -> None:
    """Let the next browser believe that the last one ended well, as when she presses "Restore"."""
    preferences = folder / "Default" / "Preferences"
    known = json.loads(preferences.read_text(encoding="utf-8")) if preferences.exists() else {}
    known.setdefault("profile", {})["exit_type"] = "Normal"
    preferences.write_text(json.dumps(known), encoding="utf-8")


@asynccontextmanager
async def profile_on_disk(chromium: str, folder: Path, *flags: str) -> AsyncIterator[Profile]:
    """Start a Chromium over a folder; it is killed at the end if it still runs."""
    with browser_over(chromium, folder, *flags) as running:
        async with async_playwright() as playwright:
            yield Profile(folder, running, await _connect(playwright, folder, running))


@contextlib.contextmanager
def browser_over(chromium: str, folder: Path, *flags: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a Chromium over a folder, and nothing that steers it."""
    folder.mkdir(exist_ok=True)
    (folder / ADDRESS).unlink(missing_ok=True)
    running = subprocess.Popen(
        [chromium, *OWN_FLAGS, f"--user-data-dir={folder}", *flags, "about:blank"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


async def _connect(playwright: Playwright, folder: Path, running: subprocess.Popen[bytes]) -> Browser:
    await until(lambda: running.poll() is not None or port_of(folder) is not None)
    address = f"http://127.0.0.1:{port_of(folder)}"
    for _ in range(TRIES - 1):
        # Now and then a browser that is still opening its first tabs never answers the first question.
        with contextlib.suppress(Error):
            return await playwright.chromium.connect_over_cdp(address, timeout=PATIENCE_MS / 10)
    return await playwright.chromium.connect_over_cdp(address)


def port_of(folder: Path) -> int | None:
    """Return where the browser over a folder can be spoken to, once it can."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((folder / ADDRESS).read_text(encoding="utf-8").splitlines()[0])
    return None


async def until(happens: Callable[[], bool]) -> None:
    """Wait for what another program does, which sets no event here."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while not happens():  # noqa: ASYNC110 - another program sets no event here
            await asyncio.sleep(0.02)
