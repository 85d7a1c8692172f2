# SPDX-License-Identifier: EUPL-1.2
"""Somebody who is asked for a yes: how the stories get her there, and what she presses."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.arriving import PHONE, visitor_comes
from tests.browser.conftest import OpenPage
from tests.browser.people import VisitorOnPage
from tests.browser.wire import Wire
from tests.outside.connection import Frame, new_id
from tests.outside.operator import Operator
from tests.outside.server import Server

SOCIAL = "mottagningen-vallentuna"
HEALTH = "kurator-vardcentralen"
POLICE = "brottsoffer-polisen"
INTAKE = "Socialtjänstens mottagning i Vallentuna"
COUNSELLOR = "Kuratorn på vårdcentralen i Vallentuna"
COORDINATOR = "Polisens brottsoffersamordnare i Täby"
"""What the three are called."""

WANT = "Jag vill veta vad som händer om jag berättar mer."
SUMMARY = "Han har slagit mig flera gånger sedan i våras. Jag vågar inte vara hemma när han är full."
DANGER = "Jag tror att det blir värre när han förstår att jag vill gå."
DRAFT: dict[str, Any] = {
    "receivers": [SOCIAL, HEALTH],
    "purpose": "Att få hjälp med någonstans att bo.",
    "want": WANT,
    "summary": SUMMARY,
    "forms": ["physical", "psychological"],
    "relation": "partner",
    "children": "no",
    "danger": DANGER,
    "called_112": "no",
    "contact": {"way": "code", "times": "Vardagar på förmiddagen"},
}


class Asking:
    """An operator at a socket who asks her."""

    def __init__(self, operator: Operator, conversation: str) -> None:
        self.operator = operator
        self.conversation = conversation

    async def asks(self, **changes: Any) -> Frame:
        """Put a draft to her, and return the proposal as the operator sees it."""
        draft = {**DRAFT, **changes}
        await self.operator.connection.send("ask", conversation=self.conversation, id=new_id(), draft=draft)
        return await self.operator.connection.expect("proposal")

    async def takes_back(self) -> None:
        """Take back what she has not answered."""
        await self.operator.connection.send("take_back", conversation=self.conversation)
        await self.operator.connection.expect("taken_back")

    async def says(self, text: str) -> None:
        """Say something."""
        await self.operator.says(self.conversation, text)

    async def ends(self) -> None:
        """End the conversation."""
        await self.operator.ends(self.conversation)

    async def is_answered(self) -> list[str]:
        """Wait for her answer, and return who got something."""
        return list((await self.operator.connection.expect("answered")).get("receivers", []))


class Asked:
    """Her page, with a question in it."""

    def __init__(self, visitor: VisitorOnPage, wire: Wire) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self.wire = wire

    @property
    def sheet(self) -> Locator:
        """What lies over the chat."""
        return self.page.get_by_role("dialog")

    @property
    def code(self) -> Locator:
        """The words of her code, while they are shown."""
        return self.sheet.get_by_role("list", name="Din kod").get_by_role("listitem")

    async def words(self) -> list[str]:
        """Return the six words of her code once they are shown."""
        await expect(self.code).to_have_count(6)
        return await self.code.all_inner_texts()

    async def presses(self, name: str) -> None:
        """Press a button by its words."""
        await self.visitor.button(name).click()

    async def looks(self) -> None:
        """Look at what is asked."""
        await self.presses("Titta på det")
        await self.is_at("Det här skulle kunna skickas")

    async def is_at(self, heading: str) -> None:
        """Wait until this screen is seen."""
        await expect(self.sheet.get_by_role("heading", name=heading, level=2)).to_be_visible()

    async def goes_to_first_receiver(self) -> None:
        """Leave the items as they stand."""
        await self.presses("Nästa")
        await self.is_at(INTAKE)

    def box(self, label: str) -> Locator:
        """A box to tick, by how its words begin."""
        return self.sheet.locator("label.box", has_text=label).get_by_role("checkbox")

    async def ticks(self, *labels: str) -> None:
        """Tick boxes."""
        for label in labels:
            await self.box(label).check()

    async def says_yes_to_first(self, *items: str) -> None:
        """Say yes to the first receiver for these items, and to what that needs."""
        await self.ticks(*items, "får berätta det här för", "Uppgifterna om mig")
        await self.presses("Ja, det får de veta")

    async def is_told_above(self, label: str, words: str) -> None:
        """See why a box is missing right above it, both on the screen, and the box with the focus."""
        box = self.box(label)
        await expect(box).to_be_focused()
        await expect(box).to_have_accessible_description(re.compile(words.replace("?", r"\?")))
        note = self.sheet.get_by_text(words)
        await expect(note).to_be_in_viewport(ratio=0.99)
        await expect(box).to_be_in_viewport(ratio=0.99)
        at, below = await note.bounding_box(), await box.bounding_box()
        assert at is not None
        assert below is not None
        assert 0 < below["y"] - at["y"] - at["height"] < 40

    async def knows_the_code(self) -> None:
        """Say that she has learnt her code, and say so again."""
        await self.presses("Jag kan orden")
        await self.is_at("Kan du alla sex?")
        await self.presses("Ja, ta bort dem")

    async def answers(self) -> dict[str, Any]:
        """Wait for the frame that carries her answer."""
        await self.wire.until("answer")
        return self.wire.sent("answer")[-1]

    def answer_on_the_wire(self) -> str:
        """Return her answer as it went out, as text without escapes."""
        sent = next(text for text in self.wire.frames if json.loads(text)["type"] == "answer")
        return json.dumps(json.loads(sent), ensure_ascii=False)


@asynccontextmanager
async def in_a_talk(
    server: Server,
    open_page: OpenPage,
    *,
    service: str = "linden",
    viewport: ViewportSize = PHONE,
    said: tuple[str, ...] = (),
    ready: bool = True,
) -> AsyncIterator[tuple[Asked, Asking, list[int]]]:
    """A visitor on her page talks with an operator at a socket; yields the seqs of what she `said` too."""
    visitor, wire = await visitor_comes(open_page, server, service, viewport=viewport, ready=ready)
    operator = Operator(server.at, server.at.operators_of(service)[0])
    await operator.signs_in()
    await operator.connects()
    await operator.goes_on_duty(service, alias="Alva")
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await visitor.sees_in_log("Alva")
    seqs = []
    for text in said:
        await visitor.writes_and_means(text)
        frame = await operator.connection.expect("said", conversation=conversation)
        seqs.append(int(frame["seq"]))
    asking = Asking(operator, conversation)
    try:
        yield Asked(visitor, wire), asking, seqs
    finally:
        await operator.connection.send("end", conversation=conversation)
        await operator.connection.close()
