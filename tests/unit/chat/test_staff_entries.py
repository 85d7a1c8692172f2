# SPDX-License-Identifier: EUPL-1.2
"""Who may read what staff write for each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from chat.conversation import Conversation, Phase
from chat.ids import ConversationId, DutyId, OrganisationId, ServiceId, Track
from chat.parts import Guest, Invitation
from chat.staff_entries import alias_in, may_read_notes

NOW = datetime(2026, 2, 16, 20, 15, tzinfo=UTC)
HOLDER, GUEST, OTHER = DutyId("holder"), DutyId("guest"), DutyId("other")
HELD = Conversation(
    id=ConversationId("c"),
    service=ServiceId("linden"),
    organisation=OrganisationId("jour"),
    track=Track.EXPOSED,
    language="sv",
    started_at=NOW,
    waiting_since=NOW,
    phase=Phase.ACTIVE,
    operator=HOLDER,
    alias="Alva",
    invitation=Invitation(ServiceId("bron"), "Kommunen", history=True, at=NOW),
    guest=Guest(GUEST, "Gry", after=0),
)


def test_whoever_holds_it_reads_and_nobody_else() -> None:
    """Not a guest from elsewhere, not even one who may read all that was said."""
    assert [may_read_notes(HELD, duty) for duty in (HOLDER, GUEST, OTHER)] == [True, False, False]


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.OFFERED, Phase.PARKED, Phase.ENDED])
def test_nobody_reads_what_nobody_holds(phase: Phase) -> None:
    """Also the one whose console rings does not, before they have taken it."""
    state = replace(HELD, phase=phase, guest=None, invitation=None)
    assert not any(may_read_notes(state, duty) for duty in (HOLDER, GUEST, OTHER))


def test_alias_is_the_one_of_whoever_writes() -> None:
    """Of the one who holds it, and of a second one who is there."""
    assert (alias_in(HELD, HOLDER), alias_in(HELD, GUEST)) == ("Alva", "Gry")
