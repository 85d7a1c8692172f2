# SPDX-License-Identifier: EUPL-1.2
"""Her yes or no to going on with another organisation: what it needs, and that nobody else can give it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as changed

from chat.ids import OrganisationId, ServiceId, Track
from handover import moving
from handover.consent import Sender, Yes
from handover.errors import Incomplete, NoPartnership, NoticeOutdated, Refused, TracksMeet
from handover.ids import ReceiverId
from handover.items import Item
from handover.moving import Destination, MoveGrant
from tests.unit.handover.making import BORDER, JOUR, NOW, SENDER, TOWN

BRON = Destination(
    service=ServiceId("bron"),
    organisation=TOWN,
    organisation_name="Öppenvården",
    track=Track.EXPOSED,
    names={"sv": "Bron", "en": "The bridge"},
    notices={"sv": "Vi har sekretess.\n\nVi raderar.", "sv-easy": "Vi är tysta."},
    notice_version="n1",
    language="sv",
)
ASKED = moving.question(BRON, language="sv", asked_by="Alva", sender="Jouren")
YES = Yes(receiver=ReceiverId("bron"), notice="n1", items=(), secrecy=True)


def granted(yes: Yes = YES, found: Destination = BRON, sender: Sender = SENDER) -> MoveGrant:
    """Return what a yes allows."""
    return moving.granted(sender, ASKED, found, yes, NOW, BORDER, history=False)


def test_question_carries_the_notice_of_the_place_in_her_language() -> None:
    """What everybody who starts there reads; where it is not in her language, in its own, and said so."""
    assert ASKED.offer.notice == ("Vi har sekretess.", "Vi raderar.")
    assert (ASKED.offer.organisation, ASKED.asked_by) == ("Öppenvården", "Alva")
    easy = moving.question(BRON, language="sv-easy", asked_by="Alva", sender="Jouren")
    assert (easy.offer.language, easy.offer.notice) == ("sv-easy", ("Vi är tysta.",))
    english = moving.question(BRON, language="en", asked_by="Alva", sender="Jouren")
    assert (english.offer.language, english.offer.name) == ("sv", "The bridge")


@pytest.mark.parametrize("history", [False, True])
def test_yes_names_the_place_and_what_may_be_read(*, history: bool) -> None:
    """The grant holds what she was told, and her choice about earlier words."""
    grant = moving.granted(SENDER, ASKED, BRON, YES, NOW, BORDER, history=history)
    assert (grant.destination, grant.name, grant.history) == (BRON, "Öppenvården", history)


def test_nobody_else_makes_a_grant() -> None:
    """It comes out of the machine or not at all."""
    with pytest.raises(TypeError):
        MoveGrant(destination=BRON, name="Öppenvården", history=True, made_by=object())


@pytest.mark.parametrize(
    ("yes", "refusal"),
    [
        (changed(YES, secrecy=False), Incomplete),
        (changed(YES, receiver=ReceiverId("eken")), Incomplete),
        (changed(YES, items=(Item.WANT,)), Incomplete),
        (changed(YES, identity=True), Incomplete),
        (changed(YES, police=True), Incomplete),
        (changed(YES, notice="n0"), NoticeOutdated),
    ],
)
def test_yes_to_something_else_allows_nothing(yes: Yes, refusal: type[Refused]) -> None:
    """Without the waiver, to another place, to more than was asked, or about another text."""
    with pytest.raises(refusal):
        granted(yes)


def test_notice_that_has_changed_since_the_question_counts_for_nothing() -> None:
    """She read the old one."""
    with pytest.raises(NoticeOutdated):
        granted(found=replace(BRON, notice_version="n2"))


def test_border_is_looked_at_again_with_her_yes() -> None:
    """Another track, no agreement, one that has ended, and one's own organisation."""
    with pytest.raises(TracksMeet):
        granted(found=replace(BRON, track=Track.PERPETRATOR))
    with pytest.raises(NoPartnership):
        granted(found=replace(BRON, organisation=OrganisationId("elsewhere")))
    with pytest.raises(Incomplete):
        granted(found=replace(BRON, organisation=JOUR))
    long_after = NOW + timedelta(days=365 * 40)
    with pytest.raises(NoPartnership):
        moving.check(Sender(OrganisationId("nobody"), Track.EXPOSED), BRON, long_after, BORDER)
