# SPDX-License-Identifier: EUPL-1.2
"""What a supervisor sees of handovers and of agreements, and what is never there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import msgspec
import pytest

from chat.ids import OrganisationId, ServiceId, Track
from chat.statistics import Counted
from handover.goals import Goal, Indicator
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.partnership import Partnership, PartnershipKind
from handover.ports import Count
from handover.receivers import ReceivedAt
from handover.ticket import Ticket, TicketEvent
from tests.unit.web.staff import BRON, LINDEN, NOW, WEB, Pages, demo_site, session
from web.accounts.account import StaffRole

HAMNEN = ServiceId("hamnen")
INTAKE, CURATOR = ReceiverId("mottagningen-vallentuna"), ReceiverId("kurator-vardcentralen")
BOLLNAS = ReceiverId("samverkan-bollnas")
JOUR = OrganisationId("kvinnojouren-vallentuna")
TOWN = OrganisationId("socialtjansten-vallentuna")
CLINIC = OrganisationId("vardcentralen-vallentuna")
SECRET = "t" * 22


def ticket(
    receiver: ReceiverId = INTAKE,
    organisation: OrganisationId = TOWN,
    days: int = 3,
    **more: Any,
) -> Ticket:
    """Return a ticket from the jour that nobody has opened for some days."""
    granted = NOW - timedelta(days=days)
    made = Ticket(
        id=TicketId(SECRET),
        handover=HandoverId("h" * 22),
        receiver=receiver,
        organisation=organisation,
        sender=JOUR,
        track=Track.EXPOSED,
        received_at=ReceivedAt.OPENING,
        granted_at=granted,
        deadline=granted + timedelta(days=14),
    )
    return msgspec.structs.replace(made, **more)


def boss(*services: ServiceId, units: tuple[ReceiverId, ...] = ()) -> Any:
    """Return the sign-in of a supervisor."""
    return session(StaffRole.SUPERVISOR, services, units)


async def handed(pages: Pages, query: str = "") -> dict[str, Any]:
    """Return the section as the page's script gets it."""
    found: dict[str, Any] = (await pages.get(f"/supervisor/board{query}")).json()["handed"]
    return found


async def test_late_ticket_is_shown_to_sender_and_receiver_alike() -> None:
    """Which unit, since when, and when it returns: the same for both."""
    expected = [
        {
            "unit": "Socialtjänstens mottagning i Vallentuna",
            "address": "Hör av er till varandra: \u2068mottagning.socialtjanst@vallentuna.example\u2069",
            "waits": "En överlämning är oöppnad sedan den 19 november.",
            "left": "Om 11 dagar går den tillbaka oläst, och personen ser det.",
            "urgent": False,
        }
    ]
    for who in (boss(LINDEN), boss(units=(INTAKE,))):
        shown = await handed(Pages(who, late=[ticket()]))
        assert shown["late"] == expected
        assert shown["calm"] == ""


async def test_late_tickets_of_one_unit_are_one_line() -> None:
    """How many, the oldest of them, and the first that returns; in English too."""
    pages = Pages(boss(LINDEN), late=[ticket(days=13), ticket(days=3), ticket(CURATOR, CLINIC, 12)])
    first, second = (await handed(pages))["late"]
    assert first["waits"] == "2 överlämningar är oöppnade. Den äldsta kom den 9 november."
    assert first["left"] == "I morgon går den första tillbaka oläst, och personen ser det."
    assert second["left"] == "Om 2 dagar går den tillbaka oläst, och personen ser det."
    assert [first["urgent"], second["urgent"]] == [True, False]
    english = (await handed(pages, "?lang=en"))["late"]
    assert english[0]["waits"] == "2 handovers are unopened. The oldest came on November 9."
    assert english[0]["left"] == "Tomorrow the first one returns unread, and the person sees that."
    assert english[0]["unit"] == "The social services' intake in Vallentuna"


async def test_late_unit_whose_time_is_soonest_out_stands_first() -> None:
    """Whoever waited longest may have more time left."""
    long = ticket(CURATOR, CLINIC, 5, deadline=NOW + timedelta(days=20))
    today = ticket(days=4, deadline=NOW + timedelta(hours=1))
    first, second = (await handed(Pages(boss(LINDEN), late=[long, today])))["late"]
    assert first["left"] == "I dag går den tillbaka oläst, och personen ser det."
    assert (first["urgent"], second["urgent"]) == (True, False)
    assert second["waits"].endswith("17 november.")


async def test_late_ticket_that_counts_as_received_does_not_return() -> None:
    """Time runs out, and the authority has it."""
    pages = Pages(boss(LINDEN), late=[ticket(received_at=ReceivedAt.DELIVERY)])
    assert (await handed(pages))["late"][0]["left"] == "Om 11 dagar går tiden ut för den."


async def test_late_ticket_of_others_is_not_shown() -> None:
    """Not of another unit of the same authority, nor of another sender, nor of the other track."""
    elsewhere = ticket(sender=OrganisationId("oppenvarden-vallentuna"))
    for who, late in (
        (boss(BRON), ticket()),
        (boss(units=(CURATOR,)), ticket()),
        (boss(units=(INTAKE,)), ticket(ReceiverId("en-annan-enhet"))),
        (boss(LINDEN), elsewhere),
        (boss(HAMNEN, units=(BOLLNAS,)), ticket()),
        (boss(LINDEN), ticket(track=Track.PERPETRATOR)),
    ):
        shown = await handed(Pages(who, late=[late]))
        assert shown["late"] == []
        assert shown["calm"] == "Ingen överlämning har blivit liggande."


async def test_late_ticket_is_never_named() -> None:
    """Neither the page nor the figures hold an id of a ticket, a handover or a conversation."""
    pages = Pages(boss(LINDEN), late=[ticket()])
    for path in ("/supervisor", "/supervisor/board"):
        text = (await pages.get(path)).text
        assert "19 november" in text
        assert SECRET not in text
        assert "h" * 22 not in text


async def test_late_ticket_of_a_unit_that_left_the_site_file_is_still_told() -> None:
    """Nobody forgets it because somebody edited a file."""
    site = demo_site()
    gone = replace(site, receivers={id_: each for id_, each in site.receivers.items() if id_ != INTAKE})
    shown = await handed(Pages(boss(LINDEN), late=[ticket()], site=gone))
    assert shown["late"][0]["unit"] == "En mottagare som inte finns kvar"
    assert shown["late"][0]["address"] == ""


def counted(
    event: TicketEvent,
    times: int = 1,
    day: date = date(2026, 11, 20),
    service: ServiceId = LINDEN,
    receiver: ReceiverId = INTAKE,
) -> Count:
    """Return what was counted between a service and a unit."""
    return Count(day=day, service=service, receiver=receiver, event=event, times=times)


@pytest.mark.parametrize("event", [TicketEvent.RETURNED, TicketEvent.EXPIRED])
async def test_what_came_of_a_handover_changes_nothing_on_the_board(event: TicketEvent) -> None:
    """None, one, five and twelve look alike: nobody sees when one woman's ticket went back unread."""
    boards = set()
    for times in (0, 1, 5, 12):
        pages = Pages(boss(LINDEN), handed=[counted(event, times)] if times else [])
        boards.add((str(await handed(pages)), (await pages.get("/supervisor/board")).text))
    assert len(boards) == 1


async def test_sign_in_of_both_tracks_sees_no_handover_and_no_agreement() -> None:
    """However it came to be: an account made before the site file changed, or by hand."""
    for who in (boss(LINDEN, units=(BOLLNAS,)), boss(LINDEN, HAMNEN), boss(units=(INTAKE, BOLLNAS))):
        pages = Pages(who, late=[ticket()], handed=[counted(TicketEvent.RETURNED)])
        shown = await handed(pages)
        assert shown["late"] == []
        assert shown["calm"].startswith("Ditt konto hör till både utsatta och dem som utövar våld.")
        page = (await pages.get("/supervisor")).text
        assert 'data-part="agreements"' not in page
        assert "19 november" not in page


async def test_section_is_hidden_from_whoever_looks_after_nothing() -> None:
    """And where the installation has no receivers."""
    bare = replace(demo_site(), receivers={})
    for pages in (Pages(boss()), Pages(boss(LINDEN), site=bare)):
        assert await handed(pages) == {"late": [], "calm": ""}
        page = (await pages.get("/supervisor")).text
        assert 'data-part="handed" aria-labelledby="handed-heading" hidden' in page


# --- agreements


def agreement(**more: Any) -> Partnership:
    """Return an agreement between the jour and social services, in force for some years."""
    values: dict[str, Any] = {
        "parties": frozenset({JOUR, TOWN}),
        "kind": PartnershipKind.IOP,
        "start": date(2025, 1, 1),
        "end": date(2026, 12, 31),
        "funding": "50 000 kr om året",
    }
    return Partnership(**(values | more))


async def agreements(*partnerships: Partnership, who: Any = None, query: str = "", **more: Any) -> list[str]:
    """Return the words of each agreement on the page, its parts in one line."""
    site = replace(demo_site(), partnerships=partnerships)
    page = (await Pages(who or boss(LINDEN), site=site, **more).get(f"/supervisor{query}")).text
    _, found, section = page.partition('<ul class="agreements">')
    if not found:
        return []
    return [words(each) for each in section.partition("</section>")[0].split('<li class="agreement')[1:]]


def words(markup: str) -> str:
    """Return what is read of a piece of a page."""
    text = unescape(re.sub(r"<[^>]*>", " ", markup.partition(">")[2]))
    return " ".join(text.replace("\u2068", "").replace("\u2069", "").split())


async def test_agreement_tells_kind_parties_periods_and_money() -> None:
    """Everything that is agreed, and nothing that only machines read."""
    (shown,) = await agreements(agreement(start=date(2021, 7, 1), end=date(2023, 6, 30)))
    assert shown == (
        "Idéburet offentligt partnerskap Kvinnojouren i Vallentuna Vallentuna kommun, socialtjänsten "
        "Senast den 31 december 2026 kan ni säga upp. Annars förlängs det till den 30 juni 2029. "
        "Gäller sedan den 1 juli 2021. Den här perioden: den 1 juli 2025 till den 30 juni 2027. "
        "Ekonomi 50 000 kr om året"
    )


@pytest.mark.parametrize(
    ("notice_months", "expected"),
    [
        (1, "Senast den 30 november 2026 kan ni säga upp. Annars förlängs det till den 31 december 2028."),
        (
            3,
            "senast den 30 september. Nästa gång är senast den 30 september 2028. Efter den här perioden för",
        ),
        (11, "Det gick att säga upp senast den 31 januari. Nästa gång är senast den 31 januari 2028."),
        (12, "Det gick att säga upp senast den 31 december 2025. Nästa gång"),
    ],
)
async def test_agreement_reminds_of_its_renewal(notice_months: int, expected: str) -> None:
    """While notice can be given, and after."""
    (shown,) = await agreements(agreement(notice_months=notice_months))
    assert expected in shown


async def test_agreement_that_has_ended_says_what_is_over_and_what_remains() -> None:
    """No figure of a goal any more: there is no period."""
    ended = agreement(
        end=date(2026, 11, 21), renew_months=0, goals=(Goal("Fler får hjälp", Indicator.HANDOVERS_SENT),)
    )
    (shown,) = await agreements(ended)
    assert "Gällde från den 1 januari 2025 till den 21 november 2026." in shown
    assert "Nu kan inget mer lämnas över med stöd av det. Det som redan är överlämnat finns kvar" in shown
    assert "Fler får hjälp" in shown
    assert "den här perioden" not in shown.casefold()


async def test_agreement_whose_end_is_decided_says_its_last_day() -> None:
    """Also on that very day, when it is still in force."""
    (shown,) = await agreements(agreement(end=date(2026, 11, 22), renew_months=0))
    assert "Sista dagen är den 22 november 2026. Sedan förlängs det inte." in shown
    assert "Nu kan inget mer" not in shown
    (late,) = await agreements(agreement(notice_months=3, notice_given=date(2026, 10, 1)))
    assert "Det gick att säga upp senast den 30 september. Sedan förlängs det till den 31 dec" in late
    assert "Sista dagen är den 31 december 2028." in late
    (noticed,) = await agreements(agreement(notice_given=date(2026, 5, 1)))
    assert "Sista dagen är den 31 december 2026." in noticed
    assert "säga upp" not in noticed


async def test_agreement_to_come_says_when() -> None:
    """Also one whose end is known."""
    for renew in (0, 24):
        coming = agreement(start=date(2026, 11, 23), end=date(2027, 12, 31), renew_months=renew)
        (shown,) = await agreements(coming)
        assert "Börjar gälla den 23 november 2026. Före dess kan inget lämnas över" in shown


async def test_agreements_in_force_stand_first_and_others_are_not_shown() -> None:
    """Those of one's own services and units; a supervisor elsewhere sees none of them."""
    ended = agreement(end=date(2026, 1, 31), renew_months=0)
    clinic = agreement(parties=frozenset({JOUR, CLINIC}))
    coming = agreement(start=date(2026, 12, 1), end=date(2026, 12, 31))
    shown = await agreements(coming, ended, clinic)
    assert ["Gäller sedan" in each for each in shown] == [True, False, False]
    assert "Gällde från" in shown[1]
    assert len(await agreements(coming, ended, clinic, who=boss(units=(INTAKE,)))) == 2
    assert await agreements(coming, ended, clinic, who=boss(BRON)) == []
    assert await agreements(coming, ended, clinic, who=boss(HAMNEN)) == []


ALL_GOALS = tuple(Goal(f"Mål {each}", each) for each in Indicator)


async def test_goals_carry_their_figures_over_the_current_period() -> None:
    """Between the two parties alone, in the closed weeks whose Thursday is in the period, by sevens."""
    closed = date(2026, 11, 15)
    events = [
        counted(TicketEvent.GRANTED, 9, date(2024, 12, 30)),
        counted(TicketEvent.GRANTED, 6, closed),
        counted(TicketEvent.GRANTED, 100, date(2024, 12, 29)),
        counted(TicketEvent.GRANTED, 200, closed, receiver=CURATOR),
        counted(TicketEvent.GRANTED, 400, closed, receiver=ReceiverId("kvinnojouren-stod")),
        counted(TicketEvent.GRANTED, 800, closed, service=BRON),
        counted(TicketEvent.GRANTED, 1_600, date(2026, 11, 16)),
        counted(TicketEvent.OPENED, 7, closed),
        counted(TicketEvent.ACCEPTED, 6, closed),
    ]
    figures = {LINDEN: {Counted.ANSWERED: 42, Counted.ENDED: 70}, BRON: {Counted.ANSWERED: 1_000}}
    (shown,) = await agreements(agreement(goals=ALL_GOALS), handed=events, figures=figures)
    assert "Besvarade samtal den här perioden: ungefär 42" in shown
    assert "Överlämningar mellan parterna den här perioden: ungefär 14" in shown
    assert "Överlämningar som mottagaren har öppnat den här perioden: ungefär 7" in shown
    assert "mottagaren har tagit sig an den här perioden: för få för att visas än" in shown


@pytest.mark.parametrize("times", [0, 1, 4, 6])
async def test_goal_tells_no_small_figure(times: int) -> None:
    """Whoever knows one of them could count the others."""
    events = [counted(TicketEvent.GRANTED, times, date(2026, 11, 1))] if times else []
    goals = (Goal("Fler", Indicator.HANDOVERS_SENT), Goal("Ny kunskap"))
    (shown,) = await agreements(agreement(goals=goals), handed=events)
    assert "mellan parterna den här perioden: för få för att visas än Ny kunskap Ekonomi" in shown


async def test_words_of_an_agreement_are_shown_as_they_are() -> None:
    """Markup in a goal, in the money or in a name is text."""
    goals = (Goal("<b onclick=x>Mer</b>"),)
    site = replace(demo_site(), partnerships=(agreement(goals=goals, funding="<script>1</script>"),))
    page = (await Pages(boss(LINDEN), site=site).get("/supervisor")).text
    assert "<b onclick" not in page
    assert "&lt;b onclick=x&gt;Mer&lt;/b&gt;" in page
    assert "<script>1" not in page


async def test_agreement_is_told_in_english() -> None:
    """The words of the agreement itself stay as they are."""
    (shown,) = await agreements(agreement(), query="?lang=en")
    assert "In force since January 1, 2025. This period: January 1, 2025 to December 31, 2026." in shown
    assert "Funding 50 000 kr om året" in shown


def test_catalogue_has_every_text_of_the_sections() -> None:
    """Also those whose name is put together, and no text that nothing asks for."""
    source = "".join(
        (WEB / "supervisor" / f"{name}.py").read_text("utf-8") for name in ("handovers", "partnerships")
    )
    asked = set(re.findall(r'"((?:handed|agreement)\.[a-z_]+)"', source))
    asked |= {f"agreement.{each}" for kinds in (Indicator, PartnershipKind) for each in kinds}
    asked |= {
        f"handed.{what}{when}" for what in ("returns", "runs_out") for when in ("", "_today", "_tomorrow")
    }
    catalogue = (WEB / "locales" / "sv" / "partnership.po").read_text("utf-8")
    assert asked == set(re.findall(r'^msgid "(.+)"$', catalogue, re.MULTILINE))
