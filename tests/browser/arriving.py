# SPDX-License-Identifier: EUPL-1.2
"""How people get to where a story begins: a visitor in the chat, an operator on duty."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import Route, ViewportSize

from tests.browser.conftest import OpenPage
from tests.browser.people import OperatorAtConsole, VisitorOnPage
from tests.browser.wire import Wire
from tests.outside.server import Server

PHONE = ViewportSize(width=360, height=740)
Rules = Callable[[Route], Awaitable[None]]


async def visitor_comes(
    open_page: OpenPage,
    server: Server,
    service: str = "linden",
    viewport: ViewportSize = PHONE,
    lang: str = "sv",
    *,
    rules: Rules | None = None,
    ready: bool = True,
) -> tuple[VisitorOnPage, Wire]:
    """Begin a conversation on the chat's own page; the wire has heard everything since it opened.

    `rules` answers when her page asks what to look for, which it does at once. Unless that is given, her
    page is waited for until it is `ready` to ask.
    """
    address = f"{server.at.url}/chat/{service}?lang={lang}"
    page = await open_page(address if rules is None else "about:blank", viewport=viewport)
    if rules is not None:
        await page.route("**/rules/**", rules)
        await page.goto(address)
    wire = Wire(page)
    visitor = VisitorOnPage.on_own_page(page)
    if lang == "sv":
        await visitor.starts()
    else:
        await page.locator("#start").click()
    if ready and rules is None:
        await visitor.can_be_asked()
    return visitor, wire


async def operator_comes(open_page: OpenPage, server: Server, service: str) -> OperatorAtConsole:
    """Sign in as the first of a service's staff and go on duty for it, as Alva."""
    operator = OperatorAtConsole(await open_page(f"{server.at.url}/console"), server.at)
    await operator.signs_in(server.at.operators_of(service)[0])
    await operator.goes_on_duty("Alva", service)
    return operator
