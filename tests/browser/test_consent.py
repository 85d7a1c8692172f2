# SPDX-License-Identifier: EUPL-1.2
"""She is asked for a yes: item by item, receiver by receiver, and nothing leaves without it."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.asked import SUMMARY, WANT, in_a_talk
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.wire import axe_finds
from tests.outside.server import Server


async def test_yes_to_one_of_two_receivers_with_one_item_left_out(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """The left-out item is in no frame; she gets her six words; the log shows only how it went."""
    async with in_a_talk(server, open_page, said=("hej, det är jobbigt hemma",)) as (asked, asking, seqs):
        page = asked.page
        assert asked.wire.asked_for("/consent/") == []
        await asking.asks(messages=seqs)
        await asked.visitor.sees_in_log("Alva⁩ undrar om du vill att någon mer får veta något av det här. Du bestämmer.")
        assert await axe_finds(page) == []
        await keep_screen(page, "1-card")
        await asked.looks()
        assert await axe_finds(page) == []
        await keep_screen(page, "2-items")
        await page.screenshot(path="/tmp/x.png")
        await asked.goes_to_first_receiver()
        await expect(asked.sheet.locator("input:checked")).to_have_count(0)
        await keep_screen(page, "3-receiver")
        await asked.ticks("Vad jag vill", "Meddelanden från chatten")
        await expect(asked.sheet.locator("input:checked")).to_have_count(2)
        assert await axe_finds(page) == []
        await asked.presses("Ja, det får de veta")
        await expect(asked.sheet.get_by_role("alert")).to_contain_text("Ska vi få berätta det?")
        await keep_screen(page, "4-lacks")
        await asked.ticks("får berätta det här för", "Uppgifterna om mig")
        await asked.presses("Ja, det får de veta")
        await asked.is_at("Kuratorn på vårdcentralen i Vallentuna")
        await asked.presses("Skicka inget hit")
        await asked.is_at("Stämmer det här?")
        assert await axe_finds(page) == []
        await keep_screen(page, "5-summary")
        assert asked.wire.sent("code") == asked.wire.sent("answer") == []
        await asked.presses("Ja, skicka")
        await asked.is_at("Det är skickat")
        assert await asking.is_answered() == ["Socialtjänstens mottagning i Vallentuna"]
        words = await asked.sheet.get_by_role("list", name="Din kod").get_by_role("listitem").all_inner_texts()
        assert len(words) == 6
        assert await axe_finds(page) == []
        await keep_screen(page, "6-code")
        answer = await asked.answers()
        assert [(yes["receiver"], yes["items"]) for yes in answer["yes"]] == [
            ("mottagningen-vallentuna", ["want", "messages"])
        ]
        assert answer["content"] == {"want": WANT, "messages": seqs}
        for word in SUMMARY.split():
            if len(word) > 4:
                assert word not in asked.answer_on_the_wire()
        await asked.presses("Jag har den")
        await expect(asked.sheet).to_be_hidden()
        await asked.visitor.sees_in_log("Du har sagt ja.")
        await keep_screen(page, "7-after")
        await expect(page.get_by_role("log")).not_to_contain_text("undrar")
