# SPDX-License-Identifier: EUPL-1.2
"""A unit at its tickets: the inbox, opening, answering, and how each stands afterwards."""

from __future__ import annotations

import re

from handover.ticket import TicketState
from tests.web.running import Running
from tests.web.ticketing import CLINIC, INTAKE, OTHER_JOUR, POLICE, comes_to_work, hand_over, seen_in
from web.accounts.audit import Audited

WANT = "Jag vill veta vad som händer med barnen"


async def audited(run: Running, account: str) -> dict[Audited, int | None]:
    """Return what the trace says that an account did."""
    return {each.kind: each.times for each in await run.house.audit.entries() if each.account == account}


async def test_locked_unit_tells_that_something_waits_and_nothing_else(run: Running) -> None:
    """How many, since when and until when; no sender, no number, no state, no link."""
    _, (ticket,) = await hand_over(run, INTAKE, want=WANT)
    worker = await comes_to_work(run, "ingrid")
    page = (await worker.sees("/tickets")).text
    assert re.search(r"\d+ överlämning(ar)? väntar", page)
    assert "Öppna senast" in page
    assert "30 minuter" in page
    for hidden in (ticket, ticket[:8], "Kvinnojouren", WANT, 'class="row'):
        assert hidden not in page


async def test_wrong_passphrase_is_told_and_opens_nothing(run: Running) -> None:
    """Five at once, then a wait, also for the right one; each said in plain words."""
    worker = await comes_to_work(run, "gunnar")
    for _ in range(5):
        answer = await worker.unlocks("samverkan-bollnas", "en gissning som är fel")
        assert answer.status_code == 403
        assert "Lösenfrasen öppnar inte nyckeln" in answer.text
    answer = await worker.unlocks("samverkan-bollnas")
    assert answer.status_code == 429
    assert "Vänta två minuter" in answer.text
    assert Audited.UNLOCKED not in await audited(run, "gunnar")


async def test_unlocked_unit_lists_who_it_came_from_and_how_it_stands(run: Running) -> None:
    """After the passphrase the list is there, and after the lock button it is gone."""
    _, (ticket,) = await hand_over(run, INTAKE, want=WANT)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    page = (await worker.sees("/tickets")).text
    assert f'href="/tickets/{ticket}"' in page
    assert "Inte öppnad" in page
    assert "Kvinnojouren i Vallentuna" in page
    assert WANT not in page
    assert (await worker.sends("/tickets/lock")).status_code == 303
    assert ticket not in (await worker.sees("/tickets")).text


async def test_looking_opens_nothing_and_opening_says_what_follows(run: Running) -> None:
    """The page before it, its print view and its file leave it as it was; the button is recorded."""
    _, (ticket,) = await hand_over(run, INTAKE, want=WANT)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    before = await audited(run, "ingrid")
    cover = (await worker.sees(f"/tickets/{ticket}")).text
    assert "Från och med då kan personen inte ta tillbaka den" in cover
    assert WANT not in cover
    for path in ("print", "ticket.json"):
        assert (await worker.sees(f"/tickets/{ticket}/{path}")).status_code == 303
    stored = await run.house.office.inbox.stepping.store.ticket(ticket)
    assert stored is not None
    assert stored.ticket.state is TicketState.DELIVERED
    for _ in range(2):
        assert (await worker.sends(f"/tickets/{ticket}/open")).status_code == 303
    page = (await worker.sees(f"/tickets/{ticket}")).text
    assert WANT in page
    after = await audited(run, "ingrid")
    assert Audited.OPENED in after
    assert (Audited.EXPORTED in after) == (Audited.EXPORTED in before)


async def test_authority_that_receives_at_delivery_reads_other_words(run: Running) -> None:
    """Nothing can be taken back there, so the page does not say that it can until it is opened."""
    _, (ticket,) = await hand_over(run, POLICE, want=WANT)
    worker = await comes_to_work(run, "teresa", POLICE)
    cover = (await worker.sees(f"/tickets/{ticket}")).text
    assert "räknas som inkommen hos er" in cover
    assert "inte ta tillbaka" not in cover


async def test_open_ticket_shows_everything_that_was_sent_in_order(run: Running) -> None:
    """What she wants stands first; the items follow in their order, then consent and the notice she read."""
    _, (ticket,) = await hand_over(
        run,
        INTAKE,
        want=WANT,
        summary="Han kontrollerar pengarna",
        forms=["economic", "latent"],
        relation="partner",
        children="yes",
        danger="Det blir värre",
        called_112="no",
        messages=["han läser mina sms", "jag är rädd"],
        contact={"way": "code", "times": "vardagar före tolv"},
    )
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    page = (await worker.sees(f"/tickets/{ticket}")).text
    told = (
        WANT,
        "Att få hjälp vidare",
        "behöver inte veta det för att ta emot",
        "Han kontrollerar pengarna",
        "Kontroll över pengar (ekonomiskt våld)",
        "Rädsla för vad som kan hända (latent våld)",
        "En partner, nu eller förut",
        "Det blir värre",
        "han läser mina sms",
        "jag är rädd",
        "Skriv här. Personen läser svaret med sin kod.",
        "vardagar före tolv",
        "får berätta det här för er",
        "Har inte kryssat i det",
        "Kontrollsumman stämmer.",
        "Två socialsekreterare på mottagningen läser det du skickar.",
    )
    assert [text for text in told if text not in page] == []
    places = [page.index(text) for text in told]
    assert places == sorted(places)


async def test_identity_is_there_only_when_she_gave_it(run: Running) -> None:
    """Her name and number are marked, and the page says that she chose to tell."""
    _, (ticket,) = await hand_over(run, INTAKE, identity={"name": "Karin Ek", "reach": "070-123 45 67"})
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    page = (await worker.sees(f"/tickets/{ticket}")).text
    assert "Personen har valt att berätta vem det gäller" in page
    label, words = "<h3>Namn, eller det personen vill kallas</h3>", '<div class="words" dir="auto">Karin Ek<'
    assert re.search(rf'<section class="item item-name who">\s*{label}\s*{words}', page)
    assert "070-123 45 67" in page
    assert "tel:" not in page


async def test_letters_thread_both_ways(run: Running) -> None:
    """The unit asks, she answers under her code, the unit sees that it is new, and then that it is not."""
    her, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    answer = await worker.sends(
        f"/tickets/{ticket}/write", text="Har du någonstans att sova?\r\nI natt?", seen=0
    )
    assert answer.status_code == 303
    assert await her.reads(ticket) == ["Har du någonstans att sova?\nI natt?"]
    await her.adds(ticket, "Hos min syster")
    assert "1 nytt brev från personen" in (await worker.sees("/tickets")).text
    first, second = [(await worker.sees(f"/tickets/{ticket}")).text for _ in range(2)]
    assert "Hos min syster" in first
    assert ">Nytt<" in first
    assert ">Nytt<" not in second


async def test_accepting_takes_a_reference_and_no_name(run: Running) -> None:
    """Without a reference nothing happens and her text stays; with one it is taken, once."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    answer = await worker.sends(
        f"/tickets/{ticket}/accept", reference="  ", accept_text="Vi möter dig", seen=0
    )
    assert answer.status_code == 400
    assert "Skriv ert diarienummer först" in answer.text
    assert "Vi möter dig</textarea>" in answer.text
    for _ in range(2):
        answer = await worker.sends(
            f"/tickets/{ticket}/accept", reference="SN 2026:118", accept_text="Vi möter dig", seen=0
        )
        assert answer.status_code == 303
    page = (await worker.sees(f"/tickets/{ticket}")).text
    assert page.count("SN 2026:118") == 1
    assert "Ni har tagit emot den" in page
    assert "Säg nej" not in page
    stored = await run.house.office.inbox.stepping.store.ticket(ticket)
    assert stored is not None
    assert stored.letters == 1


async def test_declining_needs_a_reason_and_leaves_nothing_to_read(run: Running) -> None:
    """The content is gone from the house; the page says so, and that she can read why."""
    _, (ticket,) = await hand_over(run, CLINIC, want=WANT)
    worker = await comes_to_work(run, "olof", CLINIC)
    await worker.sends(f"/tickets/{ticket}/open")
    assert (await worker.sends(f"/tickets/{ticket}/decline", reason="", seen=0)).status_code == 400
    asked = await worker.sends(f"/tickets/{ticket}/decline", reason="Fel <b>kommun", seen=0)
    assert asked.status_code == 200
    assert "Ni har öppnat det, så det kan vara en allmän handling hos er." in asked.text
    for way in ("print", "ticket.json"):
        assert f'href="/tickets/{ticket}/{way}"' in asked.text
    assert "Fel &lt;b&gt;kommun</textarea>" in asked.text
    back = await worker.sends(f"/tickets/{ticket}/decline", reason="Fel <b>kommun", seen=0, sure="no")
    assert "Fel &lt;b&gt;kommun</textarea>" in back.text
    assert WANT in back.text
    said = await worker.sends(f"/tickets/{ticket}/decline", reason="Fel <b>kommun", seen=0, sure="yes")
    assert said.status_code == 303
    page = await worker.sees(f"/tickets/{ticket}")
    assert page.status_code == 200
    assert "Innehållet finns inte kvar här" in page.text
    assert WANT not in page.text
    assert await run.house.office.inbox.stepping.store.body(ticket) is None
    listed = (await worker.sees("/tickets")).text
    assert "Ni har sagt nej" in listed
    answer = await worker.sends(f"/tickets/{ticket}/accept", reference="SN 1", accept_text="", seen=1)
    assert answer.status_code == 409


async def test_answer_past_her_newest_letter_is_kept_and_not_sent(run: Running) -> None:
    """She wrote while the unit did: the page shows hers, and what was typed stands where it was."""
    her, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    seen = seen_in((await worker.sees(f"/tickets/{ticket}")).text)
    await her.adds(ticket, "Ring mig inte")
    answer = await worker.sends(f"/tickets/{ticket}/write", text="Vi ringer i morgon", seen=seen)
    assert answer.status_code == 409
    assert "Ring mig inte" in answer.text
    assert "Vi ringer i morgon</textarea>" in answer.text
    again = await worker.sends(f"/tickets/{ticket}/write", text="Vi skriver här", seen=seen_in(answer.text))
    assert again.status_code == 303


async def test_withdrawal_after_opening_tells_the_unit_what_it_must_know(run: Running) -> None:
    """The content is gone here; what they have read is theirs to keep by their own rules."""
    her, tickets = await hand_over(run, INTAKE, OTHER_JOUR, want=WANT)
    ingrid = await comes_to_work(run, "ingrid", INTAKE)
    astrid = await comes_to_work(run, "astrid", OTHER_JOUR)
    for worker, ticket in ((ingrid, tickets[0]), (astrid, tickets[1])):
        await worker.sends(f"/tickets/{ticket}/open")
    await her.withdraws(*tickets)
    authority = (await ingrid.sees(f"/tickets/{tickets[0]}")).text
    assert "Personen har tagit tillbaka sitt ja" in authority
    assert "allmänna handlingar" in authority
    jour = (await astrid.sees(f"/tickets/{tickets[1]}")).text
    assert "Förstör papper och filer" in jour
    for page in (authority, jour):
        assert WANT not in page
    answer = await ingrid.sends(f"/tickets/{tickets[0]}/write", text="Hej", seen=0)
    assert answer.status_code == 409
    assert WANT not in answer.text


async def test_withdrawal_before_opening_leaves_nothing(run: Running) -> None:
    """The page that was open says so when the button is pressed."""
    her, (ticket,) = await hand_over(run, INTAKE, want=WANT)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await her.withdraws(ticket)
    answer = await worker.sends(f"/tickets/{ticket}/open")
    assert answer.status_code == 409
    assert "innan ni hade öppnat" in answer.text
    assert "Tillbakatagen innan ni öppnade" in (await worker.sees("/tickets")).text


async def test_what_counts_as_received_can_be_read_after_a_withdrawal(run: Running) -> None:
    """At delivery: the unit reads it for its records, is told so, and has no form to answer with."""
    her, (ticket,) = await hand_over(run, POLICE, want=WANT)
    worker = await comes_to_work(run, "teresa", POLICE)
    await her.withdraws(ticket)
    cover = (await worker.sees(f"/tickets/{ticket}")).text
    assert "för er egen dokumentation" in cover
    await worker.sends(f"/tickets/{ticket}/open")
    page = (await worker.sees(f"/tickets/{ticket}")).text
    assert WANT in page
    assert "räknas ändå som inkommen" in page
    assert "<textarea" not in page


async def test_text_typed_while_the_key_was_locked_is_sent_with_the_passphrase(run: Running) -> None:
    """The lock falls while somebody writes: the page keeps the words and asks for the passphrase."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    await worker.sends("/tickets/lock")
    answer = await worker.sends(f"/tickets/{ticket}/write", text="Vi hörs <i>snart</i>", seen=0)
    assert answer.status_code == 409
    assert "Vi hörs &lt;i&gt;snart&lt;/i&gt;</textarea>" in answer.text
    fields = {"text": "Vi hörs <i>snart</i>", "seen": 0}
    wrong = await worker.sends(f"/tickets/{ticket}/write", passphrase="fel fel fel fel fel", **fields)
    assert wrong.status_code == 403
    assert "Vi hörs &lt;i&gt;snart&lt;/i&gt;</textarea>" in wrong.text
    right = await worker.sends(f"/tickets/{ticket}/write", passphrase="en handfull demo", **fields)
    assert right.status_code == 303
    assert "Vi hörs &lt;i&gt;snart&lt;/i&gt;" in (await worker.sees(f"/tickets/{ticket}")).text


async def test_locked_ticket_asks_for_the_passphrase_and_leads_back(run: Running) -> None:
    """The page of a ticket, once its key is locked, shows nothing of it."""
    _, (ticket,) = await hand_over(run, INTAKE, want=WANT)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    await worker.sends("/tickets/lock")
    page = (await worker.sees(f"/tickets/{ticket}")).text
    assert "Nyckeln är låst" in page
    assert WANT not in page
    answer = await worker.sends(f"/tickets/{ticket}/unlock", passphrase="en handfull demo")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tickets/{ticket}")


async def test_every_deed_is_recorded_by_unit_and_day(run: Running) -> None:
    """Unlocking, opening, writing, taking, taking along: nothing about which ticket, nor how many."""
    _, (ticket,) = await hand_over(run, OTHER_JOUR)
    worker = await comes_to_work(run, "astrid", OTHER_JOUR)
    await worker.sends(f"/tickets/{ticket}/open")
    await worker.sends(f"/tickets/{ticket}/write", text="Hej", seen=0)
    await worker.sees(f"/tickets/{ticket}/print")
    await worker.sees(f"/tickets/{ticket}/ticket.json")
    await worker.sends(f"/tickets/{ticket}/accept", reference="J 1", accept_text="", seen=1)
    after = await audited(run, "astrid")
    assert after.pop(Audited.UNLOCKED)
    assert after == dict.fromkeys((Audited.OPENED, Audited.WROTE, Audited.EXPORTED, Audited.ACCEPTED))
    assert all(ticket not in str(each) for each in await run.house.audit.entries())


async def test_language_is_kept_from_page_to_page(run: Running) -> None:
    """English where it is asked for: pages, forms and where they lead; the notice stays as she read it."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid")
    page = (await worker.sees("/tickets?lang=en")).text
    assert '<html lang="en">' in page
    assert 'action="/tickets/unlock?lang=en"' in page
    answer = await worker.sends("/tickets/unlock?lang=en", unit=INTAKE, passphrase="en handfull demo")
    assert answer.headers["location"] == f"/tickets?lang=en#unit-{INTAKE}"
    answer = await worker.sends(f"/tickets/{ticket}/open?lang=en")
    assert answer.headers["location"] == f"/tickets/{ticket}?lang=en&done=opened"
    page = (await worker.sees(answer.headers["location"])).text
    assert "Opened. It has been recorded." in page
    assert re.search(r'<div class="her-notice" lang="sv" dir="ltr">\s*<p>Två socialsekreterare', page)
    strange = (await worker.sees(f"/tickets/{ticket}?done=declined%22%3E")).text
    assert "declined&" not in strange
