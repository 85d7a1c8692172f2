# SPDX-License-Identifier: EUPL-1.2
"""How long after a click on the quick exit the chat is still seen, in a real Chromium, with the server dead.

Alone too: `python -m bench.way_out`. A page tells the time itself: from the click, as the browser stamps it,
to after the first picture drawn without the chat. A frame that hears why it must go is out of sight by then.
"""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bench.load import Spread
from tests.outside.server import Server

TRIES = 24
TOGETHER = 12
"""Pages that are open at once: a person has one, but each start of the server takes a while."""
BOUND_MS = 100
WITHIN_S = 30
NAMES = ("chromium", "chromium-browser", "google-chrome")

TIMES = """addEventListener("click", (event) => {
  const { timeStamp } = event;
  if (event.composedPath()[0].className !== "exit") return;
  const seen = () => document.documentElement.className !== "blank"
    && [...document.querySelectorAll("#page, html > div")]
      .some((each) => each.checkVisibility() && (each.id || each.shadowRoot.querySelector("iframe")));
  const look = () => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => seen() ? look() : console.debug(`gone after ${performance.now() - timeStamp}`);
    port2.postMessage(0);
  });
  look();
}, true)"""


async def way_out(folder: Path) -> dict[str, Spread] | None:
    """Leave again and again, on the chat's own page and in a frame; None without a Chromium.

    Raises:
        TimeoutError: a chat was still seen after 30 s.
    """
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        return None
    times: dict[str, list[float]] = {"own": [], "framed": []}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for kind, found in times.items():
            while len(found) < TRIES:
                with Server(folder / f"{kind}{len(found)}", capacity=3) as server:
                    pages = [await _talking(browser, server, kind) for _ in range(TOGETHER)]
                    server.kill()
                    for page in pages:
                        found.append(await _leave(page))
                        await page.context.close()
        await browser.close()
    return {kind: Spread.of(found) for kind, found in times.items()}


async def _talking(browser: Browser, server: Server, kind: str) -> Page:
    page = await (await browser.new_context()).new_page()
    # Nowhere to go: what is drawn first after the click is what the exit itself does.
    await page.route("https://**/*", lambda route: route.abort("aborted"))
    await page.add_init_script(TIMES)
    if kind == "own":
        await page.goto(f"{server.at.url}/chat/linden?lang=sv")
        inside = page.main_frame
    else:
        await page.goto(f"{server.at.host_page}?service=linden")
        await page.get_by_role("button", name="Chatta med oss").click()
        await page.frame_locator("iframe").locator("#start").wait_for()
        inside = next(frame for frame in page.frames if "/chat/" in frame.url)
    await inside.locator("#start").click()
    await inside.locator("#text").fill("Jag vill prata med någon om det som har hänt hemma.")
    await inside.locator("#send").click()
    await inside.get_by_text("Skickat").wait_for()
    return page


async def _leave(page: Page) -> float:
    """Press the way out, and return how many seconds the chat was still seen."""
    async with asyncio.timeout(WITHIN_S):
        async with page.expect_console_message(lambda one: one.text.startswith("gone after")) as told:
            await page.get_by_text("Lämna snabbt").first.click(no_wait_after=True)
        return float((await told.value).text.removeprefix("gone after ")) / 1000


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="way-out-") as name:
        found = asyncio.run(way_out(Path(name)))
    if found is None:
        print("no Chromium here")
        return
    for kind, spread in found.items():
        print(f"{kind:8}{dataclasses.asdict(spread)}   bound {BOUND_MS} ms")


if __name__ == "__main__":
    main()
