# SPDX-License-Identifier: EUPL-1.2
"""No handover between organisations while no agreement is in force, and never from one track to the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from chat.ids import OrganisationId, Track
from handover.adapters.tables import handover, ticket
from handover.border import Border
from handover.consent import Decision
from handover.drafting import Draft
from handover.errors import NoPartnership, NoSuchTicket, TracksMeet
from handover.ids import ReceiverId
from handover.inbox import SignIn
from handover.items import Content
from handover.partnership import Partnership, PartnershipKind
from handover.receivers import Reach, Receiver
from tests.service.handing import Handing, handing
from tests.service.standing import EVENING
from tests.unit.handover.making import (
    BORDER,
    CLINIC,
    CONTENT,
    INTAKE,
    JOUR,
    OTHER_TRACK,
    POLICE,
    STATION,
    TOWN,
    proposal,
    receiver,
    yes,
)

NEIGHBOUR = OrganisationId("grannkommunen")
OWN = receiver("stod", JOUR)
DRAFT = Draft(receivers=(INTAKE.id,), purpose="Att du får hjälp", want="Ett boende.")


def agreement(
    start: date = date(2025, 1, 1),
    end: date = date(2026, 12, 31),
    *parties: OrganisationId,
    renew_months: int = 12,
    notice_given: date | None = None,
) -> Partnership:
    """Return an agreement between the jour and the town where nobody else is named."""
    return Partnership(
        parties=frozenset(parties or (JOUR, TOWN)),
        kind=PartnershipKind.AGREEMENT,
        start=start,
        end=end,
        renew_months=renew_months,
        notice_months=3,
        notice_given=notice_given,
    )


CLOSED = {
    "none": [],
    "starts tomorrow": [agreement(date(2026, 2, 17))],
    "ended yesterday": [agreement(end=date(2026, 2, 15), renew_months=0)],
    "other parties": [agreement(date(2025, 1, 1), date(2026, 12, 31), JOUR, NEIGHBOUR)],
    "the town with others": [agreement(date(2025, 1, 1), date(2026, 12, 31), TOWN, NEIGHBOUR)],
    "two that would make a way together": [
        agreement(date(2025, 1, 1), date(2026, 12, 31), JOUR, NEIGHBOUR),
        agreement(date(2025, 1, 1), date(2026, 12, 31), NEIGHBOUR, TOWN),
    ],
    "notice was given": [agreement(end=date(2025, 12, 31), notice_given=date(2025, 9, 1))],
}
OPEN = {
    "starts today": [agreement(date(2026, 2, 16))],
    "ends today": [agreement(end=date(2026, 2, 16), renew_months=0)],
    "renewed": [agreement(end=date(2025, 12, 31))],
    "notice came too late": [agreement(end=date(2025, 12, 31), notice_given=date(2025, 10, 2))],
    "one of three parties": [agreement(date(2025, 1, 1), date(2026, 12, 31), JOUR, NEIGHBOUR, TOWN)],
    "one has ended, another runs": [agreement(end=date(2025, 1, 31), renew_months=0), agreement()],
}


@pytest.fixture
def place(tmp_path: Path, empty_database: Path) -> tuple[Path, Path]:
    """Where a world is opened, and the database that it begins with."""
    return tmp_path, empty_database


@asynccontextmanager
async def world(
    place: tuple[Path, Path], partnerships: Sequence[Partnership], *more: Receiver
) -> AsyncIterator[Handing]:
    """Open a world with these agreements and no other."""
    border = Border({**BORDER.receivers, **{each.id: each for each in more}}, tuple(partnerships))
    async with handing(*place, border=border) as opened:
        yield opened


async def stored(world: Handing) -> tuple[int, int]:
    """Return how many handovers and tickets there are."""

    async def count(table: object) -> int:
        query = select(func.count()).select_from(table)  # type: ignore[arg-type]  # one of the two tables
        return int(await world.database.run_read(lambda connection: connection.execute(query).scalar_one()))

    return await count(handover), await count(ticket)


@pytest.mark.parametrize("partnerships", CLOSED.values(), ids=CLOSED)
async def test_nothing_is_asked_or_sent_while_no_agreement_is_in_force(
    partnerships: list[Partnership], place: tuple[Path, Path]
) -> None:
    """The operator sees that it cannot be chosen, the question is refused, and so is a yes to an old one."""
    async with world(place, partnerships) as here:
        options = await here.office.handovers.options(here.where())
        assert {each.receiver.id: each.agreed for each in options}[INTAKE.id] is False
        assert not next(each for each in options if each.receiver.id == INTAKE.id).is_open
        with pytest.raises(NoPartnership):
            await here.office.handovers.propose(here.where(), DRAFT, [], "Alva")
        with pytest.raises(NoPartnership):
            await here.says_yes(yes(INTAKE))
        assert await stored(here) == (0, 0)


@pytest.mark.parametrize("partnerships", OPEN.values(), ids=OPEN)
async def test_handover_goes_while_an_agreement_is_in_force(
    partnerships: list[Partnership], place: tuple[Path, Path]
) -> None:
    """On its first day, on its last, in a later period."""
    async with world(place, partnerships) as here:
        assert await here.office.handovers.propose(here.where(), DRAFT, [], "Alva")
        await here.says_yes(yes(INTAKE))
        assert await stored(here) == (1, 1)


async def test_own_organisation_needs_no_agreement(place: tuple[Path, Path]) -> None:
    """Nothing crosses a border."""
    async with world(place, [], OWN) as here:
        await here.says_yes(yes(OWN))
        assert await stored(here) == (1, 1)


async def test_agreement_ends_with_the_local_day(place: tuple[Path, Path]) -> None:
    """At midnight in Sweden, an hour before midnight UTC in winter; between the question and her yes."""
    async with world(place, [agreement(end=date(2026, 2, 16), renew_months=0)]) as here:
        here.clock.moment = datetime(2026, 2, 16, 22, 59, 59, tzinfo=UTC)
        assert await here.office.handovers.propose(here.where(), DRAFT, [], "Alva")
        here.clock.advance(1)
        with pytest.raises(NoPartnership):
            await here.says_yes(yes(INTAKE))
        with pytest.raises(NoPartnership):
            await here.office.handovers.propose(here.where(), DRAFT, [], "Alva")
        assert await stored(here) == (0, 0)


async def test_yes_to_two_is_not_half_carried_out(place: tuple[Path, Path]) -> None:
    """One of the two agreements is over: neither gets anything, and she is asked anew."""
    async with world(place, [agreement(date(2025, 1, 1), date(2026, 12, 31), JOUR, POLICE)]) as here:
        with pytest.raises(NoPartnership):
            await here.says_yes(yes(INTAKE), yes(STATION))
        assert await stored(here) == (0, 0)


async def test_yes_to_one_stands_when_another_one_that_she_left_out_is_closed(
    place: tuple[Path, Path],
) -> None:
    """What she did not say yes to keeps nothing from what she did."""
    async with world(place, [agreement(date(2025, 1, 1), date(2026, 12, 31), JOUR, POLICE)]) as here:
        await here.says_yes(yes(STATION), receivers=(INTAKE, STATION))
        assert await stored(here) == (1, 1)


async def test_no_is_always_possible(place: tuple[Path, Path]) -> None:
    """Also to a question whose agreement has ended meanwhile."""
    async with world(place, []) as here:
        assert await here.decides(proposal(INTAKE), Decision(content=Content()), "") == ()
        assert await stored(here) == (0, 0)


async def test_what_was_handed_over_stays_when_the_agreement_ends(place: tuple[Path, Path]) -> None:
    """It is opened, answered and read as before."""
    async with world(place, [agreement(end=date(2026, 2, 16), renew_months=0)]) as here:
        code = await here.says_yes(yes(INTAKE))
        here.clock.advance(2 * 86_400)
        who, name = await here.unlocks(INTAKE), await here.ticket_of(INTAKE)
        opened, _ = await here.office.inbox.open(who, name)
        assert opened.document.content.want == CONTENT.want
        await here.office.inbox.accept(who, name, "SN 2026:1", "Välkommen.")
        view = await here.office.pickup.view(await here.comes_with(code))
        assert view.sent[0].letters[0].letter.text == "Välkommen."


# --- the two tracks


async def test_question_to_the_other_track_is_refused(place: tuple[Path, Path]) -> None:
    """Whatever is agreed; and so is a yes to a question that was forged."""
    async with world(place, [agreement()]) as here:
        options = await here.office.handovers.options(here.where())
        assert OTHER_TRACK.id not in {each.receiver.id for each in options}
        draft = Draft(receivers=(OTHER_TRACK.id,), purpose="Att", want="Något.")
        with pytest.raises(TracksMeet):
            await here.office.handovers.propose(here.where(), draft, [], "Alva")
        with pytest.raises(TracksMeet):
            await here.says_yes(yes(OTHER_TRACK))
        assert await stored(here) == (0, 0)


def test_reach_of_both_tracks_cannot_be_made() -> None:
    """In whatever order; nothing at all reaches nothing."""
    for units in ((INTAKE, OTHER_TRACK), (OTHER_TRACK, CLINIC, INTAKE)):
        with pytest.raises(TracksMeet):
            Reach.of(units)
    assert Reach.of(()) == Reach(frozenset(), None)


async def test_row_of_the_other_track_is_in_no_inbox(place: tuple[Path, Path]) -> None:
    """A ticket whose row was moved to the other track, or whose unit was: it is as if it did not exist."""
    async with world(place, [agreement()]) as here:
        await here.says_yes(yes(INTAKE))
        who, name = await here.unlocks(INTAKE), await here.ticket_of(INTAKE)
        forged = update(ticket).values(track=Track.PERPETRATOR.value)
        await here.database.run_write(lambda connection: connection.execute(forged))
        assert await here.office.inbox.tickets(who) == []
        with pytest.raises(NoSuchTicket):
            await here.office.inbox.open(who, name)
        # The other track's people, at a unit of theirs that takes over the id of this one.
        other = SignIn(who.id, Reach.of([replace(INTAKE, track=Track.PERPETRATOR)]))
        unforged = update(ticket).values(track=Track.EXPOSED.value)
        await here.database.run_write(lambda connection: connection.execute(unforged))
        assert await here.office.inbox.tickets(other) == []
        with pytest.raises(NoSuchTicket):
            await here.office.inbox.open(other, name)


async def test_reach_without_a_track_selects_nothing(place: tuple[Path, Path]) -> None:
    """Even if it names units: the query never runs without a track."""
    async with world(place, [agreement()]) as here:
        await here.says_yes(yes(INTAKE))
        assert await here.store.inbox(Reach(frozenset({INTAKE.id}), None)) == []
        assert len(await here.store.inbox(Reach.of([INTAKE, CLINIC]))) == 1
        assert await here.store.inbox(Reach(frozenset({ReceiverId(INTAKE.id)}), Track.PERPETRATOR)) == []


def test_stories_begin_on_the_evening_that_the_agreements_are_made_for() -> None:
    """Yesterday, today and tomorrow above are counted from it."""
    assert EVENING.date() == date(2026, 2, 16)
