# SPDX-License-Identifier: EUPL-1.2
"""Her page for a code in a real browser: with scripts and without, on small screens, after she has left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Error, Page, Route, ViewportSize, async_playwright, expect

from handover.letters import ContactLine, ContactList, ContactStatus
from tests.browser.arriving import PHONE
from tests.browser.conftest import DESKTOP, FLAGS, KeepScreen, OpenPage
from tests.browser.people import shift_thrice
from tests.browser.thorough import once_more
from tests.browser.wire import PATIENCE_S, Wire, axe_finds
from tests.outside.codes import shows
from tests.web.handed import COUNSELLOR, INTAKE, POLICE, WANT, Tickets, tickets

NEUTRAL = "<!doctype html><title>Väder</title><h1>Vädret i dag</h1>"
NUMBER = "070-123 45 67"
ZOOMED = ViewportSize(width=640, height=400)
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_tickets(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tickets]:
    """One server in this process, so that receivers can act on it."""
    async with tickets(tmp_path_factory.mktemp("tickets")) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def at(shared_tickets: Tickets) -> Tickets:
    """The server of the module, with the clock where it should be."""
    shared_tickets.clock.ahead = timedelta()
    return shared_tickets


class Reader:
    """She, before her page."""

    def __init__(self, page: Page, *, javascript: bool) -> None:
        self.page = page
        self.javascript = javascript

    async def enters(self, code: str) -> None:
        """Type a code and go on."""
        await self.page.get_by_label("Din kod").fill(code)
        await self.presses("Visa")
        await expect(self.page.get_by_role("heading", name="Det du har skickat")).to_be_visible()
        await expect(self.page.locator("a.exit" if self.javascript else "button.exit")).to_be_visible()

    async def presses(self, button: str) -> None:
        """Press a button."""
        await self.page.get_by_role("button", name=button).first.click()

    async def sees(self, text: str) -> None:
        """Wait until the page says something."""
        await expect(self.page.get_by_text(text).first).to_be_visible()

    async def leaves(self) -> None:
        """Leave quickly, and be somewhere else."""
        await self.page.locator(".exit").click()
        await expect(self.page.get_by_role("heading", name="Vädret i dag")).to_be_visible()

    async def is_at_the_empty_page(self) -> None:
        """Wait for the field for a code, with nothing in it, and nothing of hers around it."""
        await expect(self.page.get_by_label("Din kod")).to_have_value("")
        await expect(self.page.get_by_text("Det du har skickat")).to_have_count(0)


async def reader(
    open_page: OpenPage, at: Tickets, viewport: ViewportSize = PHONE, *, javascript: bool = True
) -> Reader:
    """Return her at the empty page; all other sites are one about the weather."""
    page = await open_page(f"{at.run.at.url}/ticket", viewport=viewport, javascript=javascript)
    await page.context.route(
        "https://**/*", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")
    )
    return Reader(page, javascript=javascript)


@SCRIPTS
async def test_question_is_answered_with_a_number_taken_out(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen, *, javascript: bool
) -> None:
    """She reads what they ask, answers, and sees what was sent; a second answer may show who she is."""
    code = await at.hands_over(INTAKE)
    await at.writes(INTAKE, "När kan du prata?")
    her = await reader(open_page, at, javascript=javascript)
    await her.enters(code.upper().replace(" ", ", "))
    await her.sees("De har skrivit till dig.")
    await keep_screen(her.page, "asked")
    await her.page.get_by_label("Din text").fill(f"På torsdag. Ring {NUMBER}.")
    await her.presses("Skicka")
    await her.sees("Så här skickades det:")
    await her.sees("På torsdag. Ring [telefonnummer].")
    await keep_screen(her.page, "masked")
    await her.sees("Du har svarat.")
    await her.page.locator("summary").first.click()
    await her.page.get_by_label("Din text").fill(f"Ring {NUMBER}.")
    await her.page.get_by_label("Det jag skriver får visa vem jag är").check()
    await her.presses("Skicka")
    await her.sees("Det är skickat.")
    assert (await at.letters_of(INTAKE))[1:] == ["På torsdag. Ring [telefonnummer].", f"Ring {NUMBER}."]


@SCRIPTS
async def test_taken_back_before_it_is_read(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen, *, javascript: bool
) -> None:
    """A second step says what it does; then they cannot read it."""
    her = await reader(open_page, at, javascript=javascript)
    await her.enters(await at.hands_over(INTAKE))
    await keep_screen(her.page, "waits")
    await her.presses("Jag vill ta tillbaka det")
    await her.sees("Om du tar tillbaka det nu får de inte läsa något.")
    assert not javascript or await axe_finds(her.page) == []
    await keep_screen(her.page, "sure")
    await her.presses("Ja, ta tillbaka det")
    await her.sees("De fick aldrig läsa det.")
    await keep_screen(her.page, "taken-back")


@SCRIPTS
async def test_after_the_exit_nothing_leads_back(
    at: Tickets, open_page: OpenPage, *, javascript: bool
) -> None:
    """Back, again and again, and Reload show no ticket and no code; the visit is over on the server."""
    code = await at.hands_over(INTAKE)
    her = await reader(open_page, at, javascript=javascript)
    wire = Wire(her.page)
    await her.enters(code)
    await her.presses("Jag vill ta tillbaka det")
    await her.sees("Vill du ta tillbaka det?")
    async with her.page.expect_request("**/ticket/leave"):
        await her.leaves()
    assert her.page.url == "https://www.smhi.se/"
    for _ in range(4):
        await _tries(her.page.go_back(timeout=5_000))
        await _shows_nothing(her.page, code)
        await _tries(her.page.reload(timeout=5_000))
        await _shows_nothing(her.page, code)
    assert not any(shows(code, line.split(" ")[1]) for line in wire.requests)


async def _tries(way: Awaitable[object]) -> None:
    """Go some way; what was posted once, and is not sent again, is a page of the browser's own."""
    try:
        await way
    except Error as error:
        if "ERR_CACHE_MISS" not in str(error) and "Timeout" not in str(error):
            raise


async def _shows_nothing(page: Page, code: str) -> None:
    await page.wait_for_load_state()
    content = await page.content()
    for hers in ("Det du har skickat", "mottagning", WANT, code, "ta tillbaka"):
        assert hers not in content
    field = page.locator("#code")
    assert await field.count() == 0 or await field.input_value() == ""


async def test_profile_keeps_neither_code_nor_words(at: Tickets, chromium: str, tmp_path: Path) -> None:
    """What a browser writes to its disk, with its list of pages: the address, never what was posted there."""
    code = await at.hands_over(INTAKE)
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=chromium, headless=True, args=FLAGS
        )
        page = context.pages[0]
        await page.goto(f"{at.run.at.url}/ticket")
        her = Reader(page, javascript=True)
        await her.enters(code)
        await page.locator("summary").first.click()
        await page.get_by_label("Din text").fill("vattenmelon")
        await her.presses("Skicka")
        await her.sees("Det är skickat.")
        await expect(page.locator("a.exit")).to_be_visible()
        async with asyncio.timeout(PATIENCE_S):
            while b"/ticket" not in b"".join(_files(tmp_path, "Default/Sessions/*")):
                await page.wait_for_timeout(100)
        await context.close()
    files = _files(tmp_path, "**/*")
    assert any(b"/ticket" in each for each in files)
    for hers in (code, code.replace(" ", "+"), "vattenmelon", WANT):
        for encoding in ("utf-8", "utf-16-le"):
            assert not any(hers.encode(encoding) in each for each in files)


def _files(profile: Path, which: str) -> list[bytes]:
    return [path.read_bytes() for path in profile.glob(which) if path.is_file()]


async def test_shift_three_times_leaves_and_ends_the_visit(at: Tickets, open_page: OpenPage) -> None:
    """As in the chat; the server is told."""
    her = await reader(open_page, at)
    await her.enters(await at.hands_over(INTAKE))
    assert len(at.run.house.office.pickup._visits) >= 1
    before = set(at.run.house.office.pickup._visits)
    async with her.page.expect_request("**/ticket/leave") as told:
        await shift_thrice(her.page)
    await expect(her.page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    answer = await (await told.value).response()
    assert answer is None or answer.status == 204
    await at.run.quiet()
    assert len(before - set(at.run.house.office.pickup._visits)) == 1


async def test_reload_shows_the_empty_page(at: Tickets, open_page: OpenPage) -> None:
    """With scripts, what was posted is gone from the browser: nothing is sent again."""
    her = await reader(open_page, at)
    await her.enters(await at.hands_over(INTAKE))
    wire = Wire(her.page)
    await her.page.reload()
    await her.is_at_the_empty_page()
    assert [line for line in wire.requests if line.startswith("POST")] == []


@SCRIPTS
async def test_visit_that_is_over_shows_the_empty_page(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen, *, javascript: bool
) -> None:
    """A quarter of an hour later the next press does nothing but say so."""
    her = await reader(open_page, at, javascript=javascript)
    await her.enters(await at.hands_over(INTAKE))
    at.clock.ahead += timedelta(minutes=16)
    await her.presses("Jag vill ta tillbaka det")
    await her.sees("Sidan har stängts. Skriv koden igen om du vill fortsätta.")
    await her.is_at_the_empty_page()
    await keep_screen(her.page, "over")


async def test_wrong_code_is_one_calm_sentence(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Enter goes on, also by keyboard alone; the field is empty again."""
    her = await reader(open_page, at)
    await her.page.get_by_label("Din kod").focus()
    await her.page.keyboard.type("fel ord")
    await her.page.keyboard.press("Enter")
    await her.sees("Det är sex ord. Du skrev 2.")
    await her.is_at_the_empty_page()
    await expect(her.page.get_by_label("Din kod")).to_be_focused()
    assert await axe_finds(her.page) == []
    await keep_screen(her.page, "wrong")


async def test_without_a_network_nothing_is_sent_and_nothing_is_lost(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """What she wrote stays, and she is told so where she pressed; when the network is back it goes."""
    her = await reader(open_page, at)
    await her.enters(await at.hands_over(INTAKE))
    await her.page.locator("summary").first.click()
    await her.page.get_by_label("Din text").fill("Jag är kvar.")
    await her.page.context.set_offline(True)
    await her.presses("Skicka")
    await her.sees("Du har ingen kontakt just nu. Din text är kvar. Försök igen om en stund.")
    await expect(her.page.get_by_text("Du har ingen kontakt just nu.")).to_be_in_viewport(ratio=1)
    await expect(her.page.get_by_label("Din text")).to_have_value("Jag är kvar.")
    assert await axe_finds(her.page) == []
    await keep_screen(her.page, "offline")
    await her.page.context.set_offline(False)
    await expect(her.page.get_by_text("Du har ingen kontakt just nu.")).to_be_hidden()
    await her.presses("Skicka")
    await her.sees("Det är skickat.")
    assert (await at.letters_of(INTAKE))[-1] == "Jag är kvar."


@SCRIPTS
async def test_what_she_wrote_survives_a_store_that_is_away(
    at: Tickets,
    open_page: OpenPage,
    keep_screen: KeepScreen,
    monkeypatch: pytest.MonkeyPatch,
    *,
    javascript: bool,
) -> None:
    """Her words in a field, and one press sends them when it goes again."""
    her = await reader(open_page, at, javascript=javascript)
    await her.enters(await at.hands_over(INTAKE))
    await her.page.locator("summary").first.click()
    await her.page.get_by_label("Din text").fill("Jag är kvar.")
    with monkeypatch.context() as patch:
        patch.setattr(at.run.house.office.pickup.stepping, "store", None)
        await her.presses("Skicka")
        await her.sees("Det här skrev du. Det är inte skickat:")
        await expect(her.page.locator("textarea")).to_have_value("Jag är kvar.")
        assert not javascript or await axe_finds(her.page) == []
        await keep_screen(her.page, "unsent")
    await her.presses("Skicka")
    await her.sees("Det är skickat.")


async def test_keyboard_alone_is_enough(at: Tickets, open_page: OpenPage) -> None:
    """Tab, Enter and Space: in, write, tick, send; the way out is what Tab finds first."""
    her = await reader(open_page, at)
    keys = her.page.keyboard
    await her.page.get_by_label("Din kod").focus()
    await keys.type(await at.hands_over(INTAKE))
    await keys.press("Enter")
    await her.sees("Det väntar på att bli läst.")
    await keys.press("Tab")
    await expect(her.page.locator(".exit")).to_be_focused()
    await her.page.locator("summary").first.focus()
    await keys.press("Enter")
    await keys.press("Tab")
    await keys.type("Hej")
    await keys.press("Tab")
    await keys.press("Space")
    await expect(her.page.get_by_label("Det jag skriver får visa vem jag är")).to_be_checked()
    await keys.press("Tab")
    await keys.press("Enter")
    await her.sees("Det är skickat.")


async def test_tab_before_the_script_keeps_its_place(at: Tickets, open_page: OpenPage) -> None:
    """On a slow network the script changes the way out under her finger: she stays on it."""
    her = await reader(open_page, at)
    held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
    await her.page.route("**/ticket.js", lambda route: held.set_result(route))  # noqa: PLW0108 - needs a real one
    await her.page.get_by_label("Din kod").fill(await at.hands_over(INTAKE))
    await her.page.get_by_role("button", name="Visa").click(no_wait_after=True)
    await her.sees("Det väntar på att bli läst.")
    await her.page.keyboard.press("Tab")
    await expect(her.page.locator("#leave button")).to_be_focused()
    await (await held).continue_()
    await expect(her.page.locator("a.exit")).to_be_focused()


async def _everything_happens(at: Tickets) -> str:
    """One sends to three: one accepts and coordinates, one declines, the police have it unread."""
    code = await at.hands_over(INTAKE, COUNSELLOR, POLICE, coordinator=INTAKE)
    await at.accepts(
        INTAKE, "VK 2026:1177", "Välkommen. Vi finns här på vardagar, och du behöver inte säga vem du är."
    )
    await at.opens(COUNSELLOR)
    who, ticket = await at.newest(INTAKE)
    where, when = "Biblioteket i Vallentuna, rum 3", "Torsdag klockan 10"
    await at.run.house.office.samrad.propose_meeting(who, ticket, where, when, "Vi bjuder på kaffe.")
    done = [ContactLine(f"Myndighet nummer {n}", ContactStatus.DONE, "Ring före tolv") for n in range(12)]
    left = [ContactLine(f"Myndighet nummer {n}") for n in range(12, 34)]
    lines = (*done, *left)
    await at.run.house.office.samrad.put_contacts(who, ticket, ContactList(lines), 0)
    await at.declines(COUNSELLOR, "Du bor i en annan kommun.")
    return code


@pytest.mark.parametrize("dark", once_more([False, True]))
@pytest.mark.parametrize("screen", once_more(["phone", "narrow", "zoomed", "desktop"]))
async def test_page_fits_every_screen(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen, screen: str, *, dark: bool
) -> None:
    """No sideways scroll, targets of 44 px, nothing for axe, in both directions; the exit stays."""
    sizes = {
        "phone": PHONE,
        "narrow": ViewportSize(width=320, height=640),
        "zoomed": ZOOMED,
        "desktop": DESKTOP,
    }
    her = await reader(open_page, at, viewport=sizes[screen])
    page = her.page
    await page.emulate_media(color_scheme="dark" if dark else "light")
    await keep_screen(page, "empty")
    await _is_fit(page, sizes[screen]["width"])
    await her.enters(await _everything_happens(at))
    await her.sees("12 av 34 är klara.")
    await _is_fit(page, sizes[screen]["width"])
    for details in await page.locator("details").all():
        await details.evaluate("each => { each.open = true; }")
    await _is_fit(page, sizes[screen]["width"])
    await page.screenshot(
        path=str((await keep_screen(page, "top")).with_suffix(".whole.png")), full_page=True
    )
    await page.evaluate("scrollTo(0, 2000)")
    await expect(page.locator(".exit")).to_be_in_viewport(ratio=1)
    await keep_screen(page, "below")
    await page.evaluate("document.documentElement.dir = 'rtl'")
    await _is_fit(page, sizes[screen]["width"])
    await keep_screen(page, "rtl")


TARGETS = """
() => [...document.querySelectorAll("button, a, summary, .tick, textarea")]
  .filter((each) => each.offsetParent !== null && each.getBoundingClientRect().height < 43.5)
  .map((each) => each.outerHTML)
"""


async def _is_fit(page: Page, width: int) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate(TARGETS) == []
    assert await axe_finds(page) == []
