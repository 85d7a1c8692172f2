# SPDX-License-Identifier: EUPL-1.2
"""Somebody who leaves quickly: what is done in which order, and what of it can be seen."""

from __future__ import annotations

import base64
from typing import Any

from playwright.async_api import Page

from tests.browser.people import NEUTRAL

ORDER = """(() => {
  const tell = (what) => console.debug(`order: ${what} ${document.body?.childElementCount ?? 0}`);
  const wrap = (owner, name, what) => {
    const native = owner[name];
    owner[name] = function (...given) {
      if (what(given)) tell(name);
      return native.apply(this, given);
    };
  };
  wrap(WebSocket.prototype, "send", ([frame]) => frame.includes('"leave"'));
  wrap(navigator, "sendBeacon", () => true);
  document.addEventListener("jourchatt:exit", () => tell("told"));
  new MutationObserver((changes) => {
    for (const { target, addedNodes, removedNodes } of changes) {
      // What the chat draws within is another thing: that contact is lost, perhaps before she has pressed.
      if (target !== document.documentElement && target !== document.body) continue;
      for (const node of addedNodes) if (node.nodeName === "DIV") tell("covered");
      for (const node of removedNodes) if (node.nodeName === "DIV") tell("removed");
    }
  }).observe(document, { childList: true, subtree: true });
})()"""
"""Tells on the console what a page does while it is left, and how many elements its body has then."""

COUNT = """async (picture) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data, width } = canvas.getImageData(0, 0, image.width, image.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    const inLink = (at / 4) % width < 240 && at / 4 / width < 60;
    if (!inLink && data[at] + data[at + 1] + data[at + 2] < 765) count += 1;
  }
  return count;
}"""


async def coloured(page: Page) -> int:
    """Return how many pixels of what is seen are not white; where the plain link may stand is not counted."""
    picture = base64.b64encode(await page.screenshot()).decode()
    counter = await page.context.new_page()
    try:
        return int(await counter.evaluate(COUNT, picture))
    finally:
        await counter.close()


async def arrives(page: Page) -> None:
    """Let the neutral page answer."""
    await page.route(
        "https://**/*", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")
    )


async def never_arrives(page: Page) -> None:
    """Let the way out lead nowhere: what is seen then is what stays."""
    await page.route("https://**/*", lambda route: route.abort("aborted"))


async def ordered(page: Page) -> list[str]:
    """Follow, from the next document on, what the page does while it is left."""
    order: list[str] = []

    def note(message: Any) -> None:
        if message.text.startswith("order: "):
            order.append(message.text.removeprefix("order: "))

    page.on("console", note)
    await page.add_init_script(ORDER)
    return order
