# SPDX-License-Identifier: EUPL-1.2
"""Receivers, questions and answers that the tests of handovers begin with."""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec.structs import replace

from chat.hours import OpeningHours
from chat.ids import OrganisationId, Track
from chat.violence import Relation, ViolenceForm
from handover.border import Border
from handover.consent import (
    Answer,
    Consent,
    ConsentGrant,
    Decision,
    Offer,
    Proposal,
    Propose,
    Sender,
    Yes,
)
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.items import Answer as Told
from handover.items import Contact, ContactWay, Content, Item, Message
from handover.partnership import Partnership, PartnershipKind
from handover.receivers import ReceivedAt, Receiver, Regime
from handover.ticket import Ticket

NOW = datetime(2026, 3, 12, 19, 30, tzinfo=UTC)
JOUR = OrganisationId("jour")
TOWN = OrganisationId("kommun")
POLICE = OrganisationId("polis")
SENDER = Sender(JOUR, Track.EXPOSED)


def receiver(
    name: str,
    organisation: OrganisationId = TOWN,
    *,
    track: Track = Track.EXPOSED,
    police: bool = False,
    received_at: ReceivedAt = ReceivedAt.OPENING,
    may_coordinate: bool = False,
) -> Receiver:
    """Return a receiver with a short notice."""
    return Receiver(
        id=ReceiverId(name),
        organisation=organisation,
        track=track,
        names={"sv": f"Enheten {name}"},
        function_address=f"{name}@example",
        regime=Regime.MUNICIPALITY,
        hours=OpeningHours("24/7"),
        hours_texts={"sv": "varje dag"},
        police=police,
        received_at=received_at,
        notices={"sv": (f"Om {name}.", "De har sekretess.")},
        notice_version=f"v1-{name}",
        may_coordinate=may_coordinate,
    )


def agreement(*parties: OrganisationId) -> Partnership:
    """Return an agreement that is in force in 2026."""
    return Partnership(
        parties=frozenset(parties),
        kind=PartnershipKind.AGREEMENT,
        start=date(2026, 1, 1),
        end=date(2026, 12, 31),
        renew_months=0,
    )


INTAKE = receiver("mottagning", may_coordinate=True)
CLINIC = receiver("kurator")
STATION = receiver("polis", POLICE, police=True, received_at=ReceivedAt.DELIVERY)
OTHER_TRACK = receiver("samverkan", track=Track.PERPETRATOR)
BORDER = Border(
    {each.id: each for each in (INTAKE, CLINIC, STATION, OTHER_TRACK)},
    (agreement(JOUR, TOWN), agreement(JOUR, POLICE)),
)

CONTENT = Content(
    want="Jag vill ha någonstans att bo.",
    summary="Det har pågått i två år.",
    forms=(ViolenceForm.PHYSICAL, ViolenceForm.LATENT),
    relation=Relation.PARTNER,
    children=Told.YES,
    danger="Det blir värre.",
    called_112=Told.NO,
    messages=(Message(3, "visitor", "Han tog min telefon."), Message(4, "operator", "Är du trygg nu?")),
    contact=Contact(ContactWay.CODE, "vardagar före tolv"),
)


def offer(of: Receiver) -> Offer:
    """Return a receiver as she is shown it."""
    return Offer(
        receiver=of.id,
        name=of.name_in("sv"),
        organisation=of.organisation,
        language="sv",
        notice=of.notices["sv"],
        notice_version=of.notice_version,
        hours=of.hours_in("sv"),
        police=of.police,
        received_at=of.received_at,
        may_coordinate=of.may_coordinate,
    )


def proposal(*receivers: Receiver, content: Content = CONTENT) -> Proposal:
    """Return a question about these receivers."""
    return Proposal(
        content=content,
        offers=tuple(offer(each) for each in receivers),
        purpose="Att du får hjälp med boende",
        asked_by="Alva",
        sender="Jouren",
        language="sv",
        track=SENDER.track,
        routine="r1",
    )


def yes(to: Receiver, *items: Item, **more: bool) -> Yes:
    """Return a whole yes to one receiver: with the consents that it needs, and no others."""
    consents = {
        "secrecy": True,
        "data": True,
        "police": to.police,
        "identity": not {Item.NAME, Item.REACH}.isdisjoint(items),
    }
    return Yes(receiver=to.id, notice=to.notice_version, items=items or (Item.WANT,), **(consents | more))


def asked(*receivers: Receiver, content: Content = CONTENT) -> Consent:
    """Return a question that lies before her."""
    return Consent(SENDER, proposal(*receivers, content=content)).receive(Propose(), NOW, BORDER)[0]


def granted(
    *answers: Yes,
    receivers: tuple[Receiver, ...] = (INTAKE, CLINIC, STATION),
    content: Content = CONTENT,
) -> tuple[ConsentGrant, ...]:
    """Return what she allows with these answers."""
    decision = Decision(content=content, yes=answers)
    shown = replace(content, name=None, reach=None)
    return asked(*receivers, content=shown).receive(Answer(decision), NOW, BORDER)[1]


def ticket(to: Receiver = INTAKE, **more: bool) -> Ticket:
    """Return the ticket of a yes to one receiver, just delivered."""
    (grant,) = granted(yes(to, Item.WANT, **more))
    return Ticket.of(grant, TicketId("t" * 22), HandoverId("h" * 22))
