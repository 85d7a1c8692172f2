# SPDX-License-Identifier: EUPL-1.2
"""Her yes or no without scripts: the same tickets, and nothing that she has not ticked."""

from __future__ import annotations

import re

from tests.outside.codes import shows
from tests.outside.connection import new_id
from tests.outside.handing import asks
from tests.outside.operator import Operator
from tests.web.handed import INTAKE, POLICE
from tests.web.plain.page import Plain
from tests.web.plain.people import meets
from tests.web.running import Running
from tests.web.test_guests import sees_joins
from tests.web.test_transfers import gives, sees_offer
from tests.web.ticket_page import Her

WANT = "Jag vill veta vad som händer med barnen"
SECRET = "070-123 45 67"


async def is_asked(run: Running, her: Plain, *receivers: str, **draft: object) -> tuple[Operator, str]:
    """Let an operator put a handover to her."""
    operator, conversation = await meets(run, her)
    await asks(operator, conversation, *receivers, want=WANT, **draft)
    await her.looks()
    await her.opens()
    return operator, conversation


def code_on(page: str) -> str:
    """Return the code that a page shows."""
    listed = re.search(r'<ol class="code"[^>]*>(.*?)</ol>', page, re.DOTALL)
    assert listed is not None
    return " ".join(re.findall(r"<li>(\w+)</li>", listed[1]))


async def test_yes_to_one_receiver_gives_a_code_that_opens_what_was_sent(run: Running, her: Plain) -> None:
    """She changes a text, ticks for each receiver, is told what lacks, and gets her code."""
    operator, conversation = await is_asked(
        run, her, INTAKE, POLICE, summary="Något har hänt.", children="yes", forms=["digital"]
    )
    assert "Du har fått en fråga." in await her.looks()
    await her.presses("Titta på det")
    assert "Steg 1 av 4" in her.text()
    await her.presses("Nästa", want=f"{WANT}. Ring {SECRET}", children="")
    assert not any(on for form in her.forms() for on in form.boxes.values())
    await her.presses("Ja, det får de veta", "item.want")
    assert "Ska vi få berätta det?" in her.text()
    assert "Ska uppgifterna få användas?" in her.text()
    await her.presses("Ja, det får de veta", "tick.secrecy", "tick.data")
    assert "Steg 3 av 4" in her.text()
    assert "Jag vet att polisen arbetar där." in her.text()
    await her.presses("Skicka inget hit")
    assert "Stämmer det här?" in her.text()
    assert f"{WANT}. Ring [telefonnummer]" in her.text()
    assert "Något har hänt." not in her.text()
    form, button = her.form("Ja, skicka")
    await her.presses("Ja, skicka")
    code = code_on(her.page)
    assert len(code.split()) == 6
    await her.sends(form.action, form.fields | {button.name: button.value})
    assert code_on(her.page) == code
    answered = await operator.connection.expect("answered", conversation=conversation)
    assert len(answered["receivers"]) == 1
    assert "Det är skickat till" in await her.looks()
    await her.presses("Jag kan orden")
    assert code not in her.page
    await her.presses("Ja, ta bort dem")
    await her.opens()
    assert not any(button.label == "Visa koden" for form in her.forms() for button in form.buttons)
    reader = Her(run.at.url)
    await reader.enters(code)
    assert reader.sees(f"{WANT}. Ring [telefonnummer]")
    assert not reader.sees("Något har hänt.")


async def test_no_sends_nothing_and_the_talk_goes_on(run: Running, her: Plain) -> None:
    """A no needs no step; the operator is told."""
    operator, conversation = await is_asked(run, her, INTAKE)
    await her.presses("Nej tack")
    answered = await operator.connection.expect("answered", conversation=conversation)
    assert not answered.get("receivers")
    assert "Det är helt okej. Vi skickar inget." in await her.looks()
    await her.says("Tack")
    await operator.hears(conversation, "Tack")


async def test_question_taken_back_under_her_eyes(run: Running, her: Plain) -> None:
    """She is told that it is gone, and nothing can be sent any more."""
    operator, conversation = await is_asked(run, her, INTAKE)
    await her.presses("Titta på det")
    await her.presses("Nästa")
    await operator.connection.send("take_back", conversation=conversation)
    await operator.connection.expect("taken_back", conversation=conversation)
    await her.presses("Ja, det får de veta", "item.want", "tick.secrecy", "tick.data")
    assert "Frågan har ändrats eller tagits bort." in her.text()


async def test_who_she_is_needs_a_yes_of_its_own(run: Running, her: Plain) -> None:
    """A name that is ticked without that yes goes nowhere; with it, it does, as she wrote it."""
    await is_asked(run, her, INTAKE)
    await her.presses("Titta på det")
    await her.presses("Nästa", name="Fatima")
    await her.presses("Ja, det får de veta", "item.name", "tick.secrecy", "tick.data")
    assert "Ska de få veta vem du är?" in her.text()
    await her.presses("Ja, det får de veta", "tick.identity")
    await her.presses("Ja, skicka")
    reader = Her(run.at.url)
    await reader.enters(code_on(her.page))
    assert reader.sees("Fatima")


async def test_code_that_is_not_learnt_is_shown_when_the_talk_ends(run: Running, her: Plain) -> None:
    """Nobody can give it to her again: it stands on the last page, once."""
    operator, conversation = await is_asked(run, her, INTAKE)
    await her.presses("Titta på det")
    await her.presses("Nästa")
    await her.presses("Ja, det får de veta", "item.want", "tick.secrecy", "tick.data")
    await her.presses("Ja, skicka")
    code = code_on(her.page)
    await operator.ends(conversation)
    await her.opens()
    assert code_on(her.page) == code
    assert "Det du sa ja till finns kvar hos" in her.text()
    await her.opens()
    assert not shows(code, her.page)


async def test_supervisor_is_told_and_cannot_be_sent_away(run: Running, her: Plain) -> None:
    """She reads who has come and that they can read it all, and who answers after they have taken over."""
    operator, conversation = await meets(run, her)
    siv = await run.operator("birgitta")
    await siv.connection.send("duty", on=True, services=["linden"], alias="Siv")
    await siv.connection.expect("alerts")
    await operator.connection.send("hand", conversation=conversation, up=True)
    await operator.connection.expect("hand", conversation=conversation)
    await siv.connection.send("supervise", conversation=conversation)
    await siv.connection.expect("accepted", conversation=conversation)
    assert "Siv, handledare på Kvinnojouren i Vallentuna, är här för att stötta" in await her.looks()
    await her.opens()
    assert "Siv, handledare på Kvinnojouren i Vallentuna, är här också." in her.text()
    assert "Be Siv gå" not in her.text()
    await siv.connection.send("take_over", conversation=conversation)
    await operator.connection.expect("lost", conversation=conversation)
    said = await her.looks()
    assert "är inte kvar i chatten." in said
    assert "Siv från Kvinnojouren i Vallentuna är här." in said
    assert "tappade kontakten" not in said


async def test_guest_comes_only_after_her_yes(run: Running, her: Plain) -> None:
    """Without the tick nobody comes; with it somebody does, reads what she allows, and goes when asked."""
    operator, conversation = await meets(run, her)
    guest = await run.operator("karin", "bron", alias="Gry")
    await her.says("Det jag skrev innan")
    await operator.connection.send("invite", conversation=conversation, id=new_id(), receiver=INTAKE)
    await operator.connection.expect("proposal", conversation=conversation)
    await her.opens()
    assert "sekretess" in her.text()
    await her.presses("Ja, bjud in")
    assert "Ingen kommer utan att du har kryssat i att" in her.text()
    await her.presses("Ja, bjud in", "tick.secrecy")
    answered = await operator.connection.expect("answered", conversation=conversation)
    assert answered["invited"]
    assert await sees_joins(guest) == conversation
    assert (await guest.accepts(conversation))["entries"] == []
    await guest.says(conversation, "Hej från kommunen")
    said = await her.looks()
    assert "Gry från" in said
    assert "Hej från kommunen" in said
    await her.opens()
    await her.presses("Be Gry gå")
    assert "Gry är inte kvar i chatten." in await her.looks()


async def test_she_goes_on_elsewhere_only_after_her_yes(run: Running, her: Plain) -> None:
    """She reads what applies there; nothing happens without the tick; until somebody comes she may regret."""
    operator, conversation = await meets(run, her)
    there = await run.operator("karin", "bron", alias="Gry")
    await her.says("Det jag skrev innan")
    for turn in range(2):
        await gives(operator, conversation, "bron")
        await operator.connection.expect("proposal", conversation=conversation)
        await her.opens()
        assert "Så här skriver de själva:" in her.text()
        assert "sekretess" in her.text()
        if turn == 0:
            await her.presses("Ja, fortsätt där")
            assert "Kryssa i rutan om samtalet får lämnas över" in her.text()
        await her.presses("Ja, fortsätt där", "tick.secrecy")
        await sees_offer(there)
        if turn == 0:
            await her.opens()
            await her.presses("Jag ångrar mig")
            assert "Det blev inget byte till" in await her.looks()
            await operator.connection.expect("stayed", conversation=conversation)
            there.connection.seen.clear()
    assert [each["type"] for each in (await there.accepts(conversation))["entries"]] == ["joined"]
    await there.says(conversation, "Hej från kommunen")
    said = await her.looks()
    assert "Nu svarar någon annan dig i stället för" in said
    assert "Gry från Vallentuna Öppenvård är här." in said
    assert "Hej från kommunen" in said
    await her.opens()
    await her.says("Hej")
    await there.hears(conversation, "Hej")
