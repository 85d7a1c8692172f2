# SPDX-License-Identifier: EUPL-1.2
"""How soon a slow phone on a slow network lets her begin, and then write.

Chromium by its own protocol: 400 kbit/s each way and 400 ms for each request, as WebPageTest's "Slow 3G",
and a processor that is four times slower. Every visit is the first: nothing is cached. The handshake of a
connection and WebSockets are not slowed down; the field takes words before it needs any. The server speaks
HTTP/1.1: behind a proxy with HTTP/2 the small files come at once.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from statistics import median

from playwright.async_api import Browser, async_playwright

BITS_PER_S = 400_000
LATENCY_MS = 400
SLOWER = 4
VISITS = 5
NAMES = ("chromium", "chromium-browser", "google-chrome")
NETWORK = {
    "offline": False,
    "latency": LATENCY_MS,
    "downloadThroughput": BITS_PER_S / 8,
    "uploadThroughput": BITS_PER_S / 8,
}


@dataclass(frozen=True, slots=True)
class SlowPhone:
    """Milliseconds, the median of all visits, and how many requests a visit makes."""

    read_ms: float
    """From the address to the first text on the screen."""
    start_ms: float
    """From the address to a button that begins."""
    write_ms: float
    """From that button to a field that takes words."""
    requests: int


async def slow_phone(address: str) -> SlowPhone | None:
    """Visit a chat a few times; None where there is no Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        return None
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        visits = [await _visit(browser, address) for _ in range(VISITS)]
        await browser.close()
    read, start, write, requests = zip(*visits, strict=True)
    return SlowPhone(median(read), median(start), median(write), int(max(requests)))


async def _visit(browser: Browser, address: str) -> tuple[float, float, float, int]:
    context = await browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", NETWORK)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    await page.add_init_script(SEEN)
    await page.goto(address, wait_until="commit")
    start = await page.evaluate("() => window.seen('start')")
    read = await page.evaluate(
        "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    )
    made = len(requests)
    write = await page.evaluate(WRITES)
    await context.close()
    return round(read), round(start), round(write), made


SEEN = """
window.seen = (id) => new Promise((done) => {
  const look = () => {
    const there = document.getElementById(id);
    if (there?.checkVisibility()) requestAnimationFrame(() => done(performance.now()));
    else requestAnimationFrame(look);
  };
  look();
});"""
"""Tells when something is seen, by the clock of the page: it begins with the request for it."""

WRITES = """async () => {
  const begun = performance.now();
  document.getElementById('start').click();
  const seen = await window.seen('text');
  document.getElementById('text').focus();
  return seen - begun;
}"""
