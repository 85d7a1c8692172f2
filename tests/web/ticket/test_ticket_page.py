# SPDX-License-Identifier: EUPL-1.2
"""What her page says at each turn, without any script, and what it does once."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from handover.errors import TooManyLetters, TooManyTries
from handover.letters import ContactLine, ContactList, ContactStatus
from handover.pickup import Pickup
from tests.web.handed import COUNSELLOR, INTAKE, POLICE, WANT, Tickets
from tests.web.ticket_page import Her, comes, with_code

NUMBER = "070-123 45 67"


async def test_ticket_that_waits_says_until_when(at: Tickets) -> None:
    """It waits, until which day, when they read, and exactly what was sent."""
    her = await with_code(at)
    assert her.sees("Det väntar på att bli läst.")
    assert her.sees("Annars kommer det tillbaka oläst, och du ser det här.")
    assert her.sees("De läser måndag till fredag klockan 8 till 16.30.")
    assert her.sees("Svaret kommer hit. Vi skickar inget till din telefon.")
    for sent in (
        WANT,
        "Du: Det började när vi flyttade ihop.",
        "vardagar på förmiddagen",
        "Hot, kontroll eller elaka ord",
    ):
        assert her.sees(sent)
    assert her.sees(
        "Kvinnojouren i Vallentuna får berätta det här för Socialtjänstens mottagning i Vallentuna."
    )
    assert her.sees("Är det bråttom? Ring 112")


async def test_withdrawn_before_opening_they_read_nothing(at: Tickets) -> None:
    """She is asked first; then it is gone for them; again is nothing more."""
    her = await with_code(at)
    await her.presses("Jag vill ta tillbaka det")
    assert her.sees("De har inte öppnat det. Om du tar tillbaka det nu får de inte läsa något.")
    await her.presses("Nej, gå tillbaka")
    assert her.sees("Det väntar på att bli läst.")
    await her.presses("Jag vill ta tillbaka det")
    await her.presses("Ja, ta tillbaka det")
    for _ in range(2):
        assert her.sees("Du har tagit tillbaka det. De fick inte läsa något.")
        assert her.sees("De fick aldrig läsa det.")
        await her.loads_again()
    who, ticket = await at.newest(INTAKE)
    stored = next(each for each in await at.run.house.office.inbox.tickets(who) if each.ticket.id == ticket)
    assert not stored.ticket.is_readable
    assert stored.version == 1
    assert "Jag vill ta tillbaka det" not in her.page


async def test_withdrawn_after_opening_says_what_stays(at: Tickets) -> None:
    """What they have read cannot be taken back, and the page says so before and after."""
    her = await with_code(at)
    await at.opens(INTAKE)
    await her.presses("Se om något har hänt")
    assert her.sees("De öppnade det den")
    assert "Jag vill ta tillbaka det" not in her.page
    await her.presses("Jag har ångrat mig")
    assert her.sees("Har du ångrat dig?")
    assert her.sees("Det de har läst går inte att ta tillbaka.")
    assert her.sees("Det står hos dem nästa gång de tittar.")
    assert her.sees("De kan ändå behöva gå vidare, till exempel om ett barn far illa.")
    assert her.sees("Sedan kan ni inte skriva till varandra här.")
    await her.presses("Ja, jag ångrar mig")
    assert her.sees(
        "Du har ångrat dig. Det står hos dem nästa gång de tittar. Det de redan har kan finnas kvar hos dem."
    )


async def test_opened_while_she_hesitated_is_said(at: Tickets) -> None:
    """Between the question and her yes they read it: the page does not say that they did not."""
    her = await with_code(at)
    await her.presses("Jag vill ta tillbaka det")
    await at.opens(INTAKE)
    await her.presses("Ja, ta tillbaka det")
    assert her.sees("De hann öppna det före dig.")
    assert not her.sees("De fick inte läsa något")


async def test_what_counts_at_delivery_cannot_be_recalled(at: Tickets) -> None:
    """The page says that it was delivered already, before and after."""
    her = await with_code(at, POLICE)
    assert her.sees("Det är lämnat.")
    await her.presses("Jag har ångrat mig")
    assert her.sees("Det är redan lämnat till dem. Det går inte att ta tillbaka.")
    await her.presses("Ja, jag ångrar mig")
    assert her.sees("Det var redan lämnat till dem. Därför har de det kvar.")


async def test_declined_says_why_and_what_else(at: Tickets) -> None:
    """Their reason, her chat, and the lines of her track."""
    her = await with_code(at)
    await at.declines(INTAKE, "Du bor i en annan kommun.")
    await her.presses("Se om något har hänt")
    assert her.sees("De tar inte emot det.")
    assert her.sees("Du bor i en annan kommun.")
    assert her.sees("Det här kan du göra nu")
    assert 'href="/chat/linden?lang=sv"' in her.page
    assert her.sees("Kvinnofridslinjen")
    assert not her.sees("Välj att sluta")
    assert "Skriv till dem" not in her.page


async def test_returned_at_expiry_says_so(at: Tickets) -> None:
    """Nobody opened it: it never reached them, and it is shown until it is erased; then nothing is."""
    code = await at.hands_over(INTAKE)
    await at.days_pass(15)
    her = comes(at)
    await her.enters(code)
    assert her.sees("Ingen öppnade det i tid. Det har kommit tillbaka oläst.")
    assert her.sees("Sedan raderar vi det hos oss.")
    assert her.sees("Det här kan du göra nu")
    await at.days_pass(31)
    await her.enters(code)
    assert her.status == 403
    assert her.sees("Koden gick inte att använda.")


async def test_erased_while_she_reads_is_the_empty_page(at: Tickets) -> None:
    """What is gone is gone: a calm sentence."""
    her = await with_code(at)
    office = at.run.house.office
    await her.presses("Jag vill ta tillbaka det")
    await her.presses("Ja, ta tillbaka det")
    at.clock.ahead += timedelta(days=31)
    await office.keeper.tick()
    at.clock.ahead = timedelta()
    await her.presses("Se om något har hänt")
    assert her.is_at_the_empty_page()
    assert her.sees("Sidan har stängts.")


async def test_accepted_is_renewed(at: Tickets) -> None:
    """Their reference, until which day it lives, and another day after she extends it."""
    code = await at.hands_over(INTAKE)
    await at.accepts(INTAKE, "VK 2026:77", "Välkommen när du vill.")
    her = comes(at)
    await her.enters(code)
    assert her.sees("De tar emot det.")
    assert her.sees("Deras nummer för det här är VK 2026:77.")
    assert re.search(r"De tog emot det den \d+ \w+ klockan \d\d?:\d\d Välkommen när du vill\.", her.text())
    first = re.findall(r"finns kvar här till den ([^.]+)\.", her.text())
    await at.days_pass(30)
    await her.enters(code)
    await her.presses("Förläng")
    assert her.sees("Tiden är förlängd.")
    later = re.findall(r"finns kvar här till den ([^.]+)\.", her.text())
    assert first != later


async def test_question_and_answer(at: Tickets) -> None:
    """They ask, she answers; a number is taken out, and she is shown what was sent."""
    her = await with_code(at)
    await at.writes(INTAKE, "När kan du prata?\n\nVi är här på vardagar.")
    await her.presses("Se om något har hänt")
    assert re.search(r"De skrev den \d+ \w+ klockan \d\d?:\d\d När kan du prata\?", her.text())
    assert her.sees("De har skrivit till dig.")
    assert her.sees("Svara dem")
    await her.presses("Skicka", text=f"På torsdag. Ring {NUMBER}.")
    assert her.sees(
        "Vi tog bort det som kan visa vem du är. Så här skickades det: På torsdag. Ring [telefonnummer]."
    )
    assert NUMBER not in her.page
    assert re.search(r"Du har svarat\. De har till den \d+ \w+ på sig", her.text())
    assert re.search(r"Du skrev den \d+ \w+ klockan \d\d?:\d\d På torsdag", her.text())
    assert not her.sees("De har skrivit till dig.")
    assert not her.sees("Svara dem")
    assert await at.letters_of(INTAKE) == [
        "När kan du prata?\n\nVi är här på vardagar.",
        "På torsdag. Ring [telefonnummer].",
    ]
    await her.presses("Skicka", text=f"Ring {NUMBER}.", keep="yes")
    assert her.sees("Det är skickat.")
    assert not her.sees("Vi tog bort det som kan visa vem du är. Så här")
    assert (await at.letters_of(INTAKE))[-1] == f"Ring {NUMBER}."


async def test_form_sent_again_does_nothing_more(at: Tickets) -> None:
    """Loaded again, and pressed twice at the same moment: one letter each, and the same answer."""
    her = await with_code(at)
    await her.presses("Skicka", text=f"Ring {NUMBER}.")
    await her.loads_again()
    assert her.sees("Så här skickades det: Ring [telefonnummer].")
    await her.presses("Se om något har hänt")
    twice = Her(her.url, page=her.page), Her(her.url, page=her.page)
    await asyncio.gather(*(each.presses("Skicka", text="En gång.") for each in twice))
    assert all(each.sees("Det är skickat.") and each.sees("En gång.") for each in twice)
    await at.opens(INTAKE)
    assert await at.letters_of(INTAKE) == ["Ring [telefonnummer].", "En gång."]


async def test_texts_are_taken_as_they_are_or_not_at_all(at: Tickets) -> None:
    """Nothing is lost or made up: markup is inert, too long stays in the field, empty is asked for."""
    her = await with_code(at)
    await her.presses("Skicka", text="<b>fet</b> & {{ 7*7 }}\r\nnästa\0 rad \u202e")
    assert "&lt;b&gt;fet&lt;/b&gt; &amp; {{ 7*7 }}\nnästa rad" in her.page
    await her.presses("Skicka", text=" \n ")
    assert her.status == 400
    assert her.sees("Skriv något först.")
    await her.presses("Skicka", text="å" * 2_001)
    assert her.status == 413
    assert her.sees("Texten är för lång.")
    assert "å" * 2_001 in her.page
    await her.presses("Skicka", text=("a\r\n" * 1_000)[:-2])
    assert her.sees("Det är skickat.")


async def test_what_came_too_late_is_not_lost(at: Tickets) -> None:
    """They declined while she wrote: it was not sent, and her words are still there."""
    her = await with_code(at)
    await at.declines(INTAKE, "Nej.")
    await her.presses("Skicka", text="Kan ni ändå?")
    assert her.status == 409
    assert her.sees("Det här skrev du. Det är inte skickat: Kan ni ändå?")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (TooManyTries(), 429, "Du har skrivit många gånger på kort tid. Texten står kvar i rutan."),
        (
            TooManyLetters(),
            409,
            "Det går inte att skicka mer till dem. Det här skrev du. Det är inte skickat:",
        ),
    ],
)
async def test_what_is_more_than_there_is_room_for_is_not_lost(
    at: Tickets, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, said: str
) -> None:
    """Her words stand in the field, or where nothing more can be sent, on the page."""
    her = await with_code(at)

    async def full(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(Pickup, "add", full)
    await her.presses("Skicka", text="Hör ni mig?")
    assert her.status == status
    assert her.sees(said)
    assert her.sees("Hör ni mig?")
    assert her.sees("Det väntar på att bli läst.")


async def test_meeting_is_answered_once_for_all(at: Tickets) -> None:
    """Place and time, no name; one answer goes to everybody who was invited."""
    her = await with_code(at, INTAKE, COUNSELLOR, coordinator=INTAKE)
    inbox = at.run.house.office.inbox
    await at.accepts(INTAKE, "VK 1")
    await at.opens(COUNSELLOR)
    who, ticket = await at.newest(INTAKE)
    assert (
        await at.run.house.office.samrad.propose_meeting(
            who, ticket, "Biblioteket, rum 3", "torsdag klockan 10", "Kaffe finns."
        )
        == 2
    )
    other, theirs = await at.newest(COUNSELLOR)
    await at.run.house.office.samrad.answer_meeting(other, theirs, 1, comes=True)
    await her.presses("Se om något har hänt")
    assert her.page.count("Biblioteket, rum 3") == 1
    assert her.sees("Socialtjänstens mottagning i Vallentuna föreslår ett möte.")
    assert her.sees("Inbjudna: du och Kuratorn på vårdcentralen i Vallentuna.")
    assert not her.sees("Polisen är inbjuden.")
    assert her.sees("Du kan säga nej.")
    assert her.page.count('<button class="plain">Jag kommer') == 2
    assert her.sees("Du behöver inte säga vem du är.")
    assert her.sees("Kuratorn på vårdcentralen i Vallentuna kommer.")
    await her.presses("Jag kommer")
    assert her.sees("Du har svarat att du kommer.")
    for unit in (INTAKE, COUNSELLOR):
        sign_in, id_ = await at.newest(unit)
        opened, _ = await inbox.open(sign_in, id_)
        assert [read.visitor_comes for read in opened.letters if read.meeting] == [True]
    await her.presses("Jag kommer inte")
    assert her.sees("Du har svarat att du inte kommer.")
    await her.presses("Ändra till att jag kommer")
    assert her.sees("Du har svarat att du kommer.")


async def test_meeting_with_the_police_says_so_and_is_over_with_its_tickets(at: Tickets) -> None:
    """Who is no longer there neither comes nor is invited; without whoever called it nothing is asked."""
    her = await with_code(at, INTAKE, POLICE, COUNSELLOR, coordinator=INTAKE)
    await at.accepts(INTAKE, "VK 1")
    await at.opens(POLICE)
    await at.opens(COUNSELLOR)
    who, ticket = await at.newest(INTAKE)
    await at.run.house.office.samrad.propose_meeting(who, ticket, "Biblioteket", "torsdag", "")
    for unit in (POLICE, COUNSELLOR):
        other, theirs = await at.newest(unit)
        await at.run.house.office.samrad.answer_meeting(other, theirs, 1, comes=True)
    await her.presses("Se om något har hänt")
    assert her.sees("Polisen är inbjuden.")
    assert her.sees("Polisens brottsoffersamordnare i Täby kommer.")
    await at.declines(POLICE, "Nej.")
    await her.presses("Se om något har hänt")
    assert not her.sees("Polisen är inbjuden.")
    assert not her.sees("Täby kommer.")
    assert her.sees("Kuratorn på vårdcentralen i Vallentuna kommer.")
    await at.declines(COUNSELLOR, "Nej.")
    await her.presses("Se om något har hänt")
    assert her.sees("Bara du är inbjuden.")
    inside = next(form for form in her.forms() if "Stäng" in form.buttons).fields
    await her.sends("/ticket", inside | {"do": "take_back", "ticket": ticket, "once": "x"})
    assert her.sees("Biblioteket")
    for gone in ("Vallentuna kommer.", "Jag kommer", "föreslår ett möte", "Du kan säga nej."):
        assert not her.sees(gone)


async def test_buttons_that_say_the_same_tell_whom_they_are_about(at: Tickets) -> None:
    """For whoever hears them one by one; with a single receiver there is nothing to tell apart."""
    her = await with_code(at, INTAKE, COUNSELLOR)
    for said in ("Skriv till dem", "Det du skickade", "Jag vill ta tillbaka det", "Skicka"):
        for name in ("Socialtjänstens mottagning i Vallentuna", "Kuratorn på vårdcentralen i Vallentuna"):
            assert her.sees(f"{said}: {name}")
    assert "unseen" not in (await with_code(at)).page


async def test_contact_list_is_counted(at: Tickets) -> None:
    """How many are done, and each as the coordinator wrote it."""
    her = await with_code(at, INTAKE, coordinator=INTAKE)
    await at.accepts(INTAKE, "VK 1")
    who, ticket = await at.newest(INTAKE)
    lines = (
        ContactLine("Försäkringskassan", ContactStatus.DONE),
        ContactLine("Skolan", ContactStatus.TAKEN_OVER, "På måndag"),
        ContactLine("Banken"),
    )
    await at.run.house.office.samrad.put_contacts(who, ticket, ContactList(lines), 0)
    await her.presses("Se om något har hänt")
    assert her.sees("1 av 3 är klar.")
    for text in ("Försäkringskassan", "Klar", "På måndag", "Inte börjat än"):
        assert her.sees(text)
    assert her.sees("Socialtjänstens mottagning i Vallentuna sköter den åt dig")


async def test_page_speaks_the_language_of_the_handover(at: Tickets) -> None:
    """English after an English chat; a choice of hers stands."""
    her = comes(at)
    await her.enters(await at.hands_over(INTAKE, language="en"))
    assert her.sees("The social services' intake in Vallentuna It is waiting to be read.")
    await her.presses("Svenska", lang="sv")
    assert her.sees("De har inte öppnat det än.")
    await her.presses("Se om något har hänt")
    assert her.sees("har inte öppnat det än")


async def test_receiver_that_is_gone_from_the_site_is_still_named(at: Tickets) -> None:
    """The site file changes; what she sent does not."""
    code = await at.hands_over(COUNSELLOR)
    receivers = at.run.house.site.receivers
    gone = {id_: each for id_, each in receivers.items() if id_ != COUNSELLOR}
    object.__setattr__(at.run.house.site, "receivers", gone)
    try:
        her = comes(at)
        await her.enters(code)
    finally:
        object.__setattr__(at.run.house.site, "receivers", receivers)
    assert her.sees("Kuratorn på vårdcentralen i Vallentuna Det väntar på att bli läst.")
