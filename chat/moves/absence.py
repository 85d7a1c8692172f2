# SPDX-License-Identifier: EUPL-1.2
"""How long she may be away, and what becomes of her place meanwhile.

Owns the two patiences: the usual one, for a lost network, and the long one of somebody who has a code to
come back with. After the usual one she stands in nobody's way: no queue holds a place for her.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from chat import commands, events
from chat.catalogue import Deadlines
from chat.conversation import Conversation, Moved


def usual(state: Conversation, deadlines: Deadlines) -> timedelta:
    """A talk that has begun is kept longer than a place in the queue, also when its operator was lost."""
    return deadlines.active_parked if state.has_begun else deadlines.waiting_place_kept


def missed_at(state: Conversation, deadlines: Deadlines) -> datetime | None:
    """Return when the usual patience with her is over; None while she is here."""
    if state.visitor_away_since is None:
        return None
    return state.visitor_away_since + usual(state, deadlines)


def gone_at(state: Conversation, deadlines: Deadlines) -> datetime | None:
    """Return when a conversation whose visitor is away ends; None while she is here.

    With a code it waits for her longer, but never longer than her code can open it.
    """
    away, missed = state.visitor_away_since, missed_at(state, deadlines)
    if away is None or missed is None or state.code_until is None:
        return missed
    return max(missed, min(away + deadlines.code_parked, state.code_until))


def note_present(
    state: Conversation, command: commands.NoteVisitorPresent, now: datetime, deadlines: Deadlines
) -> Moved:
    """She has a socket; of two the newest counts, whether or not the other one was lost."""
    here = state if command.seat is None else replace(state, seat=command.seat)
    if state.visitor_away_since is None:
        return here, ()
    return replace(here, visitor_away_since=None), (events.VisitorCameBack(),)


def note_away(
    state: Conversation, command: commands.NoteVisitorAway, now: datetime, deadlines: Deadlines
) -> Moved:
    """Her socket is lost."""
    if state.visitor_away_since is not None:
        return state, ()
    return replace(state, visitor_away_since=now), (events.VisitorWentAway(),)
