# SPDX-License-Identifier: EUPL-1.2
"""What happens while she is asked for a yes: the question moves on, the network goes, the talk ends."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.asked import INTAKE, SOCIAL, WANT, in_a_talk
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import NEUTRAL
from tests.browser.wire import axe_finds
from tests.outside.codes import shows
from tests.outside.server import Server

CUT_AFTER = """kind => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        send.call(this, data);
        if (JSON.parse(data).type !== kind) return;
        WebSocket.prototype.send = send;
        this.onmessage = null;
        this.close();
    };
}"""
"""The network goes right after the first frame of a kind: it has left, and no answer comes back."""
OUTDATED = """version => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        send.call(this, data.replace(version, "x".repeat(version.length)));
    };
}"""
"""As if the receiver's text had changed since she was shown it."""


async def test_question_taken_back_while_she_reads(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Told kindly, and what she had written is there when she is asked again."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        page, sheet = asked.page, asked.sheet
        await asking.asks()
        await asked.looks()
        await sheet.get_by_label("Vad jag vill").fill("Jag vill prata med någon")
        await asking.takes_back()
        await asked.is_at("Frågan är borttagen")
        assert await axe_finds(page) == []
        await keep_screen(page, "gone")
        await asked.presses("Tillbaka till chatten")
        await asked.visitor.sees_in_log("har tagit tillbaka frågan. Inget har skickats.")
        await expect(asked.visitor.button("Titta på det")).to_have_count(0)
        await asking.asks()
        await asked.looks()
        await expect(sheet.get_by_label("Vad jag vill")).to_have_value("Jag vill prata med någon")
        assert asked.wire.sent("answer") == []


async def test_new_question_while_she_reads(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Her own words are kept where the item still exists; every tick is gone; it is said."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        page, sheet = asked.page, asked.sheet
        await asking.asks()
        await asked.looks()
        await sheet.get_by_label("Vad som har hänt").fill("Med mina ord")
        await asked.goes_to_first_receiver()
        await asked.ticks("Vad jag vill")
        without = {"danger": "", "children": None, "summary": "Något nytt", "want": "Något helt nytt"}
        await asking.asks(**without)
        await asked.is_at("Det här skulle kunna skickas")
        await expect(sheet.get_by_role("status").first).to_contain_text("har ändrat frågan")
        await expect(sheet.get_by_label("Vad som har hänt")).to_have_value("Med mina ord")
        await expect(sheet.get_by_label("Vad jag vill")).to_have_value("Något helt nytt")
        await expect(sheet.get_by_label("Hur farligt jag tror")).to_have_count(0)
        assert await axe_finds(page) == []
        await keep_screen(page, "replaced")
        await asked.goes_to_first_receiver()
        await expect(sheet.locator("input:checked")).to_have_count(0)
        await asked.presses("Tillbaka till chatten")
        await expect(asked.visitor.button("Titta på det")).to_have_count(1)


@pytest.mark.parametrize("kind", ["code", "answer"])
async def test_connection_lost_between_her_yes_and_the_answer(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, kind: str
) -> None:
    """The same answer goes again, with the same code; it is sent once, and that code is hers."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        await asking.asks(receivers=[SOCIAL])
        await asked.looks()
        await asked.goes_to_first_receiver()
        await asked.says_yes_to_first("Vad jag vill")
        await asked.page.evaluate(CUT_AFTER, kind)
        await asked.presses("Ja, skicka")
        await asked.is_at("Det är skickat")
        assert await asking.is_answered() == [INTAKE]
        words = await asked.words()
        answers = asked.wire.sent("answer")
        assert len(asked.wire.sent("resume")) == 1
        assert {(frame["id"], frame["code"]) for frame in answers} == {(answers[0]["id"], " ".join(words))}
        await asking.says("är du kvar?")
        seen = asking.operator.connection.seen
        assert sum(frame["type"] == "answered" for frame in seen) == 1


async def test_yes_without_contact_goes_when_it_is_back(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """It is said that there is no contact; she need do nothing, and may go back to the chat."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        page = asked.page
        await asking.asks(receivers=[SOCIAL])
        await asked.looks()
        await asked.goes_to_first_receiver()
        await asked.says_yes_to_first("Vad jag vill")
        await page.context.set_offline(True)
        await asked.presses("Ja, skicka")
        await expect(asked.sheet).to_contain_text("Vi skickar när kontakten är tillbaka.")
        assert await axe_finds(page) == []
        await keep_screen(page, "offline")
        await asked.presses("Tillbaka till chatten")
        await asked.visitor.sees_in_log("Ditt svar skickas.")
        await page.context.set_offline(False)
        await asked.is_at("Det är skickat")
        assert await asking.is_answered() == [INTAKE]


async def test_refused_yes_is_told_and_loses_nothing(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """The receiver's text is another one by now: in plain words, and her words are still there."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        proposal = (await asking.asks(receivers=[SOCIAL]))["proposal"]
        await asked.looks()
        await asked.sheet.get_by_label("Vad jag vill").fill("Med mina ord")
        await asked.goes_to_first_receiver()
        await asked.says_yes_to_first("Vad jag vill")
        await asked.page.evaluate(OUTDATED, proposal["offers"][0]["notice_version"])
        await asked.presses("Ja, skicka")
        told = asked.sheet.get_by_role("alert")
        await expect(told).to_contain_text("Texten om en mottagare har ändrats, så inget har skickats.")
        await expect(told).to_be_focused()
        assert await axe_finds(asked.page) == []
        await keep_screen(asked.page, "refused")
        await asking.asks(receivers=[SOCIAL])
        await asked.is_at("Det här skulle kunna skickas")
        await expect(asked.sheet.get_by_label("Vad jag vill")).to_have_value("Med mina ord")


async def test_end_closes_everything(server: Server, open_page: OpenPage, keep_screen: KeepScreen) -> None:
    """The talk ends while she reads: no sheet, no button, none of her words left on the page."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        page = asked.page
        await asking.asks()
        await asked.looks()
        await asked.sheet.get_by_label("Vad jag vill").fill("hemliga ord")
        await asking.ends()
        await asked.visitor.sees("Tack för att du skrev.")
        await expect(asked.sheet).to_be_hidden()
        await expect(page.locator(".sheet textarea")).to_have_count(0)
        await expect(asked.visitor.button("Titta på det")).to_have_count(0)
        await expect(page.locator("body")).not_to_contain_text(WANT)
        assert asked.wire.sent("answer") == []
        await keep_screen(page, "ended")


async def test_code_stays_until_she_has_it(server: Server, open_page: OpenPage) -> None:
    """She may go back to the chat and to the code again, also when the talk ends; then it is nowhere."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        page, sheet = asked.page, asked.sheet
        await asking.asks(receivers=[SOCIAL])
        await asked.looks()
        await asked.goes_to_first_receiver()
        await asked.says_yes_to_first("Vad jag vill")
        await asked.presses("Ja, skicka")
        await asked.is_at("Det är skickat")
        words = await asked.words()
        await asked.presses("Tillbaka till chatten")
        await asked.presses("Visa koden")
        await asking.ends()
        await asked.visitor.sees("Lär dig dem utantill om du kan.")
        await expect(asked.code).to_have_text(words)
        await asked.knows_the_code()
        await expect(sheet).to_be_hidden()
        await asked.visitor.sees("Tack för att du skrev.")
        await expect(asked.visitor.button("Visa koden")).to_have_count(0)
        assert not shows(" ".join(words), await page.locator("body").inner_text())


async def test_message_is_told_while_she_reads(server: Server, open_page: OpenPage) -> None:
    """A small line, once; nothing moves; hidden, the page shows nothing of the sheet."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        await asking.asks()
        await asked.looks()
        await asking.says("ta den tid du behöver")
        await expect(asked.sheet.get_by_role("status").first).to_contain_text("Nytt meddelande från")
        await asked.presses("Dölj")
        await expect(asked.sheet).to_be_hidden()
        await asked.page.get_by_text("Dold. Tryck för att visa igen.").click()
        await expect(asked.sheet).to_be_visible()
        await asked.presses("Tillbaka till chatten")
        await asked.visitor.sees_in_log("ta den tid du behöver")
        await expect(asked.visitor.button("Titta på det")).to_be_focused()


async def test_somebody_to_talk_to_is_never_under_the_sheet(server: Server, open_page: OpenPage) -> None:
    """She does not want to live: what she asks for then is shown, whatever lay over the chat."""
    async with in_a_talk(server, open_page, said=("jag tänker ta livet av mig ikväll",)) as (
        asked,
        asking,
        _,
    ):
        page = asked.page
        await asked.visitor.sees("Är det akut just nu?")
        await asking.asks()
        await asked.looks()
        await asked.sheet.get_by_label("Vad jag vill").fill("Med mina ord")
        await asked.presses("Fler du kan prata med")
        await expect(asked.sheet).to_be_hidden()
        await expect(page.get_by_role("heading", name="Andra vägar")).to_be_visible()
        await asked.presses("Titta på det")
        await expect(asked.sheet.get_by_label("Vad jag vill")).to_have_value("Med mina ord")


async def test_quick_exit_from_within(server: Server, open_page: OpenPage) -> None:
    """Above the sheet and first; after it nothing of what she was asked is on the page."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        page = asked.page

        async def neutral(route: Route) -> None:
            await route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")

        await asking.asks()
        await asked.looks()
        await asked.goes_to_first_receiver()
        way_out = page.get_by_role("link", name="Lämna snabbt")
        await expect(way_out).to_be_in_viewport(ratio=0.99)
        await page.route(await way_out.get_attribute("href") or "", neutral)
        await way_out.click()
        await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
        await page.go_back()
        assert WANT not in await page.content()


async def test_question_whose_words_fail_to_load_comes_with_the_next_frame(
    server: Server, open_page: OpenPage
) -> None:
    """A network that fails just then: the chat goes on, and the question is shown as soon as it can be."""

    async def cut_off(address: str, **options: Any) -> Page:
        page = await open_page("about:blank", **options)
        await page.route("**/consent/texts*", lambda route: route.abort())
        await page.goto(address)
        return page

    async with in_a_talk(server, cut_off) as (asked, asking, _):
        page = asked.page
        async with page.expect_event("requestfailed"):
            await asking.asks()
        await page.unroute("**/consent/texts*")
        await asking.says("ser du frågan?")
        await asked.visitor.sees_in_log("ser du frågan?")
        await asked.looks()
        await asked.presses("Tillbaka till chatten")
        order = await page.get_by_role("log").locator(":scope > *").all_inner_texts()
        assert "undrar" in order[-2]
        assert "ser du frågan?" in order[-1]
