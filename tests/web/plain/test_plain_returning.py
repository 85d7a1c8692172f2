# SPDX-License-Identifier: EUPL-1.2
"""Coming back without scripts: a code that opens the talk in another browser, and the agreed word."""

from __future__ import annotations

import asyncio

from tests.outside.codes import shows
from tests.web.plain.page import Plain, filled
from tests.web.plain.people import meets
from tests.web.plain.test_plain_consent import code_on
from tests.web.running import Running


async def test_code_opens_the_talk_elsewhere_and_once(run: Running, her: Plain) -> None:
    """Shown once; with it another browser has the talk and a new code, and the first has nothing."""
    operator, conversation = await meets(run, her)
    await her.says("Det här har jag skrivit")
    await her.presses("Visa en kod")
    code = code_on(her.page)
    await her.presses("Dölj koden")
    assert not shows(code, her.page)
    later = Plain(run.at.url)
    await later.opens()
    await later.presses("Öppna samtalet", code="fel fel fel fel fel fel")
    assert later.status == 403
    assert "Koden stämmer inte" in later.text()
    form, button = later.form("Öppna samtalet")
    sent = filled(form, button, (), {"code": code.upper()})
    first, second = await asyncio.gather(*(later.asks("POST", later.path, sent) for _ in range(2)))
    assert first.headers["set-cookie"] == second.headers["set-cookie"]
    assert "Det här har jag skrivit" in await later.looks()
    await later.opens()
    assert code_on(later.page) != code
    await her.opens()
    assert "Samtalet är slut" in her.text()
    assert "skrivit" not in her.page
    thief = Plain(run.at.url)
    await thief.opens()
    await thief.presses("Öppna samtalet", code=code)
    assert (thief.status, thief.cookie) == (403, "")
    await later.says("Jag är tillbaka")
    await operator.hears(conversation, "Jag är tillbaka")
    await later.presses("Ta bort koden")
    assert "Nu gäller ingen kod" in later.text()
    await later.presses("Lämna snabbt")


async def test_word_is_chosen_and_told(run: Running, her: Plain) -> None:
    """She is asked for it in the log and on the page; she never learns what came of it."""
    operator, conversation = await meets(run, her)
    await operator.connection.send("offer_word", conversation=conversation)
    await operator.connection.expect("word", conversation=conversation)
    assert "Du har fått en fråga." in await her.looks()
    await her.opens()
    await her.presses("Spara ordet", word="Kaneldröm")
    assert "Tack. Nu kan ni prata vidare." in her.text()
    await operator.connection.expect("word", word={"state": "agreed", "left": 3})
    await her.presses("Visa en kod")
    later = Plain(run.at.url)
    await later.opens()
    await later.presses("Öppna samtalet", code=code_on(her.page))
    await operator.connection.send("ask_word", conversation=conversation)
    await operator.connection.expect("word", word={"state": "asked", "left": 3})
    assert "Du har fått en fråga." in await later.looks()
    await later.opens()
    await later.presses("Skicka ordet", word="Silverdröm")
    assert "Tack. Nu kan ni prata vidare." in later.text()
    assert "dröm" not in await later.looks()
    await operator.connection.expect("word", word={"state": "differed", "left": 2})
    await later.presses("Lämna snabbt")


async def test_old_page_answers_no_other_question(run: Running, her: Plain) -> None:
    """A form to choose a word, sent when the word is asked for, is not one wrong try."""
    operator, conversation = await meets(run, her)
    await operator.connection.send("offer_word", conversation=conversation)
    await operator.connection.expect("word", conversation=conversation)
    await her.opens()
    form, button = her.form("Spara ordet")
    old = filled(form, button, (), {"word": "Silverdröm"})
    await her.presses("Spara ordet", word="Kaneldröm")
    await operator.connection.expect("word", word={"state": "agreed", "left": 3})
    await operator.connection.send("ask_word", conversation=conversation)
    await operator.connection.expect("word", word={"state": "asked", "left": 3})
    await her.sends(her.path, old)
    await her.presses("Skicka ordet", word="Kaneldröm")
    await operator.connection.expect("word", word={"state": "matched", "left": 3})
