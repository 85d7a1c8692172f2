# SPDX-License-Identifier: EUPL-1.2
"""How smooth the operator console is with eight conversations of 500 messages each, in a real Chromium.

Alone too: `python -m bench.console`. The page tells the times itself: from the key as the browser stamps it,
or from the frame of the server, to after the next picture is drawn. The conversations are real ones: said
through sockets, stored, and read by the page when it takes the desk over.
"""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Page, async_playwright

from bench.load import Spread
from tests.outside.operator import Operator
from tests.outside.server import Server
from tests.outside.visitor import Visitor

TALKS = 8
MESSAGES = 500
SWITCHES = 32
LETTERS = "Vi har gott om tid. Vad vill du prata om?"
SENT = 16
ARRIVE = 16
IDLE_S = 3
BOUND_MS: Final = 50
NAMES = ("chromium", "chromium-browser", "google-chrome")
WORDS: Final = (
    "jag vet inte riktigt var jag ska börja",
    "det har varit så här länge, och jag orkar snart inte mer. ibland är det lugnt i flera veckor",
    "ok",
    "han vill veta var jag är hela tiden och blir sur om jag inte svarar direkt",
)

TIMES: Final = """
window.times = {key: [], frame: []};
const drawn = (of, begun) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => window.times[of].push(performance.now() - begun);
  port2.postMessage(0);
});
addEventListener("keydown", ({ timeStamp }) => drawn("key", timeStamp), true);
window.WebSocket = class extends WebSocket {
  constructor(...of) {
    super(...of);
    this.addEventListener("message", ({ data }) => {
      if (data.includes('"said"')) drawn("frame", performance.now());
    });
  }
};"""
"""Times of what was pressed, and of what was heard, each until after the next picture."""

LAST: Final = f"{WORDS[(MESSAGES // 2) % 4]} {MESSAGES // 2 - 1}"
THERE: Final = f"""() => document.querySelectorAll(".pane").length === {TALKS}
  && [...document.querySelectorAll(".log")].every((log) => log.textContent.includes("{LAST}"))"""


@dataclass(frozen=True, slots=True)
class Smooth:
    """Milliseconds until the next picture, and how long the page needs to show everything after a reload."""

    key: Spread
    send: Spread
    turn: Spread
    heard_in_front: Spread
    heard_elsewhere: Spread
    reload_ms: float
    idle_ms_per_s: float
    """What the page does by itself each second, while nothing happens."""


async def console(folder: Path, pin_to: int | None = None) -> Smooth | None:
    """Fill a console and use it; None without a Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        return None
    with Server(folder, capacity=TALKS, pin_to=pin_to) as server:
        operator, visitors = await _talks(server)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            try:
                return await _use(await _open(browser, server, operator), visitors)
            finally:
                await browser.close()


async def _talks(server: Server) -> tuple[Operator, list[Visitor]]:
    """Eight conversations of which each has so many messages, half of them the operator's."""
    service = server.at.services[0]
    operator = Operator(server.at, server.at.operators_of(service)[0])
    await operator.signs_in()
    await operator.connects()
    await operator.goes_on_duty(service, alias="Alva")
    visitors: list[Visitor] = []
    held: list[str] = []
    for number in range(TALKS):
        visitors.append(await Visitor.starts(server.at, service, source=f"127.0.9.{number + 1}"))
        held.append(await operator.sees_waiting(held))
        await operator.accepts(held[-1])
    for turn in range(MESSAGES // 2):
        await asyncio.gather(*(visitor.says(f"{WORDS[turn % 4]} {turn}") for visitor in visitors))
        for conversation in held:
            await operator.says(conversation, f"{WORDS[(turn + 1) % 4]} {turn}")
    return operator, visitors


async def _open(browser: Browser, server: Server, operator: Operator) -> Page:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="sv-SE")
    # As the server set it: for this host alone, and over https, which no browser asks of its own machine.
    at = server.at.url.replace("http:", "https:")
    await context.add_cookies(
        [
            {"name": name, "value": value, "url": at, "secure": True}
            for name, value in operator.cookies.items()
        ]
    )
    page = await context.new_page()
    await page.add_init_script(TIMES)
    await page.goto(f"{server.at.url}/console")
    await page.wait_for_function(THERE)
    return page


async def _use(page: Page, visitors: list[Visitor]) -> Smooth:
    reload_ms = await _reload(page)
    await page.keyboard.press("Alt+1")
    key = await _pressed(page, [*LETTERS])
    send = await _pressed(
        page, [key for number in range(SENT) for key in (str(number % 10), "Enter")], every=2
    )
    turn = await _pressed(page, [f"Alt+{number % TALKS + 1}" for number in range(1, SWITCHES + 1)])
    await page.keyboard.press("Alt+1")
    front, elsewhere = await _heard(page, visitors[0]), await _heard(page, visitors[4])
    return Smooth(key, send, turn, front, elsewhere, reload_ms, await _idle(page))


async def _reload(page: Page) -> float:
    await page.reload(wait_until="commit")
    await page.wait_for_function(THERE)
    taken: float = await page.evaluate("() => performance.now()")
    return round(taken)


async def _pressed(page: Page, keys: list[str], every: int = 1) -> Spread:
    """Press one after the other, each when the picture of the one before is there."""
    await page.evaluate("() => { window.times.key = []; }")
    for number, key in enumerate(keys, 1):
        await page.keyboard.press(key)
        # A letter with Alt is two presses.
        await page.wait_for_function(f"() => window.times.key.length >= {number * len(key.split('+'))}")
    times: list[float] = await page.evaluate("() => window.times.key")
    of_each = len(keys[0].split("+")) * every
    return _spread(times[of_each - 1 :: of_each])


async def _heard(page: Page, visitor: Visitor) -> Spread:
    await page.evaluate("() => { window.times.frame = []; }")
    for number in range(1, ARRIVE + 1):
        await visitor.says(f"{WORDS[number % 4]}, {number}")
        await page.wait_for_function(f"() => window.times.frame.length >= {number}")
    return _spread(await page.evaluate("() => window.times.frame"))


def _spread(milliseconds: list[float]) -> Spread:
    return Spread.of([each / 1000 for each in milliseconds])


async def _idle(page: Page) -> float:
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")

    async def busy() -> float:
        metrics = (await session.send("Performance.getMetrics"))["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))

    before = await busy()
    await asyncio.sleep(IDLE_S)
    return round((await busy() - before) / IDLE_S * 1000, 1)


async def _alone() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        found = await console(Path(name))
    if found is None:
        print("no Chromium here")
        return
    for kind, figures in dataclasses.asdict(found).items():
        print(f"{kind:16}{figures}")


if __name__ == "__main__":
    asyncio.run(_alone())
