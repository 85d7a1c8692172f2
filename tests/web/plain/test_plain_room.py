# SPDX-License-Identifier: EUPL-1.2
"""What she is told while she waits without scripts, and what she finds where nothing reloads."""

from __future__ import annotations

import re

import pytest

from tests.outside.handing import asks
from tests.web.handed import INTAKE
from tests.web.plain.page import Plain
from tests.web.plain.people import meets
from tests.web.running import Running


async def test_there_is_something_to_read_while_she_waits(run: Running, her: Plain) -> None:
    """The service's pieces stand on her page until somebody is here; to read them costs nothing."""
    await her.starts()
    await her.opens()
    (piece, *_) = run.house.site.services[next(iter(run.house.site.services))].reading
    assert "Att läsa medan du väntar" in her.text()
    assert piece.title["sv"] in her.text()
    operator = await run.operator("anna", "linden", alias="Kim")
    await operator.accepts(await operator.sees_waiting())
    await her.opens()
    assert "Att läsa medan du väntar" not in her.text()


async def test_nobody_here_names_who_else_answers(run: Running, her: Plain) -> None:
    """The log names them, and the page opens the list: its links stand where nothing loads itself again."""
    await run.operator("sara", "eken")
    await her.starts()
    assert "Ingen kan svara just nu." in (log := await her.looks())
    assert "Här svarar någon nu:" in log
    await her.opens()
    assert re.search(r'<details class="help" open', her.page)
    assert "/chat/eken/plain?lang=sv" in her.page
    await run.operator("anna", "linden", alias="Kim")
    assert "Här svarar någon nu:" not in await her.looks()
    await her.opens()
    assert not re.search(r'<details class="help" open', her.page)


async def test_other_chat_is_not_begun_over_the_one_she_is_in(run: Running, her: Plain) -> None:
    """She is led back to her own and told why."""
    await meets(run, her)
    await her.opens("/chat/eken/plain")
    assert her.status == 303
    await her.opens(her.headers["location"])
    assert "Du har redan ett samtal här." in her.text()
    await her.opens()
    assert "Du har redan ett samtal här." not in her.text()


async def test_what_she_is_asked_is_reached_from_outside_the_log(run: Running, her: Plain) -> None:
    """The log says that there is one; the way to it is a button beside her field, and keeps her words."""
    operator, conversation = await meets(run, her)
    await her.opens()
    await asks(operator, conversation, INTAKE, want="Jag vill veta mer.", forms=["digital"])
    log = await her.asks("GET", f"{her.path}/log")
    assert "Du har fått en fråga." in log.text
    assert "_top" not in log.text
    await her.presses("Visa nytt", text="Jag har börjat skriva")
    assert "Titta på det" in her.text()
    assert her.draft() == "Jag har börjat skriva"
    assert "Jag har börjat skriva" not in await her.looks()
    await her.presses("Skicka")
    await operator.hears(conversation, "Jag har börjat skriva")


@pytest.mark.parametrize("language", ["sv-easy", "en", "ar"])
async def test_language_can_be_changed_with_words_in_the_field(
    run: Running, her: Plain, language: str
) -> None:
    """What she has begun stays, and nothing is sent."""
    operator, _ = await meets(run, her)
    await her.opens()
    form, _ = her.form("Skicka")
    await her.sends(form.action, form.fields | {"text": "Halvt", "switch": language})
    assert her.draft() == "Halvt"
    assert f'lang="{language.partition("-")[0]}" dir="{"rtl" if language == "ar" else "ltr"}"' in her.page
    assert f"lang={language}" in re.findall(r'<iframe[^>]* src="([^"]*)"', her.page)[0]
    assert not [frame for frame in operator.connection.seen if frame["type"] == "said"]


async def test_consent_keeps_what_she_has_changed_in_another_language(run: Running, her: Plain) -> None:
    """The same screen in other words: her text as she wrote it."""
    operator, conversation = await meets(run, her)
    await asks(operator, conversation, INTAKE, want="Jag vill veta mer.", forms=["digital"])
    await her.opens()
    await her.presses("Titta på det")
    form, _ = her.form("Nästa")
    await her.sends(form.action, form.fields | {"want": "Jag vill veta allt.", "switch": "en"})
    form, _ = her.form("Next")
    assert form.fields["want"] == "Jag vill veta allt."
