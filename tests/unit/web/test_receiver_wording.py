# SPDX-License-Identifier: EUPL-1.2
"""How a deadline is told to a unit: by its date, and as one speaks when it is near."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chat.ids import OrganisationId, Track
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.receivers import ReceivedAt
from handover.ticket import Ticket, TicketState
from tests.texts import LANGUAGES
from web.receiver.wording import deadline

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
TICKET = Ticket(
    id=TicketId("T" * 22),
    handover=HandoverId("H" * 22),
    receiver=ReceiverId("unit"),
    organisation=OrganisationId("town"),
    sender=OrganisationId("jour"),
    track=Track.EXPOSED,
    received_at=ReceivedAt.OPENING,
    granted_at=NOW,
    deadline=NOW,
)


def said(ticket: Ticket, language: str = "sv") -> str:
    """Return the sentence, as the template puts it together."""
    texts = LANGUAGES.texts(language, "receiver")
    words = deadline(ticket, language, NOW)
    when = texts.gettext(words["when"]) if words["when"] else ""
    return texts.gettext(words["deadline"]) % {"day": words["by"], "at": words["at"], "when": when}


@pytest.mark.parametrize(
    ("hours", "state", "words"),
    [
        (6, TicketState.DELIVERED, "I dag klockan 19:00 går den tillbaka."),
        (24, TicketState.DELIVERED, "I morgon klockan 13:00 går den tillbaka."),
        (48, TicketState.DELIVERED, "I övermorgon klockan 13:00 går den tillbaka."),
        (49, TicketState.DELIVERED, "Öppna senast den 28 november klockan 14:00."),
        (0, TicketState.DELIVERED, "Öppna senast den 26 november klockan 13:00."),
        (11, TicketState.OPENED, "I morgon klockan 00:00 går tiden för att svara ut."),
        (72, TicketState.ANSWERED, "Svara senast den 29 november klockan 13:00."),
        (24, TicketState.ACCEPTED, "I morgon klockan 13:00 försvinner den härifrån. Personen kan förlänga."),
        (24, TicketState.WITHDRAWN, "Syns här till den 27 november klockan 13:00."),
    ],
)
def test_deadline_is_told_as_one_speaks_when_it_is_near(hours: int, state: TicketState, words: str) -> None:
    """Two days before it the day has a name; a date before that, and once it is over."""
    assert said(replace(TICKET, deadline=NOW + timedelta(hours=hours), state=state)) == words


def test_what_counts_as_received_never_goes_back() -> None:
    """At delivery an unopened one stays with the authority; the page must not say otherwise."""
    ticket = replace(TICKET, deadline=NOW + timedelta(days=1), received_at=ReceivedAt.DELIVERY)
    assert said(ticket) == "I morgon klockan 13:00 går tiden för att svara ut."
    assert said(ticket, "en") == "Tomorrow at 13:00 the time to answer runs out."
