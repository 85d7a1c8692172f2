# SPDX-License-Identifier: EUPL-1.2
"""Her yes or no to a guest: what it needs, and that nobody else can give it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from msgspec.structs import replace as changed

from chat.ids import OrganisationId, ServiceId, Track
from handover.border import Border
from handover.consent import ConsentState, Offer, Propose, Replace, Retract, Sender, Yes
from handover.errors import Incomplete, NoPartnership, NoticeOutdated, Refused, TooLate, TracksMeet
from handover.ids import ReceiverId
from handover.inviting import AnswerInvitation, Command, GuestGrant, Host, Invitation, Inviting
from handover.items import Item
from tests.unit.handover.making import BORDER, JOUR, NOW, SENDER, TOWN, receiver

BRON = ServiceId("bron")
HOST = Host(BRON, TOWN)
UNIT = replace(receiver("mottagningen"), chat=BRON, chat_notices={"sv": ("Om chatten.",)}, chat_version="c1")
OPEN = Border({UNIT.id: UNIT}, BORDER.partnerships)
OFFER = Offer(
    receiver=UNIT.id,
    name="Mottagningen",
    organisation="Öppenvården",
    language="sv",
    notice=("Om chatten.",),
    notice_version="c1",
    hours="",
)
ASKED = Invitation(offer=OFFER, asked_by="Alva", sender="Jouren", language="sv")
YES = Yes(receiver=UNIT.id, notice="c1", items=(), secrecy=True)


def proposed(invitation: Invitation = ASKED, border: Border = OPEN, host: Host = HOST) -> Inviting:
    """Return a question that lies on the table."""
    inviting, grant = Inviting(SENDER, invitation, host).receive(Propose(), NOW, border)
    assert grant is None
    return inviting


@pytest.mark.parametrize("history", [False, True])
def test_yes_lets_in_one_of_that_service(*, history: bool) -> None:
    """The grant names the service, the place as she was told, and whether earlier words may be read."""
    inviting, grant = proposed().receive(AnswerInvitation(YES, history), NOW, OPEN)
    assert inviting.state is ConsentState.GRANTED
    assert grant is not None
    assert (grant.service, grant.name, grant.history) == (BRON, "Öppenvården", history)


def test_no_lets_in_nobody() -> None:
    """Whatever else her answer says."""
    inviting, grant = proposed().receive(AnswerInvitation(None, history=True), NOW, OPEN)
    assert (inviting.state, grant) == (ConsentState.DECLINED, None)


def test_nobody_else_makes_a_grant() -> None:
    """It comes out of the machine or not at all."""
    with pytest.raises(TypeError):
        GuestGrant(service=BRON, name="Öppenvården", history=True, made_by=object())


@pytest.mark.parametrize(
    ("yes", "refusal"),
    [
        (changed(YES, secrecy=False), Incomplete),
        (changed(YES, police=True), Incomplete),
        (changed(YES, identity=True), Incomplete),
        (changed(YES, coordinate=True), Incomplete),
        (changed(YES, measure=True), Incomplete),
        (changed(YES, items=(Item.WANT,)), Incomplete),
        (changed(YES, notice="c0"), NoticeOutdated),
        (changed(YES, receiver=ReceiverId("other")), Incomplete),
    ],
)
def test_yes_that_is_not_whole_is_refused(yes: Yes, refusal: type[Refused]) -> None:
    """Each consent that it needs, and none for what nobody asks of her."""
    with pytest.raises(refusal):
        proposed().receive(AnswerInvitation(yes), NOW, OPEN)


def test_police_need_a_yes_of_their_own() -> None:
    """Where police work, she says that she knows."""
    unit = replace(UNIT, police=True)
    border = Border({unit.id: unit}, BORDER.partnerships)
    asked = proposed(changed(ASKED, offer=changed(OFFER, police=True)), border)
    with pytest.raises(Incomplete):
        asked.receive(AnswerInvitation(YES), NOW, border)
    _, grant = asked.receive(AnswerInvitation(changed(YES, police=True)), NOW, border)
    assert grant is not None


def test_text_that_has_changed_meanwhile_is_shown_again() -> None:
    """A yes to the older text lets nobody in."""
    newer = replace(UNIT, chat_version="c2")
    with pytest.raises(NoticeOutdated):
        proposed().receive(AnswerInvitation(YES), NOW, Border({newer.id: newer}, BORDER.partnerships))


@pytest.mark.parametrize(
    ("sender", "border", "host", "refusal"),
    [
        (SENDER, Border({}, BORDER.partnerships), HOST, Incomplete),
        (SENDER, OPEN, Host(ServiceId("linden"), TOWN), Incomplete),
        (SENDER, Border({UNIT.id: UNIT}), HOST, NoPartnership),
        (SENDER, OPEN, Host(BRON, OrganisationId("elsewhere")), NoPartnership),
        (Sender(JOUR, Track.PERPETRATOR), OPEN, HOST, TracksMeet),
    ],
)
def test_border_holds_when_asked_and_when_answered(
    sender: Sender, border: Border, host: Host, refusal: type[Refused]
) -> None:
    """The receiver's organisation and the one that runs its chat are within the agreement, both times."""
    with pytest.raises(refusal):
        Inviting(sender, ASKED, host).receive(Propose(), NOW, border)
    if sender is SENDER:
        asked = replace(proposed(), host=host)
        with pytest.raises(refusal):
            asked.receive(AnswerInvitation(YES), NOW, border)


def test_agreement_that_has_ended_lets_nobody_in() -> None:
    """Asked on its last day, answered long after."""
    with pytest.raises(NoPartnership):
        proposed().receive(AnswerInvitation(YES), NOW + timedelta(days=365 * 30), ended())


def ended() -> Border:
    """The same border with agreements that simply end."""
    ending = [replace(each, renew_months=0) for each in BORDER.partnerships]
    return Border({UNIT.id: UNIT}, ending)


def test_every_move_but_four_is_too_late() -> None:
    """Answered, taken back or replaced: nothing leads on; and nothing is answered before it is asked."""
    commands: tuple[Command, ...] = (
        Propose(),
        AnswerInvitation(YES),
        AnswerInvitation(None),
        Retract(),
        Replace(),
    )
    legal = {(ConsentState.DRAFTED, Propose)} | {
        (ConsentState.PROPOSED, kind) for kind in (AnswerInvitation, Retract, Replace)
    }
    for state, command in product(ConsentState, commands):
        inviting = replace(Inviting(SENDER, ASKED, HOST), state=state)
        if (state, type(command)) in legal:
            after, _ = inviting.receive(command, NOW, OPEN)
            assert after.state is not state
        else:
            with pytest.raises(TooLate):
                inviting.receive(command, NOW, OPEN)
