# SPDX-License-Identifier: EUPL-1.2
"""Somebody at a receiving unit in the stories, and how a ticket comes to lie before them."""

from __future__ import annotations

import contextlib
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.outside.handing import Handed, asks, says_yes
from tests.outside.operator import Operator
from tests.outside.server import Server
from tests.outside.visitor import Visitor

INTAKE, CLINIC, POLICE = "mottagningen-vallentuna", "kurator-vardcentralen", "brottsoffer-polisen"
OTHER_JOUR = "kvinnojouren-stod"


async def hand_over(
    server: Server,
    *receivers: str,
    messages: tuple[str, ...] = (),
    identity: dict[str, str] | None = None,
    coordinates: str | None = None,
    **draft: Any,
) -> Handed:
    """Let a conversation become tickets, at sockets: these stories are about the receivers' screens."""
    operator = Operator(server.at, server.at.operators_of("linden")[0])
    await operator.signs_in()
    await operator.connects()
    await operator.goes_on_duty("linden", alias="Alva")
    visitor = await Visitor.starts(server.at, "linden")
    seqs = [(await visitor.says(text))["seq"] for text in messages]
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await asks(operator, conversation, *receivers, **draft, messages=seqs)
    handed = await says_yes(visitor, identity=identity, coordinates=coordinates, measure=True)
    await visitor.leaves()
    await visitor.connection.close()
    with contextlib.suppress(TimeoutError):
        await operator.connection.expect("ended", conversation=conversation, within=5)
    await operator.request("POST", "/staff/sign-out", {"csrf": operator.csrf})
    await operator.connection.close()
    return handed


class ReceiverAtDesk:
    """One of a unit's staff before the pages of `/tickets`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def sits_down(cls, page: Page, server: Server, name: str) -> ReceiverAtDesk:
        """Sign in and come to the inbox."""
        staff = next(one for one in server.at.staff if one.name == name)
        await page.goto(f"{server.at.url}/tickets")
        await page.get_by_label("Namn").fill(staff.name)
        await page.get_by_label("Lösenord").fill(staff.password)
        await page.get_by_role("button", name="Logga in").click()
        await expect(page.get_by_role("heading", name="Inkorg")).to_be_visible()
        return cls(page)

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def unlocks(self, passphrase: str) -> None:
        """Type the unit's passphrase."""
        await self.page.get_by_label("Enhetens lösenfras").fill(passphrase)
        await self.button("Lås upp").click()

    def rows(self, state: str = "Inte öppnad") -> Locator:
        """The tickets of the list that stand so."""
        return self.page.locator(".row").filter(has_text=state)

    async def looks_at(self, state: str = "Inte öppnad") -> None:
        """Follow the link of the first ticket that stands so."""
        await self.rows(state).first.get_by_role("link").click()

    async def opens(self) -> None:
        """Open a ticket that nobody has opened yet, after the words about it."""
        await self.looks_at()
        await self.button("Öppna och läs").click()
        await expect(self.page.get_by_role("status")).to_contain_text("Öppnad.")

    async def unfolds(self, words: str) -> None:
        """Press what is folded."""
        await self.page.locator("summary").filter(has_text=words).first.click()

    async def sees(self, words: str) -> None:
        """Wait until these words are on the screen."""
        await expect(self.page.get_by_text(words, exact=False).first).to_be_visible()
