# SPDX-License-Identifier: EUPL-1.2
"""How people get to where a story begins: a visitor in the chat, an operator on duty."""

from __future__ import annotations

from playwright.async_api import ViewportSize

from tests.browser.conftest import OpenPage
from tests.browser.people import OperatorAtConsole, VisitorOnPage
from tests.browser.wire import Wire
from tests.outside.server import Server

PHONE = ViewportSize(width=360, height=740)


async def visitor_comes(
    open_page: OpenPage,
    server: Server,
    service: str = "linden",
    viewport: ViewportSize = PHONE,
    lang: str = "sv",
) -> tuple[VisitorOnPage, Wire]:
    """Begin a conversation on the chat's own page; the wire has heard everything since it opened."""
    page = await open_page(f"{server.at.url}/chat/{service}?lang={lang}", viewport=viewport)
    wire = Wire(page)
    visitor = VisitorOnPage.on_own_page(page)
    if lang == "sv":
        await visitor.starts()
    else:
        await page.locator("#start").click()
    return visitor, wire


async def operator_comes(open_page: OpenPage, server: Server, service: str) -> OperatorAtConsole:
    """Sign in as the first of a service's staff and go on duty for it, as Alva."""
    operator = OperatorAtConsole(await open_page(f"{server.at.url}/console"), server.at)
    await operator.signs_in(server.at.operators_of(service)[0])
    await operator.goes_on_duty("Alva", service)
    return operator
