# SPDX-License-Identifier: EUPL-1.2
"""Whom a step concerns beside those who sit in the room: who takes a place by it, and which waiting rooms.

Pure. Decides nothing: the conversation has.
"""

from __future__ import annotations

from collections.abc import Mapping

from chat import commands
from chat.catalogue import Service
from chat.commands import Command
from chat.conversation import Conversation
from chat.ids import DutyId, ServiceId
from chat.moves.transferring import offered
from chat.parts import Transfer


def claimant(command: Command) -> DutyId | None:
    """Return who holds it from this step on and must be free for it, by the store's own look."""
    return command.duty if isinstance(command, commands.Claim | commands.AcceptTransfer) else None


def joiner(command: Command) -> DutyId | None:
    """Return who comes as a guest with this step."""
    return command.duty if isinstance(command, commands.JoinAsGuest) else None


def capacity(
    services: Mapping[ServiceId, Service], before: Conversation, after: Conversation, command: Command
) -> int:
    """Return how many conversations whoever takes part in this one from now on may hold."""
    service = after.service
    if isinstance(command, commands.JoinAsGuest) and before.invitation is not None:
        service = before.invitation.service
    known = services.get(service)
    return known.capacity if known is not None else 0


def calls_anew(before: Conversation, after: Conversation) -> bool:
    """Tell whether what supervisors see of a raised hand has changed: that it is up, and who is there."""
    if before.hand_since != after.hand_since:
        return True
    away = [(one.visitor_away_since is None, one.operator_away_since is None) for one in (before, after)]
    return after.hand_since is not None and away[0] != away[1]


def elsewhere(before: Conversation, after: Conversation) -> set[ServiceId]:
    """Return the services beside its own whose consoles are to look: somebody may come, has, or need not."""
    told: set[ServiceId] = set()
    if before.invitation != after.invitation or (before.guest is None) != (after.guest is None):
        told |= {each.service for each in (before.invitation, after.invitation) if each is not None}
    was, is_ = _offered(before), _offered(after)
    if was != is_:
        told |= {each.service for each in (was, is_) if each is not None}
    if before.service != after.service:
        told |= {before.service, after.service}
    elif before.holder != after.holder and was is not None:
        told.add(after.service)  # a place is free there, and another one taken
    return told


def _offered(state: Conversation) -> Transfer | None:
    return offered(state) if state.holder is not None else None
