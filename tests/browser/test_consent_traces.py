# SPDX-License-Identifier: EUPL-1.2
"""What her browser keeps on its disk of a question: no word, no code, and no file of what asked her."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.asked import SOCIAL, SUMMARY, WANT, Asked, Asking, in_a_talk
from tests.browser.disk import found, names
from tests.browser.people import NEUTRAL
from tests.browser.profile import profile_on_disk
from tests.outside.server import Server

WORDS = (
    "consent/texts",
    "warm/texts",
    "Titta på det",
    "Det är skickat",
    "/ticket",
    WANT,
    SUMMARY,
    "vattenmelon",
)


async def test_profile_keeps_no_word_of_a_question_and_no_code(
    server: Server, chromium: str, tmp_path: Path
) -> None:
    """Neither what she was shown, nor what she wrote, nor the six words; in no file of the profile."""
    asked = tmp_path / "asked"
    words = await _talk(server, chromium, asked, writes=True, asks=True)
    assert found(asked, [*WORDS, " ".join(words)]) == {}
    # What the search can see: the address of the chat, and the script that only who is asked fetches.
    silent = tmp_path / "silent"
    await _talk(server, chromium, silent, writes=False, asks=False)
    assert found(asked, ["/chat/linden"])
    assert "/static/visitor/consent/consent.js" in names(asked) - names(silent)


async def test_browser_is_told_to_keep_nothing_of_it(server: Server, chromium: str, tmp_path: Path) -> None:
    """The files themselves are not in the cache, where the others are."""
    await _talk(server, chromium, tmp_path, writes=True, asks=True)
    kept = names(tmp_path / "Default" / "Cache")
    assert "/static/visitor/chat.js" in kept
    assert [name for name in kept if "/consent" in name or "/warm" in name] == []


async def _talk(server: Server, chromium: str, profile: Path, *, writes: bool, asks: bool) -> list[str]:
    """Talk in a profile on the disk, leave quickly, and return the words of the code if there was one."""
    async with profile_on_disk(chromium, profile) as hers:

        async def in_profile(address: str, **_: Any) -> Page:
            return await hers.opens(address)

        said = ("hej",) if writes else ()
        async with in_a_talk(server, in_profile, said=said) as (asked, asking, _):
            page = asked.page
            await asking.says("hej, jag är här")
            await asked.visitor.sees_in_log("hej, jag är här")
            await page.wait_for_load_state("networkidle")
            words = await _says_yes(asked, asking) if asks else []
            way_out = page.get_by_role("link", name="Lämna snabbt")
            await page.route(
                await way_out.get_attribute("href") or "",
                lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8"),
            )
            await way_out.click()
            await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
        await hers.closes()
    return words


async def _says_yes(asked: Asked, asking: Asking) -> list[str]:
    await asking.asks(receivers=[SOCIAL])
    await asked.looks()
    await asked.sheet.get_by_label("Vad jag vill").fill("vattenmelon")
    await asked.goes_to_first_receiver()
    await asked.says_yes_to_first("Vad jag vill", "Vad som har hänt")
    await asked.presses("Ja, skicka")
    await asked.is_at("Det är skickat")
    return await asked.words()
